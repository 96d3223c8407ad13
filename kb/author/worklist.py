"""The work list of screening: which records are still to be decided about, and deciding. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author.folder import writing
from kb.author.history import GitError, History, in_the_way
from kb.knowledge import KnowledgeBase
from kb.screen import Screening, screen
from kb.screen.candidate import Candidate
from kb.screen.decisions import CRITERIA, Decided, Decision, Decisions, name_of, read, write
from kb.screen.export import decisions_as_ris
from kb.screen.source import files_in

LIMIT = 100
"""Candidates of one list."""


@dataclass
class WorkList:
    """Candidates of some files or of a library, each decided about once; `left` are those nobody has decided about."""

    root: Path
    author: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    result: Screening = field(default_factory=Screening)

    @property
    def decisions(self) -> Decisions:
        """What the checkout holds now, what others have decided included."""
        return read(self.root)

    @property
    def left(self) -> list[Candidate]:
        decided = self.decisions
        return [one for one in self.candidates if decided.of(one.entry.fields) is None]

    def look(self, base: KnowledgeBase, place: str, **more: Any) -> Screening:
        """Screen a file, a folder, or a library of Parquet. Raises FileNotFoundError, MissingExtraError, OSError."""
        path = Path(place).expanduser()
        if not place.strip() or not path.exists():
            raise FileNotFoundError(f"{place or 'nothing'}: no such file or folder; give what was saved from PubMed")
        library = path if path.is_dir() and any(path.glob("*.parquet")) else None
        files: Iterable[str] = () if library else files_in([str(path)])
        self.result = screen(base, files, library=library, limit=LIMIT, decisions=self.decisions, **more)
        self.candidates = self.result.candidates
        return self.result

    def decide(self, candidate: Candidate, decision: Decided, criterion: str, note: str = "") -> str:
        """Save a decision and commit its file; what git could not do, or "". Raises ValueError, BusyError, OSError."""
        if not self.author.strip():
            raise ValueError("no name is given; write your name")
        if not criterion.strip():
            raise ValueError(f"say why: {', '.join(CRITERIA[decision.value])}, or in words of your own")
        fields = candidate.entry.fields
        made = Decision(
            id=name_of(fields),
            title=str(fields["title"]),
            year=fields.get("year"),
            journal=fields.get("journal"),
            pmid=fields.get("pmid"),
            doi=fields.get("doi"),
            decision=decision,
            criterion=criterion.strip(),
            note=note.strip() or None,
            by=self.author.strip(),
            on=date.today(),
            score=candidate.weighed.score,
            reasons=candidate.reasons,
            keywords=candidate.entry.keywords[:30],
        )
        with writing(self.root):
            already = self.decisions.of(fields)
            if already is not None and already.by != made.by:
                raise ValueError(
                    f"{already.by} has decided on {already.on}: {already.decision.value}, {already.criterion}"
                )
            file = write(self.root, made)
            try:
                History(self.root).commit(
                    file, f"Screening: {decision.value} {made.id}, {criterion}", self.author.strip()
                )
            except GitError as error:
                return f"saved, but git could not take it: {in_the_way(error)}"
        return ""

    def export(self, path: Path, chosen: Callable[[Decision], bool] = lambda one: True) -> int:
        """Write the decisions as RIS; how many. Raises OSError."""
        found = [one for _, one in sorted(self.decisions.all.items()) if chosen(one)]
        write_text(path, decisions_as_ris(found))
        return len(found)
