"""Whether an entry is there already: by its identifiers, else by title and year; and how the two differ, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kb.literature import mend
from kb.literature.entry import FIELDS, Entry
from kb.model.reference import Author, Reference

IDENTIFIERS = ("doi", "pmid", "pmcid")

CLOSE = 90.0
"""Likeness of two folded titles (rapidfuzz ratio, 0 to 100) from which they may be one; typing errors and `-` for `:`."""

SAME_TITLE = 96.0
"""Likeness from which two titles are one even where their first authors differ or the years are not known."""


SHORTEST_PART = 30
"""Letters from which a title without its subtitle is taken for that title."""

_ROMAN = re.compile(r"i{1,3}|iv|vi{0,3}|ix|x")


class Verdict(StrEnum):
    """What a field of an entry is beside the stored one."""

    SAME = "same"
    NEW = "new field"
    CONFLICT = "conflict"
    KEPT = "only stored"


@dataclass(frozen=True)
class FieldComparison:
    """One field side by side, as text; `verdict` says what it is."""

    field: str
    stored: str
    found: str
    verdict: Verdict


@dataclass(frozen=True)
class Match:
    """A stored reference that an entry repeats, or seems to.

    `reasons` are in words (`same DOI`, `title 97% alike, same year`); `score` is 100 for an identifier, else the
    likeness of the titles; `certain` when an identifier is the same, none contradicts it and the titles agree, or when
    title, year and first author are the same and no field is in conflict.
    """

    reference: Reference
    reasons: tuple[str, ...]
    score: float
    certain: bool
    fields: tuple[FieldComparison, ...]

    @property
    def new_fields(self) -> tuple[str, ...]:
        return tuple(f.field for f in self.fields if f.verdict is Verdict.NEW)

    @property
    def conflicts(self) -> tuple[str, ...]:
        return tuple(f.field for f in self.fields if f.verdict is Verdict.CONFLICT)


class Library:
    """References prepared for looking entries up: by identifier, and by folded title."""

    def __init__(self, references: Mapping[str, Reference] | Iterable[Reference]) -> None:
        self.references: dict[str, Reference] = {}
        self._by_id: dict[tuple[str, str], set[str]] = {}
        self._titles: dict[str, str] = {}
        self._of_year: dict[int | None, set[str]] = {}
        for reference in references.values() if isinstance(references, Mapping) else references:
            self.add(reference)

    def add(self, reference: Reference) -> None:
        """Take one more reference in, or a new state of one that is there."""
        self.references[reference.key] = reference
        self._titles[reference.key] = mend.fold(reference.title)
        self._of_year.setdefault(reference.year, set()).add(reference.key)
        for name in IDENTIFIERS:
            if value := getattr(reference, name):
                self._by_id.setdefault((name, value.lower()), set()).add(reference.key)

    def matches(self, entry: Entry) -> list[Match]:
        """Stored references an entry may repeat, the surest first."""
        reasons: dict[str, list[str]] = {}
        for name in IDENTIFIERS:
            value = str(entry.fields.get(name) or "").lower()
            for key in self._by_id.get((name, value), ()) if value else ():
                if str(getattr(self.references[key], name)).lower() == value:  # else an earlier state
                    reasons.setdefault(key, []).append(f"same {name.upper()}")
        by_title = self._alike(entry)
        found = [
            self._match(entry, key, tuple(why), by_title.get(key, (0.0, ""))[0], by_id=True)
            for key, why in reasons.items()
        ]
        found += [
            self._match(entry, key, (why,), score, by_id=False)
            for key, (score, why) in by_title.items()
            if key not in reasons and not self._another_work(entry, key, score)
        ]
        return sorted(found, key=lambda m: (not m.certain, -m.score, m.reference.key))

    def _alike(self, entry: Entry) -> dict[str, tuple[float, str]]:
        """Key to likeness and reason of references whose title and year are close."""
        from rapidfuzz import fuzz, process

        title = mend.fold(str(entry.fields.get("title") or ""))
        if len(title) < 8:
            return {}
        found = {}
        for stored, score, key in process.extract(title, self._titles, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=20):
            if telling_words(stored) == telling_words(title):
                found[key] = (score, stored)
        for key, stored in self._titles.items():  # the same title with and without its subtitle
            if len(title) < len(stored):
                part = len(title) >= SHORTEST_PART and stored.startswith(title + " ")
            else:
                part = len(stored) >= SHORTEST_PART and title.startswith(stored + " ")
            if part and key not in found:
                found[key] = (CLOSE, stored)
        for key in self._of_year.get(entry.fields.get("year"), ()):
            if key not in found and self._shortened(entry, title, key):
                found[key] = (CLOSE, self._titles[key])
        return {key: (score, why) for key, (score, _) in found.items() if (why := self._why(entry, key, score))}

    def _shortened(self, entry: Entry, title: str, key: str) -> bool:
        """Whether a title of the same first author and year has lost some words, as in a list typed by hand."""
        from rapidfuzz import fuzz

        stored, reference = self._titles[key], self.references[key]
        return (
            min(len(title), len(stored)) >= SHORTEST_PART
            and reference.year is not None
            and reference.year == entry.fields.get("year")
            and same_first_author(entry.fields.get("authors"), reference.authors) is True
            and [w for w in telling_words(stored) if w != "a"] == [w for w in telling_words(title) if w != "a"]
            and fuzz.token_set_ratio(title, stored) >= SAME_TITLE
        )

    def _why(self, entry: Entry, key: str, score: float) -> str:
        """The reason in words; `""` when year or first author speak against it."""
        reference, year = self.references[key], entry.fields.get("year")
        apart = abs(reference.year - year) if reference.year and year else None
        if apart is not None and apart > 1:  # online in one year, in print in the next
            return ""
        if score < SAME_TITLE and (
            apart is None or same_first_author(entry.fields.get("authors"), reference.authors) is False
        ):
            return ""
        when = "year not known" if apart is None else "same year" if not apart else "a year apart"
        return f"title {score:.0f}% alike, {when}"

    def _another_work(self, entry: Entry, key: str, score: float) -> bool:
        """Whether identifiers of the same kind differ: a paper and its correction, a letter and its reply.

        One title by one first author under two DOIs is shown all the same: a preprint, or a slip in one of the DOIs.
        """
        reference = self.references[key]
        if score >= SAME_TITLE and same_first_author(entry.fields.get("authors"), reference.authors):
            return False
        pairs = [(entry.fields.get(name), getattr(reference, name)) for name in IDENTIFIERS]
        return any(a and b and str(a).lower() != str(b).lower() for a, b in pairs)

    def _match(self, entry: Entry, key: str, reasons: tuple[str, ...], score: float, *, by_id: bool) -> Match:
        reference = self.references[key]
        fields = compare_fields(entry, reference)
        conflicts = {f.field for f in fields if f.verdict is Verdict.CONFLICT}
        if by_id:
            certain = conflicts.isdisjoint((*IDENTIFIERS, "title"))
        else:  # the same in everything, or in title, year and first author with nothing against it
            nothing_new = all(f.verdict in (Verdict.SAME, Verdict.KEPT) for f in fields)
            by_hand = entry.fields.get("year") and same_first_author(entry.fields.get("authors"), reference.authors)
            certain = score >= SAME_TITLE and not conflicts and (nothing_new or bool(by_hand and reference.year))
        return Match(reference, reasons, 100.0 if by_id else score, certain, fields)


def compare(entry: Entry, references: Mapping[str, Reference] | Iterable[Reference]) -> list[Match]:
    """Stored references an entry repeats, the surest first; empty when it is new."""
    return Library(references).matches(entry)


def compare_fields(entry: Entry, reference: Reference) -> tuple[FieldComparison, ...]:
    """Every field that either side has, side by side."""
    rows = []
    for name in FIELDS:
        stored, found = getattr(reference, name) or None, entry.fields.get(name) or None
        if stored is None and found is None:
            continue
        if found is None:
            verdict = Verdict.KEPT
        elif stored is None:
            verdict = Verdict.NEW
        else:
            verdict = Verdict.SAME if same(name, stored, found) else Verdict.CONFLICT
        rows.append(FieldComparison(name, shown(stored), shown(found), verdict))
    return tuple(rows)


def same(name: str, stored: Any, found: Any) -> bool:
    """Whether two values of a field say the same: case, accents, punctuation and clipped names aside."""
    if name == "authors":
        return same_authors(stored, found)
    if name == "doi":
        return str(stored).lower() == str(found).lower()
    if name == "pages":
        return mend.pages(str(stored)).lower() == mend.pages(str(found)).lower()
    if name in ("title", "journal", "publisher"):
        return same_words(str(stored), str(found), title=name == "title")
    return str(stored).strip().lower() == str(found).strip().lower()


def same_words(stored: str, found: str, *, title: bool = False) -> bool:
    """Whether two titles or names are the same but for spelling; a journal also when one is the other's abbreviation."""
    a, b = mend.fold(stored), mend.fold(found)
    if a == b:
        return True
    if title:
        from rapidfuzz import fuzz

        return fuzz.ratio(a, b) >= SAME_TITLE and telling_words(a) == telling_words(b)
    return _abbreviates(a, b) or _abbreviates(b, a)


