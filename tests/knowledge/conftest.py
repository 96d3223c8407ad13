"""The real base, read once for all tests of knowledge."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests import whole


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return whole.base()
