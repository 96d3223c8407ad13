"""The base as pandas tables, a row a record: what analysts ask and Great Expectations checks.

Every table has `file` and `line`, so that whatever is found in it leads back to the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import pandas as pd

from kb.appraisal import certainty, starting_level
from kb.formulary.content import review_state
from kb.model import (
    Assessment,
    Caution,
    Claim,
    ClaimPage,
    Finding,
    Ingredient,
    Mixing,
    Outcome,
    Protocol,
    Record,
    Reference,
    Regulation,
    Search,
    Subject,
    Technique,
    Term,
)
from kb.model.derived import DERIVED, Derived
from kb.questions.rules import caution_references
from kb.records import Records

R = TypeVar("R")


@dataclass(frozen=True)
class Table(Generic[R]):
    """What a table has rows for, where each stands in the files, and its columns: each with how it is read from a row."""

    rows: Callable[[Records], Iterable[R]]
    place: Callable[[R], Record]
    columns: Mapping[str, Callable[[Records, R], Any]]

    def frame(self, base: Records) -> pd.DataFrame:
        """The table; its columns are there though it has no row."""
        read = [
            {name: value(base, row) for name, value in self.columns.items()} | _place(self.place(row))
            for row in self.rows(base)
        ]
        return pd.DataFrame(read, columns=[*self.columns, "file", "line"])


class Of(NamedTuple, Generic[R]):
    """A record with the subject in whose files it stands."""

    subject: Subject
    record: R


class Printed(NamedTuple):
    """A figure of a finding."""

    subject: Subject
    finding: Finding
    number: int
    outcome: Outcome


class Word(NamedTuple):
    """A term, and whether any record uses it."""

    vocabulary: str
    term: Term
    used: bool


class Claimed(NamedTuple):
    page: ClaimPage
    claim: Claim


def build(base: Records, name: str) -> pd.DataFrame:
    """The table `name`. Raises KeyError, naming the tables there are, for another name."""
    if name not in _TABLES:
        raise KeyError(f"no table {name!r}; there are: {', '.join(NAMES)}")
    return _TABLES[name].frame(base)


def _place(record: Record) -> dict[str, Any]:
    return {"file": record.place.file, "line": record.place.line} if record.place else {"file": None, "line": None}


def _of(base: Records, records: Callable[[Subject], list[R]]) -> Iterator[Of[R]]:
    return (Of(subject, record) for subject in base.subjects.values() for record in records(subject))


def _printed(base: Records) -> Iterator[Printed]:
    for subject in base.subjects.values():
        for finding in subject.findings:
            for number, outcome in enumerate(finding.outcomes):
                yield Printed(subject, finding, number, outcome)


def _words(base: Records) -> Iterator[Word]:
    used = _used_slugs(base)
    for vocabulary, terms in base.formulary.vocabularies.items():
        for term in terms.values():
            yield Word(vocabulary, term, term.id in used)


def _derived(value: Derived) -> Callable[[Records, Printed], Any]:
    return lambda _, o: value.read(o.outcome)


def _controlled(base: Records, subject: str) -> int:
    """How many findings of benefit come from trials or reviews of trials."""
    return sum(
        base.references[f.reference].design.controlled and f.relation.value in {"treats", "compared-with"}
        for f in base.subjects[subject].findings
    )


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


_INGREDIENTS: Table[Ingredient] = Table(
    lambda base: base.ingredients.values(),
    lambda i: i,
    {
        "id": lambda _, i: i.id,
        "name": lambda _, i: i.name,
        "kind": lambda _, i: i.kind.value,
        "role": lambda _, i: i.role.value.value,
        "findings": lambda _, i: len(i.findings),
        "controlled": lambda base, i: _controlled(base, i.id),
        "assessments": lambda _, i: len(i.assessments),
        "cautions": lambda _, i: len(i.cautions),
        "regulatory": lambda _, i: len(i.regulatory),
        "identifiers": lambda _, i: len(list(i.identifiers)),
        "has_mechanism": lambda _, i: i.mechanism is not None,
        "evidence_note": lambda _, i: i.evidence_note,
        "summary": lambda _, i: i.summary,
        "reviewed": lambda _, i: pd.Timestamp(i.review.last),
        "due": lambda _, i: pd.Timestamp(i.review.due),
        "since_review": lambda _, i: review_state(i),
    },
)

_TECHNIQUES: Table[Technique] = Table(
    lambda base: base.techniques.values(),
    lambda t: t,
    {
        "id": lambda _, t: t.id,
        "name": lambda _, t: t.name,
        "findings": lambda _, t: len(t.findings),
        "controlled": lambda base, t: _controlled(base, t.id),
        "assessments": lambda _, t: len(t.assessments),
        "cautions": lambda _, t: len(t.cautions),
        "evidence_note": lambda _, t: t.evidence_note,
        "summary": lambda _, t: t.summary,
        "reviewed": lambda _, t: pd.Timestamp(t.review.last),
        "due": lambda _, t: pd.Timestamp(t.review.due),
        "since_review": lambda _, t: review_state(t),
    },
)

_FINDINGS: Table[Of[Finding]] = Table(
    lambda base: _of(base, lambda subject: subject.findings),
    lambda f: f.record,
    {
        "id": lambda _, f: f.record.id,
        "subject": lambda _, f: f.subject.id,
        "relation": lambda _, f: f.record.relation.value,
        "object": lambda _, f: f.record.object,
        "route": lambda _, f: f.record.route.value,
        "technique": lambda _, f: f.record.technique,
        "direction": lambda _, f: f.record.direction.value,
        "design": lambda base, f: (
            base.references[f.record.reference].design.value if f.record.reference in base.references else None
        ),
        "n": lambda _, f: f.record.n,
        "dose": lambda _, f: f.record.dose,
        "population": lambda _, f: f.record.population,
        "comparator": lambda _, f: f.record.comparator,
        "sessions": lambda _, f: f.record.sessions,
        "interval_weeks": lambda _, f: f.record.interval_weeks,
        "follow_up_weeks": lambda _, f: f.record.follow_up_weeks,
        "outcomes": lambda _, f: len(f.record.outcomes),
        "arms": lambda _, f: len(f.record.arms),
        "arms_n": lambda _, f: (
            sum(a.n for a in f.record.arms if a.n is not None)
            if f.record.arms and all(a.n is not None for a in f.record.arms)
            else None
        ),
        "percent": lambda _, f: f.record.frequency.percent if f.record.frequency else None,
        "band": lambda _, f: f.record.frequency.band.value if f.record.frequency else None,
        "basis": lambda _, f: f.record.basis.value,
        "risk_of_bias": lambda _, f: f.record.risk_of_bias.value,
        "doubt": lambda _, f: f.record.doubt,
        "seen_at": lambda _, f: f.record.seen_at,
        "summary": lambda _, f: f.record.summary,
        "limitations": lambda _, f: f.record.limitations,
        "reference": lambda _, f: f.record.reference,
    },
)

_OUTCOMES: Table[Printed] = Table(
    _printed,
    lambda o: o.finding,
    {
        "finding": lambda _, o: o.finding.id,
        "number": lambda _, o: o.number,
        "measure": lambda _, o: o.outcome.measure,
        "kind": lambda _, o: o.outcome.kind.value,
        "concept": lambda _, o: o.outcome.concept,
        "arm": lambda _, o: o.outcome.arm,
        "role": lambda _, o: o.outcome.role.value if o.outcome.role else None,
        "against": lambda _, o: o.outcome.against.value if o.outcome.against else None,
        "value": lambda _, o: o.outcome.value,
        "high": lambda _, o: o.outcome.high,
        "baseline": lambda _, o: o.outcome.baseline,
        "unit": lambda _, o: o.outcome.unit,
        "events": lambda _, o: o.outcome.events,
        "n": lambda _, o: o.outcome.n,
        "sd": lambda _, o: o.outcome.sd,
        "se": lambda _, o: o.outcome.se,
        "interval_low": lambda _, o: o.outcome.interval.low if o.outcome.interval else None,
        "interval_high": lambda _, o: o.outcome.interval.high if o.outcome.interval else None,
        "interval_level": lambda _, o: o.outcome.interval.level if o.outcome.interval else None,
        "p": lambda _, o: o.outcome.p,
        "i_squared": lambda _, o: o.outcome.i_squared,
        "at": lambda _, o: o.outcome.at,
        **{d.name: _derived(d) for d in DERIVED[Outcome]},
        "computed": lambda _, o: o.outcome.computed.formula.value if o.outcome.computed else None,
        "computed_from": lambda _, o: o.outcome.computed.source if o.outcome.computed else None,
        "subject": lambda _, o: o.subject.id,
        "relation": lambda _, o: o.finding.relation.value,
        "direction": lambda _, o: o.finding.direction.value,
    },
)

_ASSESSMENTS: Table[Of[Assessment]] = Table(
    lambda base: _of(base, lambda subject: subject.assessments),
    lambda a: a.record,
    {
        "id": lambda _, a: a.record.id,
        "subject": lambda _, a: a.subject.id,
        "object": lambda _, a: a.record.object,
        "route": lambda _, a: a.record.route.value,
        "technique": lambda _, a: a.record.technique,
        "findings": lambda _, a: len(a.record.findings),
        "starts": lambda _, a: a.record.starts.value,
        "starts_by_design": lambda base, a: starting_level(base.designs(a.record)).value,
        "levels_down": lambda _, a: sum(d.levels for d in a.record.down),
        "levels_up": lambda _, a: sum(u.levels for u in a.record.up),
        "certainty": lambda _, a: a.record.certainty.value,
        "computed": lambda _, a: certainty(a.record).value,
        "direction": lambda _, a: a.record.direction.value,
        "in_short": lambda _, a: a.record.in_short,
        "bottom_line": lambda _, a: a.record.bottom_line,
        "would_change": lambda _, a: a.record.would_change,
        "publication_bias": lambda _, a: a.record.publication_bias,
    },
)

_CAUTIONS: Table[Of[Caution]] = Table(
    lambda base: _of(base, lambda subject: subject.cautions),
    lambda c: c.record,
    {
        "id": lambda _, c: c.record.id,
        "subject": lambda _, c: c.subject.id,
        "trigger": lambda _, c: c.record.trigger,
        "severity": lambda _, c: c.record.severity.value,
        "act": lambda _, c: c.record.act.value if c.record.act else None,
        "continues": lambda _, c: c.record.continues,
        "basis": lambda _, c: c.record.basis.value if c.record.basis else None,
        "action": lambda _, c: c.record.action,
        "why": lambda _, c: c.record.why,
        "strength": lambda _, c: c.record.strength,
        "before_days": lambda _, c: c.record.window.before_days if c.record.window else None,
        "after_days": lambda _, c: c.record.window.after_days if c.record.window else None,
        "evidence_for": lambda _, c: len(c.record.evidence_for),
        "evidence_against": lambda _, c: len(c.record.evidence_against),
        "references": lambda base, c: len(caution_references(base, c.record.id)),
    },
)

_REGULATORY: Table[Of[Regulation]] = Table(
    lambda base: _of(base, lambda subject: subject.regulatory),
    lambda r: r.record,
    {
        "subject": lambda _, r: r.subject.id,
        "jurisdiction": lambda _, r: r.record.jurisdiction,
        "status": lambda _, r: r.record.status.value,
        "route": lambda _, r: r.record.route.value,
        "use": lambda _, r: r.record.use,
        "as_of": lambda _, r: r.record.as_of,
        "references": lambda _, r: len(r.record.references),
    },
)

_MIXING: Table[Of[Mixing]] = Table(
    lambda base: [Of(i, pair) for i in base.ingredients.values() for pair in i.mixing],
    lambda m: m.record,
    {
        "subject": lambda _, m: m.subject.id,
        "other": lambda _, m: m.record.other,
        "compatibility": lambda _, m: m.record.compatibility.value,
        "summary": lambda _, m: m.record.summary,
        "references": lambda _, m: len(m.record.references),
        "tests": lambda _, m: len(m.record.tests),
    },
)

_TERMS: Table[Word] = Table(
    _words,
    lambda t: t.term,
    {
        "id": lambda _, t: t.term.id,
        "vocabulary": lambda _, t: t.vocabulary,
        "name": lambda _, t: t.term.name,
        "parents": lambda _, t: " ".join(t.term.parents),
        "group": lambda _, t: t.term.group,
        "serious": lambda _, t: t.term.serious,
        "identifiers": lambda _, t: len(list(t.term.identifiers)),
        "used": lambda _, t: t.used,
    },
)

_PROTOCOLS: Table[Protocol] = Table(
    lambda base: base.protocols.values(),
    lambda p: p,
    {
        "id": lambda _, p: p.id,
        "technique": lambda _, p: p.technique,
        "ingredients": lambda _, p: " ".join(p.ingredients),
        "indication": lambda _, p: p.indication,
        "route": lambda _, p: p.route.value,
        "says": lambda _, p: p.says.value,
        "reference": lambda _, p: p.reference,
        "page": lambda _, p: p.page,
        "sessions": lambda _, p: p.sessions,
        "interval": lambda _, p: p.interval,
        "maintenance": lambda _, p: p.maintenance,
        "onset": lambda _, p: p.onset,
        "duration": lambda _, p: p.duration,
        "summary": lambda _, p: p.summary,
    },
)

_SEARCHES: Table[Search] = Table(
    lambda base: base.searches.values(),
    lambda s: s,
    {
        "id": lambda _, s: s.id,
        "subjects": lambda _, s: " ".join(s.subjects),
        "objects": lambda _, s: " ".join(s.objects),
        "question": lambda _, s: s.question,
        "date": lambda _, s: pd.Timestamp(s.date),
        "words": lambda _, s: len(s.words),
        "places": lambda _, s: len(s.places),
        "looked_at": lambda _, s: s.looked_at,
        "included": lambda _, s: len(s.included),
        "excluded": lambda _, s: len(s.excluded),
        "counted": lambda _, s: max((c.counted for c in s.reviews_count), default=None),
        "held": lambda _, s: (
            max((c for c in s.reviews_count), key=lambda c: c.counted).held if s.reviews_count else None
        ),
    },
)

_CLAIMS: Table[Claimed] = Table(
    lambda base: [Claimed(page, c) for page in base.formulary.pages.values() for c in page.claims],
    lambda c: c.claim,
    {
        "id": lambda _, c: c.claim.id,
        "page": lambda _, c: c.page.id,
        "topic": lambda _, c: c.claim.topic,
        "subject": lambda _, c: c.claim.subject,
        "relation": lambda _, c: c.claim.relation,
        "object": lambda _, c: c.claim.object,
        "verdict": lambda _, c: c.claim.verdict.value,
        "says": lambda _, c: c.claim.says,
        "why": lambda _, c: c.claim.why,
        "findings": lambda _, c: len(c.claim.findings),
        "references": lambda _, c: len(c.claim.references),
        "contradicts": lambda _, c: len(c.claim.contradicts),
    },
)

_REFERENCES: Table[Reference] = Table(
    lambda base: base.references.values(),
    lambda r: r,
    {
        "id": lambda _, r: r.key,
        "type": lambda _, r: r.type,
        "design": lambda _, r: r.design.value,
        "title": lambda _, r: r.title,
        "authors": lambda _, r: len(r.authors),
        "journal": lambda _, r: r.journal,
        "year": lambda _, r: r.year,
        "doi": lambda _, r: r.doi,
        "pmid": lambda _, r: r.pmid,
        "pmcid": lambda _, r: r.pmcid,
        "url": lambda _, r: r.url,
        "seen_at": lambda _, r: len(r.seen_at),
        "verified_on": lambda _, r: pd.Timestamp(r.verified_on) if r.verified_on else pd.NaT,
        "notice": lambda _, r: r.notice.kind if r.notice else None,
        "retraction_checked": lambda _, r: pd.Timestamp(r.retraction_checked.on) if r.retraction_checked else pd.NaT,
        "cited": lambda base, r: r.key in base.cited,
    },
)

_TABLES: dict[str, Table[Any]] = {
    "ingredients": _INGREDIENTS,
    "techniques": _TECHNIQUES,
    "findings": _FINDINGS,
    "outcomes": _OUTCOMES,
    "assessments": _ASSESSMENTS,
    "cautions": _CAUTIONS,
    "regulatory": _REGULATORY,
    "mixing": _MIXING,
    "terms": _TERMS,
    "protocols": _PROTOCOLS,
    "searches": _SEARCHES,
    "claims": _CLAIMS,
    "references": _REFERENCES,
}

NAMES = tuple(_TABLES)
"""The tables there are."""
