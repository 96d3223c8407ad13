"""The shelves a clinician enters by (hair, pigment, ...), as `formulary/field.yaml` names them, and the hierarchy of indications.

An indication belongs to the shelf of its broadest term; a new broadest term falls under *other* until it is placed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.model.lineage import lineage

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

OTHER = "other"

Catalogue = Mapping[str, Mapping[str, Any]]


def broader(catalogue: Catalogue, slug: str) -> list[str]:
    """The term and every broader one, nearest first."""
    return lineage(slug, lambda term: catalogue.get(term, {}).get("parents", ()))


def titles(snapshot: Snapshot) -> dict[str, str]:
    """Each shelf's id to its heading, in their order; the one for what fits none is always there."""
    named = {shelf["id"]: str(shelf["title"]) for shelf in snapshot.field["shelves"]}
    return named if OTHER in named else {**named, OTHER: "Other"}


def group_titles(snapshot: Snapshot) -> dict[str, str]:
    """Each group of indications to the heading of its shelf: what questions for learners are sorted by."""
    groups = {shelf.get("group") or shelf["id"]: str(shelf["title"]) for shelf in snapshot.field["shelves"]}
    return {OTHER: "Other", "general": "General"} if not groups else {**groups, "general": "General"}


def field_of(snapshot: Snapshot, catalogue: Catalogue, slug: str) -> str:
    """The shelf of an indication: that of the nearest broader term whose group names one, or that is placed on one."""
    shelves = snapshot.field["shelves"]
    ids = {shelf["id"] for shelf in shelves} | {OTHER}
    placed = {root: str(shelf["id"]) for shelf in shelves for root in shelf["indications"]}
    for term in broader(catalogue, slug):
        group = catalogue.get(term, {}).get("group")
        if group in ids:
            return str(group)
        if term in placed:
            return placed[term]
    return OTHER


def indications(catalogue: Catalogue) -> list[str]:
    return [slug for slug, row in catalogue.items() if "indication" in row["kinds"]]


def in_hierarchy(
    catalogue: Catalogue, slugs: Iterable[str], amounts: Mapping[str, int] | None = None
) -> list[tuple[str, int]]:
    """The terms with their depth, each right after the broader term it stands under; siblings by name.

    With `amounts` (term to how much there is on it) those with most, narrower terms included, go before their siblings.
    """
    wanted = set(slugs)
    weight: dict[str, int] = {}
    for slug, amount in (amounts or {}).items():
        for term in broader(catalogue, slug):
            weight[term] = weight.get(term, 0) + amount
    children: dict[str | None, list[str]] = {}
    for slug in sorted(wanted, key=lambda s: (-weight.get(s, 0), str(catalogue.get(s, {}).get("name", s)).casefold())):
        parent = next((p for p in catalogue.get(slug, {}).get("parents", ()) if p in wanted and p != slug), None)
        children.setdefault(parent, []).append(slug)
    ordered: list[tuple[str, int]] = []
    placed: set[str] = set()

    def place(parent: str | None, depth: int) -> None:
        for slug in children.get(parent, ()):
            if slug not in placed:
                placed.add(slug)
                ordered.append((slug, depth))
                place(slug, depth + 1)

    place(None, 0)
    for slug in sorted(wanted - placed):  # a loop of parents has no top; its terms are not lost
        if slug not in placed:
            placed.add(slug)
            ordered.append((slug, 0))
            place(slug, 1)
    return ordered
