"""A finding: one study's result on one question, with its figures as printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from kb.model import printed
from kb.model.amount import Amount
from kb.model.appraisal import Appraisal
from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text
from kb.model.terms import ArmRole, Basis, Better, Direction, FrequencyBand, Measure, Relation, RiskOfBias, Route


class Arm(Part):
    """One group of a study."""

    name: Line
    n: int | None = Field(None, ge=0, description="people (or sides) in the arm")


class Interval(Part):
    """A confidence or credible interval as printed, in the unit of its outcome."""

    low: float
    high: float
    level: float = Field(95, gt=0, lt=100, description="percent")
    credible: bool = Field(False, description="true for a Bayesian credible interval")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"interval runs from {self.low} down to {self.high}; give the lower bound first")
        return self


class Conversion(StrEnum):
    """How a figure was worked out of those printed; the formulas are in `kb.appraisal.convert`."""

    SD_FROM_SE = "sd-from-standard-error"
    SD_FROM_INTERVAL = "sd-from-confidence-interval"
    SD_FROM_P = "sd-from-p-or-t-value"
    FROM_QUARTILES = "mean-and-sd-from-quartiles"
    FROM_RANGE = "mean-and-sd-from-range"
    SD_OF_CHANGE = "sd-of-change-from-baseline"
    EVENTS_FROM_PERCENT = "events-from-percentage"
    PERCENT_FROM_EVENTS = "percentage-from-events"
    COMBINED = "groups-combined"
    DIFFERENCE = "difference-of-arms"
    INTERVAL_FROM_P = "interval-from-p-value"
    SMD_FROM_P = "standardised-difference-from-p-value"


class NoEffect(StrEnum):
    """Why a comparison of benefit gives no effect with an interval: what the source, as far as it was read, does not print."""

    NO_FIGURES = "no-figures"
    ONLY_P = "only-a-p-value"
    NO_SPREAD = "no-spread"
    NO_NUMBERS = "no-numbers-in-arms"
    NO_COMPARISON = "no-figure-of-the-comparison"
    NOT_POOLED = "review-not-pooled"
    RANKING = "ranking-only"


class Computed(Part):
    """Marks a figure that the paper does not print: what it was worked out from, and how."""

    source: Line = Field(
        alias="from", description="the figures as printed, e.g. `SE 1.2, n 30`, or `median 12 (9 to 17), n 40`"
    )
    formula: Conversion


class Outcome(Part):
    """One figure of a study. Every number stands as printed, with its arm or contrast, its unit and its time.

    What is not printed but worked out carries `computed`.
    """

    measure: Line = Field(description="what was measured, in words")
    kind: Measure = Field(Measure.OTHER, description="how the figure is expressed")
    concept: Slug | None = Field(None, description="outcome concept that makes figures of several studies comparable")
    arm: Line | None = Field(None, description="arm, or contrast such as `minoxidil vs placebo`")
    role: ArmRole | None = Field(None, description="what the arm is; of a contrast, its first side")
    against: ArmRole | None = Field(None, description="of a contrast: what the arm is compared with")
    better: Better | None = Field(
        None,
        description="which way the figure as printed favours the arm (of a contrast: its first side); leave out when not sure",
    )
    value: float | None = None
    high: float | None = Field(
        None, description="upper end when a range of values is printed (`value` is the lower end)"
    )
    baseline: float | None = Field(None, description="value before treatment, when a change `from` - `to` is printed")
    unit: Line | None = None
    events: int | None = Field(None, ge=0)
    n: int | None = Field(None, ge=0, description="denominator of `events`, or people measured")
    sd: float | None = Field(None, ge=0)
    se: float | None = Field(None, ge=0)
    interval: Interval | None = None
    p: str | None = Field(None, description="as printed, e.g. `<0.001` or `0.27`")
    i_squared: float | None = Field(None, ge=0, le=100, description="percent")
    at: Line | None = Field(None, description="when it was measured, e.g. `24 weeks`")
    note: Line | None = Field(
        None, description="what the print adds: `approximately`, `at least`, a table it came from"
    )
    computed: Computed | None = Field(None, description="for a figure that is not printed: what it was worked out from")

    @field_validator("p", "at", "unit")
    @classmethod
    def _can_be_read(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None:
            {"p": printed.p_value, "at": printed.time, "unit": printed.unit}[str(info.field_name)](text)
        return text

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given = (self.value, self.events, self.p, self.interval, self.note)
        if all(x is None for x in given):
            raise ValueError("an outcome without any figure; give value, events, interval, p or note, or remove it")
        if self.events is not None and self.n is not None and self.events > self.n:
            raise ValueError(f"{self.events} events among {self.n} people; events cannot exceed n")
        return self


class Frequency(Part):
    """How often a harm occurred, with its denominator; the ICH/CIOMS band follows from it."""

    events: int | None = Field(None, ge=0)
    n: int | None = Field(None, gt=0)
    percent: float | None = Field(None, ge=0, le=100)
    stated_band: FrequencyBand | None = Field(None, description="band a label prints without figures")
    arm: Line | None = None

    @model_validator(mode="after")
    def _has_a_figure(self) -> Self:
        if self.percent is None and self.stated_band is None and (self.events is None or self.n is None):
            raise ValueError("a frequency needs percent, or events and n, or a stated_band")
        if self.events is not None and self.n is not None and self.events > self.n:
            raise ValueError(f"{self.events} events among {self.n} people; events cannot exceed n")
        return self

    @property
    def proportion(self) -> float | None:
        """Share of people, 0 to 1; events and n go before a rounded percent."""
        if self.events is not None and self.n:
            return self.events / self.n
        return None if self.percent is None else self.percent / 100

    @property
    def band(self) -> FrequencyBand:
        share = self.proportion
        return (self.stated_band or FrequencyBand.UNKNOWN) if share is None else FrequencyBand.of(share)


class Finding(Record):
    """One study's result on one question; the subject is the record whose file it stands in."""

    id: Slug
    reference: ReferenceKey
    relation: Relation
    object: Slug = Field(description="indication, adverse effect, condition, substance, ingredient, technique or topic")
    direction: Direction
    route: Route = Route.NOT_STATED
    technique: Slug | None = None
    co_ingredients: list[Slug] = Field(
        default_factory=list, alias="with", description="other actives in the preparation"
    )
    background: list[Slug] = Field(
        default_factory=list,
        description="those of `with` that every arm was given: the contrast is what is added to them",
    )
    within_person: bool = Field(
        False, description="true when sides or periods of one person are compared (split head, split face, crossover)"
    )
    dose: Line | None = Field(None, description="as stated: concentration, volume, amount")
    amounts: list[Amount] = Field(default_factory=list, description="the figures of `dose`, each with its unit")
    trial: Line | None = Field(None, description="name or registry number, when one paper reports several trials")
    population: Line | None = None
    n: int | None = Field(None, ge=0, description="people in the study or review")
    arms: list[Arm] = Field(default_factory=list)
    comparator: Line | None = None
    sessions: int | None = Field(None, ge=0)
    interval_weeks: float | None = Field(None, ge=0)
    follow_up_weeks: float | None = Field(None, ge=0)
    outcomes: list[Outcome] = Field(default_factory=list)
    effect_missing: NoEffect | None = Field(
        None, description="for a comparison without an effect and interval: what the source, as read, does not print"
    )
    frequency: Frequency | None = Field(None, description="for harms: how often, in whom")
    basis: Basis
    seen_at: Line = Field(description="page on which the figures were seen")
    summary: Text = Field(description="what was found, in our own words")
    limitations: Text | None = None
    risk_of_bias: RiskOfBias = RiskOfBias.NOT_ASSESSED
    appraisals: list[Appraisal] = Field(default_factory=list, description="risk of bias by instrument and domain")
    doubt: Text | None = Field(None, description="what is not sure about this record")
    note: Text | None = Field(None, description="for curators: what was mended and why")

    @model_validator(mode="after")
    def _background_is_given(self) -> Self:
        strange = set(self.background) - set(self.co_ingredients)
        if strange:
            raise ValueError(f"background names {', '.join(sorted(strange))}, which `with` does not; add it to `with`")
        return self

    @model_validator(mode="after")
    def _risk_of_bias_follows(self) -> Self:
        for appraisal in self.appraisals:
            if appraisal.overall is not self.risk_of_bias:
                raise ValueError(
                    f"risk_of_bias says {self.risk_of_bias.value}, the domains of {appraisal.instrument.value} give "
                    f"{appraisal.overall.value}; set risk_of_bias: {appraisal.overall.value}"
                )
        return self
