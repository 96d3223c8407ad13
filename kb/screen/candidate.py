"""A study that should be read for this base, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.literature import mend
from kb.literature.entry import Entry
from kb.model.terms import Design
from kb.screen.decisions import Decision
from kb.screen.score import Weighed


@dataclass
class Candidate:
    """A record with its points. `known` is the key under which it stands in references.bib already, or None.

    `perhaps` is the key of a reference that it may be, which a person has to see.
    """

    entry: Entry
    weighed: Weighed
    known: str | None = None
    perhaps: str | None = None
    decision: Decision | None = None
    rank: int = 0

    @property
    def order(self) -> tuple[Any, ...]:
        """What candidates are sorted by: points, then the newest, then title and place; never by chance."""
        fields = self.entry.fields
        return (
            -self.weighed.score,
            -(fields.get("year") or 0),
            mend.fold(str(fields.get("title", ""))),
            self.entry.source,
            self.entry.line,
        )

    @property
    def design(self) -> Design | None:
        return self.weighed.guess.design

    @property
    def reasons(self) -> list[str]:
        told = [str(reason) for reason in self.weighed.reasons]
        if self.perhaps:
            told.append(f"may be {self.perhaps} of references.bib; compare the two")
        return told

    def as_dict(self) -> dict[str, Any]:
        fields = self.entry.fields
        return {
            "rank": self.rank,
            "score": self.weighed.score,
            "reasons": self.reasons,
            "title": fields.get("title"),
            "year": fields.get("year"),
            "journal": fields.get("journal"),
            "doi": fields.get("doi"),
            "pmid": fields.get("pmid"),
            "subjects": list(self.weighed.subjects),
            "objects": list(self.weighed.objects),
            "pairs": [pair.as_dict() for pair in self.weighed.pairs],
            "design": self.design.value if self.design else None,
            "design_from": self.weighed.guess.said,
            "retracted": self.weighed.retracted,
            "known": self.known,
            "perhaps": self.perhaps,
            "decision": self.decision.decision.value if self.decision else None,
            "criterion": self.decision.criterion if self.decision else None,
            "file": self.entry.source,
            "place": self.entry.line,
        }
