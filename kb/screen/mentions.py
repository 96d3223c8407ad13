"""What of the base a record speaks of, and where: in its title, its keywords or its abstract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.model.terms import Kind
from kb.screen.matcher import Matcher
from kb.screen.pattern import Pattern
from kb.screen.sieve import Sieve
from kb.screen.vocabulary import Sure, Thing, Word, things, words
from kb.screen.ways import Way, Ways

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

TITLE, KEYWORDS, ABSTRACT = "title", "keywords", "abstract"

_SHORTEST_ALONE = 4
"""Letters from which an abbreviation needs no company: PDRN, DMAE.

With a letter less (PRP, AGA) that of a subject needs an indication by name beside it, and that of an indication a subject;
TAC beside heart failure is no triamcinolone, and PFS in a trial of oncology no sexual dysfunction.
"""


_FIELD = Pattern.of(
    r"\b(?:skin(?![- ](?:incision|closure|to[- ]skin|prick|cancer))|cutaneous|dermal|dermat\w+|scalp|hair|facial"
    r"|cosmetic\w*|a?esthetic\w*|wrinkl\w+|photo-?(?:damag|ag)\w+|rejuvenat\w+"
    r"|(?:submental|locali[sz]ed) fat|subcutaneous (?:\w+ )?(?:fat|tissue)|lower (?:eye)?lids?|eyelash\w*|eyebrows?"
    r"|fat[- ](?:reduc|dissol)\w+)\b",
    "skin", "cutan", "derma", "scalp", "hair", "facial", "cosm", "esth", "wrink", "photo", "rejuv", "fat", "lid", "eyelash",
    "eyebrow",
)  # fmt: skip
_LOCAL = Pattern.of(
    r"\b(?:intra-?dermal\w*|intracutaneous\w*|intralesional\w*|m[eé]soth?[eé]rap\w+|mezoterap\w+"
    r"|intradermo-?th?erap\w+|micro-?needl\w+|derma-?roll\w+|dermapen\w*|nappage|skin needling)\b",
    "derm", "intracut", "intrales", "sot", "zot", "needl", "nappage",
)  # fmt: skip
_INJECTION = Pattern.of(r"\b(?:subcutaneous\w* |micro)?inject(?:ion|ions|ed|able|ables)\b", "inject")


@dataclass(frozen=True)
class Mentions:
    """Id of each subject and object to the best place it stands in, and what else the words say."""

    subjects: Mapping[str, str]
    objects: Mapping[str, str]
    route: tuple[str, str] | None
    """Word of a way into the skin, and its place."""
    field: bool
    """Whether skin, hair or cosmetics are spoken of."""
    titled: bool = False
    """Whether they are in the title."""
    ours: bool = False
    """Whether they, or a way into the skin, are anywhere in the record; a plain injection is no such way."""
    way: Way | None = None
    """What makes the title enough, where no subject stands beside what it is used for."""
    own: str = ""
    """Where the field's own name stands, the best place; empty when it does not."""


