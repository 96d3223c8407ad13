"""Every technique and every drug speaks of the standard facts, or says in writing why it does not."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.model import NothingFound
from kb.validation.standard import unspoken
from tests import whole


@pytest.fixture
def base() -> KnowledgeBase:
    return whole.base()


def test_no_technique_is_silent_by_accident(base: KnowledgeBase) -> None:
    assert {slug: facts for slug in base.techniques if (facts := unspoken(base, slug))} == {}


def test_a_new_technique_without_cautions_is_asked_for_all_of_them(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    peel = base.techniques["chemical-peel"]
    monkeypatch.setattr(peel, "cautions", [])
    monkeypatch.setattr(peel, "parents", [])
    assert unspoken(base, "chemical-peel") == [*base.formulary.field.asked.techniques, "photosensitising-medicine"]


def test_a_written_reason_and_a_caution_on_a_broader_term_both_count(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    drug = base.ingredients["salmeterol"]
    monkeypatch.setattr(drug, "cautions", [])
    monkeypatch.setattr(drug, "nothing_found", [])
    asked = base.formulary.field.asked.drugs
    assert unspoken(base, "salmeterol") == asked
    drug.nothing_found.append(NothingFound(fact="child", why="Not stated.", looked=["sereventchnd"]))
    drug.cautions.extend(c for c in base.ingredients["yohimbine"].cautions if c.trigger == "severe-renal-impairment")
    assert unspoken(base, "salmeterol") == [f for f in asked if f not in {"child", "renal-impairment"}]


def test_what_is_no_drug_is_not_asked(base: KnowledgeBase) -> None:
    assert unspoken(base, "hyaluronic-acid") == []
