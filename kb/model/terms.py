"""The closed vocabularies: study designs, routes, relations, GRADE certainty and its reasons, frequency bands.

Open vocabularies (indications, adverse effects, conditions, substances) are data and live in `formulary/vocabulary/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Ranked(StrEnum):
    """Values written from one end to the other: `rank` counts from 0 at the first."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    @property
    def caption(self) -> str:
        """What it is called where a line begins with it."""
        return self.value.capitalize()


class Kind(StrEnum):
    """What a node of the graph is."""

    INGREDIENT = "ingredient"
    TECHNIQUE = "technique"
    INDICATION = "indication"
    ADVERSE_EFFECT = "adverse-effect"
    CONDITION = "condition"
    SUBSTANCE = "substance"
    TOPIC = "topic"
    JURISDICTION = "jurisdiction"
    FINDING = "finding"
    REFERENCE = "reference"
    CLAIM = "claim"
    PRODUCT = "product"


ACTORS: tuple[str, ...] = (Kind.INGREDIENT.value, Kind.TECHNIQUE.value)
"""Kinds of what is given or done: they have pages of their own evidence; the others are what it is given for, or to whom."""


class IngredientKind(StrEnum):
    DRUG = "drug"
    VITAMIN = "vitamin"
    MINERAL = "mineral"
    AMINO_ACID = "amino-acid"
    PEPTIDE = "peptide"
    ENZYME = "enzyme"
    HORMONE = "hormone"
    POLYMER = "polymer"
    BIOLOGIC = "biologic"
    BOTANICAL = "botanical"
    VEHICLE = "vehicle"
    MIXTURE = "mixture"
    OTHER = "other"


class CocktailRole(StrEnum):
    """*Principal* ingredients are given for their own effect, *complementary* ones support, carry or numb."""

    PRINCIPAL = "principal"
    COMPLEMENTARY = "complementary"
    NOT_USED = "not-used"


class Design(StrEnum):
    """Study design of a reference, strongest first within clinical evidence."""

    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic-review"
    RCT = "rct"
    CONTROLLED_TRIAL = "controlled-trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    PHARMACOKINETIC = "pharmacokinetic"
    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    NARRATIVE_REVIEW = "narrative-review"
    LABEL = "label"
    REGULATORY = "regulatory"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    WEB = "web"
    NOT_STATED = "not-stated"  # brought in, not yet read: nobody has said what kind of study it is

    @property
    def trial(self) -> bool:
        """Is it a trial with a control?"""
        return self in {Design.RCT, Design.CONTROLLED_TRIAL}

    @property
    def controlled(self) -> bool:
        """Is it a controlled trial, or a review that may rest on such trials?"""
        return self.trial or self in {Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW}


class Route(StrEnum):
    """Where the substance goes. How it gets there is a technique."""

    INTRADERMAL = "intradermal"
    SUBCUTANEOUS = "subcutaneous"
    INTRALESIONAL = "intralesional"
    TOPICAL = "topical"
    MICRONEEDLING = "microneedling"
    ELECTROPORATION = "electroporation"
    ORAL = "oral"
    INTRAMUSCULAR = "intramuscular"
    INTRAVENOUS = "intravenous"
    ANY = "any"
    NOT_STATED = "not-stated"

    @property
    def technique(self) -> str | None:
        """The technique that a route names: needling or a current carries in what is put on the skin."""
        return self.value if self in {Route.MICRONEEDLING, Route.ELECTROPORATION} else None

    @property
    def alone(self) -> Route:
        """The route without its technique."""
        return self if self.technique is None else Route.TOPICAL


class Relation(StrEnum):
    TREATS = "treats"
    CAUSES = "causes"
    COMPARED_WITH = "compared-with"
    CONTRAINDICATED_IN = "contraindicated-in"
    PRECAUTION = "precaution"
    INTERACTS_WITH = "interacts-with"
    INTERFERES_WITH_TEST = "interferes-with-test"
    MECHANISM = "mechanism"
    PHARMACOKINETICS = "pharmacokinetics"
    PROTOCOL = "protocol"
    REGULATORY_STATUS = "regulatory-status"


class Direction(StrEnum):
    """What the result says of the statement *subject relation object*."""

    SUPPORTS = "supports"
    OUTCOMES_DIFFER = "outcomes-differ"  # within one study or source: outcomes, doses, times or readers point both ways
    STUDIES_DISAGREE = "studies-disagree"  # the studies under a review, or the sources, do not point one way
    NEITHER_BETTER = "neither-better"  # two treatments compared, neither shown better: never that they are equal
    REFUTES = "refutes"
    INSUFFICIENT = "insufficient"

    @property
    def divided(self) -> bool:
        """Does it point neither way, though there is something to tell? Version 2 of the record types called it *mixed*."""
        return self in {Direction.OUTCOMES_DIFFER, Direction.STUDIES_DISAGREE, Direction.NEITHER_BETTER}

    @property
    def label(self) -> str:
        """What it is called where the question is one of benefit."""
        return _DIRECTION_LABELS[self][0]

    @property
    def harm_label(self) -> str:
        """What it is called where a harm was looked for, in words that cannot be taken for a benefit."""
        return _DIRECTION_LABELS[self][1]

    @property
    def mark(self) -> str:
        """The sign drawn for it, so that no direction hangs on its colour."""
        return _DIRECTION_LABELS[self][2]

    @property
    def tone(self) -> str:
        """The name of its colour: *divided* for all three that point neither way."""
        return "divided" if self.divided else self.value


