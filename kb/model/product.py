"""What a clinician holds in the hand: a product with its maker, its declared composition and its legal class."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from kb.model.amount import Amount
from kb.model.evidence import Caution, Regulation
from kb.model.record import Line, Part, Record, ReferenceKey, Review, Slug, Text
from kb.model.terms import Route


class ComponentRole(StrEnum):
    """What a component is there for."""

    ACTIVE = "active"
    EXCIPIENT = "excipient"
    TRACE = "trace"
    CONTAINER = "container"


class Component(Part):
    """One thing in a product: an ingredient of the formulary, or, where there is none, a name."""

    ingredient: Slug | None = Field(None, description="ingredient or substance of the formulary")
    name: Line | None = Field(None, description="as declared, when the formulary has no record of it")
    strength: Amount | None = Field(None, description="concentration or amount per container, as declared")
    role: ComponentRole = Field(
        ComponentRole.ACTIVE, description="active, excipient, trace (of manufacture) or container (a latex stopper)"
    )
    note: Line | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.ingredient is None and self.name is None:
            raise ValueError("a component needs `ingredient` (a slug of the formulary) or `name`")
        return self


class LegalClass(StrEnum):
    """What the law of a place takes a product for."""

    MEDICINE = "medicine"
    MEDICAL_DEVICE = "medical-device"
    COSMETIC = "cosmetic"
    FOOD_SUPPLEMENT = "food-supplement"
    BIOLOGIC = "biologic"
    COMPOUNDED = "compounded"
    UNLICENSED = "unlicensed"
    NOT_STATED = "not-stated"


class Legal(Part):
    """The legal class of a product in one place, on a date."""

    jurisdiction: Slug
    legal_class: LegalClass = Field(alias="class")
    as_of: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    references: list[ReferenceKey] = Field(min_length=1)
    note: Text | None = None


class Product(Record):
    """A product by name. In the pre-procedure check it expands into its parts."""

    id: Slug
    name: Line
    synonyms: list[Line] = Field(default_factory=list, description="other names, spellings and brand names elsewhere")
    maker: Line | None = None
    presentation: Line | None = Field(None, description="what is sold: `vial of 3 mL`, `pre-filled syringe of 1 mL`")
    composition: list[Component] = Field(default_factory=list)
    composition_published: bool = Field(True, description="false: the maker publishes none, or only part of it")
    whole: Slug | None = Field(
        None, description="ingredient that stands for the preparation as a whole, in place of its active components"
    )
    routes: list[Route] = Field(
        default_factory=list, description="where the form leaves no choice: topical for a cream, oral for a tablet"
    )
    technique: Slug | None = Field(None, description="for a device: the technique it is made for")
    legal: list[Legal] = Field(default_factory=list)
    regulatory: list[Regulation] = Field(
        default_factory=list, description="withdrawn, prohibited, unapproved, approved"
    )
    cautions: list[Caution] = Field(
        default_factory=list, description="what holds for this product and not its ingredients"
    )
    summary: Text | None = None
    references: list[ReferenceKey] = Field(min_length=1)
    review: Review

    @model_validator(mode="after")
    def _composition_or_said(self) -> Self:
        if self.composition_published and not self.composition and self.technique is None:
            raise ValueError(
                "a product without composition; list `composition`, or say `composition_published: false`, "
                "or name the `technique` of a device"
            )
        return self