def telling_words(folded: str) -> list[str]:
    """Words of a folded title that make another work of it however alike the rest: `2 %` or `5 %`, part I or II, vitamin C or E."""
    return sorted(word for word in folded.split() if len(word) == 1 or not word.isalpha() or _ROMAN.fullmatch(word))


def _abbreviates(short: str, long: str) -> bool:
    """`j pan arab leag dermatol` for `journal of the pan arab league of dermatology`."""
    words = [
        w for w in long.split() if w not in ("of", "the", "and", "for", "in", "de", "la", "der", "und", "et", "on")
    ]
    parts = [w for w in short.split() if w not in ("of", "the", "and", "for", "in")]
    return 0 < len(parts) == len(words) and all(word.startswith(part) for part, word in zip(parts, words, strict=True))


def same_authors(stored: list[Author], found: list[Author]) -> bool:
    """Whether the family names agree in order as far as the shorter list goes (services and pages cut long lists)."""
    pairs = list(zip(stored, found, strict=False))
    short_enough = min(len(stored), len(found)) >= min(3, max(len(stored), len(found)))
    return short_enough and all(_same_name(a, b) for a, b in pairs)


def same_first_author(stored: list[Author] | None, found: list[Author] | None) -> bool | None:
    """None when either list is empty."""
    return _same_name(stored[0], found[0]) if stored and found else None


def _same_name(a: Author, b: Author) -> bool:
    """Family names agree, however a double name is parted: `Khalid M. A. Ahmed`, `Ahmed Khalid M. A.`"""
    one, two = mend.fold(a.family), mend.fold(b.family)
    if one.replace(" ", "") == two.replace(" ", ""):
        return True
    mine, yours = set(mend.fold(str(a)).split()), set(mend.fold(str(b)).split())
    return set(one.split()) <= yours and set(two.split()) <= mine


def shown(value: Any) -> str:
    """A field's value as one line for people."""
    if isinstance(value, list):
        return "; ".join(str(author) for author in value)
    return "" if value is None else str(value)
