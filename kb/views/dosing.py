"""The head of a monograph: bottom lines by route, the injected ones first, and what is known of dosing on each route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kb.views import sections, words

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot
    from kb.views.shapes import Dose, DosingBox, Line, RouteLines, Studied

ROUTE_GROUPS = (
    ("injected", "Injected into the skin", frozenset({"intradermal", "subcutaneous", "intralesional"})),
    ("needled", "Needled or driven in", frozenset({"microneedling", "electroporation"})),
    ("topical", "On the skin", frozenset({"topical"})),
    ("oral", "By mouth", frozenset({"oral"})),
    ("other", "Other or any route", frozenset({"intramuscular", "intravenous", "any", "not-stated"})),
)
"""Anchor, heading and routes; the order in which a page on mesotherapy shows them."""
MOST_STUDIED = 3
"""Schedules of studies shown in a dosing box; all stand in the table of what was studied."""
_MISSPELT = 0.9
"""Names as like each other as this are spellings of one name."""


def group_of(route: str) -> str:
    """The anchor of the group a route belongs to."""
    return next((anchor for anchor, _, routes in ROUTE_GROUPS if route in routes), "other")


def by_route(lines: Iterable[Line]) -> list[RouteLines]:
    """Bottom lines as groups of routes: `anchor`, `title`, `lines`, each in the order given."""
    held = list(lines)
    groups: list[RouteLines] = []
    for anchor, title, _ in ROUTE_GROUPS:
        members = [line for line in held if group_of(line["route"]) == anchor]
        if members:
            groups.append({"anchor": anchor, "title": title, "lines": members})
    return groups


def boxes(page: Page, studied: Iterable[Studied], snapshot: Snapshot) -> list[DosingBox]:
    """A dosing box for each group of routes: stated maxima, who recommends what, and what studies gave.

    A maximum names several routes; it stands in the box of each of its groups that has anything else to say, and in a
    box of its own when none has; the box of other routes repeats none.
    """
    rows = list(studied)
    maxima = [m for m in snapshot.precheck.maxima if m["of"] == page["id"]]
    found: list[DosingBox] = []
    for anchor, title, routes in ROUTE_GROUPS:
        protocols = [p for p in page["protocols"] if group_of(p["route"]) == anchor and words.protocol_text(p)]
        given = [r for r in rows if group_of(r["finding"]["route"]) == anchor]
        limits = [
            m for m in maxima if (not m.get("routes") and anchor == "injected") or routes & set(m.get("routes") or ())
        ]
        if anchor == "other":  # a maximum that a box above already gives is not told again for the routes that are left
            limits = [m for m in limits if not any(m in box["maxima"] for box in found)]
        if protocols or given or limits:
            given.sort(key=lambda r: words.DESIGN_ORDER.get(r["finding"]["design"] or "", 99))
            found.append(
                {
                    "anchor": anchor,
                    "title": title,
                    "maxima": limits,
                    "protocols": sections.protocols(protocols),
                    "studied": given[:MOST_STUDIED],
                    "more": max(0, len(given) - MOST_STUDIED),
                }
            )
    return found


LONGEST_LEAD = 130
"""Letters of a dose that stands under the title; a longer one is left to its box, because a dose is never cut."""
_RECOMMENDED = ("label", "consensus")
"""Who may say the dose under a title. What one trial gave is no recommendation: which of several would lead is nobody's choice."""


def lead(boxes: Iterable[DosingBox]) -> Dose | None:
    """The dose that a reader wants first: what a label says, else a consensus, of what is injected or needled in, else of the
    other routes. `title` of the route, who `says` so, `text` and `references`; None when there is none, or none short enough
    to stand whole. Stated maxima differ between countries, so they stand in their box, all of them.
    """
    told = [told for box in boxes for told in _told(box)]
    first = [t for t in told if t["anchor"] in ("injected", "needled")]
    return min(first or told, key=lambda t: t["weight"], default=None)


def _told(box: DosingBox) -> Iterator[Dose]:
    """The doses of a box that can stand under a title, each with its `weight`: the lightest comes first."""
    for p in box["protocols"]:
        text = words.protocol_text(p)
        text = f"{p['indication_name']}: {text}" if p["indication_name"] else text
        if p["amounts"] and p["says"] in _RECOMMENDED and len(text) <= LONGEST_LEAD:
            yield {
                "title": box["title"],
                "anchor": box["anchor"],
                "says": words.title_of(words.SAYS, p["says"]),
                "text": text,
                "references": [p["reference"]],
                "weight": (_RECOMMENDED.index(p["says"]), -sum(bool(p[key]) for key in ("sessions", "interval"))),
            }


def names(page: Page) -> list[str]:
    """Synonyms a reader may be shown: no brands, and no misspelling of the name, which only serves the search."""
    name = page["name"].casefold()
    return [
        s
        for s in page["synonyms"]
        if s not in page["brands"] and SequenceMatcher(None, s.casefold(), name).ratio() < _MISSPELT
    ]
