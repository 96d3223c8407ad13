"""Many records at once: find and change, a table out to a spreadsheet and back, each change seen before it is made. No widgets.

Every way ends in a list of `Edit`; `apply` writes them file by file, reads each file back, and refuses a file that would no longer
hold records. One commit a file, as with a save.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author.folder import writing
from kb.author.history import GitError, History, in_the_way
from kb.author.session import UnreadableError, edited
from kb.author.start import target_of
from kb.author.target import Target
from kb.author.typed import cleaned, unwrapped
from kb.author.workbench import Workbench
from kb.diff.fields import ABSENT, get, put, same
from kb.diff.fields import Path as FieldPath
from kb.formulary import check
from kb.formulary.write import plain
from kb.formulary.yamltext import parse, read_text
from kb.knowledge import KnowledgeBase
from kb.literature.spreadsheet import sheet_rows
from kb.model import Record
from kb.problems import Problem

KINDS = ("finding", "assessment", "caution", "claim", "ingredient", "technique", "exposure")
JOIN = " | "
"""Between the entries of a list in one cell."""


@dataclass(frozen=True)
class Edit:
    """One field of one record: what it says, and what it is to say (ABSENT: nothing)."""

    target: Target
    path: FieldPath
    old: Any
    new: Any

    def __str__(self) -> str:
        name = ".".join(map(str, self.path))
        return f"{self.target.id}: {name}: {_shown(self.old)} → {_shown(self.new)}"


@dataclass
class Applied:
    """Files written, and files left as they were, each with the reason."""

    written: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class BulkError(Exception):
    """It cannot be done so; the message says why."""


def _shown(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:77] + "..."


def records(bench: Workbench, kind: str) -> list[tuple[Target, Record, dict[str, Any]]]:
    """Target, record and plain values of every record of a kind. Raises BulkError for a kind there is not."""
    if kind not in KINDS:
        raise BulkError(f"there is no kind {kind!r}; kinds are: {', '.join(KINDS)}")
    base = bench.base
    known: Mapping[str, Any] = getattr(base, f"{kind}s")
    found = []
    for record_id, record in known.items():
        target = target_of(base, record_id)
        if target is not None and target.kind == kind:
            found.append((target, record, {k: v for k, v in plain(record).items() if k not in target.apart}))
    return found


def _path(name: str) -> FieldPath:
    return tuple(int(step) if step.isdigit() else step for step in name.strip().split(".") if step)


def find_and_change(
    bench: Workbench, kind: str, field_: str, find: str, change: str, *, regex: bool = False, whole: bool = False
) -> list[Edit]:
    """Edits that replace `find` by `change` in one field (`dose`, `outcomes.unit`) of every record of a kind.

    A list on the way stands for each of its entries. `whole`: only where the field says exactly `find`. Raises BulkError.
    """
    if not find:
        raise BulkError("say what to look for")
    if not _path(field_):
        raise BulkError("name the field to look in, e.g. `dose` or `outcomes.unit`")
    try:
        pattern = re.compile(find if regex else re.escape(find))
        pattern.sub(change if regex else "", "")
    except (re.error, IndexError) as error:
        raise BulkError(f"{find!r} is not a pattern: {error}") from error

    def changed(text: str) -> str:
        if whole:
            return change if text == find else text
        return pattern.sub(change, text) if regex else text.replace(find, change)

    edits = []
    for target, _, values in records(bench, kind):
        for path in places(values, _path(field_)):
            old = get(values, path)
            if isinstance(old, bool) or not isinstance(old, str | int | float):
                continue
            new = changed(str(old))
            if new != str(old):
                edits.append(Edit(target, path, old, new if new.strip() else ABSENT))
    return edits


def places(values: Any, path: FieldPath, before: FieldPath = ()) -> Iterable[FieldPath]:
    """Every place a path means; lists on the way and at its end stand for each of their entries."""
    if isinstance(values, list):
        if path and isinstance(path[0], int) and path[0] < len(values):
            yield from places(values[path[0]], path[1:], (*before, path[0]))
        elif not path or not isinstance(path[0], int):
            for place, entry in enumerate(values):
                yield from places(entry, path, (*before, place))
    elif not path:
        yield before
    elif isinstance(values, Mapping) and path[0] in values:
        yield from places(values[path[0]], path[1:], (*before, path[0]))


def columns(bench: Workbench, kind: str) -> list[str]:
    """Columns of a kind's table: its id, and every field that fits a cell (lists of words joined, parts by a dot)."""
    seen: dict[str, None] = {"id": None}
    for _, _, values in records(bench, kind):
        seen |= dict.fromkeys(_cells(values))
    return list(seen)


