"""For every caution whose trigger is a class, every member beside it raises it: made from the data, so that no class is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.questions.precheck import Precheck
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def check() -> Precheck:
    return Precheck.of(whole.base())


def members(check: Precheck) -> dict[str, list[str]]:
    """Class to what is narrower than it, among terms and ingredients."""
    found: dict[str, list[str]] = {}
    for slug in {*check.terms, *check.subjects}:
        for broader in check.climb(slug)[1:]:
            found.setdefault(broader, []).append(slug)
    return found


def test_every_member_of_a_class_that_the_patient_takes_raises_the_caution_on_the_class(check: Precheck) -> None:
    """The whole check, for each ingredient and technique with a caution on a class, with all members of the class taken at once."""
    narrower = members(check)
    missed = []
    for holder, cautions in check.cautions.items():
        kind = check.subjects.get(holder, {}).get("kind")
        for trigger in {
            c["trigger"] for c in cautions if kind and check.terms.get(c["trigger"], {}).get("group") != "site"
        }:
            taken = [m for m in narrower.get(trigger, []) if m in check.terms]
            plan = {"ingredients": [holder]} if kind == "ingredient" else {"technique": holder}
            answer = check.check(**plan, substances=taken) if taken else None  # type: ignore[arg-type]
            raised = (
                {f for a in answer.alerts if trigger in check.climb(a.rule) for f in (a.trigger, *a.also)}
                if answer
                else set()
            )
            missed += [(holder, trigger, m) for m in taken if m not in raised]
    assert not missed


def test_every_ingredient_of_a_class_beside_another_raises_the_caution_on_the_class(check: Precheck) -> None:
    """The whole check, for each pair of an ingredient with a caution on a class and an ingredient of that class in one syringe."""
    narrower = members(check)
    missed = []
    for holder, cautions in check.cautions.items():
        if check.subjects.get(holder, {}).get("kind") != "ingredient":
            continue
        for caution in cautions:
            inside = [
                m for m in narrower.get(caution["trigger"], []) if check.subjects.get(m, {}).get("kind") == "ingredient"
            ]
            for member in inside:
                if member == holder:
                    continue
                answer = check.check([holder, member])
                about = [a for a in answer.alerts if a.subject == holder and member in (a.trigger, *a.also)]
                said = {a.caution for a in about} | {s for a in about for s in a.settles}
                if caution["id"] not in said and not any(a.rule == caution["trigger"] for a in about):
                    missed.append((caution["id"], member))
    assert not missed


NOT_OF_ITS_CODE = {
    "nsaid": "the code's group holds joint supplements, a mouth rinse and a cough medicine beside the anti-inflammatories",
    "local-anesthetic": "capsaicin stands in the code's group without numbing as they do",
    "antiarrhythmic": "lidocaine is an ingredient of its own, whose doses add up as an anaesthetic",
    "class-ib-antiarrhythmic": "as above",
    "topical-retinoid": "isotretinoin stands for the capsule unless the cream is named",
    "topical-nsaid": "the medicine stands for the tablet unless the gel is named",
    "topical-corticosteroid": "the medicine stands for the tablet or injection unless the cream is named",
    "inhaled-corticosteroid": "as above",
    "progestogen-only-contraceptive": "a progestogen may be a hormone treatment, or half of a combined pill",
    "sulfonamide": "trimethoprim stands in the code's group and is no sulfonamide",
    "immunosuppressant": "the code's group holds medicines that lower antibodies or scarring alone",
    "antidepressant": "esketamine stands there already; St John's wort has cautions of its own",
    "triptan": "lasmiditan is no triptan; it is held as serotonergic",
    "antipsychotic": "lithium has cautions of its own",
    "dopaminergic-drug": "the class of inhibitors stands under MAO inhibitors",
    "lipid-lowering-drug": "fish oil has cautions of its own",
    "peripheral-vasodilator": "alpha blockers and nicotinic acid are held by what they do",
    "cephalosporin": "the code's group holds carbapenems and aztreonam, which are none",
    "antiviral": "medicines for HIV are a class of their own",
    "haemostatic-drug": "vitamin K and adrenaline are held by what they do",
    "general-anesthetic": "opioids, esketamine spray and oxybate are held by what they do",
    "anticancer-drug": "the code's group holds retinoids, light treatments and medicines that are used against more than cancer",
    "weight-loss-drug": "fenfluramine is used against seizures today",
    "diuretic": "theobromine is held as a xanthine",
}
"""Classes whose ATC group is wider than they are, with the reason; the members that are told apart stand elsewhere in the tree."""


def test_a_medicine_with_the_atc_code_of_a_class_is_a_member_of_it(check: Precheck) -> None:
    """Potassium chloride beside spironolactone raised nothing, because it did not stand under potassium supplements."""
    substances = whole.base().formulary.vocabularies["substances"]
    codes = {
        slug: term.identifiers.atc for slug, term in substances.items() if term.identifiers and term.identifiers.atc
    }
    assert len(codes) > MANY
    groups = {slug: [c for c in atc if len(c) < WHOLE_ATC_CODE] for slug, atc in codes.items()}
    outside = [
        (group, slug)
        for group, wide in groups.items()
        if wide
        for slug, atc in codes.items()
        if slug != group and any(c.startswith(w) for c in atc for w in wide) and group not in check.climb(slug)
    ]
    assert not [(group, slug) for group, slug in outside if group not in NOT_OF_ITS_CODE]
    assert set(NOT_OF_ITS_CODE) <= {group for group, _ in outside}, "an exception that nothing needs"


@pytest.mark.parametrize(
    ("syringe", "taken"),
    [
        ("spironolactone", "potassium chloride"),
        ("spironolactone", "potassium citrate"),
        ("spironolactone", "dalteparin"),
        ("spironolactone", "Innohep"),
        ("dermal-filler", "Avonex"),
        ("dermal-filler", "Plegridy"),
        ("dermal-filler", "interferon gamma"),
        ("epinephrine", "digitoxin"),
        ("lidocaine", "flecainide"),
        ("ketorolac", "aloxiprin"),
    ],
)
def test_a_member_by_its_own_name_raises_the_caution_of_its_class(check: Precheck, syringe: str, taken: str) -> None:
    answer = check.check([syringe], substances=[taken])
    fact = next(m.id for m in check.resolver.find(taken, "substance"))
    assert any(a.subject == syringe and {a.trigger, *a.also} & set(check.climb(fact)) for a in answer.alerts)


MANY = 1500
"""Terms with an ATC code, at least."""

WHOLE_ATC_CODE = 7
"""Characters of the code of one substance; a shorter one is a group."""
