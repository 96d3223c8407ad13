"""How deep the evidence is: comparisons with an effect, what is near to being pooled, recall by topic, what to read next."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.appraisal.effects import contrasts, events, mean_error
from kb.model import Assessment, Finding, Outcome
from kb.model.finding import NoEffect
from kb.model.terms import Basis, DownReason, Measure, Relation
from kb.questions.important import OPEN, matters
from kb.questions.pooling import effects

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_CONTINUOUS = frozenset({Measure.MEAN, Measure.CHANGE, Measure.PERCENT_CHANGE})
_NOTHING_TO_READ = (NoEffect.NOT_POOLED.value, NoEffect.RANKING.value)


@dataclass(frozen=True)
class Recall:
    """Trials held of those that the widest review of a topic counts; `listed` are those whose names could be read."""

    search: str
    counted: int
    listed: int
    held: int


@dataclass(frozen=True)
class Trust:
    """What one assessment rests on: findings by what was read of them, and how many have an effect with an interval."""

    assessment: str
    findings: int
    read: dict[str, int]
    with_effect: int
    appraised: int


@dataclass(frozen=True)
class Reading:
    """One thing to read: a paper whose figures an assessment waits for, or a trial that a review counts and nobody holds."""

    weight: float
    record: str
    what: str


@dataclass(frozen=True)
class NearlyPooled:
    """A concept with one poolable trial or none, and what each finding lacks."""

    concept: str
    poolable: int
    lacks: dict[str, str]


@dataclass(frozen=True)
class Importance:
    """A pooled difference against the smallest one that matters; see `kb.questions.important`."""

    pooled: str
    estimate: float
    low: float
    high: float
    matters: float
    unit: str
    reads: str


@dataclass(frozen=True)
class Depth:
    comparisons: int
    with_effect: int
    trials: int
    trials_with_effect: int
    missing: dict[str, int] = field(default_factory=dict)
    """Comparisons without an effect, by the code of what the source does not print; `not said` where there is none."""
    recall: list[Recall] = field(default_factory=list)
    trust: list[Trust] = field(default_factory=list)
    near: list[NearlyPooled] = field(default_factory=list)
    read_next: list[Reading] = field(default_factory=list)
    important: list[Importance] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Percent of controlled comparisons of benefit with an effect and interval."""
        return 100 * self.with_effect / self.comparisons if self.comparisons else 0.0

    @property
    def share_of_pooling(self) -> float:
        """The same without reviews that pool nothing and rankings, which have no effect that could be read."""
        pooling = self.comparisons - sum(self.missing.get(reason, 0) for reason in _NOTHING_TO_READ)
        return 100 * self.with_effect / pooling if pooling else 0.0

    def as_dict(self) -> dict[str, Any]:
        from dataclasses import asdict

        shares = {"share": round(self.share, 1), "share_of_pooling": round(self.share_of_pooling, 1)}
        return {**asdict(self), **shares}


def depth(base: KnowledgeBase) -> Depth:
    """Counts over every controlled comparison of benefit, and the lists that follow from them."""
    found = list(comparisons(base))
    sure = {f.id for f in found if has_effect(f)}
    trials = [f for f in found if base.references[f.reference].design.trial]
    missing = Counter(f.effect_missing.value if f.effect_missing else "not said" for f in found if f.id not in sure)
    return Depth(
        comparisons=len(found),
        with_effect=len(sure),
        trials=len(trials),
        trials_with_effect=sum(f.id in sure for f in trials),
        missing=dict(missing.most_common()),
        recall=list(_recall(base)),
        trust=list(_trust(base)),
        near=near_poolable(base),
        read_next=sorted(_read_next(base, sure), key=lambda r: (-r.weight, r.record)),
        important=list(_important(base)),
    )


def _important(base: KnowledgeBase) -> Iterator[Importance]:
    """Pooled differences in the unit of an outcome of which it is known how much matters."""
    for p in base.pooled:
        told = matters(base, p.kind, p.unit, p.low, p.high)
        if told is not None:
            name = f"{p.subject} {p.relation} {p.object} {p.route}: {p.concept}"
            yield Importance(name, p.estimate, p.low, p.high, told["value"], told["unit"], told["reads"])


def imprecision_named(base: KnowledgeBase, assessment: Assessment) -> bool:
    """Where every interval leaves open whether the difference matters, imprecision is among the reasons for rating down.

    A pooled interval of the same subject, object and route stands for the trials in it; without one, each interval counts.
    """
    if any(d.reason is DownReason.IMPRECISION for d in assessment.down):
        return True
    subject = base.subject_of[assessment.id]
    found = [
        told["reads"]
        for p in base.pooled
        if (p.subject, p.object, p.route) == (subject, assessment.object, assessment.route.value)
        and (told := matters(base, p.kind, p.unit, p.low, p.high))
    ] or [
        told["reads"]
        for f in assessment.findings
        if f in base.findings
        for c in contrasts(base.findings[f])
        if (told := matters(base, c.kind.value, c.unit, c.low, c.high))
    ]
    return not found or not all(r in OPEN for r in found)