def _cells(values: Mapping[str, Any], before: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            cells |= _cells(value, f"{before}{name}.")
        elif isinstance(value, list):
            if all(isinstance(x, str) and JOIN not in x for x in value):
                cells[before + name] = JOIN.join(value)
        else:
            cells[before + name] = str(value).lower() if isinstance(value, bool) else str(value)
    return cells


def table_out(bench: Workbench, kind: str, names: Iterable[str] = ()) -> str:
    """CSV of a kind's records; `names` chooses columns (the id is always there)."""
    listed = ["id", *(n for n in (list(names) or columns(bench, kind)) if n != "id")]
    out = io.StringIO()
    table = csv.DictWriter(out, listed, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for _, _, values in records(bench, kind):
        table.writerow(_cells(values))
    return out.getvalue()


def table_in(bench: Workbench, kind: str, text: str) -> list[Edit]:
    """Edits that bring the records to what a table says; columns and records it does not hold stay as they are.

    Raises BulkError, naming row and column, for ids and columns nobody knows, and for a table without ids.
    """
    head = next(iter(text.splitlines()), "")
    delimiter = max(("\t", ";", ","), key=head.count)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))
    if not rows or "id" not in rows[0]:
        raise BulkError("the table needs a column `id`, and a row")
    known = {target.id: (target, values) for target, _, values in records(bench, kind)}
    allowed = set(columns(bench, kind)) | set(_fields(kind))
    strange = [c for c in rows[0] if c is not None and c not in allowed]
    if strange:
        raise BulkError(f"column {strange[0]!r} is not a field of a {kind} that fits a cell; take it out")
    edits = []
    for number, row in enumerate(rows, start=2):
        if (row["id"] or "").strip() not in known:
            raise BulkError(f"row {number}: no {kind} has the id {row['id']!r}")
        if None in row:
            raise BulkError(f"row {number}: more cells than columns; put text with a comma in quotes")
        target, values = known[row["id"].strip()]
        edits += _row_edits(target, values, row)
    return edits


def _row_edits(target: Target, values: dict[str, Any], row: Mapping[str, Any]) -> list[Edit]:
    cells, edits = _cells(values), []
    for name, cell in row.items():
        text = (cell or "").replace("\r\n", "\n").strip()
        if name == "id" or text == cells.get(name, "").strip():
            continue
        path = _path(name)
        old = get(values, path)
        is_list = isinstance(old, list) or name in _lists(target.record_type)
        new: Any = [x.strip() for x in text.split(JOIN.strip()) if x.strip()] if is_list else text
        edits.append(Edit(target, path, old, new if text else ABSENT))
    return edits


def _fields(kind: str) -> list[str]:
    record_type = Target(kind, "formulary/x.yaml").record_type
    return [f.alias or n for n, f in record_type.model_fields.items()]


def _lists(record_type: type[Record]) -> set[str]:
    from typing import get_origin

    return {f.alias or n for n, f in record_type.model_fields.items() if get_origin(unwrapped(f.annotation)) is list}


def apply(bench: Workbench, edits: list[Edit], why: str, author: str) -> Applied:
    """Make the edits. A file in which a record would no longer be one is left whole as it was, and named.

    Raises BulkError when nobody is named or no reason is given, BusyError and OSError as a save does.
    """
    if not author.strip() or not why.strip():
        raise BulkError("write your name and the reason (--author, --why)")
    done = Applied()
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.target.file].append(edit)
    history = History(bench.root)
    for file, listed in by_file.items():
        with writing(bench.root):
            try:
                text = _text(bench, file, listed)
            except (UnreadableError, BulkError) as error:
                done.refused.append(f"{file}: {error}")
                continue
            write_text(bench.root / file, text)
            done.written.append(file)
            try:
                history.commit(file, why, author)
            except GitError as error:
                done.notes.append(f"{file}: saved, though git could not take it: {in_the_way(error)}")
    return done


def _text(bench: Workbench, file: str, edits: list[Edit]) -> str:
    """The file with the edits in it. Raises BulkError with what is wrong, UnreadableError when the file is damaged."""
    text, problems = read_text(bench.root / file, file)
    document = None
    if text is not None:
        document, problems = parse(text, file)
    if text is None or document is None:
        raise UnreadableError(problems)
    whole = document.value
    for edit in edits:
        values = edit.target.values(whole)
        if values is None or not same(get(values, edit.path), edit.old):
            raise BulkError(f"{edit.target.id} was changed meanwhile; look again")
        _set(values, edit.path, edit.new)
        whole = edit.target.put(whole, cleaned(edit.target.record_type, values))
    base, _, found = bench.with_file(edits[0].target, whole)
    if base is not None:
        found = _broken(bench, base, file)
    if found:
        raise BulkError("; ".join(f"{p.record} {p.field}: {p.message}; {p.cure}" for p in found[:3]))
    made = edited(text, whole)
    again, problems = parse(made, file)
    if again is None or not same(again.value, whole):
        raise UnreadableError(problems)
    return made


def _broken(bench: Workbench, base: KnowledgeBase, file: str) -> list[Problem]:
    """Words and references of the file that nothing is called, and that were not in it before."""
    now, before = ([p for p in check(b.formulary, b.references) if p.file == file] for b in (base, bench.base))
    known = {(p.record, p.field, p.message) for p in before}
    return [p for p in now if (p.record, p.field, p.message) not in known]


def _set(values: dict[str, Any], path: FieldPath, new: Any) -> None:
    here: Any = values
    for step in path[:-1]:
        if isinstance(here, dict) and step not in here:
            here[step] = {}
        here = here[step]
    put(values, path, new)


def workbook_in(path: Path) -> str:
    """A table file (CSV or XLSX) as CSV text. Raises BulkError."""
    try:
        return workbook_text(path.name, path.read_bytes())
    except OSError as error:
        raise BulkError(f"{path.name}: cannot be read ({error.strerror or error})") from error


def workbook_text(name: str, data: bytes) -> str:
    """What a table file holds, as CSV text: the first sheet of a workbook, or CSV as it stands. Raises BulkError."""
    if data[:4] == b"PK\x03\x04":
        try:
            rows = sheet_rows(data)
        except ValueError as error:
            raise BulkError(f"{name}: {error}; save it as CSV") from error
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(row for row in rows if any(cell.strip() for cell in row))
        return out.getvalue()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BulkError(f"{name}: is not UTF-8; save it as CSV UTF-8 or as XLSX") from error
