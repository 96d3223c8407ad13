"""Amounts with UCUM units: what was given, and how much may be given.

Units are those of the table `UNITS` (ucum.org codes): a small, closed set, so that two records can always be compared.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text
from kb.model.terms import Route


class Unit(NamedTuple):
    """What a unit measures and how many base units it is (mg, mL, mg/mL, ...)."""

    quantity: str
    factor: float
    shown: str
    """How it is printed."""


UNITS: dict[str, Unit] = {
    "g": Unit("mass", 1000, "g"),
    "mg": Unit("mass", 1, "mg"),
    "ug": Unit("mass", 0.001, "µg"),
    "ng": Unit("mass", 0.000001, "ng"),
    "mL": Unit("volume", 1, "mL"),
    "L": Unit("volume", 1000, "L"),
    "uL": Unit("volume", 0.001, "µL"),
    "mg/kg": Unit("mass per body weight", 1, "mg/kg"),
    "ug/kg": Unit("mass per body weight", 0.001, "µg/kg"),
    "g/kg": Unit("mass per body weight", 1000, "g/kg"),
    "mL/kg": Unit("volume per body weight", 1, "mL/kg"),
    "mg/mL": Unit("mass concentration", 1, "mg/mL"),
    "ug/mL": Unit("mass concentration", 0.001, "µg/mL"),
    "ng/mL": Unit("mass concentration", 0.000001, "ng/mL"),
    "g/L": Unit("mass concentration", 1, "g/L"),
    "%": Unit("mass concentration", 10, "%"),  # w/v as labels print it: 1 g in 100 mL
    "mg/g": Unit("mass fraction", 1, "mg/g"),
    "mg/cm2": Unit("mass per area", 1, "mg/cm²"),
    "g/cm2": Unit("mass per area", 1000, "g/cm²"),
    "mL/cm2": Unit("volume per area", 1, "mL/cm²"),
    "cm2": Unit("area", 1, "cm²"),
    "[iU]": Unit("international units", 1, "IU"),
    "[iU]/kg": Unit("international units per body weight", 1, "IU/kg"),
    "[iU]/mL": Unit("international units concentration", 1, "IU/mL"),
    "[arb'U]": Unit("units of one product", 1, "units"),
    "[arb'U]/mL": Unit("units of one product concentration", 1, "units/mL"),
    "[USP'U]": Unit("USP units", 1, "USP units"),
    "[USP'U]/mL": Unit("USP units concentration", 1, "USP units/mL"),
    "mmol": Unit("substance", 1, "mmol"),
    "mmol/L": Unit("substance concentration", 1, "mmol/L"),
    "meq": Unit("equivalents", 1, "mEq"),
    "{cells}": Unit("cells", 1, "cells"),
    "{cells}/mL": Unit("cell concentration", 1, "cells/mL"),
    "10*6.{cells}": Unit("cells", 1e6, "million cells"),
    "{injections}": Unit("injections", 1, "injections"),
    "{sessions}": Unit("sessions", 1, "sessions"),
    "{tablets}": Unit("tablets", 1, "tablets"),
    "{vials}": Unit("vials", 1, "vials"),
    "d": Unit("time", 1, "days"),
    "wk": Unit("time", 7, "weeks"),
    "mo": Unit("time", 30.44, "months"),
    "min": Unit("minutes", 1, "minutes"),
    "h": Unit("minutes", 60, "hours"),
    "mm": Unit("length", 1, "mm"),
    "J/cm2": Unit("fluence", 1, "J/cm²"),
}
"""UCUM code to what it measures. Units of a botulinum toxin are those of one product: `[arb'U]`, never compared across products."""


def _known_unit(code: str) -> str:
    if code not in UNITS:
        raise ValueError(f"{code!r} is not a unit used here; use one of: {', '.join(UNITS)}")
    return code


UnitCode = Annotated[str, AfterValidator(_known_unit)]


class Per(StrEnum):
    """What an amount is counted over."""

    INJECTION = "injection"
    SITE = "site"
    SESSION = "session"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    COURSE = "course"
    DOSE = "dose"


class Amount(Part):
    """One figure of a dose as printed: `0.2 mL per injection`, `10 mg/mL`, `0.05 to 0.1 %`."""

    value: float = Field(ge=0)
    high: float | None = Field(None, ge=0, description="upper end of a range; `value` is the lower end")
    unit: UnitCode = Field(description="UCUM code, e.g. mg, mg/kg, mL, mg/mL, %, [iU], [arb'U]")
    per: Per | None = Field(None, description="injection, site, session, day, week, month, course or dose")
    of: Slug | None = Field(None, description="ingredient, when the preparation has several")
    note: Line | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.high is not None and self.high < self.value:
            raise ValueError(f"the range runs from {self.value} down to {self.high}; give the lower end first")
        return self


class MaximumKind(StrEnum):
    """Whether a figure is an upper limit, a recommended ceiling, or the dose at which harm was reported."""

    LIMIT = "limit"
    RECOMMENDED = "recommended"
    HARM_REPORTED = "harm-reported"


class Says(StrEnum):
    """Who sets a maximum."""

    LABEL = "label"
    REGULATOR = "regulator"
    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    STUDY = "study"


class Maximum(Record):
    """The most of an ingredient (or of a whole class together) that a source allows, or the dose at which harm was reported."""

    id: Slug
    of: Slug = Field(description="ingredient or class of ingredients; narrower ones are added up")
    kind: MaximumKind = MaximumKind.LIMIT
    says: Says = Says.LABEL
    value: float = Field(gt=0)
    unit: UnitCode = Field(description="UCUM code: mg, mg/kg, mL, {injections}, {sessions}, [iU], [arb'U], mg/mL ...")
    per: Per | None = Field(None, description="session, day (24 hours), injection, site, week, month or course")
    with_adrenaline: bool | None = Field(None, description="true or false where the source tells them apart")
    routes: list[Route] = Field(default_factory=list, description="empty: whatever the route")
    sites: list[Slug] = Field(default_factory=list, description="terms of the group `site`; empty: any site")
    product: Slug | None = Field(None, description="holds for this product alone (units of one botulinum toxin)")
    population: Line | None = Field(None, description="whom it is stated for, as printed")
    from_years: float | None = Field(None, ge=0)
    below_years: float | None = Field(None, gt=0)
    from_kg: float | None = Field(None, ge=0)
    below_kg: float | None = Field(None, gt=0)
    counts_with: list[Slug] = Field(
        default_factory=list,
        description="further ingredients or classes whose shares of their own maxima are added to this one",
    )
    jurisdiction: Slug | None = None
    summary: Text = Field(description="the rule in our own words, with the source's conditions")
    references: list[ReferenceKey] = Field(min_length=1)
