"""What stands in `learning/`: guided paths, the glossary, and which printed depths the drawing of the skin shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text

Brief = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=220)]
"""What a reader sees on hovering over a term."""

Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=400)]


class What(StrEnum):
    """What a step of a path can show, each named by ids of the base."""

    BOTTOM_LINE = "bottom-line"  # assessments
    COMPARISON = "comparison"  # assessments, side by side
    EFFECT = "effect"  # findings with a printed interval, as a forest plot
    POOLED = "pooled"  # the subject whose pooled effects are drawn
    HARMS = "harms"  # ingredients or techniques
    CLAIM = "claim"  # popular claims
    CAUTION = "caution"  # cautions
    FINDING = "finding"  # findings
    PROTOCOL = "protocol"  # protocols
    REGULATION = "regulation"  # ingredients or techniques
    LAYERS = "layers"  # techniques, drawn into the skin
    TRAITS = "traits"  # techniques, compared row by row
    TERM = "term"  # terms of the glossary
    QUESTION = "question"  # generated questions
    PAGE = "page"  # anything with a page of its own, as a link with its summary


class Show(Part):
    """One thing on a step's page."""

    what: What
    ids: list[Slug] = Field(min_length=1)
    only: list[Slug] = Field(default_factory=list, description="harms: these harms and no others")


class Step(Part):
    """One short page: a sentence or two of ours, and what the base has to show for it."""

    id: Slug
    title: Line
    text: Text = Field(description="guiding text; no figure stands here, figures come from what is shown")
    show: list[Show] = Field(min_length=1)


class LearningPath(Record):
    """A sequence of short pages on one topic."""

    id: Slug
    title: Line
    about: Text
    field: Slug | None = Field(None, description="group of indications whose questions belong to it")
    kinds: list[Slug] = Field(default_factory=list, description="kinds of questions that belong to it")
    steps: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_are_told_apart(self) -> Self:
        ids = [s.id for s in self.steps]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"two steps are called {twice[0]}; give each its own id")
        return self


class Source(Part):
    """An official source outside the bibliography."""

    title: Line
    url: Address | None = None


class GlossaryTerm(Record):
    """One word of the field, explained in our own words."""

    id: Slug
    term: Line
    also: list[Line] = Field(default_factory=list, description="other ways to write it")
    group: Slug
    brief: Brief
    text: Text
    see_also: list[Slug] = Field(default_factory=list)
    references: list[ReferenceKey] = Field(default_factory=list)
    sources: list[Source] = Field(default_factory=list)

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if not self.references and not self.sources:
            raise ValueError("names no source; add references (keys of the bibliography) or sources (title and url)")
        return self


class Layer(StrEnum):
    EPIDERMIS = "epidermis"
    JUNCTION = "junction"
    DERMIS = "dermis"
    FAT = "fat"


class DepthMark(Part):
    """One printed depth, by the very words of the technique's `profile.depth`; it is drawn only while they stand there."""

    said: Line = Field(description="words of profile.depth, exactly")
    from_mm: float | None = Field(None, ge=0, le=20)
    to_mm: float | None = Field(None, gt=0, le=20)
    layer: Layer | None = Field(None, description="when the source names a layer and no figure")
    note: Line | None = Field(
        None, description="what the words leave to be guessed, e.g. that it is the needle's length"
    )

    @model_validator(mode="after")
    def _is_a_depth(self) -> Self:
        if (self.to_mm is None) == (self.layer is None):
            raise ValueError("a mark is a depth in millimetres or a layer; give to_mm or layer, one of the two")
        if self.from_mm is not None and (self.to_mm is None or self.from_mm > self.to_mm):
            raise ValueError("from_mm goes with a greater to_mm")
        return self


class DrawnDepth(Record):
    """The depths of one technique that can be drawn."""

    id: Slug = Field(description="technique")
    marks: list[DepthMark] = Field(min_length=1)


class Given(Part):
    """A plan and what is known of a patient, by ids, as the pre-procedure check takes them."""

    ingredients: list[Slug] = Field(default_factory=list)
    technique: Slug | None = None
    conditions: list[Slug] = Field(default_factory=list)
    substances: list[Slug] = Field(default_factory=list)


class PatientCase(Record):
    """An invented patient whose story unfolds: what is told, what comes out when asked, the plan, and then the check."""

    id: Slug
    title: Line
    level: int = Field(ge=1, le=3, description="1 first steps, 2 a fact or two that compete, 3 several at once")
    history: Text
    asked: Text = Field(description="what the patient says only when asked")
    wish: Text = Field(description="what the patient wants")
    indication: Slug
    given: Given
    learn: Text = Field(description="what to take away; no rule and no figure")
