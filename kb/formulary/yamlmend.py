"""Slips of the keyboard in YAML that can be mended without guessing what was meant; `kb fmt` does it and says so.

Non-breaking spaces where YAML needs plain ones, tabs at the beginning of a line, typographic quotation marks around a
whole value, a typographic minus or narrow spaces in a number, a colon or ` #` inside a text without quotes. Blocks of
text (`|`, `>`) and values in quotes stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANKS = "\u00a0\u2007\u2009\u202f\u3000"
_FIELD = re.compile(r"(?P<head>\s*(?:- +)*(?:[\w-]+: +|- +))(?P<value>\S.*)")
_BLOCK = re.compile(r"^(?P<indent>\s*)(?:- +)*(?:[\w-]+:)?\s*[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_NUMBER = re.compile(rf"[-−–‐]?\d{{1,3}}(?:[{_BLANKS}]\d{{3}})*(?:\.\d+)?|[-−–‐]?\d+(?:\.\d+)?")


def mend(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text with its slips mended, and each line (from 1) with what was done there."""
    lines = text.split("\n")
    done: list[tuple[int, str]] = []
    for number, inside in enumerate(_in_blocks(lines)):
        if inside:
            continue
        continued = _goes_on(lines, number)
        fresh, what = _line(lines[number], continued)
        if what:
            lines[number] = fresh
            done += [(number + 1, one) for one in what]
    return "\n".join(lines), done


def _in_blocks(lines: list[str]) -> Iterator[bool]:
    """For each line whether it is text of a block, whose every sign counts."""
    indent: int | None = None
    for line in lines:
        spaces = len(line) - len(line.lstrip(" "))
        if indent is not None and (not line.strip() or spaces > indent):
            yield True
            continue
        yield False
        block = _BLOCK.match(line)
        indent = len(block["indent"]) if block else None


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether the next line continues the value of this one."""
    here, there = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
    if not there.strip() or re.match(r"\s*(?:#|- |[\w-]+:(?: |$))", there):
        return False
    return len(there) - len(there.lstrip()) > len(here) - len(here.lstrip())


def _line(line: str, continued: bool) -> tuple[str, list[str]]:
    what = []
    start = line[: len(line) - len(line.lstrip())]
    if any(c in start for c in "\t" + _BLANKS):
        line = re.sub(f"[{_BLANKS}]", " ", start.replace("\t", "  ")) + line.lstrip()
        what.append("spaces at the beginning of the line")
    if match := re.match(rf"(\s*(?:- +)*[\w-]+)(?::[{_BLANKS}]+ *|： *)(?=\S)", line):
        line = f"{match[1]}: {line[match.end() :]}"
        what.append("the space after the colon")
    field = _FIELD.fullmatch(line)
    if field and not continued:
        fresh, said = _value(field["value"].rstrip())
        if said:
            line = field["head"] + fresh
            what.append(said)
    return line, what


def _value(value: str) -> tuple[str, str]:
    if value[0] in "'\"|>[{&*!%@`#":
        return value, ""
    if _NUMBER.fullmatch(value) and re.search(f"[−–‐{_BLANKS}]", value):
        return re.sub(f"[{_BLANKS}]", "", re.sub("[−–‐]", "-", value)), "the number"
    if re.fullmatch(r"[“„«‘].*[”“»’]", value) and not re.search(r"[“”„«»]", value[1:-1]):
        return _quoted(value[1:-1].strip(_BLANKS + " ")), "the quotation marks"
    if re.search(r":(?: |$)", value) and not re.match(r"[\w-]+:(?: |$)", value):
        return _quoted(value), "a text with a colon was put in quotes"
    if re.search(r"\S[^:]*: ", value) and value.count(": ") and not value.startswith("- "):
        return _quoted(value), "a text with a colon was put in quotes"
    if re.search(r"\s#(?=[^\s#])", value):
        return _quoted(value), "a text with ` #` was put in quotes"
    return value, ""


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
