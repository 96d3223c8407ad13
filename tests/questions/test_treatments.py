"""What a treatment leaves behind, what goes onto the card of something else, and a class that holds what somebody is allergic to."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests import whole


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


def _raised(base: KnowledgeBase, syringe: list[str], technique: str | None, *said: str) -> set[str]:
    return {a.rule for a in base.precheck(syringe, technique, said).alerts}


@pytest.mark.parametrize(
    ("technique", "said", "rule"),
    [
        ("microneedling", "Juvederm last week", "recent-filler"),
        ("microneedling", "Sculptra 3 weeks ago", "recent-filler"),
        ("microneedling", "lip filler 3 weeks ago", "recent-filler"),
        ("microneedling", "Dysport yesterday", "recent-botulinum-toxin"),
        ("HIFU", "Radiesse 2 months ago", "recent-filler"),
        ("chemical-peel", "Fraxel 1 week ago", "recent-laser"),
        ("chemical-peel", "Thermage 2 weeks ago", "recent-laser"),
        ("chemical-peel", "SkinPen 1 week ago", "recent-microneedling"),
        ("HIFU", "Bellafill in cheeks", "recent-filler"),
    ],
)
def test_a_treatment_by_any_name_is_one_that_was_given(
    base: KnowledgeBase, technique: str, said: str, rule: str
) -> None:
    assert rule in _raised(base, [], technique, said)


@pytest.mark.parametrize("said", ["Juvederm in 3 weeks", "Juvederm 4 years ago", "hyaluronic acid cream", "no fillers"])
def test_what_is_planned_long_past_or_rubbed_on_leaves_nothing(base: KnowledgeBase, said: str) -> None:
    assert "recent-filler" not in _raised(base, [], "microneedling", said)


def test_a_filler_of_another_kind_is_told_apart_from_one_of_the_same(base: KnowledgeBase) -> None:
    assert "other-filler" in _raised(base, ["Juvederm"], None, "Radiesse 3 months ago")
    assert "other-filler" not in _raised(base, ["Juvederm"], None, "Restylane 3 months ago")


def test_a_history_of_herpes_stands_on_the_card_of_the_outbreak(base: KnowledgeBase) -> None:
    answer = base.precheck([], "fractional-laser", ["cold sore today", "history of cold sores"])
    herpes = [c for c in answer.cards if "herpes-outbreak" in c.facts or "herpes-history" in {*c.facts, *c.beside}]
    (card,) = herpes
    assert card.beside == ["herpes-history"]
    history = [a for a in answer.alerts if a.trigger == "herpes-history"]
    assert history
    assert all(card.holds(a.subject, a.caution, [a.trigger]) for a in history)
    gravest = next(a for a in answer.alerts if a.trigger == "herpes-outbreak")
    assert card.severity == gravest.severity
    alone = base.precheck([], "fractional-laser", ["history of cold sores"])
    assert [c.facts for c in alone.cards] == [["herpes-history"]]


@pytest.mark.parametrize(
    ("syringe", "said"),
    [
        ("local anaesthetic", "allergic to articaine"),
        ("peptide", "allergic to copper peptide"),
        ("NCTF 135", "vitamin B12 allergy"),
    ],
)
def test_a_class_may_be_the_one_that_somebody_is_allergic_to(base: KnowledgeBase, syringe: str, said: str) -> None:
    alerts = [a for a in base.precheck([syringe], None, [said]).alerts if a.allergen]
    assert "avoid" in {a.severity for a in alerts}


def test_a_share_of_a_gel_makes_no_amount_of_its_syringes(base: KnowledgeBase) -> None:
    (dose,) = base.precheck(["Teosyal Redensity 1"], amounts={"Teosyal Redensity 1": "3 syringes"}).doses[:1]
    assert dose.amount is None
