"""A BibTeX text taken apart: entries with their raw fields, comments, and what is wrong with its punctuation.

bibtexparser 2 splits the text; its middleware (enclosing, interpolation, LaTeX, names) is not used, since it takes
about ten times as long as splitting. Nothing here knows which fields a reference has; `read` does.
"""

from __future__ import annotations

import calendar
import gc
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ExplicitComment,
    ImplicitComment,
    ParsingFailedBlock,
    Preamble,
    String,
)

from kb.problems import Problem

# Every damaged block becomes a Problem; the splitter would print it a second time.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False

MONTHS = {name[:3].lower(): name for name in calendar.month_name[1:]}
"""The abbreviations every BibTeX style defines."""

Wrong = Callable[[int, str, str, str, str], None]
"""Takes line, field, message, cure, and the record's key."""

Report = Callable[[str, str], None]
"""Takes message and cure; the place is known."""

LONGEST_VALUE = 100_000
"""Characters a value may have; `@string` names that double one another would otherwise fill the memory."""

_BLANK = re.compile(r"[ \t\r\n]+")
_PART = re.compile(r"""\s*(?:(?P<number>\d+)|(?P<name>[^\s"#%'(),={}\\]+)|(?P<open>["{]))\s*""")
_JOINT = re.compile(r"\s*#")
_NAMES = ("author", "editor")
_TEX_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n[ \t]*")
_BRACE = re.compile(r"\\.|[{}\"]", re.DOTALL)


@dataclass(slots=True)
class RawField:
    """A field as it stands: value without its delimiters, `@string` names resolved, LaTeX not yet decoded."""

    value: str
    line: int


@dataclass(slots=True)
class RawEntry:
    """An entry as it stands; type and field names in lower case."""

    type: str
    key: str
    line: int
    fields: dict[str, RawField]


@dataclass(slots=True)
class Comment:
    """Text between entries.

    `before` is the key of the entry that follows (None after the last); `touches` tells that no blank line lies
    between; `at_top` that no entry stands above it.
    """

    text: str
    line: int
    at_top: bool
    before: str | None = None
    touches: bool = False


@dataclass(slots=True)
class Blocks:
    """A whole text taken apart, in the order of the text."""

    entries: list[RawEntry] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Reading makes many objects and drops none; looking for garbage would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@no_garbage_collection()
def split(text: str, file: str = "references.bib") -> Blocks:
    """Take a BibTeX text apart; never raises, whatever the text holds. Lines count from 1."""
    found = Blocks()
    strings = dict(MONTHS)
    waiting: list[Comment] = []

    def wrong(line: int, where: str, message: str, cure: str, record: str) -> None:
        found.problems.append(Problem(file, line, where, message, cure, record))

    for block in parse_string(text, parse_stack=[]).blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            first = (block.previous_block.start_line or 0) + 1
            message = f"{block.key[:60]} is in the file already, at line {first}"
            wrong(line, "key", message, "merge the two entries", block.key)
        twice = sorted(block.duplicate_keys) if isinstance(block, DuplicateFieldKeyBlock) else []
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock) and block.ignore_error_block:
            block = block.ignore_error_block
        for name in twice:
            wrong(line, name.lower(), "this field is given twice", "keep one of the two", getattr(block, "key", ""))
        if isinstance(block, Entry):
            entry = _entry(block, line, strings, twice, wrong)
            for comment in waiting:
                comment.before = entry.key
            if waiting:
                waiting[-1].touches = waiting[-1].line + waiting[-1].text.count("\n") + 1 == line
                waiting.clear()
            found.entries.append(entry)
        elif isinstance(block, ImplicitComment | ExplicitComment):
            waiting.append(Comment(_comment_text(block, line, wrong), line, not found.entries))
            found.comments.append(waiting[-1])
        elif isinstance(block, String):
            report = partial(_report, wrong, line, "@string", block.key[:60])
            strings[block.key.lower()] = _joined(block.value, strings, report)
        elif isinstance(block, Preamble):
            wrong(line, "@preamble", "a preamble has no use here", "remove it; values are stored in UTF-8", "")
        elif isinstance(block, ParsingFailedBlock):
            wrong(line, *_explain(block))
    return found


