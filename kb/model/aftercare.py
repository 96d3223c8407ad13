"""What to do after a session and in an emergency, line by line, each with who says so; and what changed in the world."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text


class AdviceKind(StrEnum):
    AFTERCARE = "aftercare"
    EMERGENCY = "emergency"


class Stage(StrEnum):
    """When a line holds: the first five of an emergency, the others of aftercare; in the order in which they are read."""

    RECOGNISE = "recognise"
    FIRST = "first"
    NEXT = "next"
    REFER = "refer"
    KEEP_READY = "keep-ready"
    BEFORE = "before"
    SAME_DAY = "same-day"
    FOLLOWING_DAYS = "following-days"
    WARNING_SIGNS = "warning-signs"


class AdviceLine(Part):
    """One thing to do or to look out for."""

    stage: Stage
    text: Text
    references: list[ReferenceKey] = Field(min_length=1, description="who says so")
    disputed: Text | None = Field(None, description="who says otherwise, and what")


class Advice(Record):
    """Aftercare of a technique or an ingredient, or what to do in one emergency."""

    id: Slug
    kind: AdviceKind
    name: Line
    subjects: list[Slug] = Field(
        default_factory=list, description="techniques and ingredients it is for; empty: any injection or needling"
    )
    object: Slug | None = Field(None, description="emergencies: the adverse effect it is about")
    words: list[Line] = Field(default_factory=list, description="other words that ask for it: what is given in it")
    lines: list[AdviceLine] = Field(min_length=1)
    limits: Text | None = Field(None, description="what could not be read, or rests on opinion alone")


class Change(Record):
    """Something that changed in the world: a warning, a ban, a new law, an approval or a withdrawal, with its day."""

    id: Slug
    on: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="year, month or day on which it happened")
    body: Line = Field(description="who acted")
    jurisdiction: Slug | None = Field(None, description="where it holds; absent: not bound to a place")
    subjects: list[Slug] = Field(default_factory=list, description="ingredients, techniques and exposures it is about")
    objects: list[Slug] = Field(default_factory=list, description="indications, adverse effects or topics it is about")
    summary: Text
    references: list[ReferenceKey] = Field(min_length=1)
    read_on: date = Field(description="day on which the source was read")
