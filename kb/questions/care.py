"""Cards on what to do in an emergency and after a session, and which of them a question asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


def cards(pages: Pages) -> dict[str, Value]:
    """Every card by id: `kind` emergency or aftercare, `name`, `subjects`, `object` (the harm), `lines`, `limits`."""
    blank: Value = {"subjects": [], "object": None, "words": [], "limits": None}
    return {record["id"]: {**blank, **record} for record in pages.document("aftercare")}


SIGNS = {"vascular-occlusion": ("visual-loss", "skin-necrosis")}
"""By id of a card the harms that call for it when one of its subjects is named beside them: sight lost after a filler."""
HARMS_FIRST = "harms"
MOST = 2
"""Cards that answer one question."""


def called(pages: Pages) -> dict[str, list[str]]:
    """By id of a card the folded words that call for it when they are said."""
    return {
        card["id"]: [fold(name.replace("-", " ")) for name in (card["id"], card["name"], *card["words"])]
        for card in cards(pages).values()
    }


def asked_for(text: str, reading: Reading, pages: Pages, most: int | None = MOST) -> list[Mapping[str, Any]]:
    """The card of an emergency that is named, and the aftercare that is asked for: of what is named, else of any injection."""
    said = f" {fold(text)} "
    named = [n.id for n in (*reading.objects, *reading.facts, *reading.subjects)]
    named += [broader for id_ in named if id_ in pages.ids for broader in _broader(id_, pages)]
    wanted, names = "care" in reading.wants, called(pages)
    harmed = HARMS_FIRST in reading.wants and not wanted  # `infection after mesotherapy` is about the infection
    found: list[Mapping[str, Any]] = []
    for card in cards(pages).values():
        own = {card["id"], card["object"], TOPICS.get(card["object"] or card["id"])}
        by_name = any(f" {name} " in said for name in names[card["id"]]) and not (
            harmed and card["kind"] == "aftercare"
        )
        of_it = by_name or bool(own & set(named))
        if set(card["subjects"]) & set(named):
            of_it = of_it or wanted or bool(set(SIGNS.get(card["id"], ())) & set(named))
        if of_it or (wanted and card["kind"] == "aftercare" and not card["subjects"]):
            found.append(card)
    return found[:most]


def of_any(slugs: Collection[str], pages: Pages) -> list[str]:
    """Everything that counts as one of these when it is named: they, and what is a kind of them."""
    return sorted(slug for slug in pages.ids if {slug, *_broader(slug, pages)} & set(slugs))


def _broader(slug: str, pages: Pages) -> list[str]:
    """The broader terms of a term, one step up: ischaemia is a sign of an occluded vessel."""
    return [parent["id"] for parent in pages.monograph(slug)["parents"]]
