"""A systematic search on record: what was asked, where, what came back, what was taken and what was not."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text


class Excluded(Part):
    """A work that was looked at and not taken."""

    title: Line = Field(description="title, or author and year as a table prints them")
    ident: Line | None = Field(None, description="DOI, PMID, PMCID or address")
    reason: Text


class CountedTrial(Part):
    """One trial of a review's list, named as the review names it."""

    name: Line
    held: ReferenceKey | None = Field(None, description="key of the trial's own paper when it is in references.bib")


class ReviewCount(Part):
    """The trials a review counts, so that a page can say how many of them are held."""

    review: ReferenceKey
    counts: Line = Field(description="what is counted, e.g. `placebo-controlled trials of hair density`")
    counted: int = Field(ge=1, description="how many, as the review says")
    seen_at: Line = Field(description="page on which the list or the number was seen")
    trials: list[CountedTrial] = Field(
        default_factory=list, description="the list, as far as it could be read; empty when it could not"
    )

    @property
    def held(self) -> int | None:
        """How many of the listed trials are in the bibliography; `None` when the list could not be read."""
        return sum(t.held is not None for t in self.trials) if self.trials else None

    @model_validator(mode="after")
    def _not_more_than_counted(self) -> Self:
        if len(self.trials) > self.counted:
            raise ValueError(f"{len(self.trials)} trials listed, {self.counted} counted; correct one of the two")
        names = [t.name.casefold() for t in self.trials]
        if len(set(names)) < len(names):
            twice = next(n for n in names if names.count(n) > 1)
            raise ValueError(f"the trial {twice!r} is listed twice; remove one")
        return self


class Search(Record):
    """One search of the literature for one question. A file of `formulary/searches/` holds one, or several."""

    id: Slug
    question: Text
    subjects: list[Slug] = Field(min_length=1, description="ingredients, techniques or exposures")
    objects: list[Slug] = Field(
        default_factory=list, description="indications, adverse effects, conditions, topics or jurisdictions"
    )
    date: date
    words: list[Line] = Field(min_length=1, description="the words as typed, one line a query")
    places: list[Line] = Field(min_length=1, description="where: databases, sites, reference lists, tables")
    looked_at: int = Field(ge=0, description="works on the question that were looked at (title or more), each once")
    included: list[ReferenceKey] = Field(default_factory=list)
    excluded: list[Excluded] = Field(default_factory=list)
    reviews_count: list[ReviewCount] = Field(default_factory=list)
    limits: Text | None = Field(None, description="what was not searched, or could not be read")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        told = len(self.included) + len(self.excluded)
        if told > self.looked_at:
            raise ValueError(
                f"{told} included and excluded, only {self.looked_at} looked at; raise `looked_at` or remove some"
            )
        return self

    @property
    def not_told(self) -> int:
        """Works looked at that are neither included nor excluded by name: not on the question."""
        return self.looked_at - len(self.included) - len(self.excluded)
