"""The real base, opened once, and every question it gives."""

import pytest

from kb.learning import bank
from kb.learning.facts import Facts
from kb.learning.question import Question
from kb.snapshot import Snapshot
from tests import whole
from tests.serve.conftest import snapshot, trainee_server

__all__ = ["snapshot", "trainee_server"]


@pytest.fixture(scope="session")
def base() -> Snapshot:
    return whole.snapshot()


@pytest.fixture(scope="session")
def facts(base: Snapshot) -> Facts:
    return Facts(base)


@pytest.fixture(scope="session")
def questions(facts: Facts) -> list[Question]:
    """Unchecked, as they are made: none is left out because it fails a check."""
    return list(bank.generate(facts))
