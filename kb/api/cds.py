"""CDS Hooks 2.0 over the pre-procedure check: `order-select` for a drafted injection, `patient-view` for a patient's list.

Codes that are held (RxNorm, ATC, SNOMED CT, ICD-10 and others) are mapped exactly; a code that is not held is tried by its
text, and what is not understood is said on a card. Nothing of a request is kept. See cds-hooks.hl7.org.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NotRequired, TypedDict

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from kb.api.answers import Answers, Value
from kb.api.fhir_in import kinds, named, resources, sent
from kb.api.shapes import Cited

_PREFETCH = {
    "conditions": "Condition?patient={{context.patientId}}&clinical-status=active",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
}

_INDICATORS = {"contraindicated": "critical", "avoid": "critical", "caution": "warning", "inform": "info"}
_GRAVEST = ("critical", "warning", "info")
MOST_CARDS = 20
MOST_WORDS = 200
"""Of one kind in one request; what comes after them is said not to have been checked."""


class Request(BaseModel):
    """What a client sends; fields of the hook that are not needed here are passed over."""

    model_config = ConfigDict(extra="allow")

    hook: str = Field(min_length=1, max_length=60)
    hookInstance: str = Field(min_length=1, max_length=200)  # noqa: N815 - the standard's own name
    context: dict[str, Any] = Field(default_factory=dict)
    prefetch: dict[str, Any] | None = None


class Service(TypedDict):
    """What discovery says of a service."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: dict[str, str]


class Source(TypedDict):
    label: str


class Action(TypedDict):
    type: str
    description: str
    resourceId: str


class Suggestion(TypedDict):
    label: str
    uuid: str
    actions: list[Action]


class Card(TypedDict):
    """A card as the standard has it: a summary of at most 140 characters, an indicator, Markdown, and where it comes from."""

    uuid: str
    summary: str
    indicator: str
    detail: str
    source: Source
    suggestions: NotRequired[list[Suggestion]]


def services(answers: Answers) -> list[Service]:
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


def cards(answers: Answers, request: Request) -> list[Card]:
    """Cards for a request, gravest first; none when nothing speaks against it and everything was understood."""
    orders, given = _selected(request.context), request.prefetch or {}
    words = {name: [w for r in resources(given.get(name)) for w in named(answers, r)] for name in _PREFETCH}
    # An allergy may be coded as the illness it is (penicillin allergy) instead of what it is an allergy to.
    ill = [w for w in words["allergies"] if "condition" in kinds(answers).get(w, ())]
    plan = {
        "ingredients": [w for o in orders for w in named(answers, o)],
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
        f"{o['resourceType']}/{o['id']}": {i for w in named(answers, o) for i in means.get(w, {w})}
        for o in orders
        if isinstance(o.get("id"), str)
    }
    made = [_card(answers, c, alerts[c["cautions"][0]], texts, of) for c in answer["cards"]]
    made += [_status(answers, s, texts) for s in answer["status"]]
    made.sort(key=lambda card: _GRAVEST.index(card["indicator"]))
    unread = [u["said"] for u in answer["unresolved"]] + [w for v in plan.values() for w in v[MOST_WORDS:]]
    missing = [name for name in _PREFETCH if not sent(given.get(name))]
    last = [*_unread(answers, unread), *_unsent(answers, missing)]
    return [*made[:MOST_CARDS], *_left(answers, made[MOST_CARDS:]), *last]


def _selected(context: Value) -> list[Value]:
    """The orders that are being made; all drafts when the client names none of them, since none may go unchecked."""
    drafts = list(resources(context.get("draftOrders")))
    chosen = {str(s).rpartition("/")[2] for s in context.get("selections") or []}
    return [o for o in drafts if o.get("id") in chosen] or drafts


def _left(answers: Answers, cut: list[Card]) -> list[Card]:
    """One card for all that a client would be shown too much of: as grave as the gravest of them, and what they say."""
    if not cut:
        return []
    listed = "\n".join(f"- {card['summary']}" for card in cut)
    return [_plain(answers, f"{len(cut)} more alerts", f"Also recorded:\n\n{listed}", cut[0]["indicator"])]


def _unread(answers: Answers, said: list[str]) -> list[Card]:
    if not said:
        return []
    detail = f"These were not understood and not checked: {', '.join(said)}."
    return [_plain(answers, "Not checked: not recorded here", detail, "info")]


def _unsent(answers: Answers, missing: list[str]) -> list[Card]:
    """A client need not send what discovery asks for, but then nobody must take the answer for a check of the patient."""
    if not missing:
        return []
    detail = f"The request brought no {', no '.join(missing)}: nothing in them was checked."
    return [_plain(answers, f"Not checked: {', '.join(missing)} not received", detail, "warning")]


def _card(answers: Answers, card: Value, alert: Value, texts: dict[str, Cited], orders: dict[str, set[str]]) -> Card:
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


def _status(answers: Answers, status: Value, texts: dict[str, Cited]) -> Card:
    detail = status["message"] + _papers(status["references"], texts)
    return _plain(
        answers, f"{status['subject_name']}: {status['state']} in {status['jurisdiction_name']}", detail, "warning"
    )


def _papers(keys: list[str], texts: dict[str, Cited]) -> str:
    listed = [f"- {texts[k]['citation']}" for k in keys if k in texts]
    return "\n\nReferences:\n" + "\n".join(listed) if listed else ""


def _plain(answers: Answers, summary: str, detail: str, indicator: str) -> Card:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, summary + detail)),
        "summary": summary if len(summary) <= 140 else f"{summary[:139]}…",
        "indicator": indicator,
        "detail": f"{detail}\n\nRelease {answers.data.release}. A reference for professionals, not medical advice.",
        "source": {"label": answers.data.title},
    }
