"""A regular expression that is tried only where it may fit."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ODD = ("ſ", "ı", "i\u0307")
"""Letters that a regular expression takes for small s and i."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression, and letters of which one must stand in any text that it fits, which is far quicker to see."""

    expression: re.Pattern[str]
    letters: tuple[str, ...]

    @classmethod
    def of(cls, expression: str, *letters: str) -> Pattern:
        return cls(re.compile(expression, re.IGNORECASE), letters)

    def search(self, text: str) -> re.Match[str] | None:
        low = text.lower()
        if not any(some in low for some in self.letters) and not any(odd in low for odd in _ODD):
            return None
        return self.expression.search(text)
