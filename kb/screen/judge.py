"""The points of records from their words alone: what every engine calls for every batch of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kb.model.terms import Design
from kb.screen.design import Study, design
from kb.screen.extras import need
from kb.screen.gaps import Coverage
from kb.screen.learned import Learned
from kb.screen.likeness import Likeness
from kb.screen.mentions import Mentions, Reader
from kb.screen.rows import LIST
from kb.screen.score import Weighed, weigh

NO_CANDIDATE = -1000
"""Instead of points: engines want a number for every row."""


@dataclass(frozen=True)
class Judge:
    """The base's words, its gaps, what is asked for, what decisions taught, and its likeness. Travels to other processes by pickle.

    `subjects` and `objects` are ids with everything narrower; empty: anything. `humans` leaves out animals and cells alone.
    """

    reader: Reader
    coverage: Coverage
    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    designs: frozenset[Design] = frozenset()
    humans: bool = False
    learned: Learned | None = field(default=None)
    likeness: Likeness | None = field(default=None)

    def points_of(
        self, title: Any, keywords: Any, abstract: Any, headings: Any, types: Any, notices: Any, stated: Any
    ) -> Any:
        """The points of many rows at once: columns of Arrow as `points` takes its arguments, a column of numbers back.

        Most rows are released by the sieve, which never releases a candidate, and so never become text of Python.
        """
        numbers, library = need("numpy"), need("pyarrow")
        kept = numbers.flatnonzero(self.reader.sieve.kept(title, keywords, abstract))
        places, found = library.array(kept), numbers.full(len(title), NO_CANDIDATE, numbers.int64)
        columns = (title, keywords, abstract, headings, types, notices, stated)
        few = [column.take(places).to_pylist() for column in columns]
        found[kept] = [self.points(*row) for row in zip(*few, strict=True)]
        return library.array(found)

    def points(
        self, title: str, keywords: str, abstract: str, headings: str, types: str, notices: str, stated: str
    ) -> int:
        """The points of a row; NO_CANDIDATE when it is none."""
        mentions = self.reader.mentions(title, keywords.split(LIST) if keywords else (), abstract)
        if mentions is None or not self.asked_for(mentions):
            return NO_CANDIDATE
        study = Study(title, keywords, abstract, headings, types, notices, stated)
        if self.designs or self.humans:
            found = design(study).design
            if (self.designs and found not in self.designs) or (
                self.humans and found in (Design.ANIMAL, Design.IN_VITRO)
            ):
                return NO_CANDIDATE
        return weigh(study, mentions, self.reader.things, self.coverage, self.learned, self.likeness).score

    def weighed(self, study: Study) -> Weighed:
        """The same points with their reasons, for a record that is a candidate."""
        mentions = self.reader.mentions(
            study.title, study.keywords.split(LIST) if study.keywords else (), study.abstract
        )
        if mentions is None:
            raise ValueError(f"{study.title!r} is not a candidate")
        return weigh(study, mentions, self.reader.things, self.coverage, self.learned, self.likeness)

    def asked_for(self, mentions: Mentions) -> bool:
        return (not self.subjects or not self.subjects.isdisjoint(mentions.subjects)) and (
            not self.objects or not self.objects.isdisjoint(mentions.objects)
        )
