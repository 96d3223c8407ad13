"""What a base is about and what its pages are called: everything that would be another word in another field."""

from __future__ import annotations

from pydantic import Field

from kb.model.record import Line, Part, Record, ReferenceKey, Slug, Text


class Shelf(Part):
    """A heading indications are found under. An indication stands on the shelf of its nearest broader term that has one."""

    id: Slug
    title: Line
    group: Slug | None = Field(None, description="the `group` of indications that stand here; left out: the id")
    indications: list[Slug] = Field(default_factory=list, description="broadest terms whose indications stand here")

    @property
    def of_group(self) -> str:
        return self.group or self.id


class Comparison(Part):
    """A comparison the Compare page offers."""

    title: Line
    items: list[Slug] = Field(min_length=2, max_length=4, description="ingredients and techniques")


class Question(Part):
    """Two things whose connection the Explore page offers to explain."""

    a: Slug
    b: Slug


class ClassFacts(Part):
    """Facts asked of the techniques of a class beside those of every technique."""

    technique: Slug
    facts: list[Slug] = Field(min_length=1)


class Asked(Part):
    """Conditions and substances of which a caution, or `nothing_found`, has to speak."""

    techniques: list[Slug] = Field(default_factory=list, description="of every technique")
    classes: list[ClassFacts] = Field(default_factory=list)
    drugs: list[Slug] = Field(default_factory=list, description="of every ingredient of the kind drug")
    studied: list[Slug] = Field(default_factory=list, description="of every ingredient with five findings or more")


class NotWith(Part):
    """A fact that a careful colleague would ask about with these subjects, though no caution is recorded yet."""

    fact: Slug
    subjects: list[Slug] = Field(min_length=1)


class Practice(Part):
    """What questions for learners must know of single terms, so that no wrong answer is true as well."""

    harms_of_the_needle: list[Slug] = Field(default_factory=list, description="left by the needle, whatever is given")
    vague_harms: list[Slug] = Field(default_factory=list, description="too wide to be an answer")
    harms_of_one_substance: list[Slug] = Field(
        default_factory=list,
        description="brought about only by what they are documented for, whatever broader harms a needle can leave",
    )
    women: list[Slug] = Field(default_factory=list, description="facts that a man cannot bring along")
    men: list[Slug] = Field(default_factory=list, description="facts that a woman cannot bring along")
    no_note: list[Slug] = Field(
        default_factory=list, description="not to be said in one note, or so wide that they mean nothing without more"
    )
    never_harmless: list[Slug] = Field(
        default_factory=list,
        description="to think of before any needle, peel or numbing: right answers where a caution says so, wrong answers nowhere",
    )
    not_with: list[NotWith] = Field(default_factory=list)


class ImportantDifference(Part):
    """The smallest difference of an outcome that matters, and to whom; without `value` none was found where one was looked for."""

    name: Line = Field(description="the outcome")
    unit: Line | None = Field(None, description="unit of the differences that are compared with it")
    value: float | None = Field(None, gt=0)
    high: float | None = Field(
        None, gt=0, description="upper end, where sources or methods differ (`value` is the lower)"
    )
    says: Text = Field(description="how it was found, whose judgement it is, and what it is not")
    references: list[ReferenceKey] = Field(min_length=1)


class Hints(Part):
    """What stands in the empty boxes of the pre-procedure check."""

    ingredient: Line = "Ingredient…"
    technique: Line = "Technique…"
    condition: Line = "Pregnancy, diabetes…"
    substance: Line = "Warfarin…"
    also: Line = "pregnant 10 weeks; takes warfarin"
    done: Line = "operation 3 weeks ago"
    coming: Line = "operation in 5 days; blood test tomorrow"
    site: Line = "left arm"
    amounts: Line = "name: 5 mL of 2 %"
    place: Line = "United Kingdom (empty: everywhere)"


class Known(Part):
    """Terms that a rule of the pre-procedure check has to know by name. One that is left out: its rule says nothing."""

    child: Slug | None = Field(None, description="what a patient below 18 years is")
    older_adult: Slug | None = Field(None, description="what a patient from 65 years on is")
    very_old_adult: Slug | None = Field(None, description="what a patient from 75 years on is")
    pregnancy: Slug | None = None
    can_conceive: Slug | None = Field(None, description="whoever could be pregnant, and is asked")
    trying_to_conceive: Slug | None = None
    partner_trying_to_conceive: Slug | None = Field(None, description="what the former is in a man")
    coagulation_disorder: Slug | None = Field(None, description="what a raised INR amounts to without an anticoagulant")
    anticoagulant: Slug | None = Field(None, description="the class that explains a raised INR")
    clots: Slug | None = Field(None, description="a clot that a patient has or has had")
    clotting_tendency: Slug | None = Field(None, description="an inborn or acquired tendency to clots")
    clots_in_family: Slug | None = Field(None, description="what either of the two is in a blood relative")
    any_ingredient: Slug | None = Field(None, description="the labels' *hypersensitivity to any ingredient*")
    breast_cancer: Slug | None = None
    breast_cancer_of_a_man: Slug | None = Field(None, description="what the former is in a man")
    severe_allergy: Slug | None = Field(None, description="anaphylaxis in the past, whatever it was to")
    adrenaline: Slug | None = Field(
        None, description="what a maximum of a local anaesthetic may be stated with or without"
    )
    cannot_conceive: Slug | None = Field(None, description="what some operations bring about, once they have been done")
    by_needle: Slug | None = Field(None, description="what `IM`, `drip` or `injection` alone amount to as a technique")


class KnowledgeField(Record):
    """`formulary/field.yaml`. Without the file a base has these plain names and offers nothing to begin with."""

    id: Slug = Field("knowledge-base", description="name of the base for machines: addresses, package names")
    name: Line = Field("Knowledge base", description="on every page, and in citations")
    short_name: Line = Field("Knowledge base", description="in the header")
    subject: Line = Field("this field", description="what it is about, as in `What is known in ...`")
    creator: Line = Field("The contributors", description="who is cited as author")
    lede: Text = Field(
        "Ingredients, techniques and indications with their evidence, harms and cautions. Every figure leads to its paper.",
        description="under the heading of the first page",
    )
    usual_technique: Slug | None = Field(None, description="how something ordered is given when the order says nothing")
    shelves: list[Shelf] = Field(default_factory=list, description="what fits none of them stands under `other`")
    comparisons: list[Comparison] = Field(default_factory=list)
    starts: list[Slug] = Field(default_factory=list, description="where Explore offers to begin")
    questions: list[Question] = Field(default_factory=list)
    asked: Asked = Field(default_factory=Asked)
    check: Known = Field(default_factory=Known)
    practice: Practice = Field(default_factory=Practice)
    important_differences: list[ImportantDifference] = Field(default_factory=list)
    hints: Hints = Field(default_factory=Hints)
