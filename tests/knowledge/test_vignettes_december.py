"""Plans of five trades raise what their sources say; a treatment that was given counts as one, whatever name it was given by."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.plan import Item, Reader
from tests.knowledge.vignettes import Case, meant, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_december.yaml", "vignettes_december_again.yaml", "vignettes_winter.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    answer = put(base, case)
    assert [u.said for u in answer.unresolved] == case.get("not_known", [])
    answer.unresolved.clear()
    understood_and_raised(answer, case, told=True)
    if case.get("quiet"):
        assert not [a for a in answer.alerts if a.severity != "inform"]


def _syringe(base: KnowledgeBase, said: str) -> list[Item]:
    reader = Reader(base._precheck)
    reader.ingredients([said])
    return reader.plan.syringe


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
