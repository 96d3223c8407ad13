"""What popular pages say, paraphrased, with a verdict against the evidence."""

from __future__ import annotations

from pydantic import Field

from kb.model.record import Line, Record, ReferenceKey, Slug, Text
from kb.model.terms import Verdict


class Claim(Record):
    """One factual claim of one page."""

    id: Slug
    says: Text = Field(description="the claim, paraphrased in our own words")
    topic: Slug = Field(
        description="e.g. indication, ingredient, side-effect, contraindication, schedule, technique, result"
    )
    subject: Slug = Field(description="ingredient or technique")
    relation: Slug
    object: Slug | None = Field(None, description="vocabulary term, ingredient, technique or topic")
    verdict: Verdict
    why: Text
    findings: list[Slug] = Field(default_factory=list)
    references: list[ReferenceKey] = Field(default_factory=list)
    contradicts: list[Slug] = Field(default_factory=list, description="claims of other pages that say otherwise")


class ClaimPage(Record):
    """One popular page and all its claims."""

    id: Line = Field(description="the page's file stem, e.g. `001_784aea1548db220c`")
    title: Line
    about: Text | None = None
    claims: list[Claim] = Field(default_factory=list)
