"""Plans written from product information before the check was asked: each raises the severity that its source gives."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.precheck import Precheck
from tests.knowledge.vignettes import Case, meant, raised_or_told, read, titles

VIGNETTES = read("vignettes_texts.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_the_text_says_is_raised(base: KnowledgeBase, case: Case) -> None:
    raised_or_told(base, case)


def test_one_severity_is_expected_unless_the_sources_conflict() -> None:
    several = [(c["id"], w["why"]) for c in VIGNETTES for w in c["expect"] if len(w["severity"]) > 1]
    assert all("conflict" in why for _, why in several), several


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("wears contact lenses", {"contact-lenses"}),
        ("carotid stenosis", {"carotid-stenosis"}),
        ("rheumatoid", {"rheumatoid-arthritis"}),
        ("expressing milk", {"breastfeeding"}),
        ("allergic to elastoplast", {"adhesive-allergy"}),
        ("on pump", {"insulin-pump"}),
        ("BRCA1", {"brca-mutation"}),
        ("Trelegy", {"fluticasone-furoate", "umeclidinium-bromide", "vilanterol"}),
        ("factor XI deficiency", {"rare-clotting-factor-deficiency"}),
        ("factor VII def", {"rare-clotting-factor-deficiency"}),
        ("factor IX deficiency", {"hemophilia"}),
        ("AAA 4 cm", {"aortic-aneurysm"}),
        ("CVA 2015", {"stroke-history"}),
        ("late period", {"pregnancy"}),
        ("35/40", {"late-pregnancy"}),
        ("34 weeks pregnant", {"late-pregnancy"}),
        ("12 weeks pregnant", {"pregnancy"}),
        ("BP 88/50 usually", {"hypotension"}),
        ("BP 190/115 untreated", {"uncontrolled-hypertension"}),
        ("UTI on abx", {"urinary-tract-infection", "antibiotic"}),
        ("Humira fortnightly", {"adalimumab"}),
        ("hernia op in 2 weeks", {"surgery-planned"}),
        ("penicillin rash", {"penicillin-allergy", "penicillin"}),
        ("anaphylaxis to peanuts 2019", {"peanut-allergy", "peanut", "severe-allergy-history"}),
        ("on asprin 75, had warfrin", {"aspirin", "warfarin"}),
        ("takes metotrexate weekly for rheumatoid", {"methotrexate", "rheumatoid-arthritis"}),
        ("Elvanse 30", {"lisdexamfetamine"}),
        ("38F, jowls", {"jowl", "site-jawline"}),
        # not taken for what only looks alike
        ("veneers", {"dental-implant"}),
        ("livedo", set()),
        ("factor XII deficiency", set()),
        ("dentist's injection reaction", {"dental-work"}),
    ],
)
def test_words_from_a_clinic_mean_what_is_meant_by_them(base: KnowledgeBase, said: str, facts: set[str]) -> None:
    assert meant(base, said) == facts


def test_a_line_that_ends_in_a_time_is_one_fact(base: KnowledgeBase) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", ["DVT in L calf, 2/52 ago"])
    assert answer.understood
    assert [g.days_ago for g in answer.given if g.role == "condition"] == [14]


def test_the_place_of_a_complaint_is_the_site(base: KnowledgeBase) -> None:
    answer = base.precheck(["deoxycholic-acid"], "injection-lipolysis", ["jowls"])
    assert "avoid" in {a.severity for a in answer.alerts if a.trigger == "site-jawline"}


@pytest.mark.parametrize(
    ("said", "technique"),
    [
        ("intralesional", "intralesional-injection"),
        ("infiltration", "subcutaneous-injection"),
        ("RF needling", "radiofrequency-microneedling"),
        ("CO2 laser", "laser-therapy"),
        ("glycolic peel", "chemical-peel"),
        ("fillers", "cosmetic-injection"),
        ("needle free", "jet-injection"),
    ],
)
def test_short_names_of_techniques_are_known(base: KnowledgeBase, said: str, technique: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], said, [])
    assert technique in {m.id for g in answer.given if g.role == "technique" for m in g.means}
    assert answer.understood


@pytest.mark.parametrize(
    ("said", "ingredient"),
    [
        ("Ameluz", "5-aminolevulinic-acid"),
        ("Restylane Lyft", "hyaluronic-acid-filler"),
        ("Juvederm Ultra XC", "hyaluronic-acid-filler"),
        ("Alluzience", "botulinum-toxin-a"),
        ("bleo", "bleomycin"),
    ],
)
def test_a_brand_leads_to_the_ingredient_that_has_the_cautions(base: KnowledgeBase, said: str, ingredient: str) -> None:
    answer = base.precheck([said], None, [])
    named = [m.id for g in answer.given for m in g.means if g.role == "ingredient"]
    held = {p["id"] for id_ in named for p in Precheck.of(base).products.get(id_, {"parts": []})["parts"]}
    assert len(named) == 1 and ingredient in {*named, *held}
    assert answer.understood


def test_a_ban_of_one_product_is_not_shown_for_another(base: KnowledgeBase) -> None:
    def bans(*ingredients: str) -> set[str]:
        return {s.use for s in base.precheck(ingredients, "injection-lipolysis").status}

    assert not any("Lemon Bottle" in use for use in bans("Aqualyx"))
    assert any("Lemon Bottle" in use for use in bans("Lemon Bottle"))
    assert any("Lemon Bottle" in use for use in bans())
