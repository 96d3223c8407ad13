"""What a cell of the evidence map holds, as a whole or for one route, and the papers behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kb.model.terms import Certainty
from kb.views import reading, words
from kb.views.fields import Catalogue, broader

if TYPE_CHECKING:
    from kb.questions.shapes import ClaimValue, EvidenceCell, FindingValue, Page
    from kb.snapshot import Snapshot
    from kb.views.shapes import OpenedCell

Key = tuple[str, str]
"""Subject and indication."""


def cells(snapshot: Snapshot, route: str = "") -> dict[Key, EvidenceCell]:
    """Every studied pair. With a route, direction and certainty are those of that route, not of the best one."""
    whole = {(c["subject"], c["object"]): c for c in reading.evidence_map(snapshot)}
    if not route:
        return whole
    return {key: _by_route(snapshot, cell, route) if route in cell["routes"] else cell for key, cell in whole.items()}


def _by_route(snapshot: Snapshot, cell: EvidenceCell, route: str) -> EvidenceCell:
    page = snapshot.monograph(cell["subject"])
    findings = [f for f in _benefit(page, cell["object"]) if f["route"] == route]
    assessed = [a for a in page["assessments"] if a["object"] == cell["object"] and a["route"] == route]
    best = max(assessed, key=lambda a: Certainty(a["certainty"]).level, default=None)
    directions = Counter(f["direction"] for f in findings)
    return {
        **cell,
        "findings": len(findings),
        "directions": dict(directions),
        "references": sorted({f["reference"] for f in findings}),
        "routes": [route],
        "certainty": best["certainty"] if best else None,
        "direction": best["direction"]
        if best
        else max(directions, key=lambda d: directions[d], default="insufficient"),
        "bottom_line": best["bottom_line"] if best else None,
    }


def _benefit(page: Page, target: str) -> list[FindingValue]:
    """Findings of benefit, the strongest designs first."""
    found = [
        f
        for f in page["findings"]
        if f["relation"] == "treats" and f["object"] == target and f["subject"] == page["id"]
    ]
    return sorted(found, key=lambda f: (words.DESIGN_ORDER.get(f["design"] or "", 99), -(f["n"] or 0), f["id"]))


def claimed(snapshot: Snapshot) -> Mapping[Key, int]:
    """Pairs that popular pages speak of as a treatment, with the number of such claims."""
    return snapshot.derived("claimed pairs", lambda: _counted(snapshot.document("claims")))


def _counted(claims: Iterable[ClaimValue]) -> dict[Key, int]:
    return dict(Counter((c["subject"], c["object"]) for c in claims if c["relation"] == "treats" and c["object"]))


def narrower(catalogue: Catalogue, terms: Iterable[str]) -> dict[str, set[str]]:
    """Each term to the narrower ones among `terms`."""
    wanted = set(terms)
    below: dict[str, set[str]] = {t: set() for t in wanted}
    for term in wanted:
        for above in broader(catalogue, term)[1:]:
            if above in below:
                below[above].add(term)
    return below


def label(cell: EvidenceCell) -> str:
    """The cell in words, for screen readers and as a tooltip."""
    certainty = words.CERTAINTIES[cell["certainty"]][1].lower() if cell["certainty"] else "certainty not assessed"
    direction = words.title_of(words.DIRECTIONS, cell["direction"]).lower()
    counts = f"{words.counted(cell['findings'], 'finding')} in {words.counted(len(cell['references']), 'paper')}"
    return f"{cell['subject_name']} for {cell['object_name']}: {direction}, {certainty}, {counts}"


def opened(snapshot: Snapshot, subject: str, target: str) -> OpenedCell | None:
    """The papers of one pair with its assessments, or None when the pair is not in the map."""
    cell = cells(snapshot).get((subject, target))
    if cell is None:
        return None
    page = snapshot.monograph(subject)
    return {
        **cell,
        "assessments": [a for a in page["assessments"] if a["object"] == target],
        "found": _benefit(page, target),
        "subject_href": reading.link_of(snapshot, subject),
        "object_href": reading.link_of(snapshot, target),
    }
