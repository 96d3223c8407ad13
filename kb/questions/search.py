"""Search that forgives: names, synonyms, lay words and brands by likeness; everything else by full text (SQLite FTS5).

Likeness finds *dutasterid*, *vitamin b7* and *PRP*; full text finds a paper by a word of its title. The two lists are
merged, names first. A hit that only looks like what was typed, or shares some of its words, says so (`Hit.alike`): where all
do, nothing is recorded under the name, and no page may answer as if it were.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.model import LayWords, Record
from kb.questions.resolve import makers
from kb.questions.words import skeleton
from kb.records import Records, kinds

SCHEMA = """
CREATE TABLE entry (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL, hint TEXT NOT NULL);
CREATE VIRTUAL TABLE entry_text USING fts5(
    id UNINDEXED, name, aliases, body, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
"""

_KIND_WEIGHT = {
    "ingredient": 12.0,
    "technique": 11.0,
    "product": 9.0,
    "indication": 10.0,
    "adverse-effect": 6.0,
    "condition": 6.0,
    "substance": 6.0,
    "topic": 3.0,
    "claim": 1.0,
    "reference": 0.0,
    "jurisdiction": 0.0,
}

_SHORTEST_TWICE = 8
"""Letters a word needs before one that differs in two of them counts."""

_SHORTEST_MEDICINE_TWICE = 12
"""The same for the name of a medicine that a patient takes."""

_MOST_BY_ANY_WORD = 10
"""Hits that share only some word of a longer question: more are no answer."""

_SHORTEST_PART = 5
"""Letters a word needs before a nearly equal one counts: of shorter ones too many differ by one letter."""

_SHORTEST_OTHER_LETTER = 6
"""Letters a word needs before one with another letter in it counts: Croma is no crema."""

_SHORTEST_SHARED = 3
"""Letters a word needs before sharing it says anything: the s of Wharton's, the 4 of beta-4."""

NOTHING_UNDER_THIS_NAME = "Nothing is recorded under this name; similar names:"
"""What stands above hits that are all `alike`."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be found."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    body: str
    hint: str


@dataclass(frozen=True)
class Hit:
    """One answer; `score` runs from 0 to about 150, `matched` is the word it was found by.

    `alike`: no name of it was typed, nor all words of one; it is spelt nearly so, begins so, or shares some of the words.
    """

    id: str
    kind: str
    name: str
    score: float
    matched: str
    hint: str
    alike: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def fold(text: str) -> str:
    """Lower case, accents off, punctuation to single spaces: how words are compared."""
    plain = text.casefold()
    if not plain.isascii():
        plain = _BEYOND_ASCII.sub(_unaccented, unicodedata.normalize("NFKD", plain))
    return _PUNCTUATION.sub(" ", plain).strip()


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def only_alike(hits: Sequence[Hit]) -> bool:
    """Whether there are hits, and none of them bears the name that was typed."""
    return bool(hits) and all(hit.alike for hit in hits)


def _bound(text: str) -> frozenset[str]:
    """Words that are parts of a designation and mean nothing alone: the TB of TB-500, the beta of beta-4."""
    typed = unicodedata.normalize("NFKD", text.casefold())
    groups = [fold(found).split() for found in _DESIGNATION.findall(typed)]
    return frozenset(part for group in groups if any(len(p) == 1 or p.isdigit() for p in group) for part in group)


_DESIGNATION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|\b[a-z]{1,2} [0-9]{3,}\b")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")


def _unaccented(found: re.Match[str]) -> str:
    """Nothing for a mark that combines with the letter before it; anything else as it is."""
    return "" if unicodedata.combining(found[0]) else found[0]


def entries(base: Records) -> Iterable[Entry]:
    """Everything worth finding: subjects, vocabulary terms, products, claims, papers."""
    for slug, all_kinds in kinds(base).items():
        subject = base.subjects.get(slug)
        words: list[str] = [slug.replace("-", " ")]
        body: list[str] = []
        if subject:
            words += [*subject.synonyms, *getattr(subject, "brands", []), *_abroad(subject)]
            body += [subject.summary or ""] + [a.bottom_line for a in subject.assessments]
        for terms in base.formulary.vocabularies.values():
            if term := terms.get(slug):
                words += [term.name, *term.synonyms, *term.lay_terms, *term.brands, *_abroad(term)]
                body.append(term.definition or "")
        hint = ", ".join(k.replace("-", " ") for k in all_kinds)
        aliases = tuple(dict.fromkeys(w for w in words if w != base.name(slug)))
        yield Entry(slug, all_kinds[0], base.name(slug), aliases, " ".join(filter(None, body)), hint)
    for product in base.products.values():
        held = [c.name or base.name(c.ingredient or "") for c in product.composition]
        about = " ".join(filter(None, [product.summary, product.maker, product.presentation, *held]))
        yield Entry(
            product.id,
            "product",
            product.name,
            tuple(dict.fromkeys((*product.synonyms, product.id.replace("-", " "), *makers(product.maker or "")))),
            about,
            product.maker or "",
        )
    for claim in base.claims.values():
        yield Entry(claim.id, "claim", claim.says, (), claim.why, claim.verdict.value)
    for key, reference in base.references.items():
        people = " ".join(str(a) for a in reference.authors)
        numbers = " ".join(filter(None, (reference.doi, reference.pmid, reference.pmcid)))
        first = reference.authors[0].family if reference.authors else ""
        hint = " ".join(str(x) for x in (first, reference.journal or "", reference.year or "no date") if x)
        yield Entry(key, "reference", reference.title, (key,), f"{people} {reference.journal or ''} {numbers}", hint)


def _abroad(record: Record) -> list[str]:
    """What a thing is called in other languages."""
    lay: LayWords | None = getattr(record, "lay", None)
    return [word for _, word in lay.pairs()] if lay else []


def fill(connection: sqlite3.Connection, found: Iterable[Entry]) -> None:
    """Create and fill the search tables in a database."""
    connection.executescript(SCHEMA)
    for entry in found:
        aliases = json.dumps(entry.aliases, ensure_ascii=False)
        connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (entry.id, entry.kind, entry.name, aliases, entry.hint)
        )
        connection.execute(
            "INSERT INTO entry_text VALUES (?, ?, ?, ?)", (entry.id, entry.name, " ; ".join(entry.aliases), entry.body)
        )


class Index:
    """Search over a database that holds the tables of `SCHEMA`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._entries: dict[str, tuple[str, str, str]] = {}
        self._words: list[tuple[str, str, str]] = []
        for id_, kind, name, aliases, hint in connection.execute("SELECT id, kind, name, aliases, hint FROM entry"):
            self._entries[id_] = (kind, name, hint)
            if kind not in {"reference", "claim"}:
                for word in (name, id_.replace("-", " "), *json.loads(aliases)):
                    self._words.append((fold(word), word, id_))
        self._folded = [w for w, _, _ in self._words]
        self._known: dict[str, list[int]] = {}
        for place, word in enumerate(self._folded):
            self._known.setdefault(word, []).append(place)
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._folded):
            for part in word.split():
                if len(part) >= _SHORTEST_PART:
                    self._places.setdefault(part, []).append(place)
        self._word_sets = [frozenset(word.split()) for word in self._folded]
        self._names, self._parts = list(self._known), list(self._places)
        self._cached = lru_cache(maxsize=512)(self._search)

    @classmethod
    def of(cls, base: Records) -> Index:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        fill(connection, entries(base))
        return cls(connection)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The best hits for what someone typed; empty for empty text."""
        return list(self._cached(fold(text[:200]), limit, _bound(text[:200])))

    def named(self, text: str) -> list[str]:
        """Ids of everything that has exactly this name, synonym, brand or lay word; claims and papers are left out."""
        query = fold(text)
        return list(dict.fromkeys(id_ for word, _, id_ in self._words if word == query))

    def _search(self, query: str, limit: int, bound: frozenset[str]) -> tuple[Hit, ...]:
        if not query:
            return ()
        scores: dict[str, tuple[float, str, bool]] = {}
        # Under a name that was typed exactly, names that only look like it are noise; among medicines they are a hazard.
        exact = query in self._known
        respelt = query if exact else self._respelt(query)
        for asked, share in ((query, 1.0), *([(respelt, 0.9)] if respelt != query else [])):
            for id_, word, score, alike in self._found(asked, limit, exact, bound, asked != query):
                total = score * share + _KIND_WEIGHT.get(self._entries[id_][0], 0)
                if id_ not in scores or scores[id_][0] < total:
                    scores[id_] = (total, word, alike or asked != query)
        best = sorted(scores.items(), key=lambda item: (-item[1][0], len(self._entries[item[0]][1]), item[0]))[:limit]
        return tuple(
            Hit(id_, self._entries[id_][0], self._entries[id_][1], round(score, 1), word, self._entries[id_][2], alike)
            for id_, (score, word, alike) in best
        )

    def _found(
        self, query: str, limit: int, exact: bool, bound: frozenset[str], respelt: bool
    ) -> Iterable[tuple[str, str, float, bool]]:
        """Id, the word it was found by, how well, and whether it is only alike: by name, likeness (unless a name is `exact`), text."""
        for place, score, alike in self._by_name(query, exact):
            yield self._words[place][2], self._words[place][1], score, alike
        for place, score, alike in () if exact else self._alike(query, bound):
            yield self._words[place][2], self._words[place][1], score, alike
        for id_, score, alike in self._full_text(query, limit * 3, exact, respelt):
            yield id_, self._entries[id_][1], score, alike

    def _respelt(self, query: str) -> str:
        """The query with each word no name has replaced by the nearest one of a name: "minoxydil hair los" means minoxidil."""
        words = query.split()
        if len(words) < 2:
            return query  # `_alike` sees to single words
        for place, word in enumerate(words):
            if len(word) < _SHORTEST_PART or word in self._places:
                continue
            near = min(self._slips(word, self._parts), default=None)
            if near:
                words[place] = near[1]
        return " ".join(words)

    def _by_name(self, query: str, exact: bool) -> Iterable[tuple[int, float, bool]]:
        """Names with the query in them, 90 to 120: exact, starting with it, holding it as words.

        A short name that was typed exactly is not the beginning of another word: EGF is no eGFR.
        """
        spaced = f" {query} "
        together = query.replace(" ", "")
        whole = self._whole(query, exact)
        for place, word in enumerate(self._folded):
            if word == query:
                yield place, 120.0, False
            elif word.replace(" ", "") == together:
                yield place, 110.0, False
            elif word.startswith(query):
                ended = word[len(query)] == " " or word[len(query) :] == "s"
                if ended or not whole:
                    yield place, 100.0 + 10.0 * len(query) / len(word), not ended
            elif spaced in f" {word} ":
                yield place, 90.0 + 10.0 * len(query) / len(word), False

    @staticmethod
    def _whole(query: str, exact: bool) -> bool:
        """Whether it is a short name that was typed to its end."""
        return exact and len(query) < _SHORTEST_PART

    def _alike(self, query: str, bound: frozenset[str]) -> Iterable[tuple[int, float, bool]]:
        """Names spelt nearly like the query, 0 to 95: a slip of the keyboard away, whole or in one of their words."""
        for slips, word in self._slips(query, self._names):
            for place in self._known[word]:
                if not self._too_far(slips, place):
                    yield place, 95.0 - 7.0 * slips, not _plural(query, word)
        words = set(query.split())
        if len(words) > 1:
            # A name whose words are all in the query, in any order, or that holds all words of the query.
            for place, parts in enumerate(self._word_sets):
                if words <= parts or (parts <= words and not parts & bound) or parts == words:
                    yield place, 80.0, False
        else:
            # One word of a longer name, misspelt or in the plural: "platlet", "nodules".
            for slips, part in self._slips(query, self._parts):
                for place in self._places[part]:
                    if not self._too_far(slips, place):
                        yield place, 80.0 - 5.0 * slips, not _plural(query, part)

    def _too_far(self, slips: int, place: int) -> bool:
        """Names of medicines a patient takes lie close together: two slips lead from one to another (Vistabel, Vistaril)."""
        short = len(self._folded[place]) < _SHORTEST_MEDICINE_TWICE
        return slips > 1 and short and self._entries[self._words[place][2]][0] == "substance"

    @staticmethod
    def _slips(word: str, known: Sequence[str]) -> list[tuple[int, str]]:
        """Known words that a slip or two make of this one, as (slips, word), the nearest first.

        The first letter stays, and a second slip needs a long word whose consonants stay: sertraline is not tetracycline, nor
        are ceramides cetamide. In a short word a letter may be missing, doubled or swapped, but not another.
        """
        most = 0 if len(word) < _SHORTEST_PART else 1 if len(word) < _SHORTEST_TWICE else 2
        if not most:
            return []
        found = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
        alike = [
            (int(slips), other)
            for other, slips, _ in found
            if slips and other[:1] == word[:1] and len(other) >= _SHORTEST_PART and _digits(other) == _digits(word)
            if _near_enough(word, other, int(slips))
        ]
        return sorted(alike)[:5]

    def _full_text(self, query: str, limit: int, exact: bool, respelt: bool) -> Iterable[tuple[str, float, bool]]:
        """Hits of the full text, 0 to 75: all words first, the last one as a beginning; some of the words if that finds nothing.

        One word of several will do when slips were mended in them: each may mean a thing of its own.
        """
        words = query.split()
        last = -1 if self._whole(query, exact) else len(words) - 1
        terms = [f'"{w}"*' if place == last else f'"{w}"' for place, w in enumerate(words)]
        if rows := self._rows(" ".join(terms), limit):
            best = min(rank for _, _, rank in rows)
            yield from ((id_, 75.0 * (rank / best if best else 0.0), False) for _, id_, rank in rows)
            return
        kept = [(w, t) for w, t in zip(words, terms, strict=True) if len(w) >= _SHORTEST_SHARED and not w.isdigit()]
        if len(kept) < 2 or not (rows := self._rows(" OR ".join(t for _, t in kept), limit)):
            return
        best = min(rank for _, _, rank in rows)
        near = [(row, id_, rank / best if best else 0.0) for row, id_, rank in rows[:_MOST_BY_ANY_WORD]]
        found = [row for row, _, _ in near]
        enough = set(found) if respelt else self._holding_enough(found, kept, len("".join(words)))
        yield from ((id_, 45.0 * share, True) for row, id_, share in near if share >= 0.5 and row in enough)

    def _rows(self, match: str, limit: int) -> list[tuple[int, str, float]]:
        """Row, id and rank (the lower the better) of what a full-text expression finds, the best first."""
        return self.connection.execute(
            "SELECT rowid, id, bm25(entry_text, 0, 10, 6, 1) FROM entry_text WHERE entry_text MATCH ? ORDER BY 3, id LIMIT ?",
            (match, limit),
        ).fetchall()

    def _holding_enough(self, rows: Sequence[int], kept: Sequence[tuple[str, str]], letters: int) -> set[int]:
        """Those rows that hold two of the words or more, and with them half of the letters that were typed."""
        held: dict[int, list[int]] = {row: [] for row in rows}
        places = ", ".join("?" * len(rows))
        for word, term in kept:
            asked = f"SELECT rowid FROM entry_text WHERE entry_text MATCH ? AND rowid IN ({places})"
            for (row,) in self.connection.execute(asked, (term, *rows)):
                held[row].append(len(word))
        return {row for row, sizes in held.items() if len(sizes) > 1 and 2 * sum(sizes) >= letters}


def _plural(a: str, b: str) -> bool:
    return a.removesuffix("s") == b.removesuffix("s")


def _near_enough(word: str, other: str, slips: int) -> bool:
    if slips > 1:
        return skeleton(word) == skeleton(other)
    return len(word) >= _SHORTEST_OTHER_LETTER or len(word) != len(other) or sorted(word) == sorted(other)
