"""Words as people type them, made comparable: case, accents, punctuation, plurals, British and American spelling, typing errors."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = re.compile(r"[^a-z0-9%]+")
_POSSESSIVE = re.compile(r"[’'`´]s\b")
_DOUBLED = re.compile(r"([a-z])\1+")
_SKELETON = re.compile(r"[aeiouyhw]+")
_ROMAN = re.compile(r"^[ivx]+$")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("c", "k"), ("z", "s"))

SHORTEST_TYPO = 5
"""Letters a word needs before one that differs by a letter counts as the same word."""
SHORTEST_MEDICINE_TYPO = 6
SHORTEST_TWO_TYPOS = 8


def folded(text: str) -> str:
    """Lower case, accents off, punctuation to single spaces; `%` stays, because a strength is no name."""
    plain = _POSSESSIVE.sub("s", text.casefold())
    if not plain.isascii():
        plain = _BEYOND_ASCII.sub(_unaccented, unicodedata.normalize("NFKD", plain))
    return _PUNCTUATION.sub(" ", plain).strip()


def _unaccented(found: re.Match[str]) -> str:
    if found[0] in "µμ":
        return "u"
    return "" if unicodedata.combining(found[0]) else found[0]


def key(text: str) -> str:
    """What is left of a name when spelling habits are taken away: `Anaemias` and `anemia` have one key."""
    return " ".join(_token(t) for t in folded(text).split())


ABBREVIATIONS = {
    "vit": "vitamin", "vits": "vitamin", "def": "deficiency", "defic": "deficiency", "deficient": "deficiency",
    "tx": "transplant", "xplant": "transplant", "inj": "injection", "inf": "infection", "chr": "chronic", "ca": "cancer",
    "abx": "antibiotic",
}  # fmt: skip
"""Short forms that have one meaning in the words of a patient's history."""


PLURALS = frozenset({"bloods", "fits", "nerves", "waters", "periods"})
"""Plurals that mean another thing than their singulars: `bloods` are a test, `fits` are seizures, and the fit are well."""


def _token(word: str) -> str:
    word = ABBREVIATIONS.get(word, word)
    if word in PLURALS:
        return word
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, other in (("ies", "y"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"),
                          ("yse", "yze"), ("our", "or"), ("tre", "ter")):  # fmt: skip
        if word.endswith(ending):
            word = word.removesuffix(ending) + other
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) < 4:
        return word
    word = word.replace("ae", "e").replace("oe", "e").replace("ph", "f").replace("y", "i")
    return _DOUBLED.sub(r"\1", word)


def skeleton(text: str) -> str:
    """The consonants of a word by sound: what a slip of the keyboard or a guess at the spelling usually leaves alone."""
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    return _DOUBLED.sub(r"\1", _SKELETON.sub("", text))


def slip(typed: str, known: str, medicine: bool) -> int | None:
    """How many slips make `typed` of `known` (keys both), or None when they are two words.

    One slip (a letter more, less, other, or two swapped) in a word that is long enough; two in a long one whose consonants are the
    same. The last letter of a short word stays (Zostex is no zoster), and so do words of one or two letters (vitamin B1, vitamin K1).
    The first letter stays: medicines that only look alike differ there or in their consonants (sertraline, tetracycline;
    nifedipine, nimodipine), and a list of names is never complete enough to exclude them otherwise.
    """
    if not typed or typed[0] != known[0] or abs(len(typed) - len(known)) > 2 or _opposite(typed, known):
        return None
    shortest = min(len(typed), len(known))
    if shortest < (SHORTEST_MEDICINE_TYPO if medicine else SHORTEST_TYPO):
        return None
    if (
        shortest < SHORTEST_TWO_TYPOS
        and len(typed) == len(known)
        and typed[-1] != known[-1]
        and typed[:-1] == known[:-1]
    ):
        return None
    if _short_word_differs(typed, known) or _other_salt(typed, known):
        return None
    distance = OSA.distance(typed, known, score_cutoff=2)
    if distance == 1 and _digits(typed) == _digits(known):
        return 1
    if distance == 2 and shortest >= SHORTEST_TWO_TYPOS and skeleton(typed) == skeleton(known):
        return 2
    return None


def _short_word_differs(a: str, b: str) -> bool:
    """Whether two names of several words differ in one of one or two letters, or in a Roman number.

    Vitamin B1 is no slip for vitamin K1, nor factor VII for factor VIII.
    """
    one, two = a.split(), b.split()
    if len(one) != len(two) or len(one) < 2:
        return False
    return any(
        x != y and (min(len(x), len(y)) <= 2 or bool(_ROMAN.match(x) and _ROMAN.match(y)))
        for x, y in zip(one, two, strict=True)
    )


_SALTS = ("ate", "ite", "ide")


def _other_salt(a: str, b: str) -> bool:
    """A nitrite is no nitrate: the ending of a salt is the whole difference."""
    one, two = (next((end for end in _SALTS if word.endswith(end)), "") for word in (a, b))
    return bool(one and two and one != two)


_PREFIXES = ("hiper", "hipo", "hyper", "hypo")


def _opposite(a: str, b: str) -> bool:
    """Hyper- and hypo- are two letters apart and the opposite of each other."""
    found = [next((p for p in _PREFIXES if word.startswith(p)), "") for word in (a, b)]
    return any(found) and found[0] != found[1]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
