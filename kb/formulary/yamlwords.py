"""What is wrong with a YAML text, in words for who wrote it: the parser's own words name what it was doing, not the slip."""

from __future__ import annotations

import re
from typing import Any

import yaml

_GLUED_HASH = re.compile(r"\s#(?=[^\s#])")
_HASH = re.compile(r"\s#\s*\S")
_ODD_BLANK = "\u00a0\u2009\u202f\u2007\u3000"

_BAD_BLANK = re.compile(rf"\s*[{_ODD_BLANK}]\s*\S|\s*(?:- )?[\w-]+:[{_ODD_BLANK}：]|\s*(?:- )?[\w-]+：")

OPEN_QUOTE = "a quotation mark is opened here and never closed"


def explain(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Line (from 1), what is wrong, and how to mend it."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.split("\n")
    problem, context = error.problem or "", error.context or ""
    here = lines[line - 1] if line <= len(lines) else ""
    begun = error.context_mark.line + 1 if error.context_mark else line
    if "\t" in re.match(r"\s*", here)[0] or "'\\t'" in problem:  # type: ignore[index]
        return line, "a tab stands at the beginning of the line", "indent with spaces; `kb fmt` changes tabs to spaces"
    if bad := next((n for n in (line, line - 1, begun) if 1 <= n <= len(lines) and _BAD_BLANK.match(lines[n - 1])), 0):
        return bad, "a non-breaking space stands where a plain one is needed", "type the space again, or run `kb fmt`"
    if "quoted scalar" in context:
        return begun, OPEN_QUOTE, "close it at the end of the text, or leave both marks out"
    if "flow" not in context + problem and (cut := _cut_above(lines, line)):
        return cut
    if "mapping values are not allowed" in problem:
        return line, *_colon(lines, line)
    if "cannot start any token" in problem or "found character" in problem:
        sign = here.strip().partition(": ")[2][:1] or here.strip()[:1]
        return line, f"a text cannot begin with {sign!r}", "put the whole text in quotes"
    if "could not find expected ':'" in problem:
        return _no_colon(lines, line, begun)
    if "flow" in context or "flow" in problem:
        return (
            min(begun, len(lines)),
            "a bracket is opened here and not closed",
            "close it, or put the whole text in quotes",
        )
    if "block sequence" in context or "block mapping" in context or "did not find expected" in problem:
        return line, "the line does not fit in with the lines around it", _indentation(lines, line, begun)
    if re.match(r"---(?:\s|$)", here) or "single document" in context + problem:
        return line, "a second document begins here (`---`)", "take the line out; a file holds one record"
    return (
        line,
        "cannot be read from here on",
        "look at the indentation, the quotes and the colons of this line and the one above",
    )


def _cut_above(lines: list[str], line: int) -> tuple[int, str, str] | None:
    """A text over several lines that ` #` cut off: the fault shows one line further down."""
    for number in (line - 1, line):
        here = lines[number - 1] if 1 <= number <= len(lines) else ""
        if not here.lstrip().startswith("#") and not re.search(r":\s*['\"|>]", here) and _HASH.search(here):
            return number, "the text is cut off at ` #`, which begins a comment", "put the whole text in quotes"
    return None


def _colon(lines: list[str], line: int) -> tuple[str, str]:
    here = lines[line - 1].strip()
    if here.count(": ") + here.endswith(":") > 1:
        return "a colon with a space after it stands inside the text", "put the whole text in quotes; `kb fmt` does it"
    before = lines[line - 2].strip() if line > 1 else ""
    if before and not before.endswith(":"):
        return (
            "the line is indented further than the one above, which already has its value",
            "give it the indentation of its fellow fields, or put the text that goes on over several lines in quotes",
        )
    return "the line is indented otherwise than its fellow fields", "give it the same number of spaces"


def _no_colon(lines: list[str], line: int, begun: int) -> tuple[int, str, str]:
    """A line that is no `field: value`."""
    at = min(begun, len(lines))
    here = lines[at - 1].strip()
    if re.match(r"[\w-]+:\S", here):
        return at, "a space is missing after the colon", f"write `{here.partition(':')[0]}: ...`"
    return at, f"{here[:40]!r} is not a field", "write `field: value`, or indent it if it goes on with the text above"


def _indentation(lines: list[str], line: int, begun: int) -> str:
    here, there = lines[line - 1] if line <= len(lines) else "", lines[begun - 1] if begun <= len(lines) else ""
    spaces, fellow = len(here) - len(here.lstrip()), len(there) - len(there.lstrip())
    if here.strip() and spaces != fellow:
        fellows = f"the fields from line {begun} on after {fellow}"
        return f"it begins after {spaces} spaces, {fellows}: give it the same number, or close a quote above"
    return "look for a quote that is not closed, or a `- ` that is missing"


_ASKED = (
    (r"[-+]?0\d+", "begins with a zero", "write the number without it, or put it in quotes if it is a code", "critical"),
    (r"0[xob][0-9A-Fa-f]+", "may be a number in another notation", "write it in digits, or put it in quotes", "warning"),
    (r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+", "is a number in short notation", "write it out (1e3 is 1000), or put it in quotes", "warning"),
    (r"[-+]?\d{1,3}(?:_\d{3})+", "holds an underscore", "write the number without it (1000), or put it in quotes", "warning"),
    (r"\d{1,2}:\d\d(?::\d\d)?", "may be a time or a ratio", "put it in quotes", "warning"),
    (r"[-+]?\d{1,3}(?:,\d{3})+", "may be a number with thousands", "write the number without commas, or put it in quotes", "warning"),
    (r"[-+]?\d+,\d+", "may be a number with a decimal comma", "write it with a point (4.8), or put it in quotes", "warning"),
    (r"\d+(?:\.\d+)?\s*[–−‐]\s*\d+(?:\.\d+)?", "is a range", "give its two ends in fields of their own, or put it in quotes", "warning"),
    (r"[-−–‐]?[\d\u00a0\u2009\u202f]*[\u00a0\u2009\u202f−–‐][\d\u00a0\u2009\u202f]*(?:\.\d+)?", "holds a sign or space that no number has",
     "type it with a plain minus and without spaces; `kb fmt` does it", "warning"),
    (r"(?:yes|no|on|off|Yes|No|On|Off|YES|NO)", "is read as a word", "write true or false, or put it in quotes", "warning"),
)  # fmt: skip
_ASKED_OF = [(re.compile(pattern).fullmatch, message, cure, severity) for pattern, message, cure, severity in _ASKED]
_OPENING, _QUOTED = tuple("“„«‘"), re.compile(r"[“„«‘].*[”“»’]").fullmatch


def doubt(node: yaml.ScalarNode, lines: list[str]) -> tuple[str, str, str] | None:
    """What to ask about a value without quotes: message, cure, severity; None for nearly all values."""
    text: str = node.value
    if text[:1] in "+-0123456789−–‐yYnNoO" and len(text) < 24:
        for asked, message, cure, severity in _ASKED_OF:
            if asked(text) and any(c.isdigit() for c in text) | text.isalpha():
                return f"{text!r} {message}", cure, severity
    if text[:1] in _OPENING and _QUOTED(text) and not re.search(r"[“”„«»]", text[1:-1]):
        return "stands in typographic quotation marks", 'use plain ones (") or none; `kb fmt` does it', "warning"
    return _cut(node, lines)


def _cut(node: yaml.ScalarNode, lines: list[str]) -> tuple[str, str, str] | None:
    end: Any = node.end_mark
    rest = lines[end.line][end.column :] if end.line < len(lines) else ""
    if not node.value or "#" not in rest or not _HASH.match(rest):
        return None
    shown = " ".join(rest.split())[:40]
    if _GLUED_HASH.match(rest):
        return (
            f"the text is cut off at ` #`: {shown!r} is not read",
            "put the whole text in quotes; `kb fmt` does it",
            "critical",
        )
    if " " in node.value:
        return (
            f"{shown!r} after the text is a comment and is not read",
            "put it on a line of its own, or the whole text in quotes",
            "warning",
        )
    return None
