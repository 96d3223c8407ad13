"""What is concluded from findings: assessments, cautions, mixing, regulation, protocols."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from kb.model.amount import Amount
from kb.model.record import Line, Part, Record, ReferenceKey, Short, Slug, Text
from kb.model.terms import (
    Act,
    CautionBasis,
    Certainty,
    Compatibility,
    Direction,
    DownReason,
    RegulatoryState,
    Route,
    Says,
    Severity,
    TestedFor,
    UpReason,
)


class Statement(Part):
    """A sentence with the references it rests on."""

    summary: Text
    references: list[ReferenceKey] = Field(min_length=1)


class RatedDown(Part):
    reason: DownReason
    levels: int = Field(1, ge=1, le=2)
    why: Text


class RatedUp(Part):
    reason: UpReason
    levels: int = Field(1, ge=1, le=2)
    why: Text


class Assessment(Record):
    """The body of evidence for subject x route x indication. `certainty` must equal what the stated reasons compute."""

    id: Slug
    object: Slug = Field(description="indication")
    route: Route
    technique: Slug | None = None
    findings: list[Slug] = Field(min_length=1, description="ids of the findings it rests on")
    starts: Certainty = Field(description="high for randomised evidence, low for observational (GRADE)")
    down: list[RatedDown] = Field(default_factory=list)
    up: list[RatedUp] = Field(default_factory=list)
    certainty: Certainty
    direction: Direction
    in_short: Short | None = Field(None, description="the answer in one line, without figures")
    bottom_line: Text
    would_change: Text = Field(description="what evidence would change this")
    publication_bias: Text | None = Field(
        None, description="what was looked at to tell whether trials are missing, and what it showed"
    )


class Window(Part):
    """Days to keep clear before and after the session."""

    before_days: int | None = Field(None, ge=0)
    after_days: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.before_days is None and self.after_days is None:
            raise ValueError("a window needs before_days or after_days; leave it out when no source gives one")
        return self


class Caution(Record):
    """A contraindication, precaution or interaction with a condition or a substance, with evidence for and against."""

    id: Slug
    trigger: Slug = Field(
        description="condition, substance, site, technique or ingredient that raises it; narrower ones raise it too"
    )
    severity: Severity
    routes: list[Route] = Field(default_factory=list, description="empty: whatever the route")
    sites: list[Slug] = Field(
        default_factory=list, description="terms of the group `site` it holds for; empty: whatever the site"
    )
    only_with: list[Slug] = Field(
        default_factory=list,
        description="ingredients or medicines it is about: raised only with one of them, or when the plan names no ingredient",
    )
    products: list[Slug] = Field(
        default_factory=list,
        description="products of the ingredient it is about; with no product named it is raised as *if it is used*",
    )
    act: Act | None = Field(None, description="what it asks for, as a code")
    action: Text = Field(description="what to do")
    continues: bool | None = Field(
        None, description="a medicine the patient takes: true when it runs on, false when it is paused for the session"
    )
    why: Text
    window: Window | None = None
    evidence_for: list[Slug] = Field(default_factory=list, description="ids of findings")
    evidence_against: list[Slug] = Field(default_factory=list, description="ids of findings")
    references: list[ReferenceKey] = Field(default_factory=list)
    basis: CautionBasis | None = Field(None, description="the kind of source it chiefly rests on, as a code")
    sources_disagree: bool = Field(False, description="true when its sources do not say the same")
    strength: Text = Field(description="how much the ban rests on, said plainly")


class MixingTest(Part):
    """One test of a mixture: what was in it, how it was kept, how long, and what was measured."""

    reference: ReferenceKey
    concentration: Line | None = Field(None, description="of each part, as printed")
    vehicle: Line | None = Field(None, description="what they were dissolved or suspended in")
    container: Line | None = None
    temperature: Line | None = Field(None, description="as printed: `5 °C`, `room temperature`")
    hours: float | None = Field(None, gt=0, description="longest time that was found good, in hours")
    days: float | None = Field(None, gt=0, description="longest time that was found good, in days")
    method: Line | None = Field(None, description="how it was measured: `HPLC, pH, appearance`")
    levels: list[TestedFor] = Field(default_factory=list, description="what the test looked at")
    basis: Line | None = Field(None, description="what was read: `abstract`, `full text`")

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.hours is not None and self.days is not None:
            raise ValueError("give the time in `hours` or in `days`, one of the two")
        return self


class Mixing(Record):
    """What is known about this ingredient in one preparation with another."""

    other: Slug
    compatibility: Compatibility
    summary: Text
    references: list[ReferenceKey] = Field(default_factory=list)
    tests: list[MixingTest] = Field(default_factory=list, description="the tests that were read, one by one")

    @model_validator(mode="after")
    def _tested_means_cited(self) -> Self:
        if self.compatibility is not Compatibility.NO_DATA and not self.references:
            raise ValueError(
                "a tested or stated pair needs the reference of the test or the statement; "
                "without one it is no-data-found"
            )
        stray = [t.reference for t in self.tests if t.reference not in self.references]
        if stray:
            raise ValueError(f"a test cites {stray[0]}, which is not among `references`; list it there, too")
        if self.tests and not self.compatibility.value.startswith("tested-"):
            raise ValueError("a pair with `tests` is tested-compatible or tested-incompatible")
        return self


class Regulation(Record):
    """Regulatory status in one jurisdiction for one route and use, on a date."""

    jurisdiction: Slug
    status: RegulatoryState
    route: Route = Route.ANY
    use: Line
    as_of: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="year, month or day the source speaks of")
    only_with: list[Slug] = Field(
        default_factory=list,
        description="ingredients it is about: shown only with one of them, or when the plan names no ingredient",
    )
    references: list[ReferenceKey] = Field(min_length=1)
    note: Text | None = None


class Protocol(Record):
    """A schedule for a technique (and ingredients) in an indication, with who says so."""

    id: Slug
    technique: Slug | None = None
    ingredients: list[Slug] = Field(default_factory=list)
    indication: Slug
    route: Route = Route.NOT_STATED
    says: Says
    reference: ReferenceKey | None = None
    page: str | None = Field(None, description="stem of the popular page that says so")
    dose: Line | None = None
    amounts: list[Amount] = Field(default_factory=list, description="the figures of `dose`, each with its unit")
    depth: Line | None = None
    sessions: Line | None = Field(None, description="number of sessions as stated, e.g. `12` or `6 to 10`")
    interval: Line | None = None
    maintenance: Line | None = None
    onset: Line | None = None
    duration: Line | None = Field(None, description="how long the result lasts")
    summary: Text
    findings: list[Slug] = Field(default_factory=list)

    @model_validator(mode="after")
    def _someone_says_so(self) -> Self:
        if (self.reference is None) == (self.page is None):
            raise ValueError("name who says so: a reference or a popular page, one of the two")
        if (self.says is Says.POPULAR_PAGE) != (self.page is not None):
            raise ValueError("`says: popular-page` goes with `page`, everything else with `reference`")
        return self


class LeftOut(Record):
    """A finding of the source material that is not in the base, and why."""

    source: Line = Field(description="where it stood, e.g. `hair-drugs`")
    reference: Line
    subject: Line
    relation: Line
    object: Line
    reason: Text


class Correction(Record):
    """Something a source had wrong, with the right."""

    id: Slug
    found_on: date
    where: Line
    wrong: Text
    right: Text
    seen_at: Line | None = None
    references: list[ReferenceKey] = Field(default_factory=list)
