"""Things to know of a plan that are no cautions: findings on two parts together, exposures, the drug taken already, gaps in the records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.model.terms import GRAVE, Route
from kb.questions.answer import Alert, Notice
from kb.questions.wording import listed

if TYPE_CHECKING:
    from kb.questions.plan import Plan
    from kb.questions.rulebook import Rulebook


def of(check: Rulebook, plan: Plan, alerts: Iterable[Alert]) -> list[Notice]:
    return [
        *_findings(check, plan, alerts),
        *_exposures(check, plan),
        *_taken_too(check, plan),
        *_pregnancy_first(check, plan, alerts),
        *_products(check, plan),
        *_without_monograph(check, plan),
        *_without_status(check, plan),
        *_without_technique(check, plan),
    ]


def _findings(check: Rulebook, plan: Plan, alerts: Iterable[Alert]) -> list[Notice]:
    """What findings say against two parts of the plan together, where no alert rests on them."""
    weighed = {f for a in alerts for f in (*a.evidence_for, *a.evidence_against)}
    told: dict[str, Notice] = {}
    for subject in plan.subjects:
        others = {holder: s for s in plan.subjects if s != subject for holder in check.lineage(s)}
        for f in (f for holder in check.lineage(subject) for f in check.noted.get(holder, ())):
            if f["id"] not in weighed and f["object"] in others:
                names = f"{check.name(subject)} and {check.name(others[f['object']])}"
                text = f"{names}: {f['summary']}"
                told.setdefault(f["id"], Notice("finding", subject, names, text, [f["reference"]], [f["id"]]))
    return list(told.values())


def _exposures(check: Rulebook, plan: Plan) -> list[Notice]:
    """What was reported of an exposure that the plan names: tap water, a vial for several patients, an unapproved source."""
    found = []
    for exposure in dict.fromkeys(plan.exposures):
        name = check.name(exposure)
        for f in check.exposures.get(exposure, ()):
            text = f"{name}: {f['object_name']}. {f['summary']}"
            found.append(Notice("exposure", exposure, name, text, [f["reference"]], [f["id"]]))
    return found


def _taken_too(check: Rulebook, plan: Plan) -> list[Notice]:
    """The drug of the syringe, or one of its kind, that the patient takes already."""
    found = []
    for item in plan.ingredients:
        own = set(check.lineage(item))
        for fact in plan.facts:
            if fact not in check.subjects or check.subjects[fact]["kind"] != "ingredient":
                continue
            if fact == item or fact in own or item in check.lineage(fact):
                name = check.name(item)
                said = plan.facts[fact].said
                text = f"{name} is in the syringe and the patient takes it already ({said}): the doses add up."
                found.append(Notice("taken-too", item, name, text, []))
    return found


def _pregnancy_first(check: Rulebook, plan: Plan, alerts: Iterable[Alert]) -> list[Notice]:
    """What must not or should not be given in pregnancy, to somebody who may be pregnant: exclude it first."""
    pregnancy, can_conceive = check.known.get("pregnancy"), check.known.get("can_conceive")
    may = next((f for f in plan.facts.values() if f.id != pregnancy and can_conceive in check.climb(f.id)), None)
    if may is None or pregnancy in plan.facts:
        return []
    told = {a.subject for a in alerts if may.id in (a.trigger, *a.also)}
    names: dict[str, list[str]] = {}
    for subject in plan.subjects:
        for caution in (c for holder in check.lineage(subject) for c in check.cautions.get(holder, ())):
            if subject not in told and caution["trigger"] == pregnancy and caution["severity"] in GRAVE:
                names.setdefault(subject, list(caution["references"]))
    if not names:
        return []
    subjects = listed([check.name(s) for s in names])
    text = f"{subjects}: not for use in pregnancy, and this patient may be pregnant ({may.said}): exclude a pregnancy first."
    references = list(dict.fromkeys(r for found in names.values() for r in found))
    return [Notice("pregnancy-first", next(iter(names)), subjects, text, references)]


def _products(check: Rulebook, plan: Plan) -> list[Notice]:
    found = []
    for id_ in dict.fromkeys(plan.products):
        product = check.products[id_]
        if not product["published"]:
            known = [p["name"] for p in product["parts"]]
            rest = f" Known of it: {', '.join(known)}." if known else ""
            text = f"{product['name']}: composition not published, so that it cannot be checked whole.{rest}"
            found.append(Notice("composition", id_, product["name"], text, list(product["references"])))
    return found


def _without_monograph(check: Rulebook, plan: Plan) -> list[Notice]:
    return [
        Notice(
            "medicine-only",
            slug,
            check.name(slug),
            f"{check.name(slug)} is known as a medicine only; no record of injecting it, so its own cautions are not checked.",
            [],
        )
        for slug in plan.ingredients
        if slug not in check.subjects
    ]


def _without_status(check: Rulebook, plan: Plan) -> list[Notice]:
    """One notice for all ingredients of which no regulator's word is recorded."""
    known = set(check.with_status)
    missing = [s for s in plan.ingredients if s in check.subjects and not known & set(check.lineage(s))]
    if not missing or not check.with_status:
        return []
    names = [check.name(s) for s in missing]
    text = f"No authorisation for injection is recorded for {listed(names)}: look up its status where you work."
    return [Notice("no-status", missing[0], listed(names), text, [])]


_WITHOUT_TECHNIQUE = {Route.ORAL.value, Route.TOPICAL.value}
"""Routes of a form that needs no needle, peel or device: tablets, creams."""


def _without_technique(check: Rulebook, plan: Plan) -> list[Notice]:
    """Half of what speaks against a session speaks against the needle, the peel or the device."""
    by_itself = all(item.routes and set(item.routes) <= _WITHOUT_TECHNIQUE for item in plan.syringe)
    if plan.tools or by_itself or not any(s["kind"] == "technique" for s in check.subjects.values()):
        return []
    first = plan.ingredients[0]
    text = "No technique is named: what speaks against needles, peels or devices is not checked."
    return [Notice("no-technique", first, check.name(first), text, [])]
