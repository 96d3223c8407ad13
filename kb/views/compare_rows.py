"""The rows of a comparison: each row one question, each cell what the base knows of it for one item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from kb.model.terms import Route
from kb.questions.shapes import AssessmentValue
from kb.views import fields, reading, words
from kb.views import sections as parts

if TYPE_CHECKING:
    from kb.questions.shapes import FindingValue, Page, RegulationValue
    from kb.snapshot import Snapshot
    from kb.views.shapes import Row, RowGroup

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


class LineCell(AssessmentValue):
    """An assessment with its route and technique in words."""

    how: str


class IndicationCell(TypedDict):
    """What is known of an item for one indication: assessments, and how many findings of benefit."""

    lines: list[LineCell]
    findings: int


class RouteCell(TypedDict):
    """A route with how many findings it has, and each dose with its references."""

    route: str
    findings: int
    doses: dict[str, list[str]]


class CitedText(TypedDict):
    text: str
    references: list[str]


class HarmCell(TypedDict):
    """A harm with the first figure printed of it and every reference."""

    name: str
    figures: list[str]
    references: list[str]


class NameCell(TypedDict):
    """A trigger of a caution; `title` says what to do, `note` for which routes it holds, or of what it is inherited."""

    name: str
    title: str
    note: str


def sections(pages: Sequence[Page], snapshot: Snapshot) -> list[RowGroup]:
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


def _direct(pages: Sequence[Page]) -> list[Row]:
    """Findings of studies that compared two of the items, the largest first; one row each, told once across the columns."""
    slugs = [page["id"] for page in pages]
    found: dict[str, FindingValue] = {}
    for page in pages:
        found |= {f["id"]: f for f in compared(page) if {f["subject"], f["object"]} <= set(slugs)}
    return [direct_row(f) for f in sorted(found.values(), key=lambda f: -(f["n"] or 0))]


def compared(page: Page) -> list[FindingValue]:
    """Findings of studies that compared this item with another one."""
    findings = (*page["findings"], *page["compared_with"])
    return [f for f in findings if f["relation"] == "compared-with" and f["subject"] != f["object"]]


def direct_row(f: FindingValue) -> Row:
    """One finding that compared two items as a row of its own."""
    label = f"{f['subject_name']} against {words.inside(f['object_name'])}"
    route = "Route not stated" if f["route"] == Route.NOT_STATED else words.say(f["route"])
    how = f"{route}, {words.number(f['n'])} people" if f["n"] else route
    return {"label": label, "href": "", "title": how, "shape": "direct", "cells": [{**f, "how": how}]}


def apart(pages: Sequence[Page], snapshot: Snapshot) -> list[Row]:
    """What only one of them was studied for."""
    return _what_for(pages, snapshot, shared=False)


def _row(
    label: str, shape: str, pages: Sequence[Page], cell: Callable[[Page], Any], link: str = "", title: str = ""
) -> list[Row]:
    cells = [cell(page) for page in pages]
    return [{"label": label, "href": link, "title": title, "shape": shape, "cells": cells}] if any(cells) else []


def _glance(pages: Sequence[Page]) -> list[Row]:
    def kind(page: Page) -> str:
        kind_name = words.title_of(words.KINDS, page["kind"])
        return f"{kind_name}, {words.say(page['ingredient_kind']).lower()}" if page["ingredient_kind"] else kind_name

    def role(page: Page) -> str:
        return (
            f"{words.say(words.title_of(words.ROLES, page['role']['value']))}: {page['role']['why']}"
            if page["role"]
            else ""
        )

    def amount(page: Page) -> str:
        papers = {f["reference"] for f in page["findings"]}
        return f"{words.counted(len(page['findings']), 'finding')} in {words.counted(len(papers), 'paper')}"

    return [
        *_row("Kind", "text", pages, kind),
        *_row("In short", "text", pages, lambda p: p["summary"] or ""),
        *_row("Role in a cocktail", "text", pages, role),
        *_row("Evidence recorded here", "text", pages, amount),
        *_row("About the evidence", "text", pages, lambda p: p["evidence_note"] or ""),
    ]


def _what_for(pages: Sequence[Page], snapshot: Snapshot, shared: bool) -> list[Row]:
    """One row per indication: assessments, or that there are findings nobody has weighed."""
    studied = [_objects(page) for page in pages]
    counts = {o: sum(o in s for s in studied) for s in studied for o in s}
    wanted = [o for o, n in counts.items() if (n > 1) == shared]
    rows: list[Row] = []
    for slug, _ in fields.in_hierarchy(reading.catalogue(snapshot), wanted):

        def cell(page: Page, target: str = slug) -> IndicationCell | None:
            found = [f for f in _benefit(page) if f["object"] == target]
            assessed = sorted((a for a in page["assessments"] if a["object"] == target), key=parts.rank)
            lines: list[LineCell] = [{**a, "how": parts.how_given(a, snapshot)} for a in assessed]
            return {"lines": lines, "findings": len(found)} if lines or found else None

        found = _row(reading.name_of(snapshot, slug), "lines", pages, cell, reading.link_of(snapshot, slug))
        for row in found:
            row["object"] = slug
        rows += found
    return rows


def _benefit(page: Page) -> list[FindingValue]:
    return [f for f in page["findings"] if f["relation"] == "treats" and f["subject"] == page["id"]]


def _objects(page: Page) -> set[str]:
    return {f["object"] for f in _benefit(page)} | {a["object"] for a in page["assessments"]}


def _studied(pages: Sequence[Page]) -> list[Row]:
    """Routes with the doses given by them, sessions and follow-up, all of findings of benefit."""

    def by_route(page: Page) -> list[RouteCell]:
        found: dict[str, RouteCell] = {}
        for finding in _benefit(page):
            name = words.title_of(words.ROUTES, finding["route"])
            route = found.setdefault(finding["route"], {"route": name, "findings": 0, "doses": {}})
            route["findings"] += 1
            if finding["dose"]:
                route["doses"].setdefault(finding["dose"], []).append(finding["reference"])
        ordered = sorted(
            found.items(), key=lambda item: (item[0] in {"any", "not-stated"}, -item[1]["findings"], item[0])
        )
        return [cell for _, cell in ordered]

    def schedules(page: Page) -> list[CitedText]:
        found: dict[str, list[str]] = {}
        for finding in _benefit(page):
            text = words.schedule_text(finding)
            if text:
                found.setdefault(text, []).append(finding["reference"])
        return [{"text": text, "references": keys} for text, keys in found.items()]

    def followed(page: Page) -> str:
        longest = max((f["follow_up_weeks"] for f in _benefit(page) if f["follow_up_weeks"]), default=None)
        return f"at most {words.weeks(longest)}" if longest else ""

    def designs(page: Page) -> str:
        return words.designs_text({f["reference"]: f["design"] for f in _benefit(page)}.values())

    return [
        *_row("Designs", "text", pages, designs),
        *_row("Routes and doses", "doses", pages, by_route),
        *_row("Sessions", "cited", pages, schedules),
        *_row("Longest follow-up", "text", pages, followed),
    ]


def _profile(pages: Sequence[Page]) -> list[Row]:
    rows: list[Row] = []
    for trait, label in words.TRAITS.items():
        rows += _row(label, "trait", pages, lambda p, t=trait: (p["profile"] or {}).get(t))  # type: ignore[misc]
    return rows


def _harms(pages: Sequence[Page]) -> list[Row]:
    """Bands from the most frequent down; harms that were looked for and not seen stand apart."""

    def in_band(page: Page, wanted: str) -> list[HarmCell]:
        found: dict[str, HarmCell] = {}
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

    rows: list[Row] = []
    for band, title in {**words.BANDS, "not seen": words.NOT_SEEN}.items():
        label = words.say(band) if band in words.BANDS else title
        rows += _row(label, "harms", pages, lambda p, b=band: in_band(p, b), title=title)  # type: ignore[misc]
    return rows


def _cautions(pages: Sequence[Page], snapshot: Snapshot) -> list[Row]:
    """All of each, those of its broader things too: what is left out here would look safe beside its neighbour."""
    warned = {page["id"]: parts.warned(page) for page in pages}

    def names(page: Page, severity: str) -> list[NameCell]:
        return [
            {
                "name": c["trigger_name"],
                "title": c["action"],
                "note": words.routes_text(c["routes"]) or c["holder_name"],
            }
            for c in warned[page["id"]]
            if c["severity"] == severity
        ]

    rows: list[Row] = []
    for severity, label in words.SEVERITIES.items():
        rows += _row(label, "names", pages, lambda p, s=severity: names(p, s))  # type: ignore[misc]
    return rows


def _regulation(pages: Sequence[Page]) -> list[Row]:
    places: dict[str, str] = {r["jurisdiction"]: r["jurisdiction_name"] for p in pages for r in p["regulatory"]}
    rows: list[Row] = []
    for slug, name in sorted(places.items(), key=lambda item: item[1]):

        def cell(page: Page, place: str = slug) -> list[RegulationValue]:
            return [r for r in page["regulatory"] if r["jurisdiction"] == place]

        rows += _row(name, "regulation", pages, cell)
    return rows
