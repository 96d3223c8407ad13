"""BibTeX author lists: split at `and` outside braces, each name parsed into family and given names.

Rules: the BibTeX manual ("Tame the BeaST", section 11): `First von Last`, `von Last, First`, `von Last, Jr, First`.
The model keeps two parts, so the particle (von, de, van der) joins the family name and the suffix (Jr., III) follows
the given names after a comma. A name wholly in braces is a body; `others` means that the source cut the list.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kb.bibliography.latex import decode, encode
from kb.model.reference import Author


class Name(NamedTuple):
    """The parts of one name in Unicode; `body` for an organisation, whose whole name is `family`."""

    family: str
    given: str | None = None
    body: bool = False


_AND = re.compile(
    r"(?<!\s)\s+and(?=\s)", re.IGNORECASE
)  # begins at the first blank alone, so a run of them costs no more
_STRAY_AND = re.compile(r"^\s*and\s|\sand\s*$", re.IGNORECASE)
_ESCAPED = re.compile(r"\\[{}]")
_BLANK = re.compile(r"[ \t\r\n]+")
_STEP = re.compile(r"\\.|[{}]|\s+and(?=\s)|\s+|,", re.IGNORECASE | re.DOTALL)
_MISREAD = re.compile(r",|^\{|(?:^|\s)and(?:\s|$)|^others$", re.IGNORECASE)
SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|VI{0,3}|2nd|3rd|4th", re.IGNORECASE)
"""Suffixes of a name, as they follow the given names."""


class NameListError(ValueError):
    """The list of names cannot be read; the text says what is wrong and how to mend it."""


def parse_names(text: str) -> tuple[list[Name], bool]:
    """Names of an author field as it stands in the file (LaTeX not yet decoded), and whether `others` ends the list.

    Raises NameListError for an empty name, unbalanced braces, or `others` before the end, and UnknownCommandError.
    """
    if _STRAY_AND.search(text):
        raise NameListError("the list has an `and` with no name beside it; separate names with one `and`")
    parts = _AND.split(text.strip())
    if "{" in text and (_ESCAPED.search(text) or any(part.count("{") != part.count("}") for part in parts)):
        parts = split_outside_braces(text.strip(), "and")
    cut = parts[-1].strip().lower() == "others"
    if cut:
        parts.pop()
    return [parse_name(part) for part in parts], cut


@lru_cache(maxsize=65536)
def parse_name(text: str) -> Name:
    """One name. Raises NameListError when it is empty or has more than two commas."""
    text = text.strip()
    if not text or text.lower() == "others":
        what = "`others` comes before the end of" if text else "there is an empty name in"
        raise NameListError(f"{what} the list; separate names with one `and`")
    if text[0] == "{" and _closing(text) == len(text) - 1:
        return Name(_clean(text), None, True)
    parts = split_outside_braces(text, ",") if "," in text else [text]
    if len(parts) > 3:
        raise NameListError(
            f"{text[:80]!r} has {len(parts) - 1} commas; write `Family, Given` and join names by ` and `"
        )
    if len(parts) == 1:
        return _from_first_last(text)
    family, suffix = _clean(parts[0]), _clean(parts[1]) if len(parts) == 3 else ""
    given = _clean(parts[-1])
    if not family:
        raise NameListError(f"{text[:80]!r} has no family name before its comma; write `Family, Given`")
    if len(parts) == 3 and given and SUFFIX.fullmatch(given) and not SUFFIX.fullmatch(suffix):
        given, suffix = suffix, given  # `Family, Given, Jr.`, as people often write it
    return Name(family, ", ".join(part for part in (given, suffix) if part) or None)


def _from_first_last(text: str) -> Name:
    """`First von Last`: the family name starts at the first lower-case word, or is the last word."""
    words = split_outside_braces(text, " ") if "{" in text or "\\" in text else text.split()
    start = next((i for i, word in enumerate(words[:-1]) if _is_particle(word)), len(words) - 1)
    return Name(_clean(" ".join(words[start:])), _clean(" ".join(words[:start])) or None)


def _is_particle(word: str) -> bool:
    """Whether a word starts in lower case, as von and de do; a word in braces never does."""
    if word[0] == "{" and word[1:2] != "\\":
        return False
    return next((char.islower() for char in decode(word) if char.isalpha()), False)


def _clean(text: str) -> str:
    return decode(_BLANK.sub(" ", text.strip()), strict=True).strip()


def _closing(text: str) -> int:
    """Index of the brace that closes the one at the start, -1 when none does."""
    depth = 0
    for step in _STEP.finditer(text):
        if step[0] == "{":
            depth += 1
        elif step[0] == "}":
            depth -= 1
            if not depth:
                return step.start()
    return -1


def split_outside_braces(text: str, at: str) -> list[str]:
    """Parts of `text` between separators outside braces: `and` (with white space around), `,` or white space (` `)."""
    parts, depth, begin = [], 0, 0
    for step in _STEP.finditer(text):
        found = step[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
            if depth < 0:
                raise NameListError("a brace closes that was never opened; balance the braces")
        elif not depth and _is_separator(found, at):
            parts.append(text[begin : step.start()])
            begin = step.end()
    if depth:
        raise NameListError("a brace is never closed; balance the braces")
    parts.append(text[begin:])
    return [part for part in parts if part] if at == " " else parts


def _is_separator(found: str, at: str) -> bool:
    if at == "and":
        return found[-1:].lower() == "d" and found.strip().lower() == "and"
    return found == "," if at == "," else found.isspace()


def format_names(authors: list[Author], cut: bool) -> str:
    """The author field of a list of authors: `parse_names(format_names(authors, cut))` gives it back."""
    return " and ".join([format_name(author) for author in authors] + (["others"] if cut else []))


def format_name(author: Author) -> str:
    """`Family, Given`, `Family, Jr., Given`, or `{Body}`; braces guard what would be read as a separator."""
    family = encode(author.family)
    if author.body:
        return f"{{{family}}}"
    family = _guard(family)
    if author.given is None:
        plain = not re.search(r"[\s{]", family) and family.lower() not in ("others", "and")
        return family if plain else f"{family},"
    given, _, suffix = author.given.rpartition(", ")
    if (
        given
        and given == given.strip()
        and "," not in given
        and SUFFIX.fullmatch(suffix)
        and not SUFFIX.fullmatch(given)
    ):
        return f"{family}, {encode(suffix)}, {_guard(encode(given))}"
    return f"{family}, {_guard(encode(author.given))}"


def _guard(text: str) -> str:
    """The text in braces when a comma, an `and` or its ends would be misread outside them."""
    return f"{{{text}}}" if _MISREAD.search(text) else text