class Reader:
    """The base's words, ready to be looked for in records."""

    def __init__(self, known: Mapping[str, Thing], vocabulary: Iterable[Word], ways: Ways) -> None:
        self.things, self.ways = known, ways
        self._words = list(vocabulary)
        self._matcher = Matcher(self._words)

    @classmethod
    def of(cls, base: KnowledgeBase) -> Reader:
        known = things(base)
        return cls(known, words(base, known), Ways.of(base))

    @cached_property
    def sieve(self) -> Sieve:
        """What releases records that these words cannot make candidates."""
        return Sieve(self._words, self.things, self.ways)

    def __getstate__(self) -> dict[str, object]:
        return {"things": self.things, "words": self._words, "ways": self.ways}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["things"], state["words"], state["ways"])  # type: ignore[misc]

    def mentions(self, title: str, keywords: Collection[str], abstract: str) -> Mentions | None:
        """What a record speaks of; None unless a subject and an indication, a harm or a condition stand in it.

        The field's own name (mesotherapy, in any language) is enough by itself; so is a title that is enough in one of the
        ways of `ways`.

        Beside a harm or a condition alone a subject needs a word of the field (skin, hair, cosmetic, a way into the skin),
        unless both stand in the title; caffeine and hypertension in one abstract are not yet our matter.
        """
        places = {
            TITLE: self._matcher.find(title),
            KEYWORDS: self._matcher.find(" ; ".join(keywords)),
            ABSTRACT: self._matcher.find(abstract),
        }
        if not any(places.values()) and not self.ways.names_a_neighbour(title):
            return None
        own = next((place for place, met in places.items() if any(word.sure is Sure.OWN for word in met)), "")
        route = _route(title, abstract)
        titled = bool(_FIELD.search(title))
        local = route is not None and is_local(route[0])
        ours = bool(own or titled or local or _FIELD.search(abstract))
        field = ours or route is not None
        standing = self._standing(places, route, field, titled and self.ways.treats(title))
        subjects = {slug: place for slug, place in standing.items() if self.things[slug].is_subject}
        objects = {slug: place for slug, place in standing.items() if slug not in subjects}
        kinds = {self.things[slug].kind for slug in objects}
        if own:
            return Mentions(subjects, objects, route, field, titled, ours, own=own)
        near = Kind.INDICATION.value in kinds or self._close(subjects, objects, field)
        if subjects and not kinds <= {Kind.SUBSTANCE.value} and near:
            return Mentions(subjects, objects, route, field, titled, ours)
        named = [self.things[slug] for slug, place in standing.items() if place == TITLE]
        way = self.ways.of_title(title, named, titled, local and route is not None and route[1] == TITLE)
        return Mentions(subjects, objects, route, field, titled, ours, way) if way else None

    def _close(self, subjects: Mapping[str, str], objects: Mapping[str, str], field: bool) -> bool:
        """Whether subjects and harms or conditions stand close enough to be one matter."""
        titled = any(place == TITLE and not self.things[slug].broad for slug, place in objects.items())
        return any(
            (field and not self.things[slug].broad) or (titled and place == TITLE) for slug, place in subjects.items()
        )

    def _standing(
        self, places: Mapping[str, set[Word]], route: tuple[str, str] | None, field: bool, cared: bool
    ) -> dict[str, str]:
        """Id to best place of the things whose words count here, in the order of the places.

        `cared`: the title tells of treatments and of skin or hair, so that there the commonest words count.
        """
        plain = {
            slug
            for place, found in places.items()
            for word in found
            if word.sure in (Sure.PLAIN, Sure.OWN)
            for slug in word.things
            if place == TITLE or not self.things[slug].broad
        }
        treated = field and any(self.things[slug].kind == Kind.INDICATION.value for slug in plain)
        company = treated or (route is not None and is_local(route[0]))
        standing: dict[str, str] = {}
        for place, found in places.items():
            for word in sorted(found, key=lambda word: word.text):
                if word.sure is Sure.COMMON and not company and not (cared and place == TITLE):
                    continue
                for slug in word.things:
                    if self._counts(word, slug, place, plain):
                        standing.setdefault(slug, place)
        return standing

    def _counts(self, word: Word, slug: str, place: str, plain: set[str]) -> bool:
        if self.things[slug].broad and place != TITLE:
            return False
        if word.sure in (Sure.PLAIN, Sure.OWN, Sure.COMMON) or slug in plain:
            return True
        if word.sure is Sure.ORDINARY:
            return False
        if len(word.text) >= _SHORTEST_ALONE:
            return True
        thing, named = self.things[slug], [self.things[other] for other in plain]
        if len(word.text) < _SHORTEST_ALONE - 1:
            return False
        if thing.is_subject:
            return any(other.kind == Kind.INDICATION.value for other in named)
        return thing.kind == Kind.INDICATION.value and any(other.is_subject for other in named)


def _route(title: str, abstract: str) -> tuple[str, str] | None:
    for pattern in (_LOCAL, _INJECTION):
        for place, text in ((TITLE, title), (ABSTRACT, abstract)):
            if found := pattern.search(text):
                return found[0].lower(), place
    return None


def is_local(route: str) -> bool:
    """Whether the word says that something goes into the skin, and not only that it is injected."""
    return bool(_LOCAL.expression.fullmatch(route))
