"""The plain values of a page, as views, the snapshot and `--json` get them; `kb.questions.page` makes them.

`schema/page.json` and its siblings are generated from these types (`kb schema`). What is stable keeps its keys and their meaning
until they have been deprecated for a release (CONTRIBUTING.md); keys may be added. Programs get a page through
`kb.questions.printed`, which keeps the four words of `direction` and puts the finer one beside it as `direction_detail`.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

Json = dict[str, Any]
"""A part of a record as it was written: its keys are those of the record's own schema, without what was left out."""


class Named(TypedDict):
    """A thing with the name a reader knows it by."""

    id: str
    name: str


class Window(TypedDict):
    """Days around a session; null where no source gives any."""

    before: int | None
    after: int | None


class _With(TypedDict("_With", {"with": list[Named]})):  # `with` is a word of Python
    """Ingredients given together with the subject."""


class FindingValue(_With):
    """One study's result on one question; slugs stand beside their names."""

    id: str
    subject: str
    subject_name: str
    relation: str
    object: str
    object_name: str
    route: str
    technique: str | None
    direction: str
    design: str | None
    n: int | None
    summary: str
    reference: str
    dose: str | None
    trial: str | None
    population: str | None
    arms: list[Json]
    comparator: str | None
    sessions: int | None
    interval_weeks: float | None
    follow_up_weeks: float | None
    outcomes: list[Json]
    frequency: Json | None
    basis: str
    seen_at: str | None
    limitations: str | None
    risk_of_bias: str
    doubt: str | None
    place: str | None


class AssessmentValue(TypedDict):
    """The body of evidence on one question; `certainty` is computed from `starts`, `down` and `up`."""

    id: str
    subject: str
    subject_name: str
    object: str
    object_name: str
    route: str
    technique: str | None
    certainty: str
    starts: str
    down: list[Json]
    up: list[Json]
    direction: str
    in_short: str | None
    bottom_line: str
    would_change: str
    publication_bias: str | None
    findings: list[str]
    references: list[str]
    place: str | None


class CautionValue(TypedDict):
    """What `subject` asks for where `trigger` is there."""

    id: str
    subject: str
    subject_name: str
    trigger: str
    trigger_name: str
    severity: str
    routes: list[str]
    act: str | None
    action: str
    continues: bool | None
    why: str
    window_days: Window | None
    evidence_for: list[str]
    evidence_against: list[str]
    basis: str | None
    sources_disagree: bool
    strength: str
    references: list[str]
    place: str | None


class ClaimValue(TypedDict):
    """What a popular page says, with our verdict."""

    id: str
    page: str
    page_title: str
    says: str
    topic: str
    subject: str
    subject_name: str
    relation: str
    object: str | None
    object_name: str | None
    verdict: str
    why: str
    findings: list[str]
    references: list[str]
    contradicts: list[str]


class Link(TypedDict):
    label: str
    url: str


class ReferenceValue(TypedDict):
    """One paper, with its citation, its BibTeX and where it can be opened.

    `people` are the authors as `Family, Given`, bodies by their name alone; `journal` of an `incollection` is its book.
    """

    key: str
    type: str
    title: str
    authors: list[str]
    people: list[str]
    journal: str | None
    publisher: str | None
    year: int | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    url: str | None
    design: str
    citation: str
    bibtex: str
    links: list[Link]
    seen_at: list[str]
    verified_on: str | None
    notice: Json | None


class RegulationValue(TypedDict):
    jurisdiction: str
    jurisdiction_name: str
    status: str
    route: str
    use: str
    as_of: str
    references: list[str]
    note: str | None


class MixingValue(TypedDict):
    other: str
    other_name: str
    compatibility: str
    summary: str
    references: list[str]
    tests: list[Json]


class NothingFound(TypedDict):
    """A fact that was looked for and of which nothing is recorded; null: the term itself, with any subject."""

    fact: str | None
    fact_name: str | None
    why: str
    references: list[str]


class HarmValue(TypedDict):
    """A harm as one finding saw it."""

    object: str
    object_name: str
    band: str
    events: int | None
    n: int | None
    percent: float | None
    arm: str | None
    direction: str
    route: str
    subject: str
    subject_name: str
    finding: str
    summary: str
    reference: str


class HarmGroup(TypedDict):
    group: str
    title: str
    items: list[HarmValue]


class PooledStudy(TypedDict):
    """A trial of a pooled effect: estimate and 95 % interval in the outcome's unit, weight in percent."""

    finding: str
    reference: str
    trial: str | None
    estimate: float
    low: float
    high: float
    weight: float
    derived: bool
    within_person: bool


class PooledEffect(TypedDict):
    """The effect that comparable trials show together; what the intervals are stands at `kb.questions.pooling.Pooled`."""

    subject: str
    relation: str
    object: str
    route: str
    background: list[str]
    concept: str
    kind: str
    unit: str | None
    k: int
    estimate: float
    low: float
    high: float
    wald_low: float
    wald_high: float
    knapp_low: float
    knapp_high: float
    predicted_low: float | None
    predicted_high: float | None
    i_squared: float
    tau_squared: float
    p_heterogeneity: float
    studies: list[PooledStudy]


