"""Which subjects want another review: what is due next, and what changed most since it was last read. No widgets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.author.folder import now
from kb.author.history import GitError, run_git
from kb.author.start import FOLDERS
from kb.formulary.content import AS_REVIEWED, review_state
from kb.knowledge import KnowledgeBase
from kb.model import Subject


@dataclass(frozen=True)
class Changed:
    """A subject that no longer says what was read at its review; `lines` of its files were written since (0: git cannot tell)."""

    subject: Subject
    lines: int


class DueError(Exception):
    """The reading cannot be noted; the message says why and what to do."""


def note_reading(root: Path, slug: str, who: str, due: str | None, why: str) -> str:
    """Put today and a name into the review of a subject, through the session of its form; what was done. Raises DueError."""
    from kb.author.reviews import ReviewError, signed
    from kb.author.session import Saved, Session
    from kb.author.start import target_of
    from kb.author.workbench import Workbench

    bench = Workbench(root)
    base = bench.base
    target = target_of(base, slug) if slug in base.subjects else None
    if target is None:
        raise DueError(f"no page is called {slug!r}; `kb find` looks for it")
    try:
        name = signed(who)
        again = date.fromisoformat(due) if due else None
    except (ReviewError, ValueError) as error:
        raise DueError(
            f"{error}" if isinstance(error, ReviewError) else f"{due!r} is not a date; write YYYY-MM-DD"
        ) from error
    review, today = base.subjects[slug].review, now().date()
    again = again or today + (review.due - review.last)
    session = Session.open(bench, target, author=name)
    session.message = why
    session.set(("review",), {"last": today.isoformat(), "by": name, "due": again.isoformat()})
    saved = session.save()
    if not isinstance(saved, Saved):
        problems = "; ".join(p.message for p in getattr(saved, "problems", [])) or "others changed its review meanwhile"
        session.discard()
        raise DueError(f"{slug}: {problems}")
    return f"{slug}: read {today} by {name}; due again {again}{'; ' + saved.note if saved.note else ''}"


def reviewer(subject: Subject) -> str:
    """`Ann Low`; `editorial team, no person named`."""
    review = subject.review
    return review.by if review.names_a_person else f"{review.by}, no person named"


def changed_most(root: Path, base: KnowledgeBase) -> list[Changed]:
    """Subjects whose content changed after their review, the most changed first."""
    found = [s for s in base.subjects.values() if review_state(s) != AS_REVIEWED]
    written = _lines_since(root, {s.id: s.review.last.isoformat() for s in found})
    return sorted((Changed(s, written[s.id]) for s in found), key=lambda one: (-one.lines, one.subject.name.lower()))


def next_due(base: KnowledgeBase) -> list[Subject]:
    """Every subject, the one whose review is due first at the beginning."""
    return sorted(base.subjects.values(), key=lambda s: (s.review.due, s.name))


def _lines_since(root: Path, days: dict[str, str]) -> Counter[str]:
    """Lines written in each subject's files on days after its own, from the history; nothing where git cannot be asked."""
    lines: Counter[str] = Counter()
    if not days:
        return lines
    places = [f"formulary/{folder}" for folder in FOLDERS]
    try:
        told = run_git(
            root, "log", f"--since={min(days.values())}", "--no-renames", "--format=@%as", "--numstat", "--", *places
        )
    except GitError:
        return lines
    day = ""
    for line in told.splitlines():
        if line.startswith("@"):
            day = line[1:]
            continue
        added, _, rest = line.partition("\t")
        parts = rest.partition("\t")[2].split("/")
        if added.isdigit() and len(parts) > 2:
            slug = parts[2].removesuffix(".yaml")
            lines[slug] += int(added) if day > days.get(slug, "9999") else 0
    return lines
