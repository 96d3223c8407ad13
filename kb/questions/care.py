"""Cards on what to do in an emergency and after a session, and which of them a question asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.questions.asked_reading import Pages, Reading
from kb.questions.search import fold

Value = dict[str, Any]

TOPICS = {
    "vascular-occlusion": "vascular-occlusion-treatment",
    "anaphylaxis": "anaphylaxis-treatment",
    "local-anesthetic-toxicity": "local-anaesthetic-toxicity-treatment",
    "nontuberculous-mycobacterial-infection": "mycobacterial-infection-recognition",
}
"""Harm, or id of its card, to the topic under which findings on its first aid are recorded."""


def advice(pages: Pages) -> list[Value]:
    """The records on aftercare and first aid; none in a snapshot of an older release."""
    try:
        found: list[Value] = pages.document("aftercare")
    except KeyError:
        return []
    return found


def cards(pages: Pages) -> dict[str, Value]:
    """Every card by id; without records on emergencies, what findings on first aid say stands in their place."""
    found: dict[str, Value] = {}
    for record in advice(pages):
        blank: Value = {"subjects": [], "object": None, "limits": None}
        found[record["id"]] = {**blank, **record}
    if any(c["kind"] == "emergency" for c in found.values()):
        return found
    for harm, topic in TOPICS.items():
        if topic in pages.ids and (lines := _lines(topic, pages)):
            found[topic] = {
                "id": topic,
                "kind": "emergency",
                "name": pages.monograph(topic)["name"],
                "subjects": [],
                "object": harm,
                "lines": lines,
                "limits": None,
            }
    return found


def _lines(topic: str, pages: Pages) -> list[Value]:
    """What findings on the first aid of a harm say, as lines without a stage."""
    return [
        {
            "stage": "",
            "text": f["summary"],
            "dose": f["dose"],
            "disputed": f["limitations"],
            "references": [f["reference"]],
        }
        for f in pages.monograph(topic)["findings"]
    ]


def asked_for(text: str, reading: Reading, pages: Pages) -> list[Mapping[str, Any]]:
    """The card of an emergency that is named, and the aftercare that is asked for: of what is named, else of any injection."""
    said = f" {fold(text)} "
    named = [n.id for n in (*reading.objects, *reading.facts, *reading.subjects)]
    named += [broader for id_ in named if id_ in pages.ids for broader in _broader(id_, pages)]
    wanted = "care" in reading.wants
    found: list[Mapping[str, Any]] = []
    for card in cards(pages).values():
        own = {card["id"], card["object"], TOPICS.get(card["object"] or card["id"])}
        called = any(f" {fold(name.replace('-', ' '))} " in said for name in (card["id"], card["name"]))
        of_it = called or bool(own & set(named)) or (wanted and bool(set(card["subjects"]) & set(named)))
        if of_it or (wanted and card["kind"] == "aftercare" and not card["subjects"]):
            found.append(card)
    return found[:2]


def _broader(slug: str, pages: Pages) -> list[str]:
    """The broader terms of a term, one step up: ischaemia is a sign of an occluded vessel."""
    return [parent["id"] for parent in pages.monograph(slug)["parents"]]
