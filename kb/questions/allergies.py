"""What the patient is allergic to, against what is in the plan: the ingredient itself, its class, its excipients and traces."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from kb.model.terms import Severity
from kb.questions.answer import ORDER, Alert
from kb.questions.plan import Plan
from kb.questions.rulebook import Rulebook


class Source(NamedTuple):
    """Where an alert on an allergy comes from."""

    references: list[str]
    caution: str
    holder: str


def allergens(check: Rulebook, plan: Plan) -> dict[str, tuple[str, str]]:
    """What the patient is allergic to: allergen to (the fact behind it, what was typed)."""
    found = {a: (a, said) for a, said in plan.allergies.items()}
    for fact in plan.facts.values():
        for allergen in check.terms.get(fact.id, {}).get("allergen", ()):
            found.setdefault(allergen, (fact.id, fact.said))
    return found


def alerts(check: Rulebook, subject: str, plan: Plan) -> list[Alert]:
    """Alerts of one part of the plan on the patient's allergies."""
    found = []
    for allergen, (fact, _) in allergens(check, plan).items():
        if allergen in check.climb(subject):
            found.append(_direct(check, subject, allergen, fact))
        elif subject in check.climb(allergen):
            found.append(_unnamed(check, subject, allergen, fact))
        else:
            found += _contained(check, subject, allergen, fact, plan)
    return found


def joined(recorded: list[Alert], worked_out: list[Alert], plan: Plan) -> list[Alert]:
    """The alerts of one part of the plan, each allergy once.

    A recorded caution on what the patient said settles what was worked out from the same words, when it is as grave; it takes over the
    references. Two substances in one product that the patient is allergic to stay two alerts.
    """
    found = list(recorded)
    for alert in worked_out:
        said = _said(alert, plan)
        for n, held in enumerate(recorded):
            same = any(f in plan.facts and plan.facts[f].said == said for f in (held.trigger, *held.also))
            if same and ORDER.index(held.severity) <= ORDER.index(alert.severity):
                references = list(dict.fromkeys([*found[n].references, *alert.references]))
                settles = list(dict.fromkeys([*found[n].settles, alert.caution]))
                found[n] = replace(found[n], references=references, settles=settles, allergen=alert.allergen)
                break
        else:
            # `allergic to filler` is an allergy of that name and fillers themselves: one statement, one alert.
            told = (a for a in found if a.caution == alert.caution)
            if not any(a.trigger == alert.trigger or _said(a, plan) == said for a in told):
                found.append(alert)
    return found


def _said(alert: Alert, plan: Plan) -> str | None:
    """The words behind an alert on an allergy."""
    if alert.trigger in plan.facts:
        return plan.facts[alert.trigger].said
    return plan.allergies.get(alert.trigger)


def _direct(check: Rulebook, subject: str, allergen: str, fact: str) -> Alert:
    """The patient is allergic to the thing itself, or to the class it belongs to."""
    name, what, general = check.name(subject), check.name(allergen), check.known.get("any_ingredient")
    holder, caution = next(
        ((h, c) for h in check.lineage(subject) for c in check.cautions.get(h, ()) if c["trigger"] == general),
        ("", None),
    )
    why = f"The patient is allergic to {what}" + ("." if allergen == subject else f", and {name} is one of this kind.")
    if caution is not None:
        why = f"{why} {caution['why']}"
    references = list(caution["references"]) if caution else []
    source = Source(references, caution["id"] if caution else f"allergy-{allergen}", holder)
    return _alert(check, subject, fact, allergen, why, "Do not give it.", source)


def _unnamed(check: Rulebook, subject: str, allergen: str, fact: str) -> Alert:
    """The plan names a class (`vitamins`), and the patient is allergic to one of it: which one is meant nobody said."""
    name, what = check.name(subject), check.name(allergen)
    why = (
        f"The plan does not say which of this class is given; the patient is allergic to {what}, which is one of them."
    )
    source = Source([], f"allergy-{allergen}", "")
    action = "Find out which it is, and what else is in it, before it is given."
    found = _alert(check, subject, fact, allergen, why, action, source)
    return replace(found, severity=Severity.AVOID.value, strength=f"Worked out: {name} is a class.")


def _contained(check: Rulebook, subject: str, allergen: str, fact: str, plan: Plan) -> list[Alert]:
    """The patient is allergic to something the thing contains: an excipient, its source, a trace, a stopper."""
    found = []
    name, what = check.name(subject), check.name(allergen)
    for holder in check.lineage(subject):
        for content in check.contents.get(holder, ()):
            if allergen in check.climb(content["what"]):
                where = f" ({content['presentation']})" if content["presentation"] else ""
                note = f" {content['note']}" if content["note"] else ""
                why = f"{name}{where} contains {content['name']}; the patient is allergic to {what}.{note}"
                action = "Do not give these presentations; read the label of any other." if where else "Do not give it."
                source = Source(list(content["references"]), f"contains-{content['what']}", holder)
                found.append(_alert(check, subject, fact, allergen, why, action, source))
    product = check.products.get(subject, {"parts": (), "references": ()})
    for part in product["parts"]:
        if part["id"] and part["role"] != "active" and allergen in check.climb(part["id"]):
            why = f"{name} contains {part['name']} ({part['role']}); the patient is allergic to {what}."
            source = Source(list(product["references"]), f"contains-{part['id']}", subject)
            found.append(_alert(check, subject, fact, allergen, why, "Do not give it.", source))
    return found


def _alert(check: Rulebook, subject: str, fact: str, allergen: str, why: str, action: str, source: Source) -> Alert:
    name = check.name(subject)
    fact_name = check.name(fact) if fact != allergen else f"Allergy to {_lower(check.name(allergen))}"
    return Alert(
        severity=Severity.CONTRAINDICATED.value,
        subject=subject,
        subject_name=name,
        trigger=fact,
        trigger_name=fact_name,
        also=[],
        rule=fact,
        rule_name=fact_name,
        message=f"{name} and {fact_name}: {why}",
        action=action,
        why=why,
        strength="Worked out from what is recorded as contained in it.",
        routes=[],
        window_days=None,
        evidence_for=[],
        evidence_against=[],
        references=source.references,
        caution=source.caution,
        inherited_from=source.holder if source.holder and source.holder != subject else None,
        allergen=allergen,
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
