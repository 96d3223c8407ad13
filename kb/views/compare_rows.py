"""The rows of a comparison: each row one question, each cell what the base knows of it for one item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kb.model.terms import Route
from kb.views import fields, reading, words
from kb.views import sections as parts

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]
Pages = Sequence[Mapping[str, Any]]


TITLES = {
    "direct": "Trials that compared them",
    "what-for": "What for, where at least two were studied",
    "glance": "At a glance",
    "studied": "How it was studied",
    "profile": "Technique",
    "harms": "Harms by frequency",
    "cautions": "Cautions by severity",
    "regulation": "Regulation",
}
"""The groups of rows in their order."""


def sections(pages: Pages, snapshot: Snapshot) -> list[Value]:
    """Groups of rows; a row that is empty for every item is left out, and a group without rows too."""
    groups = {
        "direct": _direct(pages),
        "what-for": _what_for(pages, snapshot, shared=True),
        "glance": _glance(pages),
        "studied": _studied(pages),
        "profile": _profile(pages),
        "harms": _harms(pages),
        "cautions": _cautions(pages, snapshot),
        "regulation": _regulation(pages),
    }
    return [{"id": id_, "title": TITLES[id_], "rows": rows} for id_, rows in groups.items() if rows]


def _direct(pages: Pages) -> list[Value]:
    """Findings of studies that compared two of the items, the largest first; one row each, told once across the columns."""
    slugs = [page["id"] for page in pages]
    found: dict[str, Value] = {}
    for page in pages:
        found |= {f["id"]: f for f in compared(page) if {f["subject"], f["object"]} <= set(slugs)}
    return [direct_row(f) for f in sorted(found.values(), key=lambda f: -(f["n"] or 0))]


def compared(page: Mapping[str, Any]) -> list[Value]:
    """Findings of studies that compared this item with another one."""
    findings = (*page["findings"], *page["compared_with"])
    return [f for f in findings if f["relation"] == "compared-with" and f["subject"] != f["object"]]


def direct_row(f: Value) -> Value:
    """One finding that compared two items as a row of its own."""
    label = f"{f['subject_name']} against {f['object_name']}"
    route = "Route not stated" if f["route"] == Route.NOT_STATED else words.say(f["route"])
    how = f"{route}, {words.number(f['n'])} people" if f["n"] else route
    return {"label": label, "href": "", "title": how, "shape": "direct", "cells": [f | {"how": how}]}


def apart(pages: Pages, snapshot: Snapshot) -> list[Value]:
    """What only one of them was studied for."""
    return _what_for(pages, snapshot, shared=False)


def _row(
    label: str, shape: str, pages: Pages, cell: Callable[[Mapping[str, Any]], Any], link: str = "", title: str = ""
) -> list[Value]:
    cells = [cell(page) for page in pages]
    return [{"label": label, "href": link, "title": title, "shape": shape, "cells": cells}] if any(cells) else []


def _glance(pages: Pages) -> list[Value]:
    def kind(page: Mapping[str, Any]) -> str:
        kind_name = words.title_of(words.KINDS, page["kind"])
        return f"{kind_name}, {words.say(page['ingredient_kind']).lower()}" if page["ingredient_kind"] else kind_name

    def role(page: Mapping[str, Any]) -> str:
        return (
            f"{words.say(words.title_of(words.ROLES, page['role']['value']))}: {page['role']['why']}"
            if page["role"]
            else ""
        )

    def amount(page: Mapping[str, Any]) -> str:
        papers = {f["reference"] for f in page["findings"]}
        return f"{words.counted(len(page['findings']), 'finding')} in {words.counted(len(papers), 'paper')}"

    return [
        *_row("Kind", "text", pages, kind),
        *_row("In short", "text", pages, lambda p: p["summary"] or ""),
        *_row("Role in a cocktail", "text", pages, role),
        *_row("Evidence in the base", "text", pages, amount),
        *_row("About the evidence", "text", pages, lambda p: p["evidence_note"] or ""),
    ]


def _what_for(pages: Pages, snapshot: Snapshot, shared: bool) -> list[Value]:
    """One row per indication: assessments, or that there are findings nobody has weighed."""
    studied = [_objects(page) for page in pages]
    counts = {o: sum(o in s for s in studied) for s in studied for o in s}
    wanted = [o for o, n in counts.items() if (n > 1) == shared]
    rows: list[Value] = []
    for slug, _ in fields.in_hierarchy(reading.catalogue(snapshot), wanted):

        def cell(page: Mapping[str, Any], target: str = slug) -> Value | None:
            found = [f for f in _benefit(page) if f["object"] == target]
            assessed = sorted((a for a in page["assessments"] if a["object"] == target), key=parts.rank)
            lines = [a | {"how": parts.how_given(a, snapshot)} for a in assessed]
            return {"lines": lines, "findings": len(found)} if lines or found else None

        found = _row(reading.name_of(snapshot, slug), "lines", pages, cell, reading.link_of(snapshot, slug))
        rows += [row | {"object": slug} for row in found]
    return rows


def _benefit(page: Mapping[str, Any]) -> list[Value]:
    return [f for f in page["findings"] if f["relation"] == "treats" and f["subject"] == page["id"]]


def _objects(page: Mapping[str, Any]) -> set[str]:
    return {f["object"] for f in _benefit(page)} | {a["object"] for a in page["assessments"]}


def _studied(pages: Pages) -> list[Value]:
    """Routes with the doses given by them, sessions and follow-up, all of findings of benefit."""

    def by_route(page: Mapping[str, Any]) -> list[Value]:
        found: dict[str, Value] = {}
        for finding in _benefit(page):
            route = found.setdefault(finding["route"], {"findings": 0, "doses": {}})
            route["findings"] += 1
            if finding["dose"]:
                route["doses"].setdefault(finding["dose"], []).append(finding["reference"])
        ordered = sorted(
            found.items(), key=lambda item: (item[0] in {"any", "not-stated"}, -item[1]["findings"], item[0])
        )
        return [{"route": words.title_of(words.ROUTES, name), **value} for name, value in ordered]

    def schedules(page: Mapping[str, Any]) -> list[Value]:
        found: dict[str, list[str]] = {}
        for finding in _benefit(page):
            text = words.schedule_text(finding)
            if text:
                found.setdefault(text, []).append(finding["reference"])
        return [{"text": text, "references": keys} for text, keys in found.items()]

    def followed(page: Mapping[str, Any]) -> str:
        longest = max((f["follow_up_weeks"] for f in _benefit(page) if f["follow_up_weeks"]), default=None)
        return f"at most {words.weeks(longest)}" if longest else ""

    def designs(page: Mapping[str, Any]) -> str:
        return words.designs_text({f["reference"]: f["design"] for f in _benefit(page)}.values())

    return [
        *_row("Designs", "text", pages, designs),
        *_row("Routes and doses", "doses", pages, by_route),
        *_row("Sessions", "cited", pages, schedules),
        *_row("Longest follow-up", "text", pages, followed),
    ]


def _profile(pages: Pages) -> list[Value]:
    rows: list[Value] = []
    for trait, label in words.TRAITS.items():
        rows += _row(label, "trait", pages, lambda p, t=trait: (p["profile"] or {}).get(t))  # type: ignore[misc]
    return rows


def _harms(pages: Pages) -> list[Value]:
    """Bands from the most frequent down; harms that were looked for and not seen stand apart."""

    def in_band(page: Mapping[str, Any], wanted: str) -> list[Value]:
        found: dict[str, Value] = {}
        for group in page["harms"]:
            for harm in group["items"]:
                band = "not seen" if harm["direction"] == "refutes" else harm["band"]
                if band == wanted:
                    kept = found.setdefault(
                        harm["object"], {"name": harm["object_name"], "figures": [], "references": []}
                    )
                    kept["references"].append(harm["reference"])
                    figure = words.frequency_text(harm)
                    if figure and not kept["figures"]:
                        kept["figures"].append(f"{figure}, {harm['arm']}" if harm["arm"] else figure)
        return list(found.values())

    rows: list[Value] = []
    for band, title in {**words.BANDS, "not seen": words.NOT_SEEN}.items():
        label = words.say(band) if band in words.BANDS else title
        rows += _row(label, "harms", pages, lambda p, b=band: in_band(p, b), title=title)  # type: ignore[misc]
    return rows


def _cautions(pages: Pages, snapshot: Snapshot) -> list[Value]:
    """All of each, those of its broader things too: what is left out here would look safe beside its neighbour."""
    warned = {page["id"]: parts.warned(page) for page in pages}

    def names(page: Mapping[str, Any], severity: str) -> list[Value]:
        return [
            {
                "name": c["trigger_name"],
                "title": c["action"],
                "note": words.routes_text(c["routes"]) or c["holder_name"],
            }
            for c in warned[page["id"]]
            if c["severity"] == severity
        ]

    rows: list[Value] = []
    for severity, label in words.SEVERITIES.items():
        rows += _row(label, "names", pages, lambda p, s=severity: names(p, s))  # type: ignore[misc]
    return rows


def _regulation(pages: Pages) -> list[Value]:
    places: dict[str, str] = {r["jurisdiction"]: r["jurisdiction_name"] for p in pages for r in p["regulatory"]}
    rows: list[Value] = []
    for slug, name in sorted(places.items(), key=lambda item: item[1]):

        def cell(page: Mapping[str, Any], place: str = slug) -> list[Value]:
            return [r for r in page["regulatory"] if r["jurisdiction"] == place]

        rows += _row(name, "regulation", pages, cell)
    return rows
