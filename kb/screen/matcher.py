"""Finding thousands of phrases in one pass over a text.

A text is cut into words (letters and digits of any script; accents, case, hyphens and other marks aside), each word is
reduced by its plural s and becomes a short code, and one automaton (ahocorasick_rs) finds the phrases among the codes: the
longest wins, and a word counts only as a whole. Every hyphen may be a space or missing on either side: `micro-needling`,
`microneedling`. Abbreviations are looked up with their capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from kb.screen.extras import need
from kb.screen.vocabulary import Sure, Word

_TOKEN = re.compile(r"[^\W_]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_LETTERS = {
    "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "ω": " omega ", "μ": "u", "ß": "ss", "æ": "ae", "Æ": "Ae",
    "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i",
    "\u2010": "-", "\u2011": "-", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "",
}  # fmt: skip
_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What stands between words of plain ASCII."""

_MOST_REMEMBERED = 300_000
"""Words whose number is remembered; a bulk file repeats a few ten thousand."""


class _Plain(dict[str, str]):
    """Letter to the letters it is compared as, worked out when it is first met; marks become spaces, capitals stay."""

    def __missing__(self, letter: str) -> str:
        named = _LETTERS.get(letter) or (_LETTERS.get(letter.lower()) if letter in "ΑΒΓΔΩ" else None)
        if named is None:
            parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
            named = "".join(_LETTERS.get(part, part if part.isascii() or part.isalnum() else " ") for part in parts)
        self[letter] = named
        return named


_PLAIN = _Plain()


def plain(text: str) -> str:
    """A text without accents, Greek letters by name; capitals stay."""
    return text if text.isascii() else NOT_ASCII.sub(_plain_letter, text)


def _plain_letter(found: re.Match[str]) -> str:
    return _PLAIN[found[0]]


def tokens(text: str) -> list[str]:
    """The words of a plain text, in order."""
    return text.translate(_SEPARATORS).split() if text.isascii() else _TOKEN.findall(text)


def key(token: str) -> str:
    """A word as it is compared: lower case, without a plural s (`Keloids`, `injections`, `therapies`)."""
    token = token.lower()
    if len(token) <= 3 or not token.endswith("s") or token.endswith(("us", "is")):
        return token
    if token.endswith("ss"):
        return token
    if token.endswith("sses"):
        return token[:-2]
    if token.endswith("oses") and len(token) > 6:  # keratoses
        return token[:-2] + "is"
    if token.endswith("ies") and len(token) > 5:
        return token[:-3] + "y"
    return token[:-1]


_OTHER = "."
"""Code of every word that is not in the vocabulary; no phrase holds it."""

_LETTER, _BASE = "abcdefghijklmnopqrstuvwxyz012345", 32


def _code(number: int) -> str:
    """Three or more letters for a word of the vocabulary, the first of another alphabet, so that codes never overlap."""
    first, rest = chr(0x100 + number % _BASE), number // _BASE
    return first + _LETTER[rest % _BASE] + _LETTER[rest // _BASE % _BASE] + _LETTER[rest // _BASE**2]


class _Codes(dict[str, str]):
    """Word of a text to its code, worked out when it is first met."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, token: str) -> str:
        code = self.known.get(key(token), _OTHER)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[token] = code
        return code


class Matcher:
    """Words prepared for finding them in texts. Raises MissingExtraError without ahocorasick_rs."""

    def __init__(self, words: Iterable[Word]) -> None:
        library = need("ahocorasick_rs")
        known: dict[str, str] = {}
        forms: dict[str, list[Word]] = {}
        self._single: dict[str, list[Word]] = {}
        self._exact: dict[str, list[Word]] = {}
        for word in words:
            text = plain(word.text)
            if word.sure is Sure.ABBREVIATION:
                for plural in ("", "s"):
                    self._exact.setdefault(text + plural, []).append(word)
                continue
            for form in {tuple(map(key, tokens(text))), tuple(map(key, tokens(closed(text))))}:
                codes = [known.setdefault(part, _code(len(known))) for part in form]
                if codes:
                    forms.setdefault("".join(codes), []).append(word)
                if len(codes) == 1:
                    self._single.setdefault(codes[0], []).append(word)
        self._automaton: Any = library.AhoCorasick(list(forms), matchkind=library.MatchKind.LeftmostLongest)
        self._meant = list(forms.values())
        self._codes = _Codes(known)
        self._empty = not forms

    def find(self, text: str) -> set[Word]:
        """The words that stand in a text."""
        found: set[Word] = set()
        if not text:
            return found
        text = plain(text)
        parts, codes = tokens(text), self._codes
        if not self._empty:
            self._phrases("".join([codes[part] for part in parts]), found)
            if "-" in text:
                self._compounds(text, found)
        exact = self._exact.keys() & parts
        if exact and not text.isupper():  # where everything is in capitals, AT is a preposition
            for token in exact:
                found.update(self._exact[token])
        return found

    def _phrases(self, codes: str, found: set[Word]) -> None:
        """Of the phrases that begin at a place the longest, then on from where it ends."""
        for which, _, _ in self._automaton.find_matches_as_indexes(codes):
            found.update(self._meant[which])

    def _compounds(self, text: str, found: set[Word]) -> None:
        """Compounds as one word: `micro-needling` where the vocabulary has `microneedling`."""
        for chunk in text.split():
            if "-" in chunk:
                for compound in _HYPHENED.findall(chunk):
                    if meant := self._single.get(self._codes[compound.replace("-", "")]):
                        found.update(meant)


def closed(text: str) -> str:
    """A phrase with its hyphens gone where both sides are words: `micro-needling`; `Retin-A` is not `retina`."""
    return re.sub(r"(?<=[^\W_]{3})-(?=[^\W_]{3}|\d)", "", text)
