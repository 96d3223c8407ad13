"""The record types and nothing else: no files, no graph, no screens."""

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
from kb.model.record import Part, Place, Record, Review
from kb.model.reference import Author, Notice, Reference
from kb.model.release import Release
from kb.model.subject import (
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
    "SCHEMES",
    "Arm",
    "Assessment",
    "Author",
    "Caution",
    "Claim",
    "ClaimPage",
    "Correction",
    "Exposure",
    "Finding",
    "Frequency",
    "Identifiers",
    "Ingredient",
    "Interval",
    "LeftOut",
    "Mixing",
    "NothingFound",
    "Notice",
    "Outcome",
    "Part",
    "Place",
    "Profile",
    "Protocol",
    "RatedDown",
    "RatedUp",
    "Record",
    "Reference",
    "Regulation",
    "Release",
    "Review",
    "Role",
    "Scheme",
    "Statement",
    "Subject",
    "SubjectPart",
    "Technique",
    "Term",
    "Trait",
    "Window",
]
