"""Plans in a clinician's quick words, written down before the check was asked, raise what was expected; what is not known is told."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, meant, raised_or_told, read, titles

VIGNETTES = read("vignettes_clinic.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    raised_or_told(base, case)


def test_one_severity_is_expected() -> None:
    assert [c["id"] for c in VIGNETTES for w in c["expect"] if len(w["severity"]) != 1] == []


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("darunavir/cobicistat", {"darunavir", "cobicistat"}),
        ("on lisinopril/HCTZ 20/12.5", {"lisinopril", "hydrochlorothiazide"}),
        ("warfarin and amlodipine/valsartan", {"warfarin", "amlodipine", "valsartan"}),
        ("warfarin, no diabetes/hypertension", {"warfarin"}),
        ("breast cancer (male)", {"male-breast-cancer"}),
        ("60M breast ca 2018", {"male-breast-cancer"}),
        ("on warfarin and trying to conceive", {"warfarin", "trying-to-conceive"}),
        ("lymphoedema same arm", {"lymphoedema-history"}),
        ("cold sore right now", {"herpes-outbreak", "herpes-simplex"}),
        ("LVEF 25%", {"heart-failure"}),
        ("LVEF 60%", set()),
        ("drinks 60 units/wk", {"alcohol-use-disorder"}),
        ("alcohol 10 units/week", {"alcohol"}),
        ("drinks 40 units/week", {"alcohol-use-disorder"}),
        ("alcohol 20-45 units/week", {"alcohol-use-disorder"}),
        ("alcohol 0 units/week", set()),
        ("Mother: pregnant 12/40", {"pregnancy"}),
        ("mum - breastfeeding", {"breastfeeding"}),
        ("mum - DVT", {"family-history-of-thrombosis"}),
        ("pregnancy in partner", {"partner-pregnant"}),
        ("aspirin sensitive asthma", {"nsaid-hypersensitivity"}),
        ("has kids", set()),
        ("mother of 2", set()),
        ("kids aged 3 and 5", set()),
        ("small child", {"child"}),
        ("mother of 2 on warfarin", {"warfarin"}),
        ("has kids and on warfarin", {"warfarin"}),
        ("had a baby 3 weeks ago", {"recent-childbirth"}),
        ("knee replacement next month", {"surgery-planned", "joint-replacement"}),
        ("facelift next week", {"surgery-planned", "face-lift-history"}),
        ("facelift", {"face-lift-history"}),
        ("s/p CABG", {"coronary-bypass-surgery"}),
        ("HSV-1 on valtrex", {"herpes-simplex", "valaciclovir"}),
        ("PCN allergy", {"penicillin-allergy", "penicillin"}),
        ("EBF", {"breastfeeding"}),
        ("DM2 A1c 9.1", {"type-2-diabetes", "uncontrolled-diabetes"}),
        ("G2P1 12 weeks", {"pregnancy"}),
        ("asthma as a child", {"asthma"}),
        ("tonsillectomy as a child", set()),
        ("baby due in March", {"pregnancy"}),
        ("awaiting hip replacement", {"surgery-planned", "joint-replacement"}),
        ("single mum", set()),
        ("planned hysterectomy", {"surgery-planned"}),
        ("awaiting hysterectomy", {"surgery-planned"}),
        ("hysterectomy next month", {"surgery-planned"}),
        ("hysterectomy 2018", {"no-pregnancy-possible"}),
        ("3 pregnancies", set()),
        ("had 2 previous pregnancies", set()),
        ("G2P1 20/40", {"pregnancy"}),
        ("could be pregnant", {"pregnancy"}),
        ("might be pregnant", {"pregnancy"}),
        ("not sure if pregnant", {"pregnancy"}),
        ("unprotected sex last week", {"pregnancy"}),
        ("on Accutane until August", {"isotretinoin", "recent-isotretinoin"}),
        ("stopped warfarin at Easter", {"warfarin"}),
        ("CO2 retention", {"respiratory-failure"}),
        ("poor circulation", {"peripheral-arterial-disease"}),
        ("joint injection yesterday", {"needle-procedure"}),
        ("allergic to local anaesthesia", {"local-anesthetic-allergy"}),
    ],
)
def test_quick_words_are_read_as_they_are_meant(base: KnowledgeBase, said: str, facts: set[str]) -> None:
    assert meant(base, said) == facts


@pytest.mark.parametrize(
    ("said", "way", "site"),
    [
        ("glabella", None, "site-glabella"),
        ("microneedling glabella", "microneedling", "site-glabella"),
        ("mesotherapy for the scalp", "mesotherapy", "site-scalp"),
        ("mesotherapy of the scalp", "mesotherapy", "site-scalp"),
        ("cosmetic injection into the lips", "cosmetic-injection", "site-lips"),
        ("lip filler", "cosmetic-injection", "site-lips"),
        ("botox in the crow's feet", "cosmetic-injection", "site-periorbital"),
        ("laser on the legs", "laser-therapy", "site-body"),
    ],
)
def test_a_place_in_the_line_of_the_technique_is_the_site(
    base: KnowledgeBase, said: str, way: str | None, site: str
) -> None:
    answer = base.precheck(["hyaluronic-acid"], said)
    assert not answer.unresolved
    assert {m.id for g in answer.given for m in g.means} == {"hyaluronic-acid", site} | ({way} if way else set())


@pytest.mark.parametrize(
    ("said", "given", "site"),
    [
        ("Radiesse in the lips", "radiesse", "site-lips"),
        ("Botox glabella 20 units", "botulinum-toxin-a", "site-glabella"),
        ("filler for the nose", "dermal-filler", "site-nose"),
        ("PRP scalp", "platelet-rich-plasma", "site-scalp"),
        ("lip filler", "dermal-filler", "site-lips"),
        ("Radiesse into the lips", "radiesse", "site-lips"),
    ],
)
def test_a_place_in_the_line_of_the_syringe_is_the_site(base: KnowledgeBase, said: str, given: str, site: str) -> None:
    answer = base.precheck([said], "cosmetic-injection")
    assert not answer.unresolved
    assert {m.id for g in answer.given for m in g.means} == {given, site, "cosmetic-injection"}


@pytest.mark.parametrize("said", ["oral", "by mouth", "PO", "tablets", "given orally"])
def test_how_it_is_taken_is_told_and_wants_no_needle(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["minoxidil"], said)
    assert not answer.unresolved
    assert [g.notes for g in answer.given if g.role == "technique"] == [["Taken as how it is given: oral."]]
    assert "no-technique" not in {n.kind for n in answer.notices}


@pytest.mark.parametrize("said", ["IM", "IV drip", "intramuscular injection", "nerve block", "tumescent anaesthesia"])
def test_a_needle_is_a_needle(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["vitamin-b12"], said, [], ["warfarin"])
    assert not answer.unresolved
    assert "warfarin" in {a.trigger for a in answer.alerts}


@pytest.mark.parametrize(
    "said",
    [
        "vitiligo in mother",
        "psoriasis in her father",
        "mum - psoriasis",
        "keloids on mother's side",
        "mother has diabetes/hypertension",
    ],
)
def test_what_somebody_else_has_is_told_as_theirs(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["hydroquinone"], "mesotherapy", [said])
    assert [n.why for n in answer.not_counted] == ["in the family, not in the patient"]
    assert not answer.alerts
    assert answer.understood


def test_the_side_of_a_stroke_that_is_unknown_is_told(base: KnowledgeBase) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", ["levodopa/carbidopa/entacapone"])
    assert {m.id for g in answer.given if g.role == "condition" for m in g.means} == {"levodopa", "entacapone"}
    assert [u.said for u in answer.unresolved] == ["carbidopa"]


def test_an_allergy_before_a_stroke_is_one_to_both(base: KnowledgeBase) -> None:
    answer = base.precheck(["prilocaine"], "mesotherapy", ["allergic to bupivacaine/prilocaine"])
    assert "contraindicated" in {a.severity for a in answer.alerts}


@pytest.mark.parametrize(
    ("brand", "medicine"),
    [
        ("Quilonum", "lithium"), ("Telma", "telmisartan"), ("Cardirene", "aspirin"), ("Acnotin", "isotretinoin"),
        ("Annovera", "combined-hormonal-contraceptive"), ("Trevilor", "venlafaxine"), ("Clopilet", "clopidogrel"),
        ("Wysolone", "prednisolone"), ("Aradois", "losartan"), ("Carbolitium", "lithium"), ("Ablok", "atenolol"),
        ("Hidantal", "phenytoin"), ("Voveran", "diclofenac"), ("Uniphyllin", "theophylline"), ("Ketanov", "ketorolac"),
    ],
)  # fmt: skip
def test_a_brand_of_elsewhere_is_read_as_its_medicine(base: KnowledgeBase, brand: str, medicine: str) -> None:
    assert medicine in meant(base, brand)


@pytest.mark.parametrize("said", ["DVT last month", "immobile", "PFO", "thrombophilia", "peripheral arterial disease"])
def test_sclerotherapy_is_ruled_out_whichever_sclerosant_it_is(base: KnowledgeBase, said: str) -> None:
    assert base.precheck([], "foam sclerotherapy", [said]).alerts[0].severity == "contraindicated"
