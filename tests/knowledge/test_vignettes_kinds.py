"""Plans of every kind of word: what must be raised is; what is denied, over or somebody else's is not; no word is taken for another."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_kinds.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_must_be_raised_is_and_nothing_else_for_the_healthy(base: KnowledgeBase, case: Case) -> None:
    answer = put(base, case)
    understood_and_raised(answer, case)
    assert case["expect"] or not answer.alerts


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("Zostex finished 2 weeks ago", "herpes-zoster"),
        ("takes hypericum", "rilmenidine"),
        ("male, 33, fit and well", "seizure-disorder"),
        ("rosacea, inflamed", "cystic-acne"),
        ("chronic hepatitis B, Child A", "child"),
        ("a child", "cirrhosis"),
        ("patient is a child", "cirrhosis"),
        ("epilepsy as a child", "cirrhosis"),
        ("QTc 510 ms", "multiple-sclerosis"),
        ("passes out at the sight of blood", "blood-test-planned"),
        ("blood test for thyroid tomorrow", "hyperthyroidism"),
        ("stroke 5 years ago", "recent-stroke"),
        ("chemical peel 3 years ago", "recent-chemical-peel"),
        ("TSH <0.01", "thyroid-function-test"),
        ("prednisolone for PMR", "vasculitis"),
    ],
)
def test_a_word_is_not_taken_for_another(base: KnowledgeBase, said: str, never: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [said])
    assert never not in {m.id for g in answer.given for m in g.means} | {
        a.trigger for a in answer.alerts if a.trigger != "older-adult"
    }


@pytest.mark.parametrize(
    "said",
    [
        "daughter is pregnant",
        "husband takes warfarin",
        "breast cancer (mother)",
        "stopped breastfeeding 3 months ago",
        "pregnant 2 years ago",
        "filler 6 years ago",
        "nil of note",
        "no regular meds",
        "fit and well",
    ],
)
def test_what_is_somebody_elses_or_over_is_told_and_raises_nothing(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["finasteride", "hyaluronic-acid-filler"], "mesotherapy", [said])
    assert [n.said for n in answer.not_counted] == [said]
    assert not answer.alerts
    assert answer.understood


@pytest.mark.parametrize(
    ("said", "allergen"),
    [
        ("anaphylaxis to chlorhexidine (Hibiscrub)", "chlorhexidine"),
        ("nut allergy (peanut)", "peanut"),
        ("allergic to penicillin, lidocaine and latex", "lidocaine"),
        ("nickel contact dermatitis", "nickel"),
        ("allergies: lidocaine", "lidocaine"),
    ],
)
def test_an_allergy_told_in_brackets_or_a_list_is_an_allergy(base: KnowledgeBase, said: str, allergen: str) -> None:
    check = base.precheck
    answer = check(["chlorhexidine", "lidocaine"], "microneedling", [said])
    told = {m.id for g in answer.given for m in g.means}
    assert told & {allergen, f"{allergen}-allergy"}
    assert not answer.unresolved
    if allergen in {"chlorhexidine", "lidocaine"}:
        assert [a for a in answer.alerts if a.subject == allergen and a.severity == "contraindicated"]


@pytest.mark.parametrize(
    "said",
    ["QTc 510 ms", "ALT 210", "CRP 85", "TSH <0.01", "fibrinogen 0.9 g/L", "fasting glucose 15 mmol/L", "HR 110"],
)
def test_a_value_that_no_caution_limits_is_told_as_not_checked(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["lidocaine"], "mesotherapy", [said])
    assert [(n.said, n.why.split(":")[0]) for n in answer.not_counted] == [(said, "noted, not checked")]
    assert not answer.alerts


@pytest.mark.parametrize(
    ("said", "taken"), [("zinc 25 mg", "zinc"), ("B12 1 mg", "vitamin-b12"), ("iron 65 mg", "iron")]
)
def test_a_dose_is_no_laboratory_value(base: KnowledgeBase, said: str, taken: str) -> None:
    answer = base.precheck(["lidocaine"], "mesotherapy", [], [said])
    assert taken in {m.id for g in answer.given for m in g.means}


def test_an_inr_in_its_range_is_the_anticoagulants_and_one_above_it_is_not(base: KnowledgeBase) -> None:
    def triggers(said: str) -> set[str]:
        return {a.trigger for a in base.precheck(["hyaluronic-acid-filler"], "cosmetic-injection", [said]).alerts}

    assert triggers("on warfarin, INR 2.4") == {"warfarin"}
    assert triggers("warfarin INR 4.5") == {"warfarin", "bleeding-disorder"}


def test_a_place_alone_is_the_site_of_the_session(base: KnowledgeBase) -> None:
    answer = base.precheck(["hyaluronic-acid-filler"], "cosmetic-injection", ["site: nose"])
    assert {m.id for g in answer.given for m in g.means} >= {"site-nose"}
    assert answer.understood


def test_a_person_in_a_line_is_read_with_the_rest_of_it(base: KnowledgeBase) -> None:
    answer = base.precheck(["tranexamic-acid"], "mesotherapy", ["42F, PMH: PE 2018, migraine, on Mirena"])
    assert answer.patient == {"years": 42.0, "sex": "female"}
    assert {"pulmonary-embolism", "migraine-history"} <= {m.id for g in answer.given for m in g.means}
    assert answer.understood


def test_a_list_closed_by_and_is_one_of_allergies(base: KnowledgeBase) -> None:
    """What is in the syringe is not taken as well: `allergic to penicillin, lidocaine and latex`."""
    answer = base.precheck(["lidocaine"], "mesotherapy", ["allergic to penicillin, lidocaine and latex"])
    assert "contraindicated" in {a.severity for a in answer.alerts}
    assert not [n for n in answer.notices if n.kind == "taken-too"]
    assert "lidocaine" not in {a.trigger for a in answer.alerts if a.subject == "lidocaine"}


def test_the_field_for_allergies_holds_allergies_alone(base: KnowledgeBase) -> None:
    answer = base.precheck(["lidocaine"], "mesotherapy", allergic_to=["penicillin, lidocaine"])
    assert "contraindicated" in {a.severity for a in answer.alerts}
    assert not [n for n in answer.notices if n.kind == "taken-too"]


def test_what_follows_a_comma_may_be_taken(base: KnowledgeBase) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", ["allergic to aspirin, warfarin"])
    assert "warfarin" in {a.trigger for a in answer.alerts}


def test_what_was_put_in_to_stay_is_never_past(base: KnowledgeBase) -> None:
    for said in ("permanent filler", "permanent filler 10 years ago", "silicone injections 15 years ago"):
        answer = base.precheck([], "microneedling", [said])
        assert ("permanent-filler", "avoid") in {(a.trigger, a.severity) for a in answer.alerts}, said
    assert not base.precheck([], "microneedling", ["filler 3 years ago"]).alerts


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        ("never smoked, warfarin", {"warfarin"}),
        ("no history of keloid but on warfarin", {"warfarin"}),
        ("haemophilia, xyzzy", {"hemophilia"}),
        ("xyzzy, haemophilia", {"hemophilia"}),
        ("husband had a stroke, warfarin", {"warfarin"}),
        ("depression, trying for a baby with wife, haemophilia", {"hemophilia"}),
    ],
)
def test_one_piece_of_a_list_takes_nothing_from_the_others(base: KnowledgeBase, said: str, raised: set[str]) -> None:
    triggers = {a.trigger for a in base.precheck([], "mesotherapy", [said]).alerts}
    assert {t.replace("haemo", "hemo") for t in triggers} == raised


def test_a_list_that_ends_in_an_operation_is_no_operation(base: KnowledgeBase) -> None:
    answer = base.precheck([], "cryolipolysis", ["cold urticaria, Raynaud's, hernia repair 1 month ago"])
    assert {"cold-urticaria", "raynaud"} <= {a.trigger for a in answer.alerts}


def test_what_is_in_the_syringe_is_not_called_by_the_name_of_the_tablets(base: KnowledgeBase) -> None:
    for slug in ("ascorbic-acid", "biotin", "glutathione", "vitamin-d"):
        for alert in base.precheck(
            [slug], "mesotherapy", ["haemochromatosis", "troponin test", "asthma", "kidney stones"]
        ).alerts:
            assert "by mouth" not in alert.subject_name and "tablets" not in alert.subject_name


def test_a_cream_of_lidocaine_in_the_plan_is_lidocaine(base: KnowledgeBase) -> None:
    answer = base.precheck(["lidocaine cream"], "microneedling", ["methaemoglobinaemia"])
    assert ("lidocaine", "caution") in {(a.subject, a.severity) for a in answer.alerts}
