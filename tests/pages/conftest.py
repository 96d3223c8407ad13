"""The real base, opened once: what readers see on its pages, without a server."""

import pytest

from kb.snapshot import Snapshot
from tests import whole
from tests.serve.conftest import snapshot

__all__ = ["snapshot"]


@pytest.fixture(scope="session")
def base() -> Snapshot:
    return whole.snapshot()