_DIRECTION_LABELS = {
    Direction.SUPPORTS: ("Supports", "Seen", "+"),
    Direction.OUTCOMES_DIFFER: ("Outcomes differ", "Outcomes differ", "±"),
    Direction.STUDIES_DISAGREE: ("Studies disagree", "Studies disagree", "≠"),
    Direction.NEITHER_BETTER: ("Neither shown better", "No difference shown", "~"),
    Direction.REFUTES: ("Speaks against", "Not seen", "−"),
    Direction.INSUFFICIENT: ("Too little to tell", "Too little to tell", "?"),
}


def conflicting(directions: Iterable[str]) -> bool:
    """Do these directions contradict each other, or does one of them point neither way?"""
    found = {Direction(d) for d in directions}
    return any(d.divided for d in found) or {Direction.SUPPORTS, Direction.REFUTES} <= found


class Basis(StrEnum):
    """What was read to record the finding."""

    FULL_TEXT = "full-text"
    ABSTRACT = "abstract"
    LABEL = "label"
    SECONDARY = "secondary"


class ArmRole(StrEnum):
    """What an arm is in its study, or what a figure is compared with."""

    INTERVENTION = "intervention"
    PLACEBO = "placebo"  # placebo, vehicle, saline, sham
    UNTREATED = "untreated"
    ACTIVE = "active"  # another treatment the study compares with
    CONTROL = "control"  # a control arm whose treatment is not stated
    BEFORE = "before"  # the same people before treatment
    ALL = "all"  # several arms taken together

    @property
    def inactive(self) -> bool:
        """Is what it got known to do nothing of its own?"""
        return self in {ArmRole.PLACEBO, ArmRole.UNTREATED}

    @property
    def compared_with(self) -> bool:
        """Is it an arm the treatment is compared with?"""
        return self in {ArmRole.PLACEBO, ArmRole.UNTREATED, ArmRole.ACTIVE, ArmRole.CONTROL}


class Better(StrEnum):
    """Which way a printed figure points to benefit: more hairs are better, a lower severity score is."""

    HIGHER = "higher"
    LOWER = "lower"


class Certainty(Ranked):
    """GRADE certainty of a body of evidence (Guyatt et al., BMJ 2008;336:924-926), the highest first."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"

    @property
    def level(self) -> int:
        """1 (very low) to 4 (high)."""
        return len(Certainty) - self.rank

    @property
    def marks(self) -> str:
        """GRADE's circles: ⊕⊕⊕◯."""
        return "⊕" * self.level + "◯" * (len(Certainty) - self.level)

    @property
    def caption(self) -> str:
        return f"{super().caption} certainty"

    @property
    def code(self) -> str:
        """As one word, without a blank: the code of GRADE's level in HL7 FHIR, and the name of its colour."""
        return self.value.replace(" ", "-")

    @classmethod
    def of_level(cls, level: int) -> Certainty:
        """The certainty of a level from 1 to 4; levels beyond are taken as the nearest."""
        return list(cls)[len(cls) - max(1, min(level, len(cls)))]


class DownReason(StrEnum):
    """GRADE's five reasons for rating certainty down."""

    RISK_OF_BIAS = "risk-of-bias"
    INCONSISTENCY = "inconsistency"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    PUBLICATION_BIAS = "publication-bias"


class UpReason(StrEnum):
    """GRADE's three reasons for rating observational evidence up."""

    LARGE_EFFECT = "large-effect"
    DOSE_RESPONSE = "dose-response"
    OPPOSING_CONFOUNDING = "opposing-confounding"


class RiskOfBias(StrEnum):
    LOW = "low"
    SOME_CONCERNS = "some-concerns"
    HIGH = "high"
    NOT_ASSESSED = "not-assessed"


class Severity(Ranked):
    """How much an alert of the pre-procedure check weighs, the gravest first."""

    CONTRAINDICATED = "contraindicated"
    AVOID = "avoid"
    CAUTION = "caution"
    INFORM = "inform"

    @property
    def mark(self) -> str:
        """The sign drawn for it, so that no severity hangs on its colour."""
        return "×–!i"[self.rank]

    @property
    def colour(self) -> str:
        """Style of the word in a terminal."""
        return ("bold red", "red", "yellow", "cyan")[self.rank]


GRAVE: tuple[str, ...] = (Severity.CONTRAINDICATED.value, Severity.AVOID.value)
"""Severities that speak against the plan, the gravest first; the others ask for care."""


class Act(StrEnum):
    """What a caution asks for, as a code; `action` says it in words."""

    DO_NOT = "do-not"
    AVOID = "avoid"
    POSTPONE = "postpone"
    REDUCE_DOSE = "reduce-dose"
    TAKE_CARE = "take-care"
    MONITOR = "monitor"
    ASK = "ask"
    TELL = "tell"
    NO_CHANGE = "no-change"


