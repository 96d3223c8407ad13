"""How easy a text is to read, so that what patients get can be held to a bound.

Flesch's reading ease, 206.835 - 1.015 (words / sentence) - 84.6 (syllables / word), as the `odyssey` and `textstat` libraries
print it. Syllables are counted by their vowels, which is near enough for a page of text.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeiouytd]ed|[^laeiouy]e)$")


def syllables(word: str) -> int:
    """At least one: groups of vowels, an ending that is not spoken left out."""
    plain = word.casefold()
    return max(1, len(_VOWELS.findall(_SILENT.sub("x", plain) if len(plain) > 3 else plain)))


def reading_ease(text: str, leaving_out: frozenset[str] = frozenset()) -> float:
    """0 (hard) to 100 (easy) and beyond; names `leaving_out`, which no wording can change, are not counted. 0 without words."""
    words = [w for w in _WORD.findall(text) if w.casefold() not in leaving_out]
    sentences = [s for s in _SENTENCE.split(text) if _WORD.search(s)]
    if not words or not sentences:
        return 0.0
    spoken = sum(syllables(w) for w in words)
    return round(206.835 - 1.015 * len(words) / len(sentences) - 84.6 * spoken / len(words), 1)