def _entry(block: Entry, line: int, strings: dict[str, str], twice: list[str], wrong: Wrong) -> RawEntry:
    fields: dict[str, RawField] = {}
    for part in block.fields:
        name, at, value = part.key.lower(), part.start_line + 1, part.value
        if not name.isalpha():
            name = _BLANK.sub(" ", name)[:60] or "(no name)"
        if name in _NAMES and _TEX_COMMENT.search(value):
            value = _TEX_COMMENT.sub("", value)
            wrong(at, name, "there is a comment inside the value", "remove it; a % in a name is written \\%", block.key)
        if value[:1] == "{" and value.find("}") == len(value) - 1:  # nearly every field
            value = _tidy(value[1:-1])
        else:
            value = _tidy(_joined(value, strings, partial(_report, wrong, at, name, block.key)))
        if name not in fields:
            fields[name] = RawField(value, at)
        elif part.key not in twice:  # the splitter saw two fields, since their case differs
            wrong(at, name, "this field is given twice", "keep one of the two", block.key)
    return RawEntry(block.entry_type.lower(), block.key, line, fields)


def _report(wrong: Wrong, line: int, field: str, key: str, message: str, cure: str) -> None:
    wrong(line, field, message, cure, key)


def _joined(raw: str, strings: dict[str, str], report: Report) -> str:
    """A value without its delimiters: `{text}`, `"text"`, `2013`, `jan`, or several joined by `#`."""
    if raw[:1] == "{" and raw[-1:] == "}" and _end(raw, 0) == len(raw) - 1:
        return raw[1:-1]
    if raw.isdigit():
        return raw
    parts: list[str] = []
    at, length, last = 0, 0, len(raw.rstrip())
    while True:
        match = _PART.match(raw, at)
        if not match:
            report("the value is not delimited", "write it as {value}")
            return raw.strip('{}" ')
        if match["open"]:
            end = _end(raw, match.start("open"))
            if end < 0:
                report("the value has unbalanced braces or quotes", "balance them; a brace in text is \\{ or \\}")
                return raw.strip('{}" ')
            parts.append(raw[match.end("open") : end])
            at = end + 1
        else:
            name = match["name"]
            if name and name.lower() not in strings:
                report(f"{name[:60]!r} is not a defined string", "write the value in braces")
            parts.append(strings.get(name.lower(), name) if name else match["number"])
            at = match.end()
        length += len(parts[-1])
        if length > LONGEST_VALUE:
            report(f"the value is longer than {LONGEST_VALUE} characters", "shorten it")
            return ""
        if at >= last:
            return "".join(parts)
        joint = _JOINT.match(raw, at)
        if not joint:
            rest = _BLANK.sub(" ", raw[at:]).strip()[:80]
            report(
                f"text follows the end of the value: {rest!r}",
                "put the whole value into one pair of braces, or the missing comma before the next field",
            )
            return "".join(parts)
        at = joint.end()


def _tidy(text: str) -> str:
    return _BLANK.sub(" ", text).strip(" ") if "\n" in text or "  " in text or "\t" in text else text.strip(" ")


def _end(raw: str, start: int) -> int:
    """Index of the delimiter that closes the brace or quote at `start`, -1 when none does."""
    quoted, depth = raw[start] == '"', 0
    for match in _BRACE.finditer(raw, start + quoted):
        found = match[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
            if depth < 0 or (not depth and not quoted):
                return match.start() if not quoted else -1
        elif found == '"' and quoted and not depth:
            return match.start()
    return -1


def _comment_text(block: Block, line: int, wrong: Wrong) -> str:
    text = block.raw or ""
    if isinstance(block, ImplicitComment):
        for at, part in enumerate(text.split("\n")):
            if part.strip() and not part.lstrip().startswith("%"):
                wrong(
                    line + at,
                    "text",
                    f"text outside any entry: {part.strip()[:60]!r}",
                    "balance the braces of the entry before it, or begin a comment with %",
                    "",
                )
                break
    return text


def _explain(block: ParsingFailedBlock) -> tuple[str, str, str, str]:
    """Field, message, cure and record of a block that could not be split."""
    raw = block.raw or ""
    key = re.match(r"@\w*\s*[{(]\s*([^\s,{}()=\"]+)", raw)
    reason = getattr(block.error, "abort_reason", "") or "the entry is damaged"
    if "end of file" in reason:
        message = "a brace or a quote is never closed"
    elif "block start" in reason:
        message = "a brace or a quote is not closed before the next entry begins"
    elif "comma after entry key" in reason:
        message = "no comma after the key"
    else:
        message = re.sub(r"\s+", " ", reason).strip(" .")[:200]
    return "entry", message, "write it as @type{key, field = {value}, ...}", key[1] if key else ""
