"""The real base, read once for all tests of knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase, load


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return load(Path(__file__).parents[2])
