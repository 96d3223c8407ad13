"""A plan for the pre-procedure check as programs send it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Word = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(max_length=40)]


class PlanIn(BaseModel):
    """Words may be ids, names, brands, lay words or phrases. Nothing of it is stored or logged."""

    model_config = ConfigDict(extra="forbid")

    ingredients: Words = Field(default_factory=list, description="the syringe; products expand into their parts")
    techniques: Words = Field(default_factory=list)
    conditions: Words = Field(default_factory=list, description="what the patient has")
    substances: Words = Field(default_factory=list, description="medicines and supplements the patient takes")
    allergic_to: Words = Field(default_factory=list)
    done: Words = Field(default_factory=list, description="done lately, with when: `filler 3 days ago`")
    coming: Words = Field(default_factory=list, description="what is coming, with when: `PSA test next week`")
    sites: Words = Field(default_factory=list)
    years: float | None = Field(None, ge=0, le=130, strict=True)
    kg: float | None = Field(None, ge=0.2, le=500, strict=True)
    sex: str | None = Field(None, pattern="^(female|male)$")
    jurisdictions: Words = Field(default_factory=list, description="only status records of these places")
    amounts: dict[str, Word] = Field(
        default_factory=dict,
        max_length=40,
        description="an entry of `ingredients` to what is given of it: `5 mL of 2 %`",
    )
