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
_SCHEMES = {system: scheme for scheme, system in FHIR_SYSTEMS.items()}
_CODED = ("code", "medicationCodeableConcept", "medication", "productCodeableConcept")
MOST_CARDS = 20


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
    plan = {
        "ingredients": [w for o in orders for w in _words(answers, o)],
        "techniques": [] if orders else [t for t in [answers.data.field.get("usual_technique")] if t],
        "conditions": words["conditions"],
        "substances": words["medications"],
        "allergic_to": words["allergies"],
    }
    if request.hook == "order-select" and not plan["ingredients"]:
        return []
    found = answers.check({k: v[:40] for k, v in plan.items()})
    answer, texts = found["answer"], {r["key"]: r for r in found["references"]}
    made = [_status(answers, s, texts) for s in answer["status"]]
    alerts = {a["caution"]: a for a in answer["alerts"]}
    made += [_card(answers, c, alerts[c["cautions"][0]], texts, orders) for c in answer["cards"]]
    made = made[:MOST_CARDS]
    if answer["unresolved"]:
        said = ", ".join(u["said"] for u in answer["unresolved"])
        made.append(
            _plain(
                answers, "Not checked: not recorded here", f"These were not understood and not checked: {said}.", "info"
            )
        )
    return made


def _card(answers: Answers, card: Value, alert: Value, texts: dict[str, Value], orders: list[Value]) -> Value:
    about, facts = ", ".join(card["subject_names"]), ", ".join(card["fact_names"])
    detail = f"**{card['severity'].capitalize()}.** {alert['action']}\n\n{alert['why']}"
    value = _plain(
        answers, f"{about}: {facts}", detail + _papers(alert["references"], texts), _INDICATORS[card["severity"]]
    )
    if card["severity"] == "contraindicated" and orders:
        value["suggestions"] = [
            {
                "label": "Remove this order",
                "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{alert['caution']}{o.get('id')}")),
                "actions": [
                    {
                        "type": "delete",
                        "description": f"Remove: {facts}",
                        "resourceId": f"{o['resourceType']}/{o['id']}",
                    }
                ],
            }
            for o in orders
            if o.get("id") and set(_words(answers, o)) & {alert["subject"], alert["subject_name"]}
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
        for entry in value.get("entry") or []:
            yield from _resources(entry.get("resource") if isinstance(entry, dict) else None)
    elif isinstance(value, dict) and value.get("resourceType"):
        yield value


def _words(answers: Answers, resource: Value) -> list[str]:
    """What a resource is about: our id for a code that is held, else the text it carries, else the bare code."""
    for field in _CODED:
        concept = resource.get(field)
        if isinstance(concept, dict):
            concept = concept.get("concept", concept)
            word = _word(answers, concept)
            if word:
                return [word]
    return []


def _word(answers: Answers, concept: Value) -> str:
    codings = [c for c in concept.get("coding") or [] if isinstance(c, dict)]
    for coding in codings:
        scheme = _SCHEMES.get(str(coding.get("system", "")))
        slug = _codes(answers).get((scheme, str(coding.get("code")))) if scheme else None
        if slug:
            return slug
    texts = [concept.get("text"), *(c.get("display") for c in codings), *(c.get("code") for c in codings)]
    return next((str(t)[:200] for t in texts if t), "")


@lru_cache(maxsize=4)
def _codes(answers: Answers) -> dict[tuple[str, str], str]:
    """(scheme, code) to the id that carries it exactly; a code that two ids carry leads to the first."""
    found: dict[tuple[str, str], str] = {}
    for slug in answers.data.kinds:
        for scheme, codes in answers.data.identifiers(slug).items():
            for code in codes:
                found.setdefault((scheme, code), slug)
    return found
