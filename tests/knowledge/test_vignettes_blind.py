"""Plans written down blind, in a clinic's words, raise what the text they were written from says; and what they must not be read as."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_blind.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    understood_and_raised(put(base, case), case, told=True)


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("B12 deficiency", "vitamin-b12"),
        ("lithium level", "lithium"),
        ("Isotroin 20 mg, stopped last month", "myasthenia-gravis"),
        ("Isotroin 20 mg, stopped last month", "local-anesthetic-toxicity"),
        ("wife 10/40 pregnant", "pregnancy"),
        ("allergy to human protein", "high-protein-diet"),
    ],
)
def test_a_phrase_is_not_taken_for_what_it_does_not_say(base: KnowledgeBase, said: str, never: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [said])
    assert never not in {m.id for g in answer.given for m in g.means}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("78F", {}),
        ("operation next Tuesday", {"surgery-planned"}),
        ("MRI on Thursday", {"imaging-planned"}),
        ("stopped isotretinoin 3/12 ago", {"isotretinoin", "recent-isotretinoin"}),
        ("HbA1c 10%", {"uncontrolled-diabetes"}),
        ("K+ 6.1", {"hyperkalemia"}),
        ("temp 38.5", {"systemic-infection"}),
        ("Sotret", {"isotretinoin"}),
        ("Ametop", {"tetracaine"}),
        ("DAPT", {"antiplatelet"}),
    ],
)
def test_a_phrase_is_taken_for_what_it_says(base: KnowledgeBase, said: str, meant: set[str]) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [said])
    assert answer.understood
    assert set(meant) == {m.id for g in answer.given if g.role == "condition" for m in g.means}


def test_an_age_and_a_sex_in_one_word_are_the_patient(base: KnowledgeBase) -> None:
    assert base.precheck(["minoxidil"], None, ["78F"]).patient == {"years": 78.0, "sex": "female"}


def test_who_may_be_pregnant_is_told_to_exclude_it_first(base: KnowledgeBase) -> None:
    told = [n for n in base.precheck(["finasteride"], "mesotherapy", ["TTC"]).notices if n.kind == "pregnancy-first"]
    assert len(told) == 1
    assert "Mesotherapy" in told[0].message
    assert not [n for n in base.precheck(["finasteride"], None, ["pregnant"]).notices if n.kind == "pregnancy-first"]


def test_one_card_for_one_fact_whatever_the_rules(base: KnowledgeBase) -> None:
    answer = base.precheck(["tretinoin"], "fractional-laser", [], ["doxycycline"])
    cards = [tuple(c.facts) for c in answer.cards]
    assert len(cards) == len(set(cards))
    for card in answer.cards:
        mine = [a for a in answer.alerts if {a.trigger, *a.also} == set(card.facts)]
        assert card.minor == all(
            a.severity == "inform" or (a.severity, a.basis) == ("caution", "practice") for a in mine
        )


def test_an_excipient_that_is_a_medicine_is_not_in_the_syringe(base: KnowledgeBase) -> None:
    answer = base.precheck(["Botox Cosmetic"], "cosmetic-injection", ["human albumin allergy"])
    assert not [n for n in answer.notices if n.kind == "medicine-only"]
    assert [a for a in answer.alerts if a.allergen or "albumin" in a.trigger]


def test_an_allergy_told_once_raises_one_alert(base: KnowledgeBase) -> None:
    answer = base.precheck(["hyaluronic-acid-filler"], "cosmetic-injection", ["allergic to filler"])
    assert len([a for a in answer if a.severity == "contraindicated"]) == 1
    assert not answer.silent
