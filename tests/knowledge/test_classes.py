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
