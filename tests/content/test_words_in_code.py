"""The few terms that the code itself names are there; what questions for learners name stands in field.yaml, and is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.knowledge import KnowledgeBase
from kb.questions import plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return kb.load(ROOT)


@pytest.mark.parametrize("slugs", [{plan.GENERAL}, {"child", "older-adult"}])
def test_every_term_named_in_the_code_is_there(base: KnowledgeBase, slugs: frozenset[str]) -> None:
    known = {*base.terms, *base.subjects}
    assert slugs <= known, sorted(slugs - known)
