"""Whole-base views that pages need at once: lists to choose from, the evidence map, the claims, the counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kb.appraisal import certainty
from kb.knowledge import KnowledgeBase
from kb.learning.documents import documents as learning
from kb.model import Assessment, Search
from kb.model.terms import Route
from kb.questions.graph import summary
from kb.questions.page import claim_value, reference_value
from kb.questions.shapes import CatalogueRow, ClaimValue, Counts, EvidenceCell
from kb.records import kinds


def documents(base: KnowledgeBase) -> dict[str, Any]:
    """Name to plain value, each stored as one JSON document."""
    return {
        **learning(base),
        "field": _record(base.formulary.field),
        "catalogue": _catalogue(base),
        "evidence-map": _evidence_map(base),
        "claims": _claims(base),
        "counts": _counts(base),
        "corrections": [_record(c) for c in base.formulary.corrections.values()],
        "references": {key: reference_value(r) for key, r in base.references.items()},
        "searches": [_search(s) for s in base.searches.values()],
        "aftercare": [_record(a) for a in base.aftercare.values()],
        "changes": [_record(c) for c in sorted(base.changes.values(), key=lambda c: c.on, reverse=True)],
        "left-out": [_record(x) for x in base.formulary.left_out],
    }


def _record(record: Any) -> dict[str, Any]:
    value: dict[str, Any] = record.model_dump(mode="json", exclude_none=True)
    return value


def _search(search: Search) -> dict[str, Any]:
    """A search with what follows from it: how many of each review's trials are held."""
    value = _record(search)
    for told, count in zip(value["reviews_count"], search.reviews_count, strict=True):
        told["held"] = count.held
    return {**value, "not_told": search.not_told}


def _catalogue(base: KnowledgeBase) -> list[CatalogueRow]:
    """Everything that has a page, by name."""
    about = Counter(f.object for f in base.findings.values())
    rows: list[CatalogueRow] = []
    for slug, all_kinds in sorted(kinds(base).items(), key=lambda item: base.name(item[0]).casefold()):
        subject, term = base.subjects.get(slug), base.terms.get(slug)
        rows.append(
            {
                "id": slug,
                "kind": all_kinds[0],
                "kinds": all_kinds,
                "name": base.name(slug),
                "parents": [*getattr(subject, "parents", []), *(term.parents if term else [])],
                "group": getattr(getattr(subject, "kind", None), "value", None) or (term.group if term else None),
                "findings": len(subject.findings) if subject else about[slug],
                "summary": subject.summary if subject else term.definition if term else None,
            }
        )
    return rows


def _evidence_map(base: KnowledgeBase) -> list[EvidenceCell]:
    """One cell per subject x indication with findings of benefit: amount, directions, best certainty and by which routes."""
    cells: list[EvidenceCell] = []
    best: dict[tuple[str, str], list[Assessment]] = {}
    for assessment in base.assessments.values():
        best.setdefault((base.subject_of[assessment.id], assessment.object), []).append(assessment)
    for subject, target, edge in summary(base).edges(data=True):
        if edge["relation"] != "treats":
            continue
        assessed = best.get((subject, target), [])
        top = max(assessed, key=lambda a: certainty(a).level, default=None)
        alike = [a for a in assessed if top and (certainty(a), a.direction) == (certainty(top), top.direction)]
        cells.append(
            {
                "subject": subject,
                "subject_name": base.name(subject),
                "subject_kind": base.graph.nodes[subject]["kind"],
                "object": target,
                "object_name": base.name(target),
                "findings": edge["findings"],
                "directions": edge["directions"],
                "designs": edge["designs"],
                "routes": edge["routes"],
                "references": edge["references"],
                "certainty": certainty(top).value if top else None,
                "direction": top.direction.value if top else max(edge["directions"], key=edge["directions"].get),
                "bottom_line": top.bottom_line if top else None,
                "rated_routes": sorted({a.route.value for a in alike if a.route not in {Route.ANY, Route.NOT_STATED}}),
            }
        )
    return sorted(cells, key=lambda c: (c["subject_name"].casefold(), c["object_name"].casefold()))


def _claims(base: KnowledgeBase) -> list[ClaimValue]:
    return [claim_value(base, c) for c in base.claims.values()]


def _counts(base: KnowledgeBase) -> Counts:
    findings = base.findings.values()
    ingredients = base.table("ingredients")
    return {
        "ingredients": len(base.ingredients),
        "techniques": len(base.techniques),
        "indications": len(base.indications),
        "findings": len(findings),
        "references": len(base.references),
        "assessments": len(base.assessments),
        "cautions": len(base.cautions),
        "claims": len(base.claims),
        "protocols": len(base.protocols),
        "corrections": len(base.formulary.corrections),
        "left_out": len(base.formulary.left_out),
        "by_direction": dict(Counter(f.direction.value for f in findings)),
        "by_basis": dict(Counter(f.basis.value for f in findings)),
        "by_certainty": dict(Counter(certainty(a).value for a in base.assessments.values())),
        "by_design": dict(Counter(base.references[f.reference].design.value for f in findings)),
        "by_verdict": dict(Counter(c.verdict.value for c in base.claims.values())),
        "no_controlled_evidence": sorted(ingredients.loc[ingredients["controlled"] == 0, "id"]),
    }
