"""What the pre-procedure check answers: plain values, the same for the page, the command line, `--json`, Python and the static site.

The JSON Schema of `Answer` is generated from here (`schema/precheck-answer.json`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kb.model.terms import CautionBasis, Severity
from kb.questions.shapes import DayOfPlan, Duplicate

ORDER = [s.value for s in Severity]
BASES = [b.value for b in CautionBasis]
"""The kinds of sources of a caution, the weightiest first."""


@dataclass(frozen=True)
class Meaning:
    """One thing a word was taken for."""

    id: str
    name: str
    kind: str
    """ingredient, technique, product, condition, substance, site, exposure, indication, adverse-effect or topic."""


@dataclass(frozen=True)
class Given:
    """A word of the plan and what it was taken for. Two meanings count both."""

    said: str
    role: str
    """Where it was given: ingredient, technique, condition, substance, site, allergy, done or coming; a place in the line of the
    syringe or the technique is a site."""
    means: list[Meaning]
    how: str
    """id, name, synonym, brand, lay word, spelling, typing error or part of the name."""
    notes: list[str] = field(default_factory=list)
    """What a reader must know of the reading: two meanings, an amount left over, a part that was not understood."""
    days_ago: float | None = None
    days_ahead: float | None = None


@dataclass(frozen=True)
class Unresolved:
    """A word that was not understood, and so was not checked."""

    said: str
    role: str
    near: list[str]
    """Names that are nearly this word; never a medicine that only looks alike."""


@dataclass(frozen=True)
class NotCounted:
    """Something that was said and does not count for this patient: denied, or in the family."""

    said: str
    role: str
    why: str


@dataclass(frozen=True)
class Status:
    """A regulator's word on a part of the plan: withdrawn, prohibited or unapproved."""

    subject: str
    subject_name: str
    state: str
    jurisdiction: str
    jurisdiction_name: str
    route: str
    use: str
    since: str
    """Year, month or day the source is about."""
    note: str | None
    references: list[str]
    message: str


