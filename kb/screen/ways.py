"""What makes a title alone enough, where a record does not name a subject with what it is used for.

Each way is a kind of paper that the base rests on: a harm of an ingredient, an ingredient or technique in the skin of the face,
treatments of an indication compared, cosmetic procedures in somebody with an illness or a medicine, what may be mixed with what,
and two things that the base itself joins by a finding or a caution. What is looked for follows from the records; the words
around it stand here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.model.terms import Kind
from kb.screen.vocabulary import Thing

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

HARM, TREATED, PRACTICE, MIXED, LINKED, NAMED = "harm", "treated", "practice", "mixed", "linked", "named"

_HARM = re.compile(
    r"\b(?:adverse|side[- ]effects?|safety|toxicit\w+|complications?|reactions?|disturbances?|injur\w+|necrosis|occlusion"
    r"|\w+[- ]induced|overdose|poisoning|illness\w*|allerg\w+|counterfeit\w*|contamina\w+|outbreak\w*|incompatib\w+|interactions?)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"\b(?:treatments?|treating|therap(?:y|ies|eutics?)|management|managing|interventions?|modalit\w+|efficacy|effectiveness"
    r"|injectables?|monotherap\w+|randomi[sz]ed|(?:clinical|controlled) trial|review|meta-?\s?analys[ie]s|guidelines?"
    r"|consensus|recommendations?)\b",
    re.IGNORECASE,
)
_PRACTICE = re.compile(
    r"\b(?:cosmetic|a?esthetic|dermatologic(?:al)?|cutaneous|facial|beauty)\s+(?:[\w-]+\s+)?"
    r"(?:procedures?|interventions?|injections?|fillers?|surger(?:y|ies)|clinics?|care|medicine)\b|\bface-?\s?lifts?\b",
    re.IGNORECASE,
)
_AESTHETIC = re.compile(
    r"\ba?esthetic (?:medicine|dermatology|injections?|injectables?|procedures?|practice)\b"
    r"|\bcosmetic (?:dermatology|injections?|injectables?|procedures?)\b",
    re.IGNORECASE,
)
"""What the neighbours of the field call themselves."""

PRACTICE_BEGINS = (
    "cosmetic ",
    "aesthetic ",
    "esthetic ",
    "dermatologi",
    "cutaneous ",
    "facial ",
    "beauty ",
    "face lift",
    "facelift",
)
"""Beginnings of the above as the sieve sees a title: small letters, single spaces."""

_MIXED = re.compile(
    r"\b(?:stabilit\w+|(?:in)?compatib\w+|mix(?:ed|ing|tures?)|admix\w+|crystalli[sz]\w+|precipitat\w+|reconstitut\w+|dilut\w+"
    r"|buffered|physicochemical\w*)\b",
    re.IGNORECASE,
)
_MEDICINE = re.compile(
    r"\b(?:inject(?:ion|ions|ed|able|ables)|solutions?|syringes?|infusions?|ampoules?|vials?|an(?:a)?esthetics?|an(?:a)?esthesia)\b",
    re.IGNORECASE,
)
_OPERATION = re.compile(
    r"\b(?:surg\w+|peri-?operative\w*|pre-?operative\w*|operative|inject(?:ion|ions|ed|able|ables)|fillers?|procedures?)\b",
    re.IGNORECASE,
)
_INTO_SKIN = re.compile(r"\bfillers?\b|\binjection lipolysis\b|\bintralipotherapy\b|\blipodissol\w+", re.IGNORECASE)
"""What is injected under the skin alone; beside an ingredient it is no filler of an engineer."""

_SHORTEST_PLACE = 5
_FACE, _PLACES = "site-face", ("site-face", "site-scalp", "site-submental", "site-decolletage")
"""Places of the body whose skin the field treats; of the rest (knee, back) other fields speak more often."""


@dataclass(frozen=True)
class Way:
    """Which of the ways, and the words by which it was known."""

    kind: str
    words: str


class Ways:
    """What the base knows, ready for titles. Travels to other processes by pickle."""

    def __init__(
        self, treated: frozenset[str], links: frozenset[frozenset[str]], holders: frozenset[str], places: str
    ) -> None:
        self.treated, self.links, self.holders = treated, links, holders
        self.places = re.compile(places, re.IGNORECASE) if places else None

    @classmethod
    def of(cls, base: KnowledgeBase) -> Ways:
        return cls(_treated(base), _links(base), frozenset(base.exposures), _places(base))

    def names_a_neighbour(self, title: str) -> bool:
        """Whether a title names a field beside ours, which is enough."""
        return _AESTHETIC.search(title) is not None

    def treats(self, title: str) -> bool:
        """Whether a title tells of treatments."""
        return _TREATED.search(title) is not None

    def of_title(self, title: str, named: Collection[Thing], titled: bool, route: bool) -> Way | None:
        """The way in which a title is enough; `named` stands in it, `titled`: skin or hair too, `route`: a way into the skin.

        None when there is none.
        """
        subjects = [thing for thing in named if thing.is_subject]
        narrow = [thing for thing in subjects if not thing.broad]
        for found in (
            self._harm(title, narrow),
            self._mixed(title, narrow, named),
            self._in_the_skin(title, subjects, titled, route),
            self._compared(title, named),
            self._practised(title, named),
            self._linked(title, named, titled),
        ):
            if found:
                return found
        return None

    def _harm(self, title: str, narrow: list[Thing]) -> Way | None:
        """A harm of a principal ingredient or a technique, which may be new to the base; or of another one that is injected."""
        told = _HARM.search(title)
        if told and (any(thing.leading for thing in narrow) or (narrow and _MEDICINE.search(title))):
            return Way(HARM, told[0].lower())
        return None

    def _mixed(self, title: str, narrow: list[Thing], named: Collection[Thing]) -> Way | None:
        """What happens to medicines in one syringe: an ingredient beside another substance, or in a solution."""
        told = _MIXED.search(title)
        if not told or not any(thing.kind == Kind.INGREDIENT.value for thing in narrow):
            return None
        held = [thing for thing in named if thing.kind in (Kind.INGREDIENT.value, Kind.SUBSTANCE.value)]
        return Way(MIXED, told[0].lower()) if len(held) > 1 or _MEDICINE.search(title) else None

    def _in_the_skin(self, title: str, subjects: list[Thing], titled: bool, route: bool) -> Way | None:
        """A subject beside a word of skin or hair, or a way into the skin; a principal one beside a place of the face."""
        into = any(not thing.broad for thing in subjects) and _INTO_SKIN.search(title)
        if subjects and (titled or route or into):
            return Way(NAMED, "")
        place = self.places.search(title) if self.places and any(t.leading and not t.broad for t in subjects) else None
        return Way(NAMED, place[0].lower()) if place else None

    def _compared(self, title: str, named: Collection[Thing]) -> Way | None:
        """Treatments of an indication of the field, whichever they are."""
        told = _TREATED.search(title) if any(thing.id in self.treated for thing in named) else None
        return Way(TREATED, told[0].lower()) if told else None

    def _practised(self, title: str, named: Collection[Thing]) -> Way | None:
        """Cosmetic procedures, and a harm of them or what the patient brings along."""
        brought = (Kind.ADVERSE_EFFECT.value, Kind.CONDITION.value, Kind.SUBSTANCE.value)
        told = _PRACTICE.search(title) if any(thing.kind in brought for thing in named) else _AESTHETIC.search(title)
        return Way(PRACTICE, told[0].lower()) if told else None

    def _linked(self, title: str, named: Collection[Thing], titled: bool) -> Way | None:
        """Two things that the base joins; where neither is an ingredient, an operation or the skin besides."""
        known = {thing.id: thing for thing in named}
        for pair in self.links:
            if pair <= known.keys():
                first, second = sorted(pair)
                if not pair.isdisjoint(self.holders) and not titled and not _OPERATION.search(title):
                    continue
                return Way(LINKED, f"{known[first].name} and {known[second].name}")
        return None


def _treated(base: KnowledgeBase) -> frozenset[str]:
    """Indications of the field's own shelves for which something is recorded, for them or for what is narrower."""
    own = {slug for shelf in base.formulary.field.shelves for slug in shelf.indications}
    above = {slug: set(term.parents) for slug, term in base.indications.items()}
    found: set[str] = set()
    for slug in {finding.object for finding in base.findings.values()} & base.indications.keys():
        lineage, more = {slug}, above[slug]
        while more:
            lineage |= more
            more = {up for one in more for up in above.get(one, ())} - lineage
        if lineage & own:
            found |= lineage
    return frozenset(found)


def _links(base: KnowledgeBase) -> frozenset[frozenset[str]]:
    """What findings join: an exposure with its object, an ingredient with a substance; and the substances of cautions."""
    found = set()
    for finding in base.findings.values():
        subject = base.subject_of[finding.id]
        if subject in base.exposures or (subject in base.ingredients and finding.object in base.substances):
            found.add(frozenset({subject, finding.object}))
    for slug, ingredient in base.ingredients.items():
        found |= {frozenset({slug, one.trigger}) for one in ingredient.cautions if one.trigger in base.substances}
    return frozenset(pair for pair in found if len(pair) == 2)


def _places(base: KnowledgeBase) -> str:
    """A regular expression of the names of places whose skin the field treats."""
    names = [
        text
        for slug, term in base.terms.items()
        if slug in _PLACES or _FACE in term.parents
        for text in (term.name, *term.synonyms)
        if len(text) >= _SHORTEST_PLACE or slug == _FACE
    ]
    return rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b" if names else ""
