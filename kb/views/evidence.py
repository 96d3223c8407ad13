"""The evidence map: ingredients and techniques against the indications of a field, gaps included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kb.model.terms import ACTORS, Certainty
from kb.views import evidence_cells, fields, reading, words
from kb.views.charts.evidence_map import SIGNS, bubble
from kb.views.links import href
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import EvidenceCell
    from kb.snapshot import Snapshot

Value = dict[str, Any]

_CHOICES = {
    "kind": {"": "All", "ingredient": "Ingredients", "technique": "Techniques"},
    "certainty": {"": "Any certainty", **{k: v[1] for k, v in words.CERTAINTIES.items()}, "none": "Not assessed"},
    "direction": {"": "Any direction", **words.DIRECTIONS},
}
LABELS = {"field": "Field", "kind": "Rows", "certainty": "Certainty", "direction": "Direction", "route": "Route"}


def _level(cell: EvidenceCell) -> int:
    """1 (very low) to 4 (high) of a cell, 0 of one that nobody assessed."""
    return Certainty(cell["certainty"]).level if cell["certainty"] else 0


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameters: field, kind, certainty, direction, route; subject and object open the papers of one cell."""
    choices = _choices(snapshot, reading.first(params, "route"))
    chosen = {name: _choice(params, name, choices[name]) for name in choices}
    citer = reading.citer(snapshot)
    table = _table(snapshot, chosen)
    opened = evidence_cells.opened(snapshot, reading.first(params, "subject"), reading.first(params, "object"))
    field_name = choices["field"][chosen["field"]]
    html = draw(
        "evidence",
        chosen=chosen,
        choices=choices,
        labels=LABELS,
        field_name=field_name,
        fields=[(name, label, href("evidence", field=name)) for name, label in choices["field"].items()],
        filtered=any(chosen[name] for name in choices if name != "field"),
        legend=[(direction, words.DIRECTIONS[direction], bubble(direction, 5, "moderate")) for direction in SIGNS],
        levels=[(level, words.CERTAINTIES[level][1], bubble("supports", 2, level)) for level in words.CERTAINTY_ORDER],
        opened=opened,
        citer=citer,
        **table,
    )
    title = f"Evidence map: {field_name.lower()}"
    if opened:
        title = f"{opened['subject_name']} for {opened['object_name'][:1].lower()}{opened['object_name'][1:]}: evidence"
    return Fragment(title, html)


def _choices(snapshot: Snapshot, route: str) -> dict[str, dict[str, str]]:
    """Parameter to its values and what they are called; the first is taken when nothing is chosen.

    Routes are those that anything was given by, and the one asked for.
    """
    used = {route, *(r for cell in reading.evidence_map(snapshot) for r in cell["routes"])}
    routes = {k: words.capital(v) for k, v in words.ROUTES.items() if k in used}
    of_field = {**fields.titles(snapshot), "all": "All fields"}
    return {"field": of_field, **_CHOICES, "route": {"": "Any route", **routes}}


def _choice(params: Mapping[str, list[str]], name: str, known: Mapping[str, str]) -> str:
    """The chosen value; the first one there is when nothing, or nothing known, was chosen."""
    value = reading.first(params, name)
    return value if value in known else next(iter(known))


def _table(snapshot: Snapshot, chosen: Mapping[str, str]) -> Value:
    catalogue = reading.catalogue(snapshot)
    cells = evidence_cells.cells(snapshot, chosen["route"])
    claimed = evidence_cells.claimed(snapshot)
    terms = {*fields.indications(catalogue), *(c["object"] for c in cells.values())}
    if chosen["field"] != "all":
        terms = {t for t in terms if fields.field_of(snapshot, catalogue, t) == chosen["field"]}
    amounts: Counter[str] = Counter()
    for cell in cells.values():
        amounts[cell["object"]] += cell["findings"]
    columns = [
        {"id": slug, "name": reading.name_of(snapshot, slug), "depth": depth, "href": reading.link_of(snapshot, slug)}
        for slug, depth in fields.in_hierarchy(catalogue, terms, amounts)
    ]
    in_field = {key: cell for key, cell in cells.items() if cell["object"] in terms}
    shown = {key: cell for key, cell in in_field.items() if _fits(cell, chosen)}
    filtered = any(chosen[name] for name in ("kind", "certainty", "direction", "route"))
    subjects = {s for s, _ in shown}
    if not filtered:
        subjects |= {s for s, o in claimed if o in terms and reading.kind_of(snapshot, s) in ACTORS}
    holders = evidence_cells.narrower(catalogue, terms)
    studied = {o for _, o in shown}
    for column in columns:
        column["studied"] = column["id"] in studied
    groups = []
    for kind in (*ACTORS, "other"):
        members = [s for s in subjects if _row_kind(snapshot, s) == kind]
        rows = [_row(snapshot, slug, columns, in_field, shown, claimed, holders, chosen["field"]) for slug in members]
        rows.sort(key=lambda r: (-r["best"], -r["findings"], r["name"].casefold()))
        if rows:
            groups.append({"title": words.KINDS_MANY.get(kind, "States and exposures"), "rows": rows})
    counts = _counts(groups, columns, shown)
    kept, folded = _folded(groups, columns)
    return {
        "columns": kept,
        "folded": folded,
        "groups": groups,
        "listed": sorted(shown.values(), key=lambda c: (-_level(c), -c["findings"], c["subject_name"])),
        "counts": counts,
    }