class Matters(TypedDict):
    """The smallest difference that a person notices, in `unit`, and what a pooled interval says of it."""

    name: str
    value: float
    high: float | None
    unit: str
    reads: str
    says: str
    references: list[str]


class PooledValue(PooledEffect):
    """A pooled effect on a page."""

    matters: Matters | None


class PartOf(TypedDict):
    """A finding in which this was part of what was given."""

    finding: str
    subject: str
    subject_name: str


class IdentifierLink(TypedDict):
    scheme: str
    caption: str
    code: str
    url: str | None
    approximate: bool


class Identity(TypedDict):
    """What a thing is called and where it stands among others."""

    id: str
    kind: str
    kinds: list[str]
    name: str
    synonyms: list[str]
    brands: list[str]
    ingredient_kind: str | None
    identifiers: dict[str, str | list[str]]
    identifier_links: list[IdentifierLink]
    role: Json | None
    summary: str | None
    mechanism: Json | None
    evidence_note: str | None
    profile: Json | None
    parents: list[Named]
    children: list[Named]
    group: str | None
    review: dict[str, str] | None
    place: str | None


class Page(Identity):
    """The whole page of one thing. Every kind of thing has every key, so that one view can show any."""

    regulatory: list[RegulationValue]
    assessments: list[AssessmentValue]
    pooled: list[PooledValue]
    findings: list[FindingValue]
    harms: list[HarmGroup]
    cautions: list[CautionValue]
    inherited_cautions: list[CautionValue]
    triggers: list[CautionValue]
    nothing_found: list[NothingFound]
    mixing: list[MixingValue]
    protocols: list[Json]
    claims: list[ClaimValue]
    also_in: list[PartOf]
    compared_with: list[FindingValue]
    references: list[ReferenceValue]


class CatalogueRow(TypedDict):
    """A thing that has a page, as lists name it; `group` is the kind of an ingredient or the group of a term."""

    id: str
    kind: str
    kinds: list[str]
    name: str
    parents: list[str]
    group: str | None
    findings: int
    summary: str | None


class EvidenceCell(TypedDict):
    """The findings of benefit of a subject for an indication; `certainty` and `bottom_line` are those of the best assessment, if any.

    `directions` and `designs` count findings; `direction` is that of the best assessment, else the most frequent one.
    """

    subject: str
    subject_name: str
    subject_kind: str
    object: str
    object_name: str
    findings: int
    directions: dict[str, int]
    designs: dict[str, int]
    routes: list[str]
    references: list[str]
    certainty: str | None
    direction: str
    bottom_line: str | None
    rated_routes: list[str]


class Counts(TypedDict):
    """How much is recorded; `no_controlled_evidence` are ingredients."""

    ingredients: int
    techniques: int
    indications: int
    findings: int
    references: int
    assessments: int
    cautions: int
    claims: int
    protocols: int
    corrections: int
    left_out: int
    by_direction: dict[str, int]
    by_basis: dict[str, int]
    by_certainty: dict[str, int]
    by_design: dict[str, int]
    by_verdict: dict[str, int]
    no_controlled_evidence: list[str]


class Node(TypedDict):
    """A thing of the graph, named."""

    id: str
    kind: str
    name: str


class _Because(TypedDict):
    kind: str
    id: str
    text: str
    references: list[str]


class Because(_Because, total=False):
    """Why two things are neighbours: a broader term, what contains what, a caution (with its severity), a claim, or a finding.

    The last four keys stand with a finding alone, `severity` with anything else.
    """

    severity: str | None
    subject: str
    object: str
    relation: str
    direction: str


Step = TypedDict("Step", {"from": str, "to": str, "because": list[Because]})  # `from` is a word of Python
"""From one thing to its neighbour."""


class Way(TypedDict):
    """One way from a thing to another."""

    nodes: list[Node]
    steps: list[Step]


class Connection(TypedDict):
    """Why two things are connected; no ways where they are not."""

    a: str
    b: str
    connected: bool
    paths: list[Way]


class Duplicate(TypedDict):
    """Ingredients of a plan that are the same broader thing."""

    action: str
    action_name: str
    ingredients: list[str]


class DayOfPlan(TypedDict):
    """What to do on a day: negative before the session, positive after it.

    `fact_names` are all facts of the patient that ask for it, the trigger first; `subject_names` the parts of the plan.
    """

    day: int
    trigger: str
    trigger_name: str
    fact_names: list[str]
    subject_names: list[str]
    action: str
    severity: str
    references: list[str]


class Neighbour(TypedDict):
    """An edge of the graph; `kind` and `name` are those of its other end."""

    source: str
    target: str
    relation: str
    kind: str
    name: str


SHAPES: dict[str, tuple[type, str]] = {
    "page": (Page, "stable"),
    "page-finding": (FindingValue, "stable"),
    "page-assessment": (AssessmentValue, "stable"),
    "page-caution": (CautionValue, "stable"),
    "page-claim": (ClaimValue, "stable"),
    "page-reference": (ReferenceValue, "stable"),
    "page-harm": (HarmGroup, "unstable"),
    "page-mixing": (MixingValue, "unstable"),
    "page-pooled": (PooledValue, "unstable"),
    "page-regulation": (RegulationValue, "unstable"),
    "connection": (Connection, "unstable"),
}
"""Name of the schema to the shape and to whether others may rely on it."""
