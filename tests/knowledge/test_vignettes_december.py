"""Plans of five trades raise what their sources say; a treatment that was given counts as one, whatever name it was given by."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.plan import Item, Reader
from tests.knowledge.vignettes import Case, meant, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_december.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    answer = put(base, case)
    understood_and_raised(answer, case, told=True)
    if case.get("quiet"):
        assert not [a for a in answer.alerts if a.severity != "inform"]


def _syringe(base: KnowledgeBase, said: str) -> list[Item]:
    reader = Reader(base._precheck)
    reader.ingredients([said])
    return reader.plan.syringe


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


@pytest.mark.parametrize(
    ("syringe", "said"),
    [
        ("diclofenac", "asthma attack after Nurofen"),
        ("diclofenac", "ibuprofen-induced angioedema"),
        ("ketoprofen", "photoallergy to fenofibrate"),
        ("lidocaine", "bad reaction to lidocaine"),
    ],
)
def test_a_reaction_told_as_what_happened_is_an_allergy(base: KnowledgeBase, syringe: str, said: str) -> None:
    assert {"contraindicated", "avoid"} & {a.severity for a in base.precheck([syringe], None, [said]).alerts}


@pytest.mark.parametrize("said", ["asthma on salbutamol", "rhinitis and asthma"])
def test_asthma_that_is_treated_is_no_allergy_to_the_treatment(base: KnowledgeBase, said: str) -> None:
    assert not [a for a in base.precheck(["hyaluronic-acid"], None, [said]).alerts if a.allergen]
    assert "asthma" in meant(base, said)


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


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("Juvederm Ultra XC", {"hyaluronic-acid-filler", "lidocaine"}),
        ("Restylane Refyne", {"hyaluronic-acid-filler", "lidocaine"}),
        ("Belotero Balance", {"hyaluronic-acid-filler"}),
        ("Saypha Volume", {"hyaluronic-acid-filler", "lidocaine"}),
        ("Aliaxin EV", {"hyaluronic-acid-filler"}),
        ("Rennova Lift", {"hyaluronic-acid-filler"}),
        ("Rennova Elleva", {"poly-l-lactic-acid"}),
        ("Milgamma", {"thiamine", "pyridoxine", "vitamin-b12", "lidocaine"}),
        ("Diprospan", {"betamethasone"}),
        ("Sculptra", {"poly-l-lactic-acid"}),
        ("Miacalcic", {"calcitonin"}),
        ("Liporase", {"hyaluronidase"}),
    ],
)
def test_a_product_stands_for_what_is_in_it(base: KnowledgeBase, said: str, holds: set[str]) -> None:
    assert {i.id for i in _syringe(base, said) if i.role == "active"} == holds


@pytest.mark.parametrize("said", ["Zoplax", "Revolut", "Ketovite", "Clonidex"])
def test_a_word_nobody_knows_is_no_medicine(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], None, [], [said])
    assert answer.unresolved


def test_a_share_of_a_gel_makes_no_amount_of_its_syringes(base: KnowledgeBase) -> None:
    (dose,) = base.precheck(["Teosyal Redensity 1"], amounts={"Teosyal Redensity 1": "3 syringes"}).doses[:1]
    assert dose.amount is None
