"""The head of a monograph: bottom lines by route, the injected ones first, and what is known of dosing on each route."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from kb.views import sections, words

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

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


def by_route(lines: Iterable[Value]) -> list[Value]:
    """Bottom lines as groups of routes: `anchor`, `title`, `lines`, each in the order given."""
    held = list(lines)
    groups = []
    for anchor, title, _ in ROUTE_GROUPS:
        members = [line for line in held if group_of(line["route"]) == anchor]
        if members:
            groups.append({"anchor": anchor, "title": title, "lines": members})
    return groups


def boxes(page: Mapping[str, Any], studied: Iterable[Value], snapshot: Snapshot) -> list[Value]:
    """A dosing box for each group of routes: stated maxima, who recommends what, and what studies gave.

    A maximum names several routes; it stands in the box of each of its groups that has anything else to say, and in a
    box of its own when none has; the box of other routes repeats none.
    """
    rows = list(studied)
    maxima = [m for m in snapshot.precheck.maxima if m["of"] == page["id"]]
    found: list[Value] = []
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


_AMOUNT = re.compile(r"\d\s*(?:%|percent|mg|mL|µg|micrograms?|IU|U\b|units?|cm3|cc\b|g\b)")
_STRENGTH = re.compile(r"\d\s*(?:%|percent|mg/mL)")


def lead(boxes: Iterable[Value]) -> Value | None:
    """What a reader wants first of the dosing boxes of an ingredient: a maximum, else a label, else what a trial gave; of what
    is injected or needled in, else of the other routes. `title` of the route, who `says` so, `text` and `references`; None
    when no dose with an amount is short enough to stand whole.
    """
    told = [told for box in boxes for told in _told(box)]
    first = [t for t in told if t["anchor"] in ("injected", "needled")]
    return min(first or told, key=lambda t: t["weight"], default=None)


def _told(box: Value) -> Iterator[Value]:
    """The doses of a box that can stand under a title, each with its `weight`: the lightest comes first."""
    says = list(words.SAYS)
    rows = [("Maximum", m["summary"], m["references"], (0, 0)) for m in box["maxima"]]
    for p in box["protocols"]:
        if p["dose"] and p["says"] != "popular-page":
            text = _of(p["indication_name"], words.protocol_text(p))
            stated = sum(bool(p[key]) for key in ("sessions", "interval"))
            weight = (1 + says.index(p["says"]), 3 * (len(_STRENGTH.findall(p["dose"])) > 1) - stated)
            rows.append((words.title_of(words.SAYS, p["says"]), text, [p["reference"]], weight))
    for r in box["studied"]:
        f = r["finding"]
        if f["dose"] and f["relation"] == "treats" and len(_STRENGTH.findall(f["dose"])) < 2:
            text = _of(f["object_name"], "; ".join(filter(None, (f["dose"], r["schedule"]))))
            rows.append(("Studied", text, [f["reference"]], (1 + len(says), 0)))
    for who, text, references, weight in rows:
        if len(text) <= LONGEST_LEAD and _AMOUNT.search(text) and " of each" not in text:
            held = {"title": box["title"], "anchor": box["anchor"], "says": who, "text": text}
            yield held | {"references": references, "weight": weight}


def _of(what: str | None, text: str) -> str:
    return f"{what}: {text}" if what else text


def names(page: Mapping[str, Any]) -> list[str]:
    """Synonyms a reader may be shown: no brands, and no misspelling of the name, which only serves the search."""
    name = page["name"].casefold()
    return [
        s
        for s in page["synonyms"]
        if s not in page["brands"] and SequenceMatcher(None, s.casefold(), name).ratio() < _MISSPELT
    ]