def _folded(groups: Sequence[Value], columns: list[Value]) -> tuple[list[Value], list[Value]]:
    """Columns with a finding or a promise, and the empty ones, which are named under the map; all when all are empty."""
    rows = [row for group in groups for row in group["rows"]]
    alive = [any(row["marks"][i]["state"] in {"cell", "claimed"} for row in rows) for i in range(len(columns))]
    if not any(alive):
        return columns, []
    for row in rows:
        row["marks"] = [mark for mark, there in zip(row["marks"], alive, strict=True) if there]
    return (
        [c for c, there in zip(columns, alive, strict=True) if there],
        [c for c, there in zip(columns, alive, strict=True) if not there],
    )


def _row_kind(snapshot: Snapshot, slug: str) -> str:
    kind = reading.kind_of(snapshot, slug)
    return kind if kind in ACTORS else "other"


def _fits(cell: EvidenceCell, chosen: Mapping[str, str]) -> bool:
    certainty = cell["certainty"] or "none"
    return (
        chosen["kind"] in {"", cell["subject_kind"]}
        and chosen["certainty"] in {"", certainty}
        and chosen["direction"] in {"", cell["direction"]}
        and (not chosen["route"] or chosen["route"] in cell["routes"])
    )


def _row(
    snapshot: Snapshot,
    slug: str,
    columns: list[Value],
    in_field: Mapping[tuple[str, str], EvidenceCell],
    shown: Mapping[tuple[str, str], EvidenceCell],
    claimed: Mapping[tuple[str, str], int],
    holders: Mapping[str, set[str]],
    field: str,
) -> Value:
    marks: list[Value] = []
    for column in columns:
        key = (slug, column["id"])
        cell = shown.get(key)
        if cell:
            marks.append(
                {
                    "state": "cell",
                    "href": href("evidence", "papers", field=field, subject=slug, object=column["id"]),
                    "label": evidence_cells.label(cell),
                    "drawing": bubble(cell["direction"], cell["findings"], cell["certainty"]),
                }
            )
        elif key in in_field:
            marks.append({"state": "other"})
        elif any((slug, below) in in_field for below in holders[column["id"]]):
            marks.append({"state": "narrower"})
        elif claimed.get(key):
            marks.append({"state": "claimed", "claims": claimed[key]})
        else:
            marks.append({"state": "gap"})
    own = [cell for (subject, _), cell in shown.items() if subject == slug]
    return {
        "id": slug,
        "name": reading.name_of(snapshot, slug),
        "href": reading.link_of(snapshot, slug),
        "marks": marks,
        "best": max((_level(c) for c in own), default=-1),
        "findings": sum(c["findings"] for c in own),
    }


def _counts(groups: list[Value], columns: list[Value], shown: Mapping[tuple[str, str], EvidenceCell]) -> Value:
    rows = [row for group in groups for row in group["rows"]]
    states = Counter(mark["state"] for row in rows for mark in row["marks"])
    return {
        "rows": len(rows),
        "columns": len(columns),
        "pairs": len(rows) * len(columns),
        "studied": len(shown),
        "findings": sum(c["findings"] for c in shown.values()),
        "firm": sum(c["certainty"] in {"moderate", "high"} for c in shown.values()),
        "claimed": states["claimed"],
    }
