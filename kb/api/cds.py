"""CDS Hooks 2.0 over the pre-procedure check: `order-select` for a drafted injection, `patient-view` for a patient's list.

Codes that are held (RxNorm, ATC, SNOMED CT, ICD-10 and others) are mapped exactly; a code that is not held is tried by its
text, and what is not understood is said on a card. Nothing of a request is kept. See cds-hooks.hl7.org.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from kb.api.answers import Answers, Value
from kb.exports.codes import FHIR_SYSTEMS

_PREFETCH = {
    "conditions": "Condition?patient={{context.patientId}}&clinical-status=active",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
}

_INDICATORS = {"contraindicated": "critical", "avoid": "critical", "caution": "warning", "inform": "info"}
_GRAVEST = ("critical", "warning", "info")
_SCHEMES = {system: scheme for scheme, system in FHIR_SYSTEMS.items()}
_CODED = ("code", "medicationCodeableConcept", "medication", "productCodeableConcept")
_CARRIERS = ("condition", "ingredient", "substance", "technique")
"""What a patient or an order may be about, before what is treated or feared: one code may stand for all of them."""
_SAID = ("Medication", "Condition", "AllergyIntolerance")
"""How resources begin that a check must not pass over in silence when they carry neither code nor text."""
MOST_CARDS = 20
MOST_WORDS = 200
"""Of one kind in one request; what comes after them is said not to have been checked."""


class Request(BaseModel):
    """What a client sends; fields of the hook that are not needed here are passed over."""

    model_config = ConfigDict(extra="allow")

    hook: str = Field(min_length=1, max_length=60)
    hookInstance: str = Field(min_length=1, max_length=200)  # noqa: N815 - the standard's own name
    context: dict[str, Any] = Field(default_factory=dict)
    prefetch: dict[str, Any] = Field(default_factory=dict)


def services(answers: Answers) -> list[Value]:
    """What discovery lists, under the name of the field."""
    subject, name = answers.data.field["subject"], answers.data.base.removesuffix("-kb")
    return [
        {
            "id": f"{name}-order-select",
            "hook": "order-select",
            "title": f"{subject[:1].upper()}{subject[1:]}: pre-procedure check",
            "description": "What speaks against an injection that is being ordered, for this patient; with references.",
            "prefetch": _PREFETCH,
        },
        {
            "id": f"{name}-patient-view",
            "hook": "patient-view",
            "title": f"{subject[:1].upper()}{subject[1:]}: what to know of this patient",
            "description": "What speaks against injecting this patient at all, from conditions and medicines.",
            "prefetch": _PREFETCH,
        },
    ]


def add(app: FastAPI, answers: Callable[[], Answers]) -> None:
    """The discovery address and the two services."""

    @app.get("/cds-services", summary="CDS Hooks: the services there are")
    def discovery() -> Value:
        return {"services": services(answers())}

    @app.post("/cds-services/{service}", summary="CDS Hooks: cards for a patient or an order; nothing is kept")
    def call(service: str, request: Request) -> Value:
        known = next((s for s in services(answers()) if s["id"] == service), None)
        if known is None:
            raise HTTPException(404, f"no service {service!r}")
        if request.hook != known["hook"]:
            raise HTTPException(400, f"{service} answers {known['hook']}, not {request.hook}")
        return {"cards": cards(answers(), request)}


def cards(answers: Answers, request: Request) -> list[Value]:
    """Cards for a request, gravest first; none when nothing speaks against it and everything was understood."""
    orders = list(_resources(request.context.get("draftOrders")))
    selected = {str(s).rpartition("/")[2] for s in request.context.get("selections", [])}
    orders = [o for o in orders if not selected or o.get("id") in selected]
    words = {name: [w for r in _resources(request.prefetch.get(name)) for w in _words(answers, r)] for name in
             ("conditions", "medications", "allergies")}  # fmt: skip
    # An allergy may be coded as the illness it is (penicillin allergy) instead of what it is an allergy to.
    ill = [w for w in words["allergies"] if "condition" in _kinds(answers).get(w, ())]
    plan = {
        "ingredients": [w for o in orders for w in _words(answers, o)],
        "techniques": [] if orders else [t for t in [answers.data.field.get("usual_technique")] if t],
        "conditions": [*words["conditions"], *ill],
        "substances": words["medications"],
        "allergic_to": [w for w in words["allergies"] if w not in ill],
    }
    if request.hook == "order-select" and not plan["ingredients"]:
        return []
    found = answers.check({k: v[:MOST_WORDS] for k, v in plan.items()})
    answer, texts = found["answer"], {r["key"]: r for r in found["references"]}
    alerts = {a["caution"]: a for a in answer["alerts"]}
    means = {g["said"]: {m["id"] for m in g["means"]} for g in answer["given"]}
    of = {
        f"{o['resourceType']}/{o['id']}": {i for w in _words(answers, o) for i in means.get(w, {w})}
        for o in orders
        if isinstance(o.get("id"), str)
    }
    made = [_card(answers, c, alerts[c["cautions"][0]], texts, of) for c in answer["cards"]]
    made += [_status(answers, s, texts) for s in answer["status"]]
    made.sort(key=lambda card: _GRAVEST.index(card["indicator"]))
    unread = [u["said"] for u in answer["unresolved"]] + [w for v in plan.values() for w in v[MOST_WORDS:]]
    return [*made[:MOST_CARDS], *_left(answers, made[MOST_CARDS:]), *_unread(answers, unread)]


def _left(answers: Answers, cut: list[Value]) -> list[Value]:
    """One card for all that a client would be shown too much of: as grave as the gravest of them, and what they say."""
    if not cut:
        return []
    listed = "\n".join(f"- {card['summary']}" for card in cut)
    return [_plain(answers, f"{len(cut)} more alerts", f"Also recorded:\n\n{listed}", cut[0]["indicator"])]


def _unread(answers: Answers, said: list[str]) -> list[Value]:
    if not said:
        return []
    detail = f"These were not understood and not checked: {', '.join(said)}."
    return [_plain(answers, "Not checked: not recorded here", detail, "info")]


def _card(answers: Answers, card: Value, alert: Value, texts: dict[str, Value], orders: dict[str, set[str]]) -> Value:
    """A card; what is contraindicated comes with the offer to remove the orders (address to what they hold) it is about."""
    about, facts = ", ".join(card["subject_names"]), ", ".join(card["fact_names"])
    detail = f"**{card['severity'].capitalize()}.** {alert['action']}\n\n{alert['why']}"
    value = _plain(
        answers, f"{about}: {facts}", detail + _papers(alert["references"], texts), _INDICATORS[card["severity"]]
    )
    if card["severity"] == "contraindicated" and orders:
        value["suggestions"] = [
            {
                "label": "Remove this order",
                "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{alert['caution']}{place}")),
                "actions": [{"type": "delete", "description": f"Remove: {facts}", "resourceId": place}],
            }
            for place, held in orders.items()
            if held & set(card["subjects"])
        ]
    return value


def _status(answers: Answers, status: Value, texts: dict[str, Value]) -> Value:
    detail = status["message"] + _papers(status["references"], texts)
    return _plain(
        answers, f"{status['subject_name']}: {status['state']} in {status['jurisdiction_name']}", detail, "warning"
    )


def _papers(keys: list[str], texts: dict[str, Value]) -> str:
    listed = [f"- {texts[k]['citation']}" for k in keys if k in texts]
    return "\n\nReferences:\n" + "\n".join(listed) if listed else ""


def _plain(answers: Answers, summary: str, detail: str, indicator: str) -> Value:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, summary + detail)),
        "summary": summary if len(summary) <= 140 else f"{summary[:139]}…",
        "indicator": indicator,
        "detail": f"{detail}\n\nRelease {answers.data.release}. A reference for professionals, not medical advice.",
        "source": {"label": answers.data.title},
    }


def _resources(value: Any) -> Iterator[Value]:
    """The resources of a bundle, of a list, or the one resource itself."""
    if isinstance(value, list):
        for entry in value:
            yield from _resources(entry)
    elif isinstance(value, dict) and value.get("resourceType") == "Bundle":
        for entry in _dicts(value.get("entry")):
            yield from _resources(entry.get("resource"))
    elif isinstance(value, dict) and value.get("resourceType") and not _denied(value):
        yield value


def _dicts(value: Any) -> list[Value]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _denied(resource: Value) -> bool:
    """Whether a record says of itself that it does not hold: entered in error, refuted, cancelled."""
    verified = resource.get("verificationStatus")
    codings = _dicts(verified.get("coding")) if isinstance(verified, dict) else []
    said = {str(c.get("code")) for c in codings} | {str(resource.get("status"))}
    return bool(said & {"entered-in-error", "refuted", "cancelled"})


def _words(answers: Answers, resource: Value) -> list[str]:
    """What a resource is about: our ids for a code that is held, else the text it carries, else the bare code or its own id."""
    for field in _CODED:
        concept = resource.get(field)
        if isinstance(concept, dict):
            inner = concept.get("concept")
            words = _meant(answers, inner if isinstance(inner, dict) else concept)
            if words:
                return words
    own = f"{resource['resourceType']}/{resource.get('id', '')}"[:200]
    return _referred(answers, resource) or [own] * own.startswith(_SAID)


def _referred(answers: Answers, resource: Value) -> list[str]:
    """A medicine that stands in a resource of its own, inside this one; else what the reference to it calls it."""
    for field in ("medicationReference", "medication"):
        led = resource.get(field)
        led = led.get("reference", led) if isinstance(led, dict) else None
        if isinstance(led, dict):  # R5 has the reference one step further down
            return _named(answers, resource, led)
        if isinstance(led, str):
            return _named(answers, resource, resource[field])
    return []


def _named(answers: Answers, resource: Value, reference: Value) -> list[str]:
    wanted = str(reference.get("reference", "")).removeprefix("#")
    inside = [c for c in _dicts(resource.get("contained")) if c.get("id") == wanted]
    concepts = [c["code"] for c in inside if isinstance(c.get("code"), dict)]
    words = [w for concept in concepts for w in _meant(answers, concept)]
    return words or [str(reference[k])[:200] for k in ("display", "reference") if reference.get(k)][:1]


def _meant(answers: Answers, concept: Value) -> list[str]:
    codings = _dicts(concept.get("coding"))
    for coding in codings:
        scheme = _SCHEMES.get(str(coding.get("system", "")))
        slugs = _codes(answers).get((scheme, str(coding.get("code")))) if scheme else None
        if slugs:
            return slugs
    texts = [concept.get("text"), *(c.get("display") for c in codings), *(c.get("code") for c in codings)]
    return [str(t)[:200] for t in texts if t][:1]


@lru_cache(maxsize=4)
def _codes(answers: Answers) -> dict[tuple[str, str], list[str]]:
    """(scheme, code) to the ids that carry it exactly; where a condition does, no harm of the same code is meant."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for slug, kinds in _kinds(answers).items():
        rank = min((_CARRIERS.index(k) for k in kinds if k in _CARRIERS), default=len(_CARRIERS))
        for scheme, codes in answers.data.identifiers(slug).items():
            for code in codes:
                found.setdefault((scheme, code), {})[slug] = rank
    return {code: [s for s, r in ids.items() if r == min(ids.values())] for code, ids in found.items()}


@lru_cache(maxsize=4)
def _kinds(answers: Answers) -> dict[str, list[str]]:
    return {row["id"]: row["kinds"] for row in answers.snapshot.document("catalogue")}
