"""Europe PMC's answers as JSON: the same fields as its XML, which is what they are turned into and read as.

A file holds one answer, or one a line (as a script that asks page by page saves them).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from kb.literature import europepmcxml
from kb.literature.entry import Entry
from kb.screen.source import Unreadable

FORMAT = "Europe PMC JSON"

LARGEST = 200_000_000
"""Characters of one answer; a page of a thousand records in full has some ten million."""

_ANSWER = re.compile(r'\s*\{(?=.{0,4000}"(?:resultList|hitCount)"\s*:)', re.DOTALL)
_NEXT = re.compile(r'\n(?=\s*\{\s*"(?:version|hitCount|nextCursorMark|request|resultList)"\s*:)')
"""Where the next answer of a file begins."""

_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def is_json(head: str) -> bool:
    """Whether a text begins as an answer of Europe PMC."""
    return _ANSWER.match(head.removeprefix("\ufeff")) is not None


def read(pieces: Iterator[str], name: str) -> Iterator[Entry]:
    """The records of all answers of a stream. Raises Unreadable when it is no sound JSON."""
    line, number = "", 0
    for piece in pieces:
        line += piece
        if len(line) > LARGEST:
            raise Unreadable("holds an answer of more than 200 MB", "ask Europe PMC for 1,000 records a page")
        while next_ := _NEXT.search(line):
            yield from _answer(line[: next_.start()], name, number)
            number += line.count("\n", 0, next_.end())
            line = line[next_.end() :]
    yield from _answer(line, name, number)


def _answer(text: str, name: str, lines: int) -> Iterator[Entry]:
    if not text.strip():
        return
    try:
        found = json.loads(text)
        results = found["resultList"]["result"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        where = getattr(error, "lineno", 1) + lines
        raise Unreadable(f"is not a complete answer from Europe PMC (line {where})", "save it again") from None
    for number, result in enumerate(results, 1):
        if isinstance(result, dict):
            for entry in europepmcxml.read(f"<result>{_first(result)}{_xml(result)}</result>", name):
                entry.line = lines + number
                yield entry


def _first(result: dict[str, Any]) -> str:
    """The number first, by which the reader knows a record."""
    return _xml({"id": result.get("id", "")})


def _xml(value: Any, name: str = "") -> str:
    """JSON as the elements it was made from: a list is its element again and again."""
    if isinstance(value, dict):
        inside = "".join(_xml(part, key) for key, part in value.items() if _NAME.fullmatch(key))
    elif isinstance(value, list):
        return "".join(_xml(part, name) for part in value)
    elif value is None:
        return ""
    else:
        inside = escape(str(value))
    return f"<{name}>{inside}</{name}>" if name else inside
