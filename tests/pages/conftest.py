"""The real base, opened once: what readers see on its pages, without a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.snapshot import Snapshot, open_snapshot
from tests.serve.conftest import snapshot

__all__ = ["snapshot"]


@pytest.fixture(scope="session")
def base(snapshot: Path) -> Iterator[Snapshot]:
    opened = open_snapshot(snapshot)
    yield opened
    opened.close()
