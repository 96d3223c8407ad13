"""What kind of study a record seems to be: as the record itself says, else guessed from its words.

A guess is told as a guess. A record says its design by its publication types and by MeSH headings for designs (Cohort
Studies, Case-Control Studies); its title and its abstract are words to guess from. Nobody's reading is replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.literature.entry import Entry, design_of
from kb.model.terms import Design
from kb.screen.rows import LIST

RECORD, FROM_TITLE, FROM_ABSTRACT = (
    "as the record itself says",
    "guessed from the title",
    "guessed from the abstract",
)

_HEADINGS = {
    "cohort studies": Design.COHORT,
    "follow-up studies": Design.COHORT,
    "prospective studies": Design.COHORT,
    "case-control studies": Design.CASE_CONTROL,
    "cross-sectional studies": Design.CROSS_SECTIONAL,
}
"""MeSH headings (lower case) that name a design."""

_TITLE = (
    (r"\bnetwork meta-?\s?analys[ie]s\b|\bmeta-?\s?analys[ie]s\b", Design.META_ANALYSIS),
    (r"\b(?:systematic|scoping) review\b", Design.SYSTEMATIC_REVIEW),
    (r"(?<!non)(?<!non-)\brandomi[sz]ed\b", Design.RCT),
    (r"\bguidelines?\b", Design.GUIDELINE),
    (r"\bconsensus\b|\bdelphi\b", Design.CONSENSUS),
    (r"\bcase[- ]control\b", Design.CASE_CONTROL),
    (r"\bcohort\b", Design.COHORT),
    (r"\bcross-?\s?sectional\b", Design.CROSS_SECTIONAL),
    (r"\bsplit-?(?:face|scalp|scar|head)\b|\b(?:controlled|comparative) (?:trial|study)\b", Design.CONTROLLED_TRIAL),
    (r"\bcase series\b", Design.CASE_SERIES),
    (r"\bcase report\b|\breport of (?:a|one) case\b", Design.CASE_REPORT),
    (r"\bpharmacokinetics?\b", Design.PHARMACOKINETIC),
    (r"\breview\b", Design.NARRATIVE_REVIEW),
)
_ABSTRACT = (
    (
        r"\b(?:we (?:conducted|performed)|this) (?:a )?(?:systematic review and )?meta-?\s?analysis\b",
        Design.META_ANALYSIS,
    ),
    (
        r"\brandomly (?:assigned|allocated|divided)\b|\bwere randomi[sz]ed\b|\brandomi[sz]ed,? .{0,40}\btrial\b",
        Design.RCT,
    ),
    (r"\bcohort study\b", Design.COHORT),
    (r"\bcase[- ]control study\b", Design.CASE_CONTROL),
    (r"\bwe (?:report|describe|present) (?:a|the) (?:rare )?case\b", Design.CASE_REPORT),
)
_HUMANS = re.compile(
    r"\b(?:patients?|participants?|volunteers?|wom[ae]n|m[ae]n|humans?|children|clinical trial|case report)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\b(?:patients?|participants?|volunteers?|wom[ae]n|m[ae]n|humans|children)\b", re.IGNORECASE)
_ANIMALS = re.compile(
    r"\b(?:mice|mouse|murine|rats?|rabbits?|pigs?|minipigs?|piglets?|porcine|dogs?|canine|cats?|feline|horses?|equine|sheep"
    r"|goats?|cattle|bovine|broilers?|hens?|chickens?|zebrafish|carps?|trout|tilapia|drosophila|guinea pigs?|hamsters?"
    r"|animal (?:stud(?:y|ies)|models?)|monkeys?|macaques?)\b",
    re.IGNORECASE,
)
_IN_VITRO = re.compile(
    r"\b(?:in vitro|ex vivo|cell lines?|cultured (?:human )?\w+|keratinocytes|b16f10|fibroblast cultures?)\b",
    re.IGNORECASE,
)
_PLANTS = re.compile(
    r"\b(?:seedlings?|cultivars?|crops?|drought|soil|rhizosphere|germination|arabidopsis|foliar|fruit quality|plant growth"
    r"|aquaculture|feed additive|livestock)\b",
    re.IGNORECASE,
)
_NOT_A_STUDY = {
    "comment", "letter", "editorial", "news", "published erratum", "retraction of publication", "expression of concern",
    "retraction notice", "corrected and republished article",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Study:
    """What judging a record looks at; lists as in a row, one part a line. `design` is what our own BibTeX form states."""

    title: str
    keywords: str = ""
    abstract: str = ""
    headings: str = ""
    types: str = ""
    notices: str = ""
    design: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Study:
        return cls(
            str(entry.fields.get("title", "")),
            LIST.join(entry.keywords),
            entry.abstract,
            LIST.join(entry.headings),
            LIST.join(entry.publication_types),
            LIST.join([*(f"{n.kind}\t{n.said}" for n in entry.notices), *entry.declared]),
            entry.design.value if entry.design else "",
        )

    @property
    def publication_types(self) -> list[str]:
        return self.types.split(LIST) if self.types else []


@dataclass(frozen=True)
class Guess:
    """A design and where it was read; `design` is None when nothing tells."""

    design: Design | None = None
    said: str | None = None


def design(study: Study) -> Guess:
    """What kind of study a record seems to be. Work without people goes before anything else a record says."""
    title = study.title
    without = _without_people(study, title)
    if without.design is not None:
        return without
    typed = design_of(study.publication_types, "")
    if typed not in (None, Design.NARRATIVE_REVIEW):
        return Guess(typed, RECORD)
    stated = Design(study.design) if study.design else None
    if stated not in (None, Design.NOT_STATED, typed, design_of((), title)):  # a field of our own BibTeX form
        return Guess(stated, RECORD)
    for pattern, found in _TITLE:
        if re.search(pattern, title, re.IGNORECASE):
            told = RECORD if found is Design.NARRATIVE_REVIEW and typed else FROM_TITLE
            return Guess(found, told)
    if typed is not None:
        return Guess(typed, RECORD)
    for heading in study.headings.split(LIST):
        if heading.lower() in _HEADINGS:
            return Guess(_HEADINGS[heading.lower()], RECORD)
    for pattern, found in _ABSTRACT:
        if re.search(pattern, study.abstract[:20_000], re.IGNORECASE):
            return Guess(found, FROM_ABSTRACT)
    return Guess()


def in_people(study: Study) -> bool:
    """Whether a record says that people were studied: by MeSH, else by its words."""
    return "humans" in study.headings.lower().split(LIST) or bool(
        _HUMANS.search(study.title) or _HUMANS.search(study.abstract[:20_000])
    )


def of_plants(study: Study) -> bool:
    """Whether it is about crops, soil or feed and says nothing of people."""
    return bool(_PLANTS.search(study.title) or _PLANTS.search(study.abstract[:20_000])) and not in_people(study)


def is_trial(study: Study) -> bool:
    """Whether the record calls itself a clinical trial, of whatever kind."""
    return any(kind.strip().lower().startswith("clinical trial") for kind in study.publication_types)


def is_no_study(study: Study) -> str | None:
    """The publication type of what only speaks about a study (a letter, an erratum), in lower case."""
    types = {kind.strip().lower() for kind in study.publication_types}
    return min(types & _NOT_A_STUDY, default=None) if not types & {"case reports"} else None


def _without_people(study: Study, title: str) -> Guess:
    """Animals or cells alone, by MeSH where the record has headings, else by its words."""
    headings = set(study.headings.lower().split(LIST))
    if "humans" in headings:
        return Guess()
    if "animals" in headings:
        return Guess(Design.ANIMAL, RECORD)
    abstract = study.abstract[:20_000]
    if _ANIMALS.search(title) and not _PEOPLE.search(title):  # human fat in nude mice is no study of people
        return Guess(Design.ANIMAL, FROM_TITLE)
    if _HUMANS.search(title):
        return Guess()
    if _HUMANS.search(abstract):
        return Guess()
    for pattern, found in ((_ANIMALS, Design.ANIMAL), (_IN_VITRO, Design.IN_VITRO)):
        for text, said in ((title, FROM_TITLE), (abstract, FROM_ABSTRACT)):
            if pattern.search(text):
                return Guess(found, said)
    return Guess()
