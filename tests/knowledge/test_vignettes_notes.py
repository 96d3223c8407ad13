"""Plans from clinic notes raise what labels and device lists say; abbreviations, brands and states after operations are read as meant."""

from __future__ import annotations

import json
import re

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, meant, put, read, titles

VIGNETTES = read("vignettes_notes.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised_and_unknown_words_are_told(base: KnowledgeBase, case: Case) -> None:
    answer = put(base, case)
    assert [u.said for u in answer.unresolved] == case.get("not_known", [])
    said = [(a.severity, json.dumps(a.as_dict(), ensure_ascii=False)) for a in answer.alerts]
    noted = [json.dumps(vars(n), ensure_ascii=False, default=str) for n in (*answer.status, *answer.notices)]
    for want in case["expect"]:
        hits = {severity for severity, text in said if re.search(want["match"], text, re.IGNORECASE)}
        met = bool(hits & set(want["severity"])) or any(re.search(want["match"], n, re.IGNORECASE) for n in noted)
        assert met, f"{want['match']!r} wanted as {want['severity']}; raised: {sorted(hits) or 'nothing'}"


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("Lynch syndrome", "inherited-cancer-syndrome"),
        ("Gilbert's", "gilbert-syndrome"),
        ("PMDD", "premenstrual-disorder"),
        ("TMJ", "jaw-joint-disorder"),
        ("dentures", "dental-implant"),
        ("LMP 2 weeks ago", "child-bearing-potential"),
        ("CRT-D", "implantable-defibrillator"),
        ("ESRF", "end-stage-renal-disease"),
        ("PsA", "psoriatic-arthritis"),
        ("PTSD", "anxiety-disorder"),
        ("gum disease", "dental-infection"),
        ("ASD repair", "congenital-heart-disease"),
        ("TCA peel last week", "recent-chemical-peel"),
        ("mastectomy 2 weeks ago", "recent-surgery"),
        ("mastectomy 2 weeks ago", "breast-cancer-history"),
        ("splenectomy next week", "surgery-planned"),
        ("sister had DVT", "family-history-of-thrombosis"),
        ("FH of factor V Leiden", "family-history-of-thrombosis"),
        ("Treclin", "tretinoin"),
        ("Treclin", "clindamycin"),
        ("Bonjela teething gel", "lidocaine"),
        ("Bonjela teething gel", "choline-salicylate"),
        ("smallpox vaccine last week", "live-vaccine"),
        ("Moxi laser last week", "fractional-laser"),
    ],
)
def test_a_word_of_clinic_notes_is_read_as_what_it_means(base: KnowledgeBase, said: str, fact: str) -> None:
    assert fact in meant(base, said)


@pytest.mark.parametrize("said", ["husband had DVT", "mother had breast cancer", "no family history of DVT"])
def test_what_others_have_is_no_fact_about_the_patient(base: KnowledgeBase, said: str) -> None:
    assert meant(base, said) == set()


@pytest.mark.parametrize("said", ["moxi 400 mg", "BBL last year"])
def test_short_for_two_things_is_read_as_neither(base: KnowledgeBase, said: str) -> None:
    assert not meant(base, said) & {"fractional-laser", "energy-or-light-procedure"}


def test_a_gilbert_syndrome_is_no_impaired_liver(base: KnowledgeBase) -> None:
    answer = base.precheck(["finasteride"], None, ["Gilbert's syndrome"])
    assert answer.understood
    assert not [a for a in answer.alerts if "hepat" in a.trigger]


@pytest.mark.parametrize(
    ("brand", "part"),
    [
        ("Teosyal RHA 4", "hyaluronic-acid-filler"),
        ("Stylage M", "hyaluronic-acid-filler"),
        ("Vistabel", "botulinum-toxin-a"),
        ("Relfydess", "botulinum-toxin-a"),
    ],
)
def test_a_brand_raises_what_its_part_does(base: KnowledgeBase, brand: str, part: str) -> None:
    def raised(word: str) -> set[str]:
        return {
            a.trigger for a in base.precheck([word], "cosmetic-injection", ["pregnant", "myasthenia gravis"]).alerts
        }

    assert raised(part) <= raised(brand)


def test_units_over_a_label_are_told_for_an_injection_into_the_muscle(base: KnowledgeBase) -> None:
    messages = [n.message for n in base.precheck(["Botox Cosmetic 80 units"], "cosmetic-injection").notices]
    assert any("Over the maximum" in m for m in messages)


@pytest.mark.parametrize(
    "device", ["pacemaker", "CRT-D", "deep brain stimulator", "spinal cord stimulator", "cochlear implant"]
)
def test_radiofrequency_without_needles_is_stopped_by_any_implant_with_a_current(
    base: KnowledgeBase, device: str
) -> None:
    assert "contraindicated" in {a.severity for a in base.precheck([], "Thermage", [device]).alerts}


ONE_FACT = (
    "soya allergy", "egg allergy", "pregnant", "warfarin", "aspirin", "apixaban", "isotretinoin", "herpes", "diabetes", "lupus",
    "Hashimoto's", "HIV", "pacemaker", "ibuprofen", "prednisolone", "keloid", "fish allergy", "von Willebrand", "age 15", "age 80",
    "breastfeeding", "renal failure", "cirrhosis", "latex allergy", "lidocaine allergy", "milk allergy", "platelets 60", "Hb 85",
)  # fmt: skip


@pytest.mark.parametrize(
    ("cocktail", "technique"),
    [
        (["platelet-rich-plasma"], "prp-injection"),
        (["phosphatidylcholine"], "injection-lipolysis"),
        (["minoxidil", "finasteride"], "mesotherapy"),
        (["botulinum-toxin-a"], "cosmetic-injection"),
        (["lidocaine", "ketorolac"], "mesotherapy"),
        (["platelet-rich-plasma", "dutasteride"], "microneedling"),
    ],
)
def test_one_fact_gives_one_card(base: KnowledgeBase, cocktail: list[str], technique: str) -> None:
    for fact in ONE_FACT:
        answer = base.precheck(cocktail, technique, [fact])
        assert len(answer.cards) == (1 if answer.alerts else 0), fact
