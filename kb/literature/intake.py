"""Bringing entries into `references.bib`: what would be done with each, and doing it, all at once or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kb.bibliography import DamagedBibliographyError, find_duplicates, read, read_text, to_entry, write
from kb.literature.entry import FIELDS, Entry
from kb.literature.keys import make_key
from kb.literature.match import Library, Match
from kb.model.record import REFERENCE_KEY
from kb.model.reference import Reference
from kb.model.terms import Design

LONGEST_WAIT = 30.0
"""Seconds to wait for another author who is saving."""


class BibliographyBusyError(OSError):
    """Another program holds `references.bib` for longer than LONGEST_WAIT."""


class Action(StrEnum):
    ADD = "add"
    MERGE = "merge"
    SKIP = "skip"


@dataclass(frozen=True)
class Choice:
    """What the author wants done with one entry.

    `key` names the reference to merge into, or the key to add under; `take` the fields whose stored value the entry's
    replaces (empty fields are filled only from an entry that a service answered for, or when named here); `seen` is the
    stored reference the author saw while choosing: when it has changed since, nothing is merged.
    """

    action: Action
    key: str | None = None
    design: Design | None = None
    take: frozenset[str] = frozenset()
    seen: Reference | None = None

    @classmethod
    def merging(cls, match: Match, take: Collection[str] = ()) -> Choice:
        """Merge into a match as it was shown."""
        return cls(Action.MERGE, match.reference.key, None, frozenset(take), match.reference)


@dataclass(frozen=True)
class Plan:
    """What would be done with one entry unless the author chooses otherwise, and why."""

    entry: Entry
    matches: list[Match]
    choice: Choice
    reason: str


@dataclass
class Report:
    """What was done with each entry, in order; `changed` tells whether the file was written."""

    done: list[Outcome] = field(default_factory=list)
    changed: bool = False

    def keys(self, outcome: str) -> list[str]:
        """Keys of the entries with an outcome."""
        return [one.key for one in self.done if one.outcome == outcome]


@dataclass(frozen=True)
class Outcome:
    """`added`, `merged`, `there`, `skipped` or `refused`, with the key, and the reason or the fields that changed."""

    entry: Entry
    outcome: str
    key: str = ""
    said: str = ""


def plan(
    entries: Sequence[Entry], references: Mapping[str, Reference], *, fill: bool = False, today: date | None = None
) -> list[Plan]:
    """For each entry its matches and what would be done: add what is new, fill what is certainly there, else ask.

    Entries that repeat an earlier one of the same batch match it, under the key it would get. `fill` also fills empty
    fields from entries no service answered for.
    """
    library, plans = Library(references), []
    for entry in entries:
        matches = [] if entry.refused else library.matches(entry)
        choice, reason = _usual(entry, matches, library.references, fill)
        if (
            choice.seen and choice.seen.key not in references
        ):  # an entry of this batch, which may yet turn out otherwise
            choice = replace(choice, seen=None)
        if choice.action is Action.ADD and choice.key:
            try:
                library.add(entry.reference(choice.key, today=today or date.today()))
            except ValidationError as error:
                entry.refuse(*_explain(error))
                choice, reason = Choice(Action.SKIP), "refused"
        plans.append(Plan(entry, matches, choice, reason))
    return plans


def _usual(entry: Entry, matches: list[Match], references: Mapping[str, Reference], fill: bool) -> tuple[Choice, str]:
    if entry.refused:
        return Choice(Action.SKIP), "refused"
    if not matches:
        key = entry.key if entry.key and entry.key not in references else make_key(entry.fields, references)
        return Choice(Action.ADD, key), "new"
    best = matches[0]
    if not best.certain:
        return Choice(Action.SKIP, best.reference.key), f"may be {best.reference.key}: {', '.join(best.reasons)}"
    if best.new_fields and (entry.verified or fill):
        return Choice.merging(best, best.new_fields), f"fills {', '.join(best.new_fields)} of {best.reference.key}"
    return Choice(Action.SKIP, best.reference.key), f"is {best.reference.key}: {', '.join(best.reasons)}"


def add(
    root: Path | str,
    entries: Sequence[Entry],
    choices: Mapping[int, Choice] | None = None,
    *,
    fill: bool = False,
    today: date | None = None,
) -> Report:
    """Bring entries into `references.bib` under `root`, in one atomic step, without losing what is there.

    `choices` maps an entry's position to what the author chose; the rest goes as `plan` says. The file is read again
    under a lock, so that what others saved meanwhile stays. Raises DamagedBibliographyError when the file has
    problems (writing would lose what cannot be read), BibliographyBusyError when another program holds it too long,
    and OSError when it cannot be read or written; nothing is written then.
    """
    from filelock import FileLock, Timeout

    root = Path(root)
    path, today = root / "references.bib", today or date.today()
    lock = root / "build" / "references.bib.lock"
    lock.parent.mkdir(exist_ok=True)
    try:
        with FileLock(str(lock), timeout=LONGEST_WAIT):
            references, problems = read(path, root)
            if problems:
                raise DamagedBibliographyError(problems)
            report, library = Report(), dict(references)
            for position, planned in enumerate(plan(entries, references, fill=fill, today=today)):
                choice = (choices or {}).get(position)
                report.done.append(_do(library, planned, choice, today))
            if library != references:
                report.changed = write(path, library)
            return report
    except Timeout:
        raise BibliographyBusyError(f"another program is saving {path.name}; try again in a moment") from None


def _do(library: dict[str, Reference], planned: Plan, chosen: Choice | None, today: date) -> Outcome:
    """Carry out one choice on `library`."""
    entry, choice = planned.entry, chosen or planned.choice
    if entry.refused:
        said = "; ".join(f"{p.field}: {p.message}" for p in entry.problems if p.severity == "critical")
        return Outcome(entry, "refused", "", said)
    if choice.action is Action.SKIP:
        certain = bool(planned.matches) and planned.matches[0].certain
        return Outcome(
            entry, "there" if certain and not chosen else "skipped", choice.key or "", "" if chosen else planned.reason
        )
    try:
        if choice.action is Action.ADD:
            return _add(library, entry, choice, today)
        return _merge(library, entry, choice, today)
    except ValidationError as error:
        where, message, _ = _explain(error)
        return Outcome(entry, "refused", "", f"{where}: {message}")


def _add(library: dict[str, Reference], entry: Entry, choice: Choice, today: date) -> Outcome:
    wanted = choice.key
    if wanted and not re.fullmatch(REFERENCE_KEY, wanted):
        return Outcome(entry, "refused", "", f"key: {wanted!r} is not a key; write it as moftah2013 or moftah2013b")
    key = wanted if wanted and wanted not in library else make_key(entry.fields, library)
    reference = entry.reference(key, today=today, design=choice.design)
    if problem := _lost(reference) or _repeats(reference, library):
        return Outcome(entry, "refused", "", problem)
    library[key] = reference
    return Outcome(entry, "added", key)


def _merge(library: dict[str, Reference], entry: Entry, choice: Choice, today: date) -> Outcome:
    stored = library.get(choice.key or "")
    if stored is None:
        return Outcome(entry, "skipped", choice.key or "", "the reference is no longer there; look again")
    if choice.seen is not None and choice.seen != stored:
        return Outcome(entry, "skipped", stored.key, "the reference was changed meanwhile; look again")
    merged, changed = merge(stored, entry, choice.take, today=today, design=choice.design)
    if not changed:
        return Outcome(entry, "there", stored.key, "nothing to add")
    if problem := _lost(merged):
        return Outcome(entry, "refused", "", problem)
    library[stored.key] = merged
    return Outcome(entry, "merged", stored.key, ", ".join(changed))


def merge(
    stored: Reference, entry: Entry, take: Collection[str] = (), *, today: date, design: Design | None = None
) -> tuple[Reference, list[str]]:
    """The stored reference with what the entry adds, and the fields that changed.

    Empty fields are filled when the entry is verified; any field in `take` gets the entry's value. The pages of the
    entry join `seen_at`. Raises ValueError (pydantic's) when the result is not a sound record.
    """
    values: dict[str, Any] = {name: getattr(stored, name) for name in type(stored).model_fields}
    changed = []
    for name in FIELDS:
        found = entry.fields.get(name)
        if not found or found == values[name]:
            continue
        if name in take or (entry.verified and name != "type" and not values[name]):
            values[name] = found
            changed.append(name)
            if name == "authors":
                values["authors_cut"] = entry.authors_cut
    if entry.notice and stored.notice is None and (entry.verified or "notice" in take):
        values["notice"] = entry.notice
        changed.append("notice")
    if design and design != stored.design:
        values["design"] = design
        changed.append("design")
    if not changed:
        return stored, []
    pages = entry.seen_at or [f"{entry.source} ({entry.format})"]
    values["seen_at"] = [*stored.seen_at, *(page for page in pages if page not in stored.seen_at)]
    if entry.verified:
        values["verified_on"] = today
    return Reference.model_validate(values), changed


def _lost(reference: Reference) -> str:
    """What of a reference would not come back from the file as it went in; `""` when it is the same."""
    again, problems = read_text(to_entry(reference))
    if problems:
        return f"{problems[0].field}: {problems[0].message}"
    return (
        "" if again.get(reference.key) == reference else "cannot be written without loss; look for unusual characters"
    )


def _repeats(reference: Reference, library: Mapping[str, Reference]) -> str:
    """What the bibliography itself would say against one more entry (same DOI, or same title and year); `""` when nothing."""
    told = [p for p in find_duplicates([*library.values(), reference]) if p.record == reference.key]
    return (
        f"{told[0].field}: {told[0].message}; merge the two, or bring this one in by hand under a title of its own"
        if told
        else ""
    )


def _explain(error: ValidationError) -> tuple[str, str, str]:
    """Field, message and cure of the first thing pydantic found."""
    found = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in found["loc"]) or "entry"
    message, _, cure = found["msg"].removeprefix("Value error, ").partition("; ")
    return where, message, cure or "compare it with the source"
