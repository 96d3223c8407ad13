"""Snapshots for the tests of views, built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.snapshot import Snapshot
from tests.views.formularies import built, hostile


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    found = built(tmp_path_factory.mktemp("plain"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def hostile_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The same formulary, every free text of which tries to become markup."""
    found = built(tmp_path_factory.mktemp("hostile"), hostile)
    yield found
    found.close()
