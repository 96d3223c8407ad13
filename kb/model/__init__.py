"""The record types and nothing else: no files, no graph, no screens."""

from kb.model.amount import UNITS, Amount, Maximum, Per, Unit
from kb.model.appraisal import DOMAINS, Appraisal, Domain, DomainJudgement, Instrument, Judgement
from kb.model.claim import Claim, ClaimPage
from kb.model.evidence import (
    Assessment,
    Caution,
    Correction,
    LeftOut,
    Mixing,
    Protocol,
    RatedDown,
    RatedUp,
    Regulation,
    Statement,
    Window,
)
from kb.model.finding import Arm, Finding, Frequency, Interval, Outcome
from kb.model.identifiers import SCHEMES, Identifiers, Scheme
from kb.model.literature_search import CountedTrial, Excluded, ReviewCount, Search
from kb.model.product import Component, Legal, Product
from kb.model.record import Part, Place, Record, Review
from kb.model.reference import Author, Notice, Reference
from kb.model.release import Release
from kb.model.subject import (
    Content,
    Exposure,
    Ingredient,
    NothingFound,
    Profile,
    Role,
    Subject,
    SubjectPart,
    Technique,
    Term,
    Trait,
)

__all__ = [
    "DOMAINS",
    "SCHEMES",
    "UNITS",
    "Amount",
    "Appraisal",
    "Arm",
    "Assessment",
    "Author",
    "Caution",
    "Claim",
    "ClaimPage",
    "Component",
    "Content",
    "Correction",
    "CountedTrial",
    "Domain",
    "DomainJudgement",
    "Excluded",
    "Exposure",
    "Finding",
    "Frequency",
    "Identifiers",
    "Ingredient",
    "Instrument",
    "Interval",
    "Judgement",
    "LeftOut",
    "Legal",
    "Maximum",
    "Mixing",
    "NothingFound",
    "Notice",
    "Outcome",
    "Part",
    "Per",
    "Place",
    "Product",
    "Profile",
    "Protocol",
    "RatedDown",
    "RatedUp",
    "Record",
    "Reference",
    "Regulation",
    "Release",
    "Review",
    "ReviewCount",
    "Role",
    "Scheme",
    "Search",
    "Statement",
    "Subject",
    "SubjectPart",
    "Technique",
    "Term",
    "Trait",
    "Unit",
    "Window",
]
