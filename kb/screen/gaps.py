"""How much the base knows of a pair: subject and indication, or subject and harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.appraisal.certainty import certainty
from kb.model.terms import Certainty

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Pair:
    """A subject and an object, the best certainty of its assessments (None: not assessed) and its number of findings."""

    subject: str
    object: str
    certainty: Certainty | None
    findings: int

    @property
    def state(self) -> str:
        """What the base has, in words: `certainty very low, 3 findings`."""
        if not self.findings and self.certainty is None:
            return "no finding yet"
        count = f"{self.findings} finding{'' if self.findings == 1 else 's'}"
        return f"certainty {self.certainty.value}, {count}" if self.certainty else f"{count}, not graded"

    def as_dict(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "object": self.object,
            "certainty": self.certainty.value if self.certainty else None,
            "findings": self.findings,
        }


@dataclass(frozen=True)
class Coverage:
    """Certainty and number of findings of every pair that the base has."""

    certainty: Mapping[tuple[str, str], Certainty]
    findings: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, base: KnowledgeBase) -> Coverage:
        best: dict[tuple[str, str], Certainty] = {}
        for assessment in base.assessments.values():
            pair, level = (base.subject_of[assessment.id], assessment.object), certainty(assessment)
            if pair not in best or level.level > best[pair].level:
                best[pair] = level
        counted = Counter((base.subject_of[finding.id], finding.object) for finding in base.findings.values())
        return cls(best, counted)

    def pair(self, subject: str, target: str) -> Pair:
        key = (subject, target)
        return Pair(subject, target, self.certainty.get(key), self.findings.get(key, 0))