def comparisons(base: KnowledgeBase) -> Iterator[Finding]:
    """Findings of benefit of trials with a comparison and of reviews."""
    for finding in base.findings.values():
        reference = base.references.get(finding.reference)
        benefit = finding.relation in {Relation.TREATS, Relation.COMPARED_WITH}
        if benefit and reference is not None and reference.design.controlled:
            yield finding


def has_effect(finding: Finding) -> bool:
    """An effect with its interval, printed or worked out: a contrast, or any other printed comparison with an interval."""
    return bool(contrasts(finding)) or any(
        o.interval is not None and o.value is not None and o.against is not None for o in finding.outcomes
    )


def _recall(base: KnowledgeBase) -> Iterator[Recall]:
    for search in base.searches.values():
        if search.reviews_count:
            widest = max(search.reviews_count, key=lambda c: (len(c.trials) > 0, c.counted))
            yield Recall(search.id, widest.counted, len(widest.trials), widest.held or 0)


def _trust(base: KnowledgeBase) -> Iterator[Trust]:
    for assessment in base.assessments.values():
        rests = [base.findings[f] for f in assessment.findings if f in base.findings]
        yield Trust(
            assessment.id,
            len(rests),
            dict(Counter(f.basis.value for f in rests)),
            sum(has_effect(f) for f in rests),
            sum(bool(f.appraisals) for f in rests),
        )


def near_poolable(base: KnowledgeBase) -> list[NearlyPooled]:
    """Concepts that no two trials share in a form that can be pooled, with what each of their findings lacks."""
    poolable: dict[str, set[str]] = defaultdict(set)
    pooled: set[str] = set()
    for group, found in effects(base).items():
        poolable[group[5]] |= {e.finding for e in found}
        if len(found) >= 2:
            pooled.add(group[5])
    carried: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in base.findings.values():
        for concept in {o.concept for o in finding.outcomes if o.concept}:
            known = finding.id in poolable[concept]
            carried[concept][finding.id] = "" if known else lacks(finding, concept)
    return [
        NearlyPooled(concept, len(poolable[concept]), dict(sorted(of.items())))
        for concept, of in sorted(carried.items())
        if concept not in pooled
    ]


def lacks(finding: Finding, concept: str) -> str:
    """What keeps a finding's figures of one concept out of a pool: `SD`, `number of people`, `comparator`, `time` ..."""
    outcomes = [o for o in finding.outcomes if o.concept == concept]
    if set(finding.co_ingredients) != set(finding.background):
        return "other actives in one arm only"
    said = {word for o in outcomes for word in _lacking(finding, o)}
    if len({o.arm for o in outcomes}) < 2 and not any(o.against for o in outcomes):
        said.add("comparator")
    if any(o.at is None for o in outcomes):
        said.add("time")
    return ", ".join(sorted(said)) or "one comparator and one dose"


def _lacking(finding: Finding, outcome: Outcome) -> Iterator[str]:
    if outcome.kind is Measure.MEDIAN:
        yield "mean (a median is printed)"
    elif outcome.kind is Measure.PERCENT and events(finding, outcome) is None:
        yield "number of people"
    elif outcome.kind in _CONTINUOUS and mean_error(finding, outcome) is None:
        yield "SD"


def _read_next(base: KnowledgeBase, sure: set[str]) -> Iterator[Reading]:
    rests: Counter[str] = Counter(f for a in base.assessments.values() for f in a.findings)
    for finding in comparisons(base):
        if finding.id in sure or not rests[finding.id] or finding.basis is Basis.FULL_TEXT:
            continue
        if not base.references[finding.reference].design.trial:
            continue
        size = math.log10(max(finding.n or 1, 1))
        weight = 2 + size + 0.5 * rests[finding.id] + (1 if finding.basis is Basis.SECONDARY else 0)
        lacking = (
            finding.effect_missing.value.replace("-", " ") if finding.effect_missing else "no effect with interval"
        )
        yield Reading(round(weight, 2), finding.id, f"an assessment rests on it; {lacking} in what was read")
    for search in base.searches.values():
        for count in search.reviews_count:
            for trial in count.trials:
                if trial.held is None:
                    yield Reading(3.0, search.id, f"not held: {trial.name}, a trial of {count.review}")
