"""Half-typed YAML, read by its indentation: the path of every line, and what the cursor stands on.

Text that is being typed is seldom valid YAML, so no parser is asked. Only the block style that `kb fmt` writes is
understood, and a list in one line (`[a, b]`) as a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.formulary.yamltext import Path_

_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)(?P<colon>\s*:)(?=\s|$)")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


@dataclass(frozen=True)
class Line:
    """One line that says something: a field, an entry of a list, or both. Columns count characters from 0."""

    number: int
    path: Path_
    key: str | None
    key_column: int
    value: str
    value_column: int


@dataclass(frozen=True)
class Cursor:
    """What stands at the cursor: at `path` a value, or in the record at `path` the name of a field.

    `prefix` is the word up to the cursor, which starts at `start`; the word ends at `end`.
    `entry` tells that a dash opens the line, so that the word may be an entry of the list or its first field.
    """

    path: Path_
    names_field: bool
    prefix: str
    start: int
    end: int
    has_colon: bool = False
    entry: bool = False


@dataclass
class Outline:
    """The lines of a text with their paths, and the cursor when one was asked for."""

    lines: list[Line] = field(default_factory=list)
    cursor: Cursor | None = None

    def value(self, path: Path_) -> str | None:
        """The plain value of a field, as typed so far, without quotes."""
        return next((unquoted(line.value) for line in self.lines if line.path == path and line.value), None)

    def fields(self, path: Path_) -> set[str]:
        """Names of the fields that stand in the record at `path`."""
        deep = len(path)
        return {str(x.path[deep]) for x in self.lines if x.path[:deep] == path and len(x.path) > deep}

    def entries(self, path: Path_) -> set[str]:
        """The plain entries of the list at `path`."""
        return {unquoted(x.value) for x in self.lines if x.key is None and x.path[:-1] == path and x.value}

    def at(self, number: int, column: int) -> tuple[Line, bool] | None:
        """The line under a position, and whether its field's name (not its value) is meant."""
        for line in self.lines:
            if line.number == number:
                if line.key is not None and line.key_column <= column <= line.key_column + len(line.key):
                    return line, True
                if line.value and line.value_column <= column <= line.value_column + len(line.value):
                    return line, False
        return None


def lines_of(text: str) -> list[str]:
    """The lines as an editor counts them: other line separators of Unicode stand inside a line."""
    return [line.rstrip("\r") for line in text.split("\n")]


def unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def outline(text: str, at: tuple[int, int] | None = None) -> Outline:
    """Read a text; `at` is the line and the column of the cursor, both from 0."""
    reader = _Reader()
    for number, raw in enumerate(lines_of(text)):
        reader.line(number, raw, at[1] if at and at[0] == number else None)
    return reader.out


class _Reader:
    def __init__(self) -> None:
        self.out = Outline()
        self.stack: list[tuple[int, str | int]] = []
        self.prose: int | None = None  # lines deeper than this column continue a text

    def line(self, number: int, raw: str, cursor: int | None) -> None:
        text = _COMMENT.sub("", raw).rstrip()
        if cursor is not None and cursor > len(text) and raw[:cursor].strip() != text.strip():
            return  # in a comment
        if cursor is not None and cursor > len(text):
            text = raw[:cursor]
        column = len(text) - len(text.lstrip())
        if self.prose is not None:
            if (not text.strip() and cursor is None) or column > self.prose:
                return
            self.prose = None
        if not text.strip() and cursor is None:
            return
        entry = False
        while match := re.match(r"-(\s+|$)", text[column:]):
            if cursor is not None and cursor <= column:
                return
            self._pop(column, of_entry=True)
            last = self.stack[-1] if self.stack else None
            place = 0
            if last is not None and last[0] == column and isinstance(last[1], int):
                place = last[1] + 1
                self.stack.pop()
            self.stack.append((column, place))
            entry, dash, column = True, column, column + match.end()
        found = _KEY.match(text, column)
        if found is None:
            if not entry:
                self._pop(column)
            self._word(number, text, column, cursor, entry)
            if entry and text[column:].strip():
                self.prose = dash
            return
        self._pop(column)
        if cursor is not None and column <= cursor <= found.end("key"):
            path = self._path()
            word = text[column:cursor]
            self.out.cursor = Cursor(path, True, word, column, found.end("key"), True, entry)
        key = found["key"]
        self.stack.append((column, key))
        value = text[found.end() :].strip()
        value_column = found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip())
        line = Line(number, self._path(), key, column, value, value_column)
        self.out.lines.append(line)
        if cursor is not None and cursor >= found.end():
            self._value(text, found.end(), cursor)
        if value:
            self.prose = column

    def _word(self, number: int, text: str, column: int, cursor: int | None, entry: bool) -> None:
        """A line that names no field yet: an entry of a list, or the beginning of a field's name."""
        word = text[column:].strip()
        if entry:
            self.out.lines.append(Line(number, self._path(), None, -1, word, column))
        if cursor is None or cursor < column:
            if cursor is not None and not word:
                self._pop(cursor)
                self.out.cursor = Cursor(self._path(), True, "", cursor, cursor)
            return
        if '"' in word or "'" in word or " " in text[column:cursor].strip():
            return
        self.out.cursor = Cursor(
            self._path(), True, text[column:cursor], column, max(len(text.rstrip()), cursor), False, entry
        )

    def _value(self, text: str, start: int, cursor: int) -> None:
        before = text[start:cursor]
        if _BLOCK.match(before.strip()):
            return
        path = self._path()
        listed = before.lstrip().startswith("[")
        begin = start + len(before) - len(before.lstrip())
        end = len(text.rstrip())
        if listed:
            begin = start + max(before.rfind("["), before.rfind(",")) + 1
            begin += len(text[begin:cursor]) - len(text[begin:cursor].lstrip())
            after = re.search(r"[,\]]", text[cursor:])
            end = cursor + after.start() if after else end
            path = (*path, before.count(","))
        self.out.cursor = Cursor(path, False, text[begin:cursor], begin, max(end, cursor))

    def _pop(self, column: int, of_entry: bool = False) -> None:
        """Leave what is deeper than `column`, and what a new field or entry at `column` takes the place of."""
        while self.stack and self.stack[-1][0] > column:
            self.stack.pop()
        if not of_entry:
            while self.stack and self.stack[-1][0] == column:
                self.stack.pop()

    def _path(self) -> Path_:
        return tuple(step for _, step in self.stack)
