"""What is wrong with a file as it is being typed: the problems `kb check` would tell, each at its word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kb.formulary import check
from kb.formulary.places import FileKind
from kb.formulary.read import misnamed
from kb.formulary.swap import with_file
from kb.formulary.validate import validate
from kb.formulary.yamltext import Document, Path_, dotted, parse
from kb.knowledge import KnowledgeBase
from kb.language.outline import lines_of
from kb.model import Record, Subject
from kb.problems import Problem


@dataclass(frozen=True)
class Mark:
    """One problem from `start` to `end` of a line; all count from 0."""

    line: int
    start: int
    end: int
    message: str
    severity: str


def marks(kind: FileKind | None, file: str, text: str, base: KnowledgeBase) -> list[Mark]:
    """Every problem of the file `file` (relative to the root) if it held `text`, among the other files as they are."""
    if kind is None:
        cure = "move it to a folder of the formulary that holds its kind, such as ingredients/, with the ending .yaml"
        return [Mark(0, 0, len(lines_of(text)[0]), f"is read by nothing; {cure}", "critical")]
    document, found = parse(text, file)
    if document is not None:
        records, found = _records(kind, document)
        links = check(with_file(base.formulary, file, records), base.references) if records else []
        found += [_at_field(document, p) for p in links if p.file == file]
        found += document.doubts
    lines = lines_of(text)
    return [_mark(lines, problem) for problem in dict.fromkeys(found)]


def _records(kind: FileKind, document: Document) -> tuple[list[Record], list[Problem]]:
    """Those records of the file that can be read, and what is wrong with the file."""
    if not kind.key:
        record, found = validate(kind.record, document)
        if isinstance(record, Subject) and record.id != kind.stem:
            found.append(misnamed(document.file, document.line(("id",)), record.id))
        return [record] if record is not None else [], found
    value: Any = document.value
    if value is None:
        return [], []
    if not isinstance(value, dict) or not isinstance(value.get(kind.key), list):
        message, cure = f"does not hold a list called `{kind.key}`", f"start the file with `{kind.key}:`"
        return [], [Problem(document.file, 1, kind.key, message, cure)]
    found = [
        Problem(document.file, document.line((x,)), x, "is not expected here", f"the file holds `{kind.key}` only")
        for x in value.keys() - {kind.key}
    ]
    records: dict[str, Record] = {}
    for number in range(len(value[kind.key])):
        record, wrong = validate(kind.record, document, (kind.key, number))
        found += wrong
        if record is None:
            continue
        record_id = str(getattr(record, "id", number))
        if record_id in records:
            cure = f"it already stands at {records[record_id].place}; give it another id, or merge the two"
            line = document.line((kind.key, number, "id"))
            found.append(Problem(document.file, line, "id", f"{record_id!r} stands twice", cure, record_id))
        records[record_id] = record
    return list(records.values()), found


def _at_field(document: Document, problem: Problem) -> Problem:
    """A broken link is told at its record's line; this finds the line of the very word."""
    at = [path for path, line in document.lines.items() if line == problem.line]
    path: Path_ = (*min(at, key=len, default=()), *problem.field.split("."))
    entries = [p for p in document.lines if p[:-1] == path and isinstance(p[-1], int)]
    for entry in entries:
        if repr(_value(document.value, entry)) in problem.message:
            path = entry
    return replace(problem, line=document.line(path), field=dotted(path))


def _value(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _mark(lines: list[str], problem: Problem) -> Mark:
    number = min(max(problem.line - 1, 0), len(lines) - 1)
    start, end = _range(lines[number], problem)
    where = f"{problem.field}: " if problem.field else ""
    return Mark(number, start, end, f"{where}{problem.message}; {problem.cure}", problem.severity)


def _range(line: str, problem: Problem) -> tuple[int, int]:
    """The columns of the word that is wrong, or of the whole line where no single word is."""
    for word in _quoted(problem.message):
        start = line.find(word)
        if start >= 0:
            return start, start + len(word)
    start = len(line) - len(line.lstrip(" -"))
    return min(start, len(line.rstrip())), max(len(line.rstrip()), 1)


def _quoted(message: str) -> Iterator[str]:
    for mark in ("'", "`", '"'):
        parts = message.split(mark)
        if len(parts) > 2 and parts[1]:
            yield parts[1]
