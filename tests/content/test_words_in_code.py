"""What questions for learners must know of single terms stands in the code; a term that has gone is an error here."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

import kb
from kb.knowledge import KnowledgeBase
from kb.learning import causes, harms, patients
from kb.questions import plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return kb.load(ROOT)


@pytest.mark.parametrize(
    "slugs",
    [
        causes.OF_THE_NEEDLE, harms.VAGUE, harms.OF_ONE_SUBSTANCE, patients._WOMEN, patients._MEN, patients.NO_NOTE,
        patients.NEVER_HARMLESS, frozenset(patients.NOT_WITH), frozenset(chain(*patients.NOT_WITH.values())), {plan.GENERAL},
        {"child", "older-adult"},
    ],
)  # fmt: skip
def test_every_term_named_in_the_code_is_there(base: KnowledgeBase, slugs: frozenset[str]) -> None:
    known = {*base.terms, *base.subjects}
    assert slugs <= known, sorted(slugs - known)
