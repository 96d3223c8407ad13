"""Answers to a question typed into the search, ready to be drawn: a heading and the ways on from each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.questions.asked import Answered, answers
from kb.views import reading, words
from kb.views.links import href

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

_TITLES = {
    "caution": "Before you treat",
    "evidence": "Does it work?",
    "findings": "Does it work?",
    "harms": "Side effects",
    "doses": "Doses and sessions that were studied or recommended",
    "maxima": "Maximum doses",
    "compared": "Trials that compared them",
    "mixing": "In one syringe",
    "status": "Regulatory status",
    "paper": "Paper",
}
_ANCHORS = {
    "harms": "harms",
    "doses": "protocols",
    "evidence": "bottom-line",
    "findings": "findings",
    "status": "regulation",
}
MOST = 4


def cards(asked: str, snapshot: Snapshot) -> list[Value]:
    """The cards for a question; none when only a list of pages can help."""
    return [
        {"kind": a.kind, "title": _title(a, snapshot), "records": a.records, "links": _links(a, snapshot)}
        for a in answers(asked, snapshot)[:MOST]
    ]


def _title(answer: Answered, snapshot: Snapshot) -> str:
    if answer.kind == "paper":
        return _TITLES["paper"]
    names = words.listed([reading.name_of(snapshot, slug) for slug in answer.about])
    return f"{_TITLES[answer.kind]}: {names}"


def _links(answer: Answered, snapshot: Snapshot) -> list[Value]:
    if answer.kind == "paper":
        return []
    rows = reading.catalogue(snapshot)
    pages = [slug for slug in answer.about if slug in rows]
    found = [
        {
            "label": rows[slug]["name"],
            "href": reading.link_of(snapshot, slug) + (f"#{_ANCHORS[answer.kind]}" if answer.kind in _ANCHORS else ""),
        }
        for slug in pages
        if reading.link_of(snapshot, slug)
    ]
    things = [slug for slug in pages if {"ingredient", "technique"} & set(rows[slug]["kinds"])]
    if len(things) > 1:
        found.append({"label": "Compare side by side", "href": href("compare", item=things[:4])})
    if answer.kind in ("caution", "mixing", "compared"):
        found.append({"label": "Check a whole plan", "href": href("precheck")})
    return found
