"""How much the words of a title are those of the papers that the base rests on, and not those of medicine at large.

Naive Bayes, added up openly: each word of a title weighs the logarithm of how much more often it stands in the titles of
`references.bib` than in those of PubMed (`background.json`, made by `tools/background_words.py`). The sum is divided by the
square root of the number of words, so that a long title wins nothing by its length. Only the order of candidates follows
from it; what is no candidate does not become one. The constants were chosen by hiding a fifth of the papers at a time.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kb.screen.learned import words_of

SCALE = 5.0
"""Points for one unit of the sum over the root of the number of words."""

MOST = 40
"""Points that likeness may give or take."""

FEWEST = 100
"""Papers from which on a base has words of its own to speak of."""

_OWN, _LARGE = 0.2, 1.0
"""Added to the papers with a word, of the base's own and of PubMed, so that a word met once is no proof."""

_RARE = 5
"""Papers of PubMed with a word; one met in no more of them, and in none of the base's own, says nothing."""

_NAMED = 3
"""Words that a reason names."""


@dataclass(frozen=True)
class Likeness:
    """Weight of each word, as it is compared; a word that is not in it says nothing."""

    weights: dict[str, float]

    @classmethod
    def to(cls, titles: Iterable[str]) -> Likeness | None:
        """The likeness to papers with these titles. None when they are too few."""
        own = [words_of(title, "") for title in titles]
        if len(own) < FEWEST:
            return None
        held = Counter(word for words in own for word in words)
        papers, large = background()
        weights = {}
        for word in held.keys() | large.keys():
            if held[word] or large[word] > _RARE:
                ours = (held[word] + _OWN) / (len(own) + 2 * _OWN)
                theirs = (large[word] + _LARGE) / (papers + 2 * _LARGE)
                weights[word] = math.log(ours / theirs)
        return cls(weights)

    def points(self, title: str) -> list[tuple[int, str]]:
        """Points and their reason; empty when they come to nothing."""
        words = words_of(title, "")
        told = [(self.weights[word], word) for word in words if word in self.weights]
        points = round(SCALE * sum(weight for weight, _ in told) / math.sqrt(max(1, len(words))))
        points = max(-MOST, min(MOST, points))
        if not points:
            return []
        best = sorted(told, key=lambda one: (-one[0] if points > 0 else one[0], one[1]))[:_NAMED]
        liked = "like" if points > 0 else "unlike"
        return [(points, f"{liked} the titles of references.bib ({', '.join(word for _, word in best)})")]


@cache
def background() -> tuple[int, Counter[str]]:
    """How many papers of PubMed were counted, and in the titles of how many of them each word stands."""
    found = json.loads(files("kb.screen").joinpath("background.json").read_text(encoding="utf-8"))
    return found["papers"], Counter(found["words"])
