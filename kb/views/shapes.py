"""What views make of the plain values of a page before a template draws it: the values, with what a reader wants beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired

from typing_extensions import TypedDict

from kb.questions.shapes import (
    AssessmentValue,
    CautionValue,
    ClaimValue,
    DayOfPlan,
    EvidenceCell,
    FindingValue,
    HarmValue,
    Json,
)


class Labelled(TypedDict):
    """A dose or schedule that a label prints."""

    text: str
    reference: str


class Line(AssessmentValue):
    """A bottom line: an assessment with the designs it rests on and the words of its route and technique."""

    how: str
    studies: str
    rests_on: list[FindingValue]
    labelled: list[Labelled]
    trust: str


class ArmFigure(TypedDict):
    """The figure of one arm; `control` is empty for what is treated, `contrast` true for a difference between arms."""

    arm: str | None
    figure: str
    control: str
    contrast: bool


class Absolute(TypedDict):
    """An outcome in absolute terms, the control always with it."""

    what: str
    arms: list[ArmFigure]
    reference: str


class EffectLine(TypedDict):
    """A printed effect with its interval."""

    figure: str
    what: str
    reference: str


class ComparedLine(Line):
    """A bottom line on the page of an indication."""

    absolute: Absolute | None
    effect: EffectLine | None


class OutcomeFigure(TypedDict):
    """A figure as it is printed; `hundred` is people of 100, where people were counted."""

    arm: str | None
    text: str
    hundred: str | None
    kind: str | None
    value: str
    note: str


class OutcomeGroup(TypedDict):
    """Figures of one measure at one time; `weight` is small for what a reader of a summary wants first."""

    measure: str
    at: str | None
    arms: list[OutcomeFigure]
    effects: list[OutcomeFigure]
    weight: int
    n: int | None
    finding: FindingValue


class SummaryTable(TypedDict):
    """Outcomes of one assessment, and how many more there are."""

    line: Line
    rows: list[OutcomeGroup]
    more: int


class Studied(TypedDict):
    """What was given in a study."""

    finding: FindingValue
    how: str
    schedule: str
    followed: str


class Warned(CautionValue):
    """A caution of a page; one that it inherits names its holder."""

    holder: str
    holder_name: str


class Cited(TypedDict):
    """What a caution rests on, as far as it is known here."""

    summary: str
    reference: str


class Day(TypedDict):
    """What to do on a day around a session, which is day 0."""

    day: int
    tasks: list[DayOfPlan]


class OpenedCell(EvidenceCell):
    """A cell of the evidence map with what it rests on, the strongest designs first."""

    assessments: list[AssessmentValue]
    found: list[FindingValue]
    subject_href: str
    object_href: str


class NamedTrigger(TypedDict):
    name: str
    routes: str
    anchor: str


class BriefLine(TypedDict):
    """Triggers of one severity, and how many more there are."""

    severity: str
    named: list[NamedTrigger]
    more: int


class Brief(TypedDict):
    """Cautions in one glance: lines of the grave ones, how many cautions in all, how many names are shown."""

    lines: list[BriefLine]
    total: int
    named: int


class HarmSeen(HarmValue):
    """A harm as one finding saw it, its frequency in words, and the other thing of the finding."""

    figure: str
    besides: str


class HarmEntry(TypedDict):
    """One harm, or one cause of it, with everything that was seen; `unseen` counts findings that did not see it."""

    id: str
    name: str
    band: str
    seen: list[HarmSeen]
    unseen: int


class HarmsShown(TypedDict):
    """Harms of one group; `causes` when the entries are what causes the harm of the page."""

    title: str
    entries: list[HarmEntry]
    causes: bool


class MixedPair(TypedDict):
    """The other thing of a mixture: the gravest word, what was found and what was tested, each with its references."""

    other: str
    name: str
    word: str
    found: list[tuple[str, list[str]]]
    tests: list[tuple[str, list[str]]]


class ClaimsShown(TypedDict):
    """How many claims have each verdict, those that are shown, and how many there are."""

    counts: dict[str, int]
    shown: list[ClaimValue]
    all: int


class RouteLines(TypedDict):
    """Bottom lines of a group of routes."""

    anchor: str
    title: str
    lines: list[Line]


class DosingBox(TypedDict):
    """What is known of dosing on a group of routes; `more` counts studies that are not shown."""

    anchor: str
    title: str
    maxima: list[Mapping[str, Any]]
    protocols: list[Json]
    studied: list[Studied]
    more: int


class Dose(TypedDict):
    """A dose that can stand under a title; the lightest `weight` comes first."""

    title: str
    anchor: str
    says: str
    text: str
    references: list[str]
    weight: tuple[int, int]


class Row(TypedDict):
    """A row of a comparison: a cell for each item, drawn by the macro `shape`; `object` with an indication alone."""

    label: str
    href: str
    title: str
    shape: str
    cells: list[Any]
    object: NotRequired[str]


class RowGroup(TypedDict):
    """Rows of a comparison under one heading."""

    id: str
    title: str
    rows: list[Row]
