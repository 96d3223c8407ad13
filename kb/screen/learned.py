"""What earlier decisions teach about the next records.

A logistic regression (scikit-learn) on the words of titles and keywords of what was accepted and rejected, because its
answer is a sum over words: each record's points come with the words that made them. It is fitted when screening begins
and travels as plain weights; a list of records alone needs no scikit-learn. Fewer than ten decisions teach nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.screen.design import Study
from kb.screen.extras import need
from kb.screen.matcher import key, plain, tokens

FEWEST, FEWEST_OF_A_KIND = 10, 3
"""Decisions, and of accepted and rejected each, from which on something is learned."""

MOST = 5
"""Points that learning may give or take: less than a randomised trial gives."""

SCALE = 2.0
"""Points for one unit of the logarithm of the odds."""

_SHORTEST = 4
"""Letters of a word that is looked at; shorter ones say little."""


@dataclass(frozen=True)
class Learned:
    """Weight of each word (as it is compared) in the logarithm of the odds of being accepted, and the sum without words."""

    weights: dict[str, float]
    start: float
    decisions: int

    def points(self, study: Study) -> list[tuple[int, str]]:
        """Points and their reason; empty when they come to nothing."""
        told = [(self.weights[word], word) for word in words_of(study.title, study.keywords) if word in self.weights]
        sum_ = self.start + sum(weight for weight, _ in told)
        points = max(-MOST, min(MOST, round(SCALE * sum_)))
        if not told or not points:
            return []
        best = sorted(told, key=lambda one: (-one[0] if points > 0 else one[0], one[1]))[:3]
        liked = "like what was accepted" if points > 0 else "like what was rejected"
        return [(points, f"{liked} in {self.decisions} decisions ({', '.join(word for _, word in best)})")]


def words_of(title: str, keywords: str) -> list[str]:
    """The different words of a title and its keywords, as they are compared, in order."""
    found = (key(token) for token in tokens(plain(f"{title} {keywords}")))
    return sorted({word for word in found if len(word) >= _SHORTEST and not word.isdigit()})


def learn(decided: Sequence[tuple[str, bool]]) -> Learned | None:
    """From texts (title and keywords) and whether each was accepted. None when they are too few.

    Raises MissingExtraError without scikit-learn.
    """
    kinds = [accepted for _, accepted in decided]
    if len(decided) < FEWEST or min(kinds.count(True), kinds.count(False)) < FEWEST_OF_A_KIND:
        return None
    features, linear = need("sklearn.feature_extraction"), need("sklearn.linear_model")
    vectors = features.DictVectorizer()
    table: Any = vectors.fit_transform([dict.fromkeys(words_of(text, ""), 1.0) for text, _ in decided])
    model: Any = linear.LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(table, kinds)
    weights = {
        str(word): float(weight)
        for word, weight in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
        if math.fabs(weight) >= 0.01
    }
    return Learned(weights, float(model.intercept_[0]), len(decided))
