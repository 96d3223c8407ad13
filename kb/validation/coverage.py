"""What is missing, ranked by how much it matters: the curator's work list."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kb.formulary.content import AS_REVIEWED, review_state
from kb.model.terms import Relation, Severity
from kb.questions.page import inherited
from kb.validation.depth import depth

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Gap:
    """One thing to do. `weight` is how much it matters: safety before efficacy, much-used before rare."""

    weight: float
    kind: str
    record: str
    file: str
    line: int
    what: str
    subject: str = ""
    """Id of the page a reader would open to see it; empty for a paper."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def coverage(base: KnowledgeBase, today: pd.Timestamp) -> list[Gap]:
    """Every gap, the weightiest first."""
    gaps = [*_safety(base), *_efficacy(base), *_sources(base), *_reviews(base, today), *_reading(base)]
    gaps = [
        replace(g, subject=base.subject_of.get(g.record, g.record if g.record in base.subjects else "")) for g in gaps
    ]
    return sorted(gaps, key=lambda g: (-g.weight, g.record, g.what))


def _gap(record: Any, weight: float, kind: str, what: str) -> Gap:
    place = record.place
    return Gap(
        round(weight, 2), kind, getattr(record, "id", ""), place.file if place else "", place.line if place else 0, what
    )


def _safety(base: KnowledgeBase) -> list[Gap]:
    gaps = []
    for subject in base.subjects.values():
        cautions = [*subject.cautions, *inherited(base, subject.id)]
        triggers = {c.trigger for c in cautions}
        use = 1 + len(subject.findings) / 10
        if subject.id in base.ingredients and subject.findings and not cautions:
            gaps.append(_gap(subject, 9 * use, "caution", "has findings and no caution at all"))
        elif subject.id in base.ingredients and len(subject.findings) >= 5:
            for trigger in base.formulary.field.asked.studied:
                if trigger not in triggers:
                    gaps.append(_gap(subject, 4 * use, "caution", f"says nothing of {base.name(trigger)}"))
        warned = {f for c in subject.cautions for f in (*c.evidence_for, *c.evidence_against)}
        for finding in subject.findings:
            grave = {
                Relation.CONTRAINDICATED_IN,
                Relation.INTERACTS_WITH,
                Relation.INTERFERES_WITH_TEST,
                Relation.PRECAUTION,
            }
            if finding.relation in grave and finding.id not in warned and subject.id not in base.exposures:
                gaps.append(
                    _gap(
                        finding,
                        8,
                        "caution",
                        f"{finding.relation.value} {base.name(finding.object)} stands in no caution",
                    )
                )
        for caution in subject.cautions:
            if caution.severity in {Severity.CONTRAINDICATED, Severity.AVOID} and not caution.evidence_for:
                gaps.append(_gap(caution, 2, "caution", "is grave and rests on references alone, without a finding"))
    return gaps


def _reading(base: KnowledgeBase) -> list[Gap]:
    """Papers whose figures an assessment waits for, and trials that a review counts and the base does not hold."""
    records = {**base.findings, **base.searches}
    return [_gap(records[r.record], r.weight, "read", r.what) for r in depth(base).read_next]


def _efficacy(base: KnowledgeBase) -> list[Gap]:
    gaps = []
    for subject in base.subjects.values():
        if subject.id in base.ingredients and subject.findings and getattr(subject, "mechanism", None) is None:
            gaps.append(_gap(subject, 1 + len(subject.findings) / 20, "mechanism", "has no mechanism with a citation"))
        if subject.findings and not subject.regulatory and subject.id not in base.exposures:
            gaps.append(
                _gap(
                    subject,
                    2 + len(subject.findings) / 20,
                    "regulation",
                    "has no regulatory status in any jurisdiction",
                )
            )
    return gaps


def _sources(base: KnowledgeBase) -> list[Gap]:
    gaps = []
    for finding in base.findings.values():
        if finding.doubt:
            gaps.append(_gap(finding, 3, "source", f"doubt not settled: {finding.doubt}"))
        if finding.basis.value == "secondary":
            gaps.append(_gap(finding, 2.5, "source", "was read second-hand; look the paper up"))
    for key, reference in base.references.items():
        if not (reference.doi or reference.pmid or reference.pmcid) and reference.type == "article":
            place = reference.place
            gap = Gap(
                1.5,
                "source",
                key,
                place.file if place else "",
                place.line if place else 0,
                "an article without DOI, PMID or PMCID",
            )
            gaps.append(gap)
    return gaps


def _reviews(base: KnowledgeBase, today: pd.Timestamp) -> list[Gap]:
    soon = today + pd.Timedelta(days=60)
    due = [
        _gap(s, 3 if pd.Timestamp(s.review.due) < today else 1, "review", f"review due {s.review.due}")
        for s in base.subjects.values()
        if pd.Timestamp(s.review.due) < soon
    ]
    changed = [
        _gap(s, 0.5 + len(s.findings) / 100, "review", f"has changed since it was reviewed on {s.review.last}")
        for s in base.subjects.values()
        if review_state(s) != AS_REVIEWED
    ]
    return due + changed
