"""A first look at thousands of records at once, which releases those that cannot be candidates.

A record is released when no word stands in it without which `mentions` finds nothing: the field's own name, or a subject; and
for a subject that needs company (peptide, a short abbreviation) an indication or a way into the skin. The columns are joined,
reduced to plain small letters with single spaces and searched by one automaton (ahocorasick_rs) each, whole batches at a
time, so most records never become text of Python. What is kept may still be no candidate; what is released never is one:
`tests/screen/test_sieve.py` holds both to the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from kb.model.terms import Kind
from kb.screen.extras import need
from kb.screen.matcher import NOT_ASCII, closed, key, plain, tokens
from kb.screen.vocabulary import Sure, Thing, Word
from kb.screen.ways import PRACTICE_BEGINS, Ways

ENOUGH, IN_TITLE, NEEDS_COMPANY, COMPANY, COMMON, OF_FIELD = 1, 2, 4, 8, 16, 32
"""What a word says of its record: it may be a candidate; it may where the word is in the title; where company is; is company.

COMMON is said by a common word and OF_FIELD by one of skin or hair, in the title alone, where the two are company to each other.
"""

_ROW, _END_OF_TITLE = "\x01", "\x02"
_SPACED = bytes(
    code if code in (1, 2) or code >= 128 or chr(code).isalnum() else 32 for code in bytes(range(256)).lower()
)
"""Small letters; what stands between words becomes a space."""

_LOCAL = (
    "intradermal", "intra dermal", "intracutaneous", "intralesional", "mesotherap", "mesoterap", "mezoterap",
    "intradermotherap", "intradermoterap", "intradermo therap", "intradermo terap", "microneedl", "micro needl", "dermaroll",
    "derma roll", "dermapen", "nappage", "skin needling",
)  # fmt: skip
"""Beginnings of the ways into the skin that `mentions` knows, wherever they stand."""

_SKIN = (
    "skin", "cutaneous", "dermal", "dermat", "scalp", "hair", "facial", "cosmetic", "aesthetic", "esthetic", "wrinkl", "photo",
    "rejuvenat", "submental fat", "localised fat", "localized fat", "subcutaneous", "lower lid", "lower eyelid", "eyelash",
    "eyebrow", "fat reduc", "fat dissol",
)  # fmt: skip
"""Beginnings of the words of skin and hair that `mentions` knows."""

_LONGEST, _SHORTEST_ABBREVIATION = 4, 3
_SPACE = ord(" ")


class Sieve:
    """The words of the base, prepared for releasing records. Raises MissingExtraError without ahocorasick_rs."""

    def __init__(self, words: Iterable[Word], known: Mapping[str, Thing], ways: Ways) -> None:
        phrases: dict[bytes, int] = {part.encode(): COMPANY for part in _LOCAL}
        phrases |= {b" " + part.encode(): OF_FIELD for part in _SKIN}
        if ways.treated:
            for part in PRACTICE_BEGINS:
                phrases[b" " + part.encode()] = phrases.get(b" " + part.encode(), 0) | IN_TITLE
        enough = ways.treated | ways.holders
        singles: dict[bytes, int] = {}
        for word in words:
            if not (said := _said(word, known, enough)):
                continue
            for form in _forms(word):
                for spelling in _spellings(form):
                    phrases[spelling] = phrases.get(spelling, 0) | said
                    if len(form) == 1 and word.sure is not Sure.ABBREVIATION:
                        singles[spelling] = singles.get(spelling, 0) | said
        self._phrases, self._compounds = _automaton(phrases), _automaton(singles)

    def kept(self, titles: Any, keywords: Any, abstracts: Any) -> Any:
        """Which rows of the three Arrow columns may be candidates, as a NumPy column of truth values."""
        compute, numbers = need("pyarrow.compute"), need("numpy")
        joined = compute.binary_join_element_wise(_ROW, titles, _END_OF_TITLE, keywords, abstracts, "", " ")
        text = NOT_ASCII.sub(_small_letter, "".join(joined.to_pylist())).encode("utf-8", "replace")
        letters = numbers.frombuffer(text.translate(_SPACED), numbers.uint8)
        spaces = letters == _SPACE
        single = letters[numbers.append(True, ~(spaces[1:] & spaces[:-1]))]
        closed_up = numbers.frombuffer(text.replace(b"--", b" ").translate(_SPACED, b"-"), numbers.uint8)
        said = numbers.zeros(len(joined), numbers.uint8)
        for spelled, scan in ((single, self._phrases), (closed_up, self._compounds)):
            if not _scan(spelled, *scan, said):  # a character that parts rows stands in a row
                return numbers.ones(len(joined), bool)
        return (said & ENOUGH != 0) | _both(said, NEEDS_COMPANY | COMPANY) | _both(said, COMMON | OF_FIELD)


def _both(said: Any, bits: int) -> Any:
    return said & bits == bits


def _automaton(found: Mapping[bytes, int]) -> tuple[Any, Any]:
    """An automaton for the spellings, and what each of them says."""
    library, numbers = need("ahocorasick_rs"), need("numpy")
    kind = library.Implementation.DFA
    return library.BytesAhoCorasick(list(found), implementation=kind), numbers.array(
        list(found.values()), numbers.uint8
    )


def _scan(letters: Any, automaton: Any, says: Any, said: Any) -> bool:
    """Add to `said` what the words of each row say. False when the rows cannot be told apart."""
    numbers = need("numpy")
    begins, ends = numbers.flatnonzero(letters == 1), numbers.flatnonzero(letters == 2)
    if not len(begins) == len(ends) == len(said):
        return False
    if found := automaton.find_matches_as_indexes(letters, overlapping=True):
        which, places, _ = numbers.array(found, numbers.int64).T
        of = numbers.searchsorted(begins, places, side="right") - 1
        what = says[which]
        titled = places < ends[of]
        enough = (what & IN_TITLE != 0) & titled
        what = numbers.where(titled, what, what & ~numbers.uint8(COMMON | OF_FIELD))
        numbers.bitwise_or.at(said, of, what | enough.astype(numbers.uint8) * ENOUGH)
    return True


def _said(word: Word, known: Mapping[str, Thing], enough: frozenset[str]) -> int:
    """What a word says of a record, at most; the rules themselves stand in `mentions` and `ways`."""
    things = [known[slug] for slug in word.things]
    if word.sure is Sure.OWN:
        return ENOUGH
    said = 0 if enough.isdisjoint(word.things) else IN_TITLE
    if word.sure is Sure.PLAIN and any(thing.kind == Kind.INDICATION.value for thing in things):
        said |= COMPANY
    subjects = [thing for thing in things if thing.is_subject]
    short = word.sure is Sure.ABBREVIATION and len(word.text) <= _SHORTEST_ABBREVIATION
    if not subjects or word.sure is Sure.ORDINARY or (short and len(word.text) < _SHORTEST_ABBREVIATION):
        return said
    if word.sure is Sure.COMMON:
        return said | NEEDS_COMPANY | COMMON
    if short:
        return said | NEEDS_COMPANY
    return said | (IN_TITLE if all(thing.broad for thing in subjects) else ENOUGH)


def _forms(word: Word) -> set[tuple[str, ...]]:
    """The words of a name as the matcher compares them."""
    text = plain(word.text)
    if word.sure is Sure.ABBREVIATION:
        return {tuple(tokens(spelling.lower())) for spelling in (text, text + "s")}
    return {tuple(map(key, tokens(spelling))) for spelling in (text, closed(text))} - {()}


def _spellings(form: tuple[str, ...]) -> list[bytes]:
    """A form in one spelling or several, singular and plural, from space to space; of a long one its beginning."""
    each = [
        sorted(
            {
                part,
                *(more for more in (part + "s", part + "es", part[:-1] + "ies", part[:-2] + "es") if key(more) == part),
            }
        )
        for part in form[:_LONGEST]
    ]
    return [f" {' '.join(parts)} ".replace("ς", "σ").encode() for parts in product(*each)]


class _Small(dict[str, str]):
    """Letter to the small letters it is compared as, worked out when it is first met."""

    def __missing__(self, letter: str) -> str:
        self[letter] = small = plain(letter).lower().replace("ς", "σ")
        return small


_SMALL = _Small()


def _small_letter(found: re.Match[str]) -> str:
    return _SMALL[found[0]]