@dataclass(frozen=True)
class Notice:
    """Something to know that is no caution: findings on two parts of the plan together, an exposure, a gap in the records."""

    kind: str
    """finding, exposure, taken-too, pregnancy-first, composition, no-status, no-technique, medicine-only,
    window-passed, elsewhere, say-which, over-maximum or harmful-dose."""
    subject: str
    subject_name: str
    message: str
    references: list[str]
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Alert:
    """One caution that applies. `window_days` holds days to keep clear before and after the session, or is None."""

    severity: str
    subject: str
    subject_name: str
    trigger: str
    """What the patient has, as it was given (the caution itself may be about a broader term: `rule`)."""
    trigger_name: str
    also: list[str]
    """Further facts of the patient that set off the same caution (a second anticoagulant)."""
    rule: str
    rule_name: str
    message: str
    action: str
    why: str
    strength: str
    routes: list[str]
    """Routes the caution's source is about; empty when it holds whatever the route. It is raised all the same."""
    window_days: dict[str, int | None] | None
    evidence_for: list[str]
    evidence_against: list[str]
    references: list[str]
    caution: str
    inherited_from: str | None = None
    sites: list[str] = field(default_factory=list)
    """Sites the caution is about; empty when it holds for all. Raised, too, when the plan names no site."""
    settles: list[str] = field(default_factory=list)
    """Ids of broader cautions about the same facts that this one makes needless."""
    also_names: list[str] = field(default_factory=list)
    allergen: str | None = None
    """What the patient is allergic to, when the alert is about that."""
    basis: str | None = None
    """The kind of source it chiefly rests on: boxed-label, label, ... practice; None for what is worked out from what a product holds."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Card:
    """The alerts on the same facts, of all parts of the plan and whatever the rule: what a reader sees as one."""

    severity: str
    facts: list[str]
    fact_names: list[str]
    rule: str
    """Of the gravest of its alerts, as `rule_name`."""
    rule_name: str
    subjects: list[str]
    subject_names: list[str]
    cautions: list[str]
    """Ids of the cautions, gravest first; the alerts hold their texts."""
    beside: list[str] = field(default_factory=list)
    """Further facts that need no card of their own beside these: a history of herpes beside an outbreak."""
    beside_names: list[str] = field(default_factory=list)
    minor: bool = False
    """True when all of it is to be known only, or a caution that rests on practice alone: shown folded."""

    def holds(self, subject: str, caution: str, facts: Iterable[str]) -> bool:
        """Whether an alert of this subject and caution, on these facts, stands on this card."""
        own, more = set(facts), set(self.beside)
        mine = own - more == set(self.facts) or own <= more
        return mine and subject in self.subjects and caution in self.cautions


@dataclass(frozen=True)
class Pair:
    """Two things for one syringe, and what is known about that."""

    a: str
    b: str
    a_name: str
    b_name: str
    compatibility: str
    summary: str
    references: list[str]


@dataclass(frozen=True)
class Share:
    """A planned amount beside one stated maximum."""

    maximum: str
    """Id of the record."""
    of: str
    of_name: str
    kind: str
    says: str
    limit: float
    unit: str
    per: str | None
    planned: float | None
    """In the unit of the limit; None when it cannot be worked out (see `needs`)."""
    share: float | None
    """Planned divided by the limit: above 1 is over it."""
    counted: list[str]
    """Names of the parts of the plan that were added up."""
    needs: list[str]
    """What must be given before it can be worked out: weight, volume, concentration."""
    jurisdiction: str | None
    population: str | None
    with_adrenaline: bool | None
    message: str
    references: list[str]


@dataclass(frozen=True)
class Studied:
    """An amount that was studied or printed for this ingredient, in the unit of the plan."""

    low: float
    high: float
    unit: str
    per: str | None
    record: str
    """Id of the finding or protocol."""
    reference: str | None
    route: str


@dataclass(frozen=True)
class Dose:
    """What a plan gives of one ingredient."""

    ingredient: str
    ingredient_name: str
    said: str
    volume_ml: float | None
    concentration: float | None
    concentration_unit: str | None
    amount: float | None
    """volume times concentration, or as given."""
    unit: str | None
    per_kg: float | None
    """amount for each kilogram of body weight, when the weight is given."""
    studied: list[Studied]
    message: str


@dataclass(frozen=True)
class Question:
    """What is still to ask: a fact that would raise a caution, or a detail of the plan."""

    about: str
    """A term, or weight, age, site, volume, concentration."""
    name: str
    gravest: str | None
    """The gravest severity it would raise; None for a detail of the plan."""
    subjects: list[str]
    why: str = ""


@dataclass(frozen=True)
class Silent:
    """A fact that was understood and raised nothing with this plan."""

    id: str
    name: str
    said: str
    why: str
    """Whether any caution names it at all, and what was looked for."""
    nothing_found: bool = False
    """True when it was looked for and nothing was found, as against a gap in the records."""
    looked: list[str] = field(default_factory=list)
    """References that were looked through."""


@dataclass
class Answer:
    """Everything the check has to say about one plan. Iterating over it gives the alerts, gravest first."""

    given: list[Given] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    """Words that were not understood: not checked."""
    not_counted: list[NotCounted] = field(default_factory=list)
    patient: dict[str, Any] = field(default_factory=dict)
    """years, kg and sex, as far as they were given."""
    jurisdictions: list[str] = field(default_factory=list)
    """Places whose status records are shown; empty: all."""
    status: list[Status] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    mixing: list[Pair] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    maxima: list[Share] = field(default_factory=list)
    timeline: list[DayOfPlan] = field(default_factory=list)
    silent: list[Silent] = field(default_factory=list)
    bare: list[Meaning] = field(default_factory=list)
    """Parts of the plan without a caution of any kind: a gap in the records, not a clean bill."""
    ask: list[Question] = field(default_factory=list)

    @property
    def understood(self) -> bool:
        """Whether every word was understood. What was not was not checked."""
        return not self.unresolved

    def __iter__(self) -> Iterator[Alert]:
        return iter(self.alerts)

    def __len__(self) -> int:
        return len(self.alerts)

    def __getitem__(self, place: int) -> Alert:
        return self.alerts[place]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def cards(alerts: list[Alert], beside: Mapping[str, Iterable[str]] | None = None) -> list[Card]:
    """One card for each set of facts, in the order of its gravest alert; among equals those that weigh little last.

    `beside` maps a fact to those beside which it has no card of its own: a history of herpes goes onto the card of the outbreak.
    """
    names: dict[str, str] = {}
    for a in alerts:
        names |= dict(zip((a.trigger, *a.also), (a.trigger_name, *a.also_names), strict=True))
    onto = {f: next((o for o in (beside or {}).get(f, ()) if o in names), f) for f in names}
    grouped: dict[tuple[str, ...], list[Alert]] = {}
    for a in alerts:
        grouped.setdefault(tuple(sorted({onto[f] for f in (a.trigger, *a.also)})), []).append(a)
    found = [_card(group, onto, names) for group in grouped.values()]
    return sorted(found, key=lambda c: (ORDER.index(c.severity), c.minor))


def _card(group: list[Alert], onto: Mapping[str, str], names: Mapping[str, str]) -> Card:
    first = group[0]
    facts = list(dict.fromkeys(onto[f] for f in (first.trigger, *first.also)))
    moved = list(dict.fromkeys(f for a in group for f in (a.trigger, *a.also) if onto[f] != f))
    return Card(
        severity=first.severity,
        facts=facts,
        fact_names=[names[f] for f in facts],
        rule=first.rule,
        rule_name=first.rule_name,
        minor=all(light(a) for a in group),
        subjects=list(dict.fromkeys(a.subject for a in group)),
        subject_names=list(dict.fromkeys(a.subject_name for a in group)),
        cautions=list(dict.fromkeys(a.caution for a in group)),
        beside=moved,
        beside_names=[names[f] for f in moved],
    )


def light(alert: Alert) -> bool:
    """Whether an alert weighs little: something to know only, or a mild caution that rests on practice alone."""
    mild = alert.severity == Severity.CAUTION.value and alert.basis == CautionBasis.PRACTICE.value
    return mild or alert.severity == Severity.INFORM.value


def weight(alert: Alert) -> tuple[int, int, str, str]:
    """The order of alerts: the gravest first, then those with the weightiest source."""
    basis = BASES.index(alert.basis) if alert.basis else 0
    return ORDER.index(alert.severity), basis, alert.subject_name, alert.trigger_name


def timeline(alerts: list[Alert]) -> list[DayOfPlan]:
    """What to do on which day: `day` is negative before the session, positive after it; earliest first, within a day gravest first.

    What several parts of the plan ask for in the same words and of the same facts is said once, with all of them.
    """
    entries: dict[tuple[int, tuple[str, ...], str], DayOfPlan] = {}
    for alert in alerts:
        window = alert.window_days or {}
        for day, side in ((window.get("before"), -1), (window.get("after"), 1)):
            if day is None:
                continue
            new: DayOfPlan = {
                "day": side * day,
                "trigger": alert.trigger,
                "trigger_name": alert.trigger_name,
                "fact_names": [alert.trigger_name, *alert.also_names],
                "subject_names": [],
                "action": alert.action,
                "severity": alert.severity,
                "references": [],
            }
            entry = entries.setdefault((side * day, (alert.trigger, *alert.also), alert.action), new)
            entry["subject_names"] = list(dict.fromkeys([*entry["subject_names"], alert.subject_name]))
            entry["references"] = list(dict.fromkeys([*entry["references"], *alert.references]))
    return sorted(entries.values(), key=lambda e: e["day"])
