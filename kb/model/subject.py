"""What evidence hangs on: ingredients, techniques and exposures, and the vocabulary terms they speak of."""

from __future__ import annotations

from pydantic import Field, PositiveInt, model_validator

from kb.model.evidence import Assessment, Caution, Mixing, Regulation, Statement
from kb.model.finding import Finding
from kb.model.identifiers import Identifiers, SchemeKey
from kb.model.record import Line, Part, Record, ReferenceKey, Review, Slug, Text
from kb.model.terms import CocktailRole, IngredientKind, Route


class NothingFound(Record):
    """A standard fact of the patient that was looked up for a subject without a caution coming of it, and why."""

    fact: Slug = Field(description="condition or substance that was looked up")
    why: Text = Field(description="why no caution stands: nothing known, does not apply, or left to the ingredients")
    looked: list[Line] = Field(min_length=1, description="where was looked: reference keys, or pages in words")


class LayWords(Part):
    """What people call a thing in other languages of Europe, by ISO 639-1 code: for search and for the pre-procedure check."""

    fr: list[Line] = Field(default_factory=list, description="French")
    it: list[Line] = Field(default_factory=list, description="Italian")
    es: list[Line] = Field(default_factory=list, description="Spanish")
    pt: list[Line] = Field(default_factory=list, description="Portuguese")
    de: list[Line] = Field(default_factory=list, description="German")

    def pairs(self) -> list[tuple[str, str]]:
        """(language, word) for every word."""
        return [(language, word) for language in type(self).model_fields for word in getattr(self, language)]


class Subject(Record):
    """Shared by everything that has findings of its own."""

    id: Slug
    name: Line
    synonyms: list[Line] = Field(default_factory=list)
    identifiers: Identifiers = Field(default_factory=lambda: Identifiers.model_validate({}))
    approximate: list[SchemeKey] = Field(
        default_factory=list, description="identifier schemes that are not an exact match"
    )
    summary: Text | None = Field(None, description="one or two sentences for the top of the page")
    findings: list[Finding] = Field(default_factory=list)
    assessments: list[Assessment] = Field(default_factory=list)
    cautions: list[Caution] = Field(default_factory=list)
    regulatory: list[Regulation] = Field(default_factory=list)
    nothing_found: list[NothingFound] = Field(
        default_factory=list, description="standard facts that were looked up and raise nothing"
    )
    review: Review

    @model_validator(mode="after")
    def _approximate_codes_are_there(self) -> Subject:
        _approximate(self)
        return self


class Content(Record):
    """Something a preparation may hold that a patient can be allergic to: an excipient, a source, a trace, a stopper."""

    what: Slug = Field(description="ingredient or substance: egg-protein, sulfite, benzyl-alcohol, milk-protein, ...")
    presentation: Line | None = Field(None, description="which products or presentations; absent: all")
    references: list[ReferenceKey] = Field(min_length=1)
    note: Line | None = None


class Role(Part):
    value: CocktailRole
    why: Text


class Ingredient(Subject):
    """A substance of the cocktail."""

    kind: IngredientKind
    brands: list[Line] = Field(default_factory=list, description="brand names, for search")
    lay: LayWords | None = Field(None, description="what people call it in other languages")
    parents: list[Slug] = Field(default_factory=list, description="broader ingredients: a salt's base, a class")
    role: Role
    mechanism: Statement | None = None
    evidence_note: Text | None = Field(
        None, description="for ingredients without controlled evidence: says exactly that"
    )
    mixing: list[Mixing] = Field(default_factory=list)
    contents: list[Content] = Field(
        default_factory=list, description="excipients, sources and traces that patients may be allergic to"
    )


class Trait(Part):
    """One row of the technique comparison, with where it was read."""

    value: Line
    references: list[ReferenceKey] = Field(default_factory=list, description="reference keys")
    seen_at: list[Line] = Field(default_factory=list, description="pages, when the source is not in the bibliography")


