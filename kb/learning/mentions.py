"""Which pages speak of a name: an index of their words, so that no page is read twice."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property


class Mentions:
    """Pages by what they mention. `texts`: page to its folded text (see `kb.questions.search.fold`).

    A page mentions a name when its text holds the name from the beginning of a word on: *biotin* is mentioned by
    *biotinylated*, not by *abiotin*.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.of = cache(self._of)

    def _of(self, name: str) -> frozenset[str]:
        """Pages that mention a folded name."""
        *whole, last = name.split()
        found: set[str] = set()
        for word in self._beginning_with(last):
            found |= self._pages[word]
        for word in whole:
            found &= self._pages.get(word, set())
        # Pages that hold all the words, yet perhaps not side by side.
        return frozenset(p for p in found if f" {name}" in f" {self._texts[p]}") if whole else frozenset(found)

    def _beginning_with(self, start: str) -> list[str]:
        at = bisect_left(self._words, start)
        end = at
        while end < len(self._words) and self._words[end].startswith(start):
            end += 1
        return self._words[at:end]

    @cached_property
    def _pages(self) -> dict[str, set[str]]:
        pages: dict[str, set[str]] = defaultdict(set)
        for page, text in self._texts.items():
            for word in set(text.split()):
                pages[word].add(page)
        return dict(pages)

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._pages)
