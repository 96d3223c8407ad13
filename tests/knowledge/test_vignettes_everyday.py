"""Plans of every ingredient's kind raise what their sources say; peels and drips by name bring what is in them, look-alikes do not."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, meant, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_everyday.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    answer = put(base, case)
    assert [u.said for u in answer.unresolved] == case.get("not_known", [])
    answer.unresolved.clear()
    understood_and_raised(answer, case, told=True)


def _syringe(base: KnowledgeBase, said: str) -> set[str]:
    return {m.id for g in base.precheck([said]).given for m in g.means}


@pytest.mark.parametrize(
    ("said", "is_"),
    [
        ("biotin shot", "biotin"),
        ("B12 shot", "vitamin-b12"),
        ("IV glutathione", "glutathione"),
        ("vitamin C drip", "ascorbic-acid"),
        ("NAD+ drip", "nadh"),
        ("Myers' drip", "myers-cocktail"),
        ("Juvelook Volume", "lenisna"),
    ],
)
def test_how_a_menu_says_it_is_given_is_no_other_thing(base: KnowledgeBase, said: str, is_: str) -> None:
    assert _syringe(base, said) == {is_}


@pytest.mark.parametrize("said", ["Olidia", "Lantox", "lipo shot"])
def test_a_product_nobody_knows_is_told_and_taken_for_no_medicine(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck([said])
    assert not answer.given
    assert next(u.said for u in answer.unresolved) in said


def test_a_medicine_misspelt_is_still_found_in_the_syringe(base: KnowledgeBase) -> None:
    assert _syringe(base, "lidocain") == {"lidocaine"}
    assert _syringe(base, "Kenalg") == {"triamcinolone-acetonide"}


@pytest.mark.parametrize(
    ("peel", "condition", "subject"),
    [
        ("phenol peel", "arrhythmia", "phenol"),
        ("Baker-Gordon peel", "Fitzpatrick V", "phenol"),
        ("Jessner peel", "aspirin allergy", "salicylic-acid"),
        ("Jessner peel", "breastfeeding", "resorcinol"),
    ],
)
def test_a_peel_by_name_is_a_peel_of_what_it_holds(
    base: KnowledgeBase, peel: str, condition: str, subject: str
) -> None:
    alerts = base.precheck([], peel, [condition]).alerts
    assert subject in {a.subject for a in alerts}
    infected = base.precheck([], peel, ["active skin infection"]).alerts
    assert "chemical-peel" in {a.subject for a in infected}


def test_an_age_from_75_on_bars_the_toxin_whose_label_says_so(base: KnowledgeBase) -> None:
    def severities(toxin: str, age: str) -> set[str]:
        return {a.severity for a in base.precheck([toxin], None, [age]).alerts}

    assert severities("Letybo", "78 years old") == {"contraindicated"}
    assert severities("Letybo", "70 years old") == {"inform"}
    assert severities("Dysport", "78 years old") == {"inform"}
    assert not severities("Letybo", "40 years old")


@pytest.mark.parametrize(
    "said",
    [
        "closed-angle glaucoma",
        "epilepsy",
        "faints with needles",
        "dermatochalasis",
        "facial asymmetry",
        "muscle wasting",
        "inflamed skin",
        "trouble swallowing",
        "aspiration pneumonia",
        "breathing problems",
        "drooping eyelid",
        "dry eyes",
        "myasthenia",
        "ALS",
        "haemophilia",
        "albumin allergy",
        "heart attack in 2019",
        "face lift last year",
        "Bell's palsy",
        "asthma",
        "pregnant",
        "nursing",
        "gentamicin",
        "oxybutynin",
        "baclofen",
        "Botox 6 weeks ago",
        "operation next week",
    ],
)
def test_every_line_of_the_labels_of_toxins_is_raised(base: KnowledgeBase, said: str) -> None:
    assert any(a.subject == "botulinum-toxin-a" for a in base.precheck(["botulinum-toxin-a"], None, [said]).alerts)


@pytest.mark.parametrize(
    ("said", "is_"),
    [
        ("SCD", "sickle-cell-disease"),
        ("RRMS", "multiple-sclerosis"),
        ("SSc", "scleroderma"),
        ("MMF 1 g bd", "mycophenolic-acid"),
        ("SGLT2i", "sglt2-inhibitor"),
        ("on CBZ", "carbamazepine"),
        ("WPW syndrome", "wolff-parkinson-white"),
        ("extensive retinal haemorrhage", "retinal-haemorrhage"),
        ("many allergies", "severe-allergy-history"),
        ("sick sinus", "sick-sinus-syndrome"),
    ],
)
def test_shorthand_of_notes_is_read(base: KnowledgeBase, said: str, is_: str) -> None:
    assert is_ in meant(base, said)


@pytest.mark.parametrize("said", ["CD", "PD", "AS", "serotonin syndrome", "Horner syndrome"])
def test_shorthand_that_can_mean_two_things_is_told(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [said])
    assert [u.said for u in answer.unresolved] == [said]


@pytest.mark.parametrize("technique", ["cryolipolysis", "phonophoresis", "electroporation", "narrowband-uvb"])
def test_what_was_looked_for_in_a_class_is_told_of_its_member(base: KnowledgeBase, technique: str) -> None:
    answer = base.precheck([], technique, [], ["warfarin"])
    assert answer.alerts or [s.nothing_found for s in answer.silent] == [True]


def test_a_vial_for_several_patients_is_read(base: KnowledgeBase) -> None:
    answer = base.precheck([], "mesogun", ["multi-dose vial"])
    assert answer.understood
    assert "exposure" in {n.kind for n in answer.notices}


@pytest.mark.parametrize(
    ("said", "ingredient"),
    [
        ("Lemon Bottle", "lemon-bottle"),
        ("exosomes", "exosome"),
        ("ozone therapy", "ozone"),
        ("B12 injection", "vitamin-b12"),
    ],
)
def test_what_is_given_counts_in_the_field_for_the_technique(base: KnowledgeBase, said: str, ingredient: str) -> None:
    answer = base.precheck([], said)
    assert answer.understood
    assert {m.id for g in answer.given for m in g.means} == {ingredient}
    alone = base.precheck([ingredient])
    assert {s.message for s in alone.status if s.subject == ingredient} <= {s.message for s in answer.status}
    assert {a.caution for a in base.precheck([], said, ["pregnancy"]).alerts} == {
        a.caution for a in base.precheck([ingredient], None, ["pregnancy"]).alerts
    }


def test_a_filler_of_bovine_collagen_is_compared_with_an_allergy_to_beef(base: KnowledgeBase) -> None:
    assert "contraindicated" in {a.severity for a in base.precheck(["Bellafill"], None, ["beef allergy"]).alerts}
