"""From files to a ranked list: read, weigh, leave out what is known, keep the best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.match import SAME_TITLE, Library
from kb.model.terms import Design
from kb.screen.candidate import Candidate
from kb.screen.gaps import Coverage
from kb.screen.mentions import Mentions, Reader
from kb.screen.records import Damaged, read_stream
from kb.screen.score import weigh
from kb.screen.source import STDIN, Unreadable, opened, texts

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

MOST_TOLD = 1_000
"""Damaged records that are told one by one; the rest is counted."""

Progress = Callable[[str, int, int], None]
"""Called now and then with the file, the records read and the candidates found so far."""

_STEP = 500
"""Records between two calls of the progress."""


@dataclass(frozen=True)
class Filters:
    """What a candidate must have; empty: anything.

    `subjects` and `objects` are ids: one of each must be spoken of, or something narrower. A record without a year
    passes `since`, because it cannot be ruled out; one whose design nothing tells does not pass `designs`.
    """

    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    since: int | None = None
    designs: frozenset[Design] = frozenset()


@dataclass(frozen=True)
class Skipped:
    """A record, or a whole file (line 0), that could not be read, and why."""

    file: str
    place: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.place}: {self.message}" if self.place else f"{self.file}: {self.message}"


@dataclass
class Screening:
    """What came of it. `found` counts all candidates, of which the best are kept; `lost` the files not read to the end."""

    candidates: list[Candidate] = field(default_factory=list)
    read: int = 0
    found: int = 0
    known: int = 0
    repeated: int = 0
    damaged: int = 0
    lost: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "candidates": [candidate.as_dict() for candidate in self.candidates],
            "read": self.read,
            "found": self.found,
            "known": self.known,
            "repeated": self.repeated,
            "damaged": self.damaged,
            "skipped": [{"file": one.file, "place": one.place, "message": one.message} for one in self.skipped],
        }


def screen(
    base: KnowledgeBase,
    files: Iterable[str],
    *,
    filters: Filters | None = None,
    limit: int = 25,
    with_known: bool = False,
    progress: Progress = lambda file, read, found: None,
) -> Screening:
    """The `limit` best candidates of the files (`-`: standard input), best first.

    What stands in references.bib is counted and, unless `with_known`, left out. Never raises on what a file holds.
    """
    run = _Run(base, filters or Filters(), limit, with_known)
    for file in files:
        run.file(file, progress)
    return run.finished()


class _Run:
    def __init__(self, base: KnowledgeBase, filters: Filters, limit: int, with_known: bool) -> None:
        self.reader = Reader.of(base)
        self.coverage = Coverage.of(base)
        self.library = Library(base.references)
        self.filters, self.limit, self.with_known = filters, limit, with_known
        self.subjects = _with_narrower(base, filters.subjects)
        self.objects = _with_narrower(base, filters.objects)
        self.seen: set[tuple[str, str]] = set()
        self.result = Screening()

    def file(self, path: str, progress: Progress) -> None:
        result, name = self.result, "stdin" if path == STDIN else path
        try:
            with opened(path) as stream:
                for number, record in enumerate(read_stream(texts(stream), name, self._promising), 1):
                    if isinstance(record, Damaged):
                        self._skip(Skipped(name, record.line, record.message))
                    elif record is not None and record.refused:
                        first = next(p for p in record.problems if p.severity == "critical")
                        self._skip(Skipped(name, record.line, f"{first.field}: {first.message}; {first.cure}"))
                    else:
                        result.read += 1
                        if record is not None:
                            self._take(record)
                    if number % _STEP == 0:
                        progress(name, result.read, result.found)
        except Unreadable as error:
            result.lost += 1
            result.skipped.append(Skipped(name, 0, str(error)))
        except OSError as error:
            result.lost += 1
            result.skipped.append(Skipped(name, 0, f"cannot be read: {error.strerror or error}; look at the disk"))

    def finished(self) -> Screening:
        self._keep_the_best()
        for rank, candidate in enumerate(self.result.candidates, 1):
            candidate.rank = rank
        return self.result

    def _promising(self, title: str, keywords: list[str], abstract: str) -> bool:
        mentions = self.reader.mentions(title, keywords, abstract)
        return mentions is not None and self._asked_for(mentions)

    def _asked_for(self, mentions: Mentions) -> bool:
        return (not self.subjects or not self.subjects.isdisjoint(mentions.subjects)) and (
            not self.objects or not self.objects.isdisjoint(mentions.objects)
        )

    def _take(self, entry: Entry) -> None:
        """Weigh a record and keep it when it is a candidate."""
        filters, result = self.filters, self.result
        mentions = self.reader.mentions(str(entry.fields.get("title", "")), entry.keywords, entry.abstract)
        year = entry.fields.get("year")
        if mentions is None or not self._asked_for(mentions) or (filters.since and year and year < filters.since):
            return
        weighed = weigh(entry, mentions, self.reader.things, self.coverage)
        if filters.designs and weighed.guess.design not in filters.designs:
            return
        if self._repeats(entry):
            result.repeated += 1
            return
        known, perhaps = self._in_the_base(entry)
        if known:
            result.known += 1
            if not self.with_known:
                return
        result.found += 1
        result.candidates.append(Candidate(entry, weighed, known, perhaps))
        if len(result.candidates) >= 4 * self.limit:
            self._keep_the_best()

    def _repeats(self, entry: Entry) -> bool:
        """Whether the record was met before in these files, by DOI, PMID, or title and year."""
        fields = entry.fields
        marks = {(name, str(fields[name]).lower()) for name in ("doi", "pmid") if fields.get(name)}
        marks.add(("title", f"{mend.fold(str(fields.get('title', '')))} {fields.get('year')}"))
        again = not marks.isdisjoint(self.seen)
        self.seen |= marks
        return again

    def _in_the_base(self, entry: Entry) -> tuple[str | None, str | None]:
        """Key of the reference that the record is, and of one that it may be."""
        matches = self.library.matches(entry)
        for match in matches:
            by_id = any(reason.startswith("same ") for reason in match.reasons)
            by_title = match.score >= SAME_TITLE and not match.reasons[0].endswith("year not known")
            if match.certain or by_id or by_title:
                return match.reference.key, None
        return None, matches[0].reference.key if matches else None

    def _keep_the_best(self) -> None:
        self.result.candidates.sort(key=lambda candidate: candidate.order)
        del self.result.candidates[self.limit :]

    def _skip(self, skipped: Skipped) -> None:
        self.result.damaged += 1
        if self.result.damaged <= MOST_TOLD:
            self.result.skipped.append(skipped)


def _with_narrower(base: KnowledgeBase, slugs: Collection[str]) -> frozenset[str]:
    """The ids and everything whose parents lead to them."""
    parents: dict[str, set[str]] = {}
    for slug, subject in base.subjects.items():
        parents.setdefault(slug, set()).update(getattr(subject, "parents", ()))
    for terms in base.formulary.vocabularies.values():
        for slug, term in terms.items():
            parents.setdefault(slug, set()).update(term.parents)
    found = set(slugs)
    while more := {slug for slug, above in parents.items() if slug not in found and not above.isdisjoint(found)}:
        found |= more
    return frozenset(found)
