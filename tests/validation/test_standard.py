"""Every technique and every drug speaks of the standard facts, or says in writing why it does not."""

from __future__ import annotations

import pytest

import kb
from kb.knowledge import KnowledgeBase
from kb.model import NothingFound
from kb.validation.standard import BY_CLASS, DRUG, TECHNIQUE, unspoken


@pytest.fixture
def base() -> KnowledgeBase:
    return kb.load(".")


def test_no_technique_is_silent_by_accident(base: KnowledgeBase) -> None:
    assert {slug: facts for slug in base.techniques if (facts := unspoken(base, slug))} == {}


def test_a_new_technique_without_cautions_is_asked_for_all_of_them(base: KnowledgeBase) -> None:
    peel = base.techniques["chemical-peel"]
    peel.cautions.clear()
    peel.parents.clear()
    assert unspoken(base, "chemical-peel") == [*TECHNIQUE, "photosensitising-medicine"]


def test_a_written_reason_and_a_caution_on_a_broader_term_both_count(base: KnowledgeBase) -> None:
    drug = base.ingredients["salmeterol"]
    drug.cautions.clear()
    drug.nothing_found.clear()
    assert unspoken(base, "salmeterol") == list(DRUG)
    drug.nothing_found.append(NothingFound(fact="child", why="Not stated.", looked=["sereventchnd"]))
    drug.cautions.extend(c for c in base.ingredients["yohimbine"].cautions if c.trigger == "severe-renal-impairment")
    assert unspoken(base, "salmeterol") == [f for f in DRUG if f not in {"child", "renal-impairment"}]


def test_what_is_no_drug_is_not_asked(base: KnowledgeBase) -> None:
    assert unspoken(base, "hyaluronic-acid") == []


def test_all_standard_facts_are_words_of_the_vocabularies(base: KnowledgeBase) -> None:
    """A fact that the vocabulary has lost would be asked of nothing."""
    known = {*base.conditions, *base.substances}
    assert {*TECHNIQUE, *DRUG, *(f for facts in BY_CLASS.values() for f in facts)} <= known