class CautionBasis(StrEnum):
    """The kind of source a caution chiefly rests on, as a code; `strength` says it in words."""

    BOXED_LABEL = "boxed-label"
    LABEL = "label"
    REGULATOR = "regulator"
    GUIDELINE = "guideline"
    TRIAL = "trial"  # trials, cohorts and other studies of people
    CASE_REPORTS = "case-reports"
    REVIEW = "review"  # reviews, monographs, reference works
    MANUFACTURER = "manufacturer"  # manuals of devices, instructions of kits, safety texts of brands
    PRACTICE = "practice"  # habit, analogy, opinion


class RegulatoryState(StrEnum):
    APPROVED = "approved"
    OFF_LABEL = "off-label"
    UNAPPROVED = "unapproved"
    WITHDRAWN = "withdrawn"
    PROHIBITED = "prohibited"


class FrequencyBand(StrEnum):
    """ICH E2/CIOMS III bands of how often an adverse effect occurs."""

    VERY_COMMON = "very common"
    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very rare"
    UNKNOWN = "frequency unknown"

    @classmethod
    def of(cls, proportion: float) -> FrequencyBand:
        """The band of a proportion between 0 and 1: very common from 1/10, common from 1/100, ... very rare below 1/10 000.

        Zero events say nothing about rarity without a large denominator, so 0 is *frequency unknown*.
        """
        if not 0 <= proportion <= 1:
            raise ValueError(f"{proportion} is not a proportion; give a number from 0 to 1")
        if proportion == 0:
            return cls.UNKNOWN
        for band, least in (
            (cls.VERY_COMMON, 0.1),
            (cls.COMMON, 0.01),
            (cls.UNCOMMON, 0.001),
            (cls.RARE, 0.0001),
        ):
            if proportion >= least:
                return band
        return cls.VERY_RARE


class Compatibility(Ranked):
    """What is known about two things in one preparation, gravest first. *No data found* never means safe.

    *Tested* rests on a test that was read, *stated* on a label or a text that says so and prints no test.
    """

    INCOMPATIBLE = "tested-incompatible"
    STATED_INCOMPATIBLE = "stated-incompatible"
    COMPATIBLE = "tested-compatible"
    STATED_COMPATIBLE = "stated-compatible"
    NO_DATA = "no-data-found"

    @property
    def caption(self) -> str:
        told = super().caption.replace("-", " ")
        return f"{told}, no test read" if self.value.startswith("stated-") else told

    @property
    def mark(self) -> str:
        """The sign drawn for it: in brackets where only a label or a text says so."""
        return ("×", "(×)", "✓", "(✓)", "?")[self.rank]

    @property
    def clash(self) -> bool:
        return self in {Compatibility.INCOMPATIBLE, Compatibility.STATED_INCOMPATIBLE}

    @property
    def reading(self) -> int:
        """Place where a plan is looked at, what needs a thought first: clashes, what nobody tested, then what may be mixed."""
        if self is Compatibility.NO_DATA:
            return 2
        return self.rank if self.clash else len(Compatibility) + Compatibility.COMPATIBLE.rank - self.rank


class TestedFor(StrEnum):
    """What a test of a mixture looked at."""

    CHEMICAL = "chemical"
    PHYSICAL = "physical"
    MICROBIOLOGICAL = "microbiological"
    CLINICAL = "clinical"


class Verdict(Ranked):
    """What the evidence says of a popular claim."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    NOT_ASSESSABLE = "not assessable"

    @property
    def mark(self) -> str:
        """The sign drawn for it, so that no verdict hangs on its colour."""
        return "+±–×?"[self.rank]

    @property
    def reading(self) -> int:
        """Place in a list of claims: those that the evidence contradicts first, those it supports late."""
        return Verdict.CONTRADICTED.rank - self.rank if self is not Verdict.NOT_ASSESSABLE else self.rank

    @property
    def rests(self) -> bool:
        """Does it have to name what it rests on? That nothing shows a claim rests on nothing."""
        return self not in {Verdict.UNSUPPORTED, Verdict.NOT_ASSESSABLE}


class Says(StrEnum):
    """Who stands behind a protocol."""

    TRIAL = "trial"
    LABEL = "label"
    CONSENSUS = "consensus"
    REVIEW = "review"
    POPULAR_PAGE = "popular-page"


class Measure(StrEnum):
    """How an outcome figure is expressed; decides what it can be compared with and what range is plausible."""

    MEAN = "mean"
    CHANGE = "change"
    MEDIAN = "median"
    PERCENT = "percent"
    PERCENT_CHANGE = "percent-change"
    COUNT = "count"
    MEAN_DIFFERENCE = "mean-difference"
    STANDARDISED_MEAN_DIFFERENCE = "standardised-mean-difference"
    RISK_RATIO = "risk-ratio"
    ODDS_RATIO = "odds-ratio"
    HAZARD_RATIO = "hazard-ratio"
    RISK_DIFFERENCE = "risk-difference"
    RATIO = "ratio"
    RANK = "rank"
    OTHER = "other"
