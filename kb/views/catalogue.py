"""The A to Z of ingredients and techniques, by kind: what `ingredient` shows when nothing is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.model.terms import ACTORS, Certainty
from kb.views import reading, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import EvidenceCell
    from kb.snapshot import Snapshot

Value = dict[str, Any]


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    best = best_certainty(snapshot)
    without = set(reading.counts(snapshot)["no_controlled_evidence"])
    groups: dict[str, list[Value]] = {}
    for row in reading.catalogue(snapshot).values():
        if row["kind"] not in ACTORS:
            continue
        title = words.INGREDIENT_KINDS.get(row["group"] or "", "Other")
        if row["kind"] == "technique":
            title = "Techniques"
        groups.setdefault(title, []).append(
            row | {"best": best.get(row["id"]), "evidence": evidence(row, best, without)}
        )
    order = [*words.INGREDIENT_KINDS.values(), "Techniques"]
    shelves = [(title, words.tone(title.lower()), groups[title]) for title in order if title in groups]
    products = sorted(
        ((id_, p["name"], p["maker"]) for id_, p in snapshot.precheck.products.items()), key=lambda p: p[1].casefold()
    )
    total = sum(len(rows) for _, _, rows in shelves)
    html = draw("catalogue", shelves=shelves, total=total, products=products)
    return Fragment("Monographs", html)


def evidence(row: Mapping[str, Any], best: Mapping[str, Any], without: set[str]) -> str:
    """One word by which the catalogue is filtered."""
    if row["id"] in best:
        return words.tone(best[row["id"]]["certainty"])
    if row["id"] in without:
        return "no-controlled"
    return "findings" if row["findings"] else "none"


def best_certainty(snapshot: Snapshot) -> dict[str, EvidenceCell]:
    """Subject id to its most certain cell of the evidence map, of those that were assessed."""
    best: dict[str, EvidenceCell] = {}
    for cell in reading.evidence_map(snapshot):
        if cell["certainty"] is None:
            continue
        held = best.get(cell["subject"])
        if held is None or Certainty(cell["certainty"]).rank < Certainty(held["certainty"] or "very low").rank:
            best[cell["subject"]] = cell
    return best
