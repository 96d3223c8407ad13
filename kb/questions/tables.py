"""The base as pandas tables, a row a record: what analysts ask and Great Expectations checks.

Every table has `file` and `line`, so that whatever is found in it leads back to the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from kb.appraisal import certainty, starting_level
from kb.formulary.content import review_state
from kb.model import Outcome, Record
from kb.model.derived import DERIVED
from kb.questions.rules import caution_references
from kb.records import Records

Row = dict[str, Any]


def build(base: Records, name: str) -> pd.DataFrame:
    """The table `name`. Raises KeyError, naming the tables there are, for another name."""
    if name not in _TABLES:
        raise KeyError(f"no table {name!r}; there are: {', '.join(NAMES)}")
    columns, rows = _TABLES[name]
    return pd.DataFrame(list(rows(base)), columns=[*columns, "file", "line"])


def _place(record: Record) -> Row:
    return {"file": record.place.file, "line": record.place.line} if record.place else {"file": None, "line": None}


def _ingredients(base: Records) -> Iterator[Row]:
    for i in base.ingredients.values():
        yield {
            "id": i.id,
            "name": i.name,
            "kind": i.kind.value,
            "role": i.role.value.value,
            "findings": len(i.findings),
            "controlled": _controlled(base, i.id),
            "assessments": len(i.assessments),
            "cautions": len(i.cautions),
            "regulatory": len(i.regulatory),
            "identifiers": len(list(i.identifiers)),
            "has_mechanism": i.mechanism is not None,
            "evidence_note": i.evidence_note,
            "summary": i.summary,
            "reviewed": pd.Timestamp(i.review.last),
            "due": pd.Timestamp(i.review.due),
            "since_review": review_state(i),
            **_place(i),
        }


def _techniques(base: Records) -> Iterator[Row]:
    for t in base.techniques.values():
        yield {
            "id": t.id,
            "name": t.name,
            "findings": len(t.findings),
            "controlled": _controlled(base, t.id),
            "assessments": len(t.assessments),
            "cautions": len(t.cautions),
            "evidence_note": t.evidence_note,
            "summary": t.summary,
            "reviewed": pd.Timestamp(t.review.last),
            "due": pd.Timestamp(t.review.due),
            "since_review": review_state(t),
            **_place(t),
        }


def _controlled(base: Records, subject: str) -> int:
    """How many findings of benefit come from trials or reviews of trials."""
    return sum(
        base.references[f.reference].design.controlled and f.relation.value in {"treats", "compared-with"}
        for f in base.subjects[subject].findings
    )


def _findings(base: Records) -> Iterator[Row]:
    for subject in base.subjects.values():
        for f in subject.findings:
            yield {
                "id": f.id,
                "subject": subject.id,
                "relation": f.relation.value,
                "object": f.object,
                "route": f.route.value,
                "technique": f.technique,
                "direction": f.direction.value,
                "design": base.references[f.reference].design.value if f.reference in base.references else None,
                "n": f.n,
                "dose": f.dose,
                "population": f.population,
                "comparator": f.comparator,
                "sessions": f.sessions,
                "interval_weeks": f.interval_weeks,
                "follow_up_weeks": f.follow_up_weeks,
                "outcomes": len(f.outcomes),
                "arms": len(f.arms),
                "arms_n": sum(a.n for a in f.arms if a.n is not None)
                if f.arms and all(a.n is not None for a in f.arms)
                else None,
                "percent": f.frequency.percent if f.frequency else None,
                "band": f.frequency.band.value if f.frequency else None,
                "basis": f.basis.value,
                "risk_of_bias": f.risk_of_bias.value,
                "doubt": f.doubt,
                "seen_at": f.seen_at,
                "summary": f.summary,
                "limitations": f.limitations,
                "reference": f.reference,
                **_place(f),
            }


def _outcomes(base: Records) -> Iterator[Row]:
    for subject in base.subjects.values():
        for f in subject.findings:
            for number, o in enumerate(f.outcomes):
                yield {
                    "finding": f.id,
                    "number": number,
                    "measure": o.measure,
                    "kind": o.kind.value,
                    "concept": o.concept,
                    "arm": o.arm,
                    "role": o.role.value if o.role else None,
                    "against": o.against.value if o.against else None,
                    "value": o.value,
                    "high": o.high,
                    "baseline": o.baseline,
                    "unit": o.unit,
                    "events": o.events,
                    "n": o.n,
                    "sd": o.sd,
                    "se": o.se,
                    "interval_low": o.interval.low if o.interval else None,
                    "interval_high": o.interval.high if o.interval else None,
                    "interval_level": o.interval.level if o.interval else None,
                    "p": o.p,
                    "i_squared": o.i_squared,
                    "at": o.at,
                    **{d.name: d.read(o) for d in DERIVED[Outcome]},
                    "computed": o.computed.formula.value if o.computed else None,
                    "computed_from": o.computed.source if o.computed else None,
                    "subject": subject.id,
                    "relation": f.relation.value,
                    "direction": f.direction.value,
                    **_place(f),
                }


def _assessments(base: Records) -> Iterator[Row]:
    for subject in base.subjects.values():
        for a in subject.assessments:
            yield {
                "id": a.id,
                "subject": subject.id,
                "object": a.object,
                "route": a.route.value,
                "technique": a.technique,
                "findings": len(a.findings),
                "starts": a.starts.value,
                "starts_by_design": starting_level(base.designs(a)).value,
                "levels_down": sum(d.levels for d in a.down),
                "levels_up": sum(u.levels for u in a.up),
                "certainty": a.certainty.value,
                "computed": certainty(a).value,
                "direction": a.direction.value,
                "in_short": a.in_short,
                "bottom_line": a.bottom_line,
                "would_change": a.would_change,
                "publication_bias": a.publication_bias,
                **_place(a),
            }


def _cautions(base: Records) -> Iterator[Row]:
    for subject in base.subjects.values():
        for c in subject.cautions:
            yield {
                "id": c.id,
                "subject": subject.id,
                "trigger": c.trigger,
                "severity": c.severity.value,
                "act": c.act.value if c.act else None,
                "continues": c.continues,
                "basis": c.basis.value if c.basis else None,
                "action": c.action,
                "why": c.why,
                "strength": c.strength,
                "before_days": c.window.before_days if c.window else None,
                "after_days": c.window.after_days if c.window else None,
                "evidence_for": len(c.evidence_for),
                "evidence_against": len(c.evidence_against),
                "references": len(caution_references(base, c.id)),
                **_place(c),
            }


def _regulatory(base: Records) -> Iterator[Row]:
    for subject in base.subjects.values():
        for r in subject.regulatory:
            yield {
                "subject": subject.id,
                "jurisdiction": r.jurisdiction,
                "status": r.status.value,
                "route": r.route.value,
                "use": r.use,
                "as_of": r.as_of,
                "references": len(r.references),
                **_place(r),
            }


def _mixing(base: Records) -> Iterator[Row]:
    for i in base.ingredients.values():
        for m in i.mixing:
            yield {
                "subject": i.id,
                "other": m.other,
                "compatibility": m.compatibility.value,
                "summary": m.summary,
                "references": len(m.references),
                "tests": len(m.tests),
                **_place(m),
            }


def _terms(base: Records) -> Iterator[Row]:
    used = _used_slugs(base)
    for vocabulary, terms in base.formulary.vocabularies.items():
        for t in terms.values():
            yield {
                "id": t.id,
                "vocabulary": vocabulary,
                "name": t.name,
                "parents": " ".join(t.parents),
                "group": t.group,
                "serious": t.serious,
                "identifiers": len(list(t.identifiers)),
                "used": t.id in used,
                **_place(t),
            }


def _used_slugs(base: Records) -> set[str]:
    used = {f.object for f in base.findings.values()} | {c.trigger for c in base.cautions.values()}
    used |= {c.object for c in base.claims.values() if c.object} | {p.indication for p in base.protocols.values()}
    used |= {r.jurisdiction for s in base.subjects.values() for r in s.regulatory} | set(base.subjects)
    used |= {w for f in base.findings.values() for w in f.co_ingredients}
    grown = True
    while grown:  # a term whose narrower terms are used is used, as a shelf to browse
        parents = {p for t in base.terms.values() if t.id in used for p in (*t.parents, *t.same_as)}
        grown = not parents <= used
        used |= parents
    return used


def _protocols(base: Records) -> Iterator[Row]:
    for p in base.protocols.values():
        yield {
            "id": p.id,
            "technique": p.technique,
            "ingredients": " ".join(p.ingredients),
            "indication": p.indication,
            "route": p.route.value,
            "says": p.says.value,
            "reference": p.reference,
            "page": p.page,
            "sessions": p.sessions,
            "interval": p.interval,
            "maintenance": p.maintenance,
            "onset": p.onset,
            "duration": p.duration,
            "summary": p.summary,
            **_place(p),
        }


def _searches(base: Records) -> Iterator[Row]:
    for s in base.searches.values():
        yield {
            "id": s.id,
            "subjects": " ".join(s.subjects),
            "objects": " ".join(s.objects),
            "question": s.question,
            "date": pd.Timestamp(s.date),
            "words": len(s.words),
            "places": len(s.places),
            "looked_at": s.looked_at,
            "included": len(s.included),
            "excluded": len(s.excluded),
            "counted": max((c.counted for c in s.reviews_count), default=None),
            "held": max((c for c in s.reviews_count), key=lambda c: c.counted).held if s.reviews_count else None,
            **_place(s),
        }


def _claims(base: Records) -> Iterator[Row]:
    for page in base.formulary.pages.values():
        for c in page.claims:
            yield {
                "id": c.id,
                "page": page.id,
                "topic": c.topic,
                "subject": c.subject,
                "relation": c.relation,
                "object": c.object,
                "verdict": c.verdict.value,
                "says": c.says,
                "why": c.why,
                "findings": len(c.findings),
                "references": len(c.references),
                "contradicts": len(c.contradicts),
                **_place(c),
            }


def _references(base: Records) -> Iterator[Row]:
    for key, r in base.references.items():
        yield {
            "id": key,
            "type": r.type,
            "design": r.design.value,
            "title": r.title,
            "authors": len(r.authors),
            "journal": r.journal,
            "year": r.year,
            "doi": r.doi,
            "pmid": r.pmid,
            "pmcid": r.pmcid,
            "url": r.url,
            "seen_at": len(r.seen_at),
            "verified_on": pd.Timestamp(r.verified_on) if r.verified_on else pd.NaT,
            "notice": r.notice.kind if r.notice else None,
            "retraction_checked": pd.Timestamp(r.retraction_checked.on) if r.retraction_checked else pd.NaT,
            "cited": key in base.cited,
            **_place(r),
        }


_TABLES: dict[str, tuple[list[str], Callable[[Records], Iterator[Row]]]] = {
    "ingredients": (
        ["id", "name", "kind", "role", "findings", "controlled", "assessments", "cautions", "regulatory", "identifiers"]
        + ["has_mechanism", "evidence_note", "summary", "reviewed", "due", "since_review"],
        _ingredients,
    ),
    "techniques": (
        [
            "id",
            "name",
            "findings",
            "controlled",
            "assessments",
            "cautions",
            "evidence_note",
            "summary",
            "reviewed",
            "due",
            "since_review",
        ],
        _techniques,
    ),
    "findings": (
        ["id", "subject", "relation", "object", "route", "technique", "direction", "design", "n", "dose", "population"]
        + [
            "comparator",
            "sessions",
            "interval_weeks",
            "follow_up_weeks",
            "outcomes",
            "arms",
            "arms_n",
            "percent",
            "band",
        ]
        + ["basis", "risk_of_bias", "doubt", "seen_at", "summary", "limitations", "reference"],
        _findings,
    ),
    "outcomes": (
        [
            "finding",
            "number",
            "measure",
            "kind",
            "concept",
            "arm",
            "role",
            "against",
            "value",
            "high",
            "baseline",
            "unit",
            "events",
            "n",
            "sd",
        ]
        + [
            "se",
            "interval_low",
            "interval_high",
            "interval_level",
            "p",
            "i_squared",
            "at",
            *(d.name for d in DERIVED[Outcome]),
            "computed",
            "computed_from",
            "subject",
            "relation",
            "direction",
        ],
        _outcomes,
    ),
    "assessments": (
        ["id", "subject", "object", "route", "technique", "findings", "starts", "starts_by_design", "levels_down"]
        + [
            "levels_up",
            "certainty",
            "computed",
            "direction",
            "in_short",
            "bottom_line",
            "would_change",
            "publication_bias",
        ],
        _assessments,
    ),
    "cautions": (
        [
            "id",
            "subject",
            "trigger",
            "severity",
            "act",
            "continues",
            "basis",
            "action",
            "why",
            "strength",
            "before_days",
            "after_days",
            "evidence_for",
        ]
        + ["evidence_against", "references"],
        _cautions,
    ),
    "regulatory": (["subject", "jurisdiction", "status", "route", "use", "as_of", "references"], _regulatory),
    "mixing": (["subject", "other", "compatibility", "summary", "references", "tests"], _mixing),
    "terms": (["id", "vocabulary", "name", "parents", "group", "serious", "identifiers", "used"], _terms),
    "protocols": (
        ["id", "technique", "ingredients", "indication", "route", "says", "reference", "page", "sessions", "interval"]
        + ["maintenance", "onset", "duration", "summary"],
        _protocols,
    ),
    "searches": (
        ["id", "subjects", "objects", "question", "date", "words", "places", "looked_at", "included", "excluded"]
        + ["counted", "held"],
        _searches,
    ),
    "claims": (
        [
            "id",
            "page",
            "topic",
            "subject",
            "relation",
            "object",
            "verdict",
            "says",
            "why",
            "findings",
            "references",
            "contradicts",
        ],
        _claims,
    ),
    "references": (
        ["id", "type", "design", "title", "authors", "journal", "year", "doi", "pmid", "pmcid", "url", "seen_at"]
        + ["verified_on", "notice", "retraction_checked", "cited"],
        _references,
    ),
}

NAMES = tuple(_TABLES)
"""The tables there are."""
