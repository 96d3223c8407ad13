"""Two authors at once, one of them killed now and then: nothing acknowledged is lost, nothing is damaged."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.author.conftest import PROJECT


@pytest.fixture(scope="module")
def two_authors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("two_authors", PROJECT / "benchmarks" / "two_authors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["two_authors"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_two_kernels_writing_and_killed_lose_and_damage_nothing(two_authors: ModuleType, tmp_path: Path) -> None:
    result = two_authors.run(two_authors.prepare(tmp_path), seconds=20, seed=7, kill_every=3)
    assert result.lost == []
    assert result.damaged == []
    assert result.stale_drafts == []
    assert result.saves > 10
    assert result.kills >= 3
    assert result.merges + result.conflicts > 0