class Profile(Part):
    """The comparison a trainee asks for; a row nobody has printed stays absent."""

    depth: Trait | None = None
    delivery: Trait | None = Field(None, description="how the substance gets in")
    irritation: Trait | None = None
    recovery: Trait | None = None
    pain: Trait | None = None
    harms: Trait | None = None
    device: Trait | None = Field(None, description="device class or status")


class Technique(Subject):
    """A way of getting substances, or energy, into the skin."""

    lay: LayWords | None = Field(None, description="what people call it in other languages")
    parents: list[Slug] = Field(default_factory=list)
    routes: list[Route] = Field(
        default_factory=list,
        description="where it puts what is given; the pre-procedure check asks the status for these",
    )
    profile: Profile = Field(default_factory=lambda: Profile.model_validate({}))
    evidence_note: Text | None = None


class Exposure(Subject):
    """Something the patient brings along (a medicine, a supplement, a state, a practice) that findings speak of.

    Its id is that of a vocabulary term, which says what kind of thing it is.
    """


class SubjectPart(Record):
    """A file in a subject's own folder: more of the subject's lists, so that two authors touch different files."""

    findings: list[Finding] = Field(default_factory=list)
    assessments: list[Assessment] = Field(default_factory=list)
    cautions: list[Caution] = Field(default_factory=list)
    regulatory: list[Regulation] = Field(default_factory=list)
    mixing: list[Mixing] = Field(default_factory=list, description="ingredients only")
    contents: list[Content] = Field(default_factory=list, description="ingredients only")
    nothing_found: list[NothingFound] = Field(default_factory=list)


class Lasts(Part):
    """How long a term holds of a patient who brings it along with a date or with the word that it has ended."""

    days: PositiveInt | None = Field(
        None, description="days after which it is past: a recent stroke is one for half a year"
    )
    ends: bool = Field(
        False, description="a state that is over once that is said, or after `days`: pregnancy, breastfeeding"
    )
    always: bool = Field(False, description="never past, so that no window is kept: what was put in stays")


class Term(Record):
    """A word records may use: an indication, an adverse effect, a condition, a substance, a topic or a jurisdiction."""

    id: Slug
    name: Line
    parents: list[Slug] = Field(default_factory=list, description="broader terms of the same vocabulary")
    same_as: list[Slug] = Field(
        default_factory=list, description="terms of other vocabularies that mean the same to the pre-procedure check"
    )
    synonyms: list[Line] = Field(default_factory=list)
    lay_terms: list[Line] = Field(default_factory=list, description="what patients call it")
    lay: LayWords | None = Field(None, description="what people call it in other languages")
    brands: list[Line] = Field(default_factory=list, description="brand names of a medicine")
    allergen: list[Slug] = Field(
        default_factory=list,
        description="conditions that are an allergy: the ingredients, substances or classes it is an allergy to",
    )
    nothing_found: Text | None = Field(
        None, description="for a term that no caution names: what was looked for, and that nothing was found"
    )
    lasts: Lasts | None = Field(None, description="conditions: how long they hold of a patient, where that is not open")
    left_by: list[Slug] = Field(
        default_factory=list,
        description="conditions that a treatment leaves: the ingredients, products or techniques that leave it",
    )
    beside: list[Slug] = Field(
        default_factory=list,
        description="conditions that need no card of their own beside these: a history beside the outbreak",
    )
    group: Slug | None = None
    serious: bool = Field(False, description="adverse effects: life-threatening, disabling or lasting")
    definition: Text | None = None
    identifiers: Identifiers = Field(default_factory=lambda: Identifiers.model_validate({}))
    approximate: list[SchemeKey] = Field(
        default_factory=list, description="identifier schemes that are not an exact match"
    )

    @model_validator(mode="after")
    def _approximate_codes_are_there(self) -> Term:
        _approximate(self)
        return self


def _approximate(record: Subject | Term) -> None:
    if lacking := record.identifiers.lacking(record.approximate):
        raise ValueError(
            f"`approximate` names {', '.join(lacking)}, of which there is no code; remove it, or add the code"
        )
