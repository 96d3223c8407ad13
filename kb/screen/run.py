"""From files to a ranked list: bring into Parquet, let an engine weigh, leave out what is known or decided, keep the best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kb.literature import mend
from kb.literature.match import SAME_TITLE, Library
from kb.model.terms import Design
from kb.screen import engines
from kb.screen.alarms import Alarm, alarms
from kb.screen.candidate import Candidate
from kb.screen.decisions import Decided, Decisions, marks
from kb.screen.design import Study
from kb.screen.gaps import Coverage
from kb.screen.ingest import MOST_TOLD, Part, Progress, Skipped, ingest, parts_in, worth_sharing
from kb.screen.judge import Judge
from kb.screen.learned import learn
from kb.screen.likeness import Likeness
from kb.screen.mentions import Reader
from kb.screen.rows import entry_of

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.literature.entry import Entry

AT_ONCE = 200
"""Candidates that are fetched whole together."""


@dataclass(frozen=True)
class Filters:
    """What a candidate must have; empty: anything.

    `subjects` and `objects` are ids: one of each must be spoken of, or something narrower. A record without a year
    passes `since`, because it cannot be ruled out; one whose design nothing tells does not pass `designs`. `humans` leaves
    out studies of animals or cells alone.
    """

    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    since: int | None = None
    designs: frozenset[Design] = frozenset()
    humans: bool = False


@dataclass
class Screening:
    """What came of it. `found` counts all candidates, of which the best are kept; `lost` the files not read to the end.

    `decided` counts candidates that somebody has decided about before, which are left out.
    """

    candidates: list[Candidate] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    read: int = 0
    found: int = 0
    known: int = 0
    decided: int = 0
    repeated: int = 0
    damaged: int = 0
    lost: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "candidates": [candidate.as_dict() for candidate in self.candidates],
            "alarms": [alarm.as_dict() for alarm in self.alarms],
            "read": self.read,
            "found": self.found,
            "known": self.known,
            "decided": self.decided,
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
    with_decided: bool = False,
    decisions: Decisions | None = None,
    library: Path | None = None,
    engine: str = "duckdb",
    cores: int | None = None,
    progress: Progress = lambda file, read: None,
) -> Screening:
    """The `limit` best candidates of the files (`-`: standard input), best first.

    `cores` is how many processes share the work: one for small files, all for large ones, unless it is said.
    `library` is a folder of Parquet: what is in it is screened too, and what is read goes there and is not read again.
    What stands in references.bib, or was decided about before, is counted and left out unless asked for.
    Never raises on what a file holds; raises MissingExtraError, and OSError when the folder cannot be written.
    """
    wanted = list(files)
    with TemporaryDirectory(prefix="kb-screen-") as passing:
        folder = library or Path(passing)
        if cores is None and not worth_sharing([*wanted, *map(str, folder.glob("*.parquet"))]):
            cores = 1
        parts = ingest(wanted, folder, cores, progress)
        if library is not None:
            parts = _with_all(parts, parts_in(folder))
        run = _Run(base, filters or Filters(), limit, decisions or Decisions())
        run.told(parts)
        if parts:
            found = engines.engine(engine, [part.path for part in parts], cores)
            try:
                run.look_through(found, with_known, with_decided)
            finally:
                found.close()
        return run.result


def _with_all(read: list[Part], standing: list[Part]) -> list[Part]:
    """What was read and what stood in the library before, each part once."""
    named = {part.path for part in read}
    return [*read, *(part for part in standing if part.path not in named)]


class _Run:
    def __init__(self, base: KnowledgeBase, filters: Filters, limit: int, decisions: Decisions) -> None:
        self.base, self.since, self.limit, self.decisions = base, filters.since, limit, decisions
        self.judge = Judge(
            Reader.of(base),
            Coverage.of(base),
            _with_narrower(base, filters.subjects),
            _with_narrower(base, filters.objects),
            filters.designs,
            filters.humans,
            learn(decisions.texts()),
            Likeness.to(one.title for one in base.references.values() if one.type == "article"),
        )
        self.stored = Library(base.references)
        self.marks = {mark: key for key, reference in base.references.items() for mark in marks(reference.model_dump())}
        self.seen: set[tuple[str, str]] = set()
        self.result = Screening()

    def told(self, parts: Iterable[Part]) -> None:
        """Count what reading gave."""
        for part in parts:
            self.result.read += part.read
            self.result.damaged += part.damaged
            self.result.lost += part.lost
            self.result.skipped += part.skipped[: max(0, MOST_TOLD - len(self.result.skipped))]

    def look_through(self, engine: engines.Engine, with_known: bool, with_decided: bool) -> None:
        """Rank what the engine finds, keep the best, and see what happened to papers that are cited."""
        rows = sorted(engine.candidates(self.judge, self.since), key=_order)
        wanted = list(self._left(rows, with_known, with_decided))
        self.result.found = len(wanted)
        for at in range(0, len(wanted), AT_ONCE):
            if len(self.result.candidates) >= self.limit:
                break
            some = wanted[at : at + AT_ONCE]
            whole = {(row["part"], row["row"]): row for row in engine.whole([(r["part"], r["row"]) for r in some])}
            for row in some:
                self._keep(row, whole[row["part"], row["row"]], with_known)
        del self.result.candidates[self.limit :]
        for rank, candidate in enumerate(self.result.candidates, 1):
            candidate.rank = rank
        self.result.alarms = alarms(engine.notices(), self.base.references)

    def _left(self, rows: Iterable[dict[str, Any]], with_known: bool, with_decided: bool) -> Iterator[dict[str, Any]]:
        """The rows that are met for the first time and are neither in references.bib nor decided."""
        for row in rows:
            met = marks(row)
            again = not self.seen.isdisjoint(met)
            self.seen.update(met)
            if again:
                self.result.repeated += 1
                continue
            row["known"] = next((self.marks[mark] for mark in met if mark in self.marks), None)
            row["decision"] = self.decisions.of(row)
            self.result.known += row["known"] is not None
            self.result.decided += row["decision"] is not None and row["known"] is None
            if (row["known"] and not with_known) or (row["decision"] and not row["known"] and not with_decided):
                continue
            yield row

    def _keep(self, row: dict[str, Any], whole: dict[str, Any], with_known: bool) -> None:
        entry = entry_of(whole)
        known, perhaps = (row["known"], None) if row["known"] else self._in_the_base(entry)
        if known and not row["known"]:
            self.result.known += 1
            if not with_known:
                self.result.found -= 1
                return
        names = ("title", "keywords", "abstract", "headings", "types", "notices", "design")
        weighed = self.judge.weighed(Study(*(whole[name] for name in names)))
        self.result.candidates.append(Candidate(entry, weighed, known, perhaps, row["decision"]))

    def _in_the_base(self, entry: Entry) -> tuple[str | None, str | None]:
        """Key of the reference that the record is, and of one that it may be."""
        matches = self.stored.matches(entry)
        for match in matches:
            by_id = any(reason.startswith("same ") for reason in match.reasons)
            by_title = match.score >= SAME_TITLE and not match.reasons[0].endswith("year not known")
            if match.certain or by_id or by_title:
                return match.reference.key, None
        return None, matches[0].reference.key if matches else None


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """Points, then the newest, then title and place; never by chance nor by engine."""
    return (-row["points"], -row["year"], mend.fold(row["title"]), row["file"], row["place"])


def later(decisions: Decisions) -> list[str]:
    """The ids of what was put off, the oldest first."""
    put_off = [one for one in decisions.all.values() if one.decision is Decided.LATER]
    return [one.id for one in sorted(put_off, key=lambda one: (one.on, one.id))]


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
