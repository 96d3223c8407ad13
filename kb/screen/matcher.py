"""Finding thousands of phrases in one pass over a text.

A text is cut into words (letters and digits of any script; accents, case, hyphens and other marks aside), each word is
reduced by its plural s, and a tree of words is walked from each place: the longest phrase wins, and a word counts only
as a whole. Every hyphen may be a space or missing on either side: `micro-needling`, `microneedling`. Abbreviations are
looked up with their capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from kb.screen.vocabulary import Sure, Word

_TOKEN = re.compile(r"[^\W_]+")
_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega"}
_LETTERS = str.maketrans(
    {letter: f" {name} " for small, name in _GREEK.items() for letter in (small, small.upper())}
    | {
        "μ": "u",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
    }
)
_END = ""
"""Key of a node of the tree under which the words that end there stand; no word of a text is empty."""

_MOST_KEYS = 200_000
"""Words whose reduced form is remembered; a bulk file repeats a few ten thousand."""


def plain(text: str) -> str:
    """A text without accents, Greek letters by name; capitals stay."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS)).translate(_LETTERS)
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def key(token: str) -> str:
    """A word as it is compared: lower case, without a plural s (`Keloids`, `injections`, `therapies`)."""
    token = token.lower()
    if len(token) <= 3 or not token.endswith("s") or token.endswith(("us", "is")):
        return token
    if token.endswith("ss"):
        return token
    if token.endswith("sses"):
        return token[:-2]
    if token.endswith("ies") and len(token) > 5:
        return token[:-3] + "y"
    return token[:-1]


class Matcher:
    """Words prepared for finding them in texts."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._tree: dict[str, Any] = {}
        self._exact: dict[str, list[Word]] = {}
        self._keys: dict[str, str] = {}
        for word in words:
            text = plain(word.text)
            if word.sure is Sure.ABBREVIATION:
                for plural in ("", "s"):
                    self._exact.setdefault(text + plural, []).append(word)
                continue
            forms = {tuple(map(key, _TOKEN.findall(text))), tuple(map(key, _TOKEN.findall(_closed(text))))}
            for form in forms:
                self._plant(form, word)

    def _plant(self, form: tuple[str, ...], word: Word) -> None:
        node = self._tree
        for part in form:
            node = node.setdefault(part, {})
        node.setdefault(_END, []).append(word)

    def find(self, text: str) -> set[Word]:
        """The words that stand in a text."""
        text = plain(text)
        tokens = _TOKEN.findall(text)
        keys = list(map(self._key, tokens))
        found: set[Word] = set()
        tree, after = self._tree, 0
        for place in [place for place, one in enumerate(keys) if one in tree]:
            if place >= after:
                after = self._longest(keys, place, found)
        if "-" in text or not text.isascii():
            for compound in _HYPHENED.findall(text):
                self._longest([self._key(re.sub(r"[\W_]", "", compound))], 0, found)
        if not text.isupper():  # where everything is in capitals, AT is a preposition
            for token in set(tokens) & self._exact.keys():
                found.update(self._exact[token])
        return found

    def _longest(self, keys: list[str], place: int, found: set[Word]) -> int:
        """Add the longest phrase that begins at a place; the place after it."""
        node, at, after, words = self._tree, place, place + 1, None
        while at < len(keys) and (node := node.get(keys[at])) is not None:  # type: ignore[assignment]
            at += 1
            if _END in node:
                words, after = node[_END], at
        if words:
            found.update(words)
        return after

    def _key(self, token: str) -> str:
        known = self._keys.get(token)
        if known is None:
            if len(self._keys) >= _MOST_KEYS:
                self._keys.clear()
            known = self._keys[token] = key(token)
        return known


def _closed(text: str) -> str:
    """A phrase with its hyphens gone where both sides are words: `micro-needling`; `Retin-A` is not `retina`."""
    return re.sub(r"(?<=[^\W_]{3})-(?=[^\W_]{3}|\d)", "", text)
