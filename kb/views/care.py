"""Cards for an emergency and for the days after a session: short numbered lines, each with who says so, one page on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.questions.care import TOPICS, cards
from kb.views import links, reading, sections
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import FindingValue
    from kb.snapshot import Snapshot

Value = dict[str, Any]

STAGES = {
    "recognise": "Recognise",
    "first": "Do first",
    "next": "Then",
    "refer": "Refer",
    "keep-ready": "Keep ready",
    "before": "Before the session",
    "same-day": "On the same day",
    "following-days": "In the days after",
    "warning-signs": "Come back, or call, when",
}
"""Stages of a card in the order in which they are read."""

MOST_RECORDED = 8
"""Findings named under a card; the page of the harm has them all."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameter: card, the id of one or of the harm it is about; none shows all of them."""
    asked = reading.first(params, "card")
    held = cards(snapshot)
    citer = reading.citer(snapshot)
    if not asked:
        emergencies = [c for c in held.values() if c["kind"] == "emergency"]
        after = [c for c in held.values() if c["kind"] == "aftercare"]
        return Fragment("Emergencies and aftercare", draw("care", emergencies=emergencies, after=after, citer=citer))
    card = held.get(asked) or next((c for c in held.values() if c["object"] == asked), None)
    if card is None:
        return reading.not_found(asked, ("adverse-effect",), snapshot)
    html = draw(
        "care_card",
        card=card,
        stages=stages(card["lines"]),
        recorded=recorded(card, snapshot),
        page_of=page_of(card, snapshot),
        subjects=[(reading.name_of(snapshot, s), reading.link_of(snapshot, s)) for s in card["subjects"]],
        release=snapshot.meta.get("release") or snapshot.meta["version"],
        date=snapshot.meta["date"],
        citer=citer,
    )
    return Fragment(card["name"], html)


def _findings(slug: str, snapshot: Snapshot) -> list[FindingValue]:
    return snapshot.monograph(slug)["findings"] if slug in snapshot.ids else []


def stages(lines: Iterable[Mapping[str, Any]]) -> list[Value]:
    """Lines under their stage, in the order of reading: `id`, `title`, `lines`."""
    held = list(lines)
    return [
        {"id": stage, "title": title, "lines": members}
        for stage, title in STAGES.items()
        if (members := [line for line in held if line["stage"] == stage])
    ]


def recorded(card: Mapping[str, Any], snapshot: Snapshot) -> list[Value]:
    """Findings on the harm of an emergency, those on its first aid first; not those that are lines of the card already."""
    harm = card["object"] or card["id"]
    if card["kind"] != "emergency":
        return []
    said = {line["text"] for line in card["lines"]}
    found = [*_findings(TOPICS.get(harm, ""), snapshot), *_findings(harm, snapshot)]
    held = {f["id"]: f for f in found if f["summary"] not in said and f["direction"] != "refutes"}
    return [{"f": f, "how": sections.how_given(f, snapshot)} for f in held.values()][:MOST_RECORDED]


def page_of(card: Mapping[str, Any], snapshot: Snapshot) -> Value | None:
    """The page of the harm an emergency card is about: name and address."""
    harm = card["object"]
    if not harm or harm not in snapshot.ids:
        return None
    return {"name": reading.name_of(snapshot, harm), "href": reading.link_of(snapshot, harm)}


def cards_of(slug: str, snapshot: Snapshot) -> list[Value]:
    """Cards that a page leads to: the emergency of this harm, the aftercare of this technique or ingredient."""
    return [
        {"name": card["name"], "kind": card["kind"], "href": links.href("care", card=card["id"])}
        for card in cards(snapshot).values()
        if slug == card["object"] or slug in card["subjects"] or slug == TOPICS.get(card["object"] or "")
    ]
