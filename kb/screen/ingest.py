"""From files of literature to Parquet, once: one part for each file, whatever its format, in flat memory."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kb.literature import pubmedxml
from kb.literature.encoding import encoding_of
from kb.screen import pubmed
from kb.screen.extras import need
from kb.screen.records import HEAD, Damaged, format_of, read_stream
from kb.screen.rows import COLUMNS, FORMAT, Row, of_entry
from kb.screen.source import STDIN, Unreadable, decoded, opened, unpacked

BATCH = 5_000
"""Rows that are written together."""

MOST_TOLD = 1_000
"""Damaged records of a file that are told one by one; the rest is counted."""

WORTH_SHARING = 16 * 2**20
"""Bytes of files from which a second process pays; some five seconds of reading on one core."""

_SERIAL = re.compile(r"pubmed(\d\d)n(\d{4})\b")
_ABOUT = b"kb-screen"

Progress = Callable[[str, int], None]
"""Called with a file that has been read, and its records."""


@dataclass(frozen=True)
class Skipped:
    """A record, or a whole file (line 0), that could not be read, and why."""

    file: str
    place: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.place}: {self.message}" if self.place else f"{self.file}: {self.message}"


@dataclass
class Part:
    """The Parquet of one file, and what came of reading it. `lost`: not read to its end."""

    path: str
    read: int = 0
    damaged: int = 0
    lost: bool = False
    skipped: list[Skipped] = field(default_factory=list)


def ingest(
    files: Iterable[str], folder: Path, cores: int | None = None, progress: Progress = lambda file, read: None
) -> list[Part]:
    """The parts of the files, in their order; what is in the folder already and has not changed is not read again.

    Several files are read side by side, one a core. Raises MissingExtraError, OSError when the folder cannot be written.
    """
    need("pyarrow.parquet")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(files)
    parts = {file: kept for file in wanted if (kept := _kept(file, folder)) is not None}
    new = [file for file in wanted if file not in parts]
    for file, part in zip(new, each(_ingest_one, [(file, str(folder)) for file in new], cores), strict=True):
        parts[file] = part
        progress(file, part.read)
    return [parts[file] for file in wanted]


def worth_sharing(paths: Iterable[str]) -> bool:
    """Whether files are so large together that a second process gains more than the seconds its start takes.

    Standard input (`-`) and what cannot be asked for its size count as large.
    """
    size = 0
    for path in paths:
        try:
            size += Path(path).stat().st_size
        except OSError:
            return True
    return size > WORTH_SHARING


def each(work: Callable[[Any], Any], tasks: list[Any], cores: int | None = None) -> Iterator[Any]:
    """The answer of every task in order, side by side when there is more than one and more than one core."""
    cores = min(cores or os.cpu_count() or 1, len(tasks))
    if cores < 2:
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, tasks)


def parts_in(folder: Path) -> list[Part]:
    """The parts that stand in a folder, by name."""
    return [_read_about(path) for path in sorted(folder.glob("*.parquet"))]


def _ingest_one(task: tuple[str, str]) -> Part:
    file, folder = task
    path = _path(file, Path(folder))
    part, half = Part(str(path)), path.with_suffix(f".{os.getpid()}.half")
    library, parquet = need("pyarrow"), need("pyarrow.parquet")
    schema = library.schema(
        [(name, getattr(library, f"{kind}_" if kind == "bool" else kind)()) for name, kind in COLUMNS.items()]
    )
    try:
        with parquet.ParquetWriter(half, schema, compression="zstd", compression_level=1) as writer:
            rows = _numbered(_rows(file, part), path.stem, _serial(file))
            while batch := list(itertools.islice(rows, BATCH)):
                columns = [library.array([row[name] for row in batch], schema.field(name).type) for name in COLUMNS]
                writer.write_table(library.table(columns, schema=schema))
            writer.add_key_value_metadata({_ABOUT: json.dumps({**asdict(part), "state": _state(file)})})
        os.replace(half, path)
    finally:
        with suppress(OSError):
            half.unlink()
    return part


def _rows(file: str, part: Part) -> Iterator[Row]:
    """Every record of a file as a row, then what it deletes; what is wrong is told in the part."""
    name = "stdin" if file == STDIN else file
    try:
        with opened(file) as stream:
            pieces = unpacked(stream)
            head, module = b"", None
            for piece in pieces:
                head += piece
                module = format_of(head.decode("utf-8", "replace"))
                if len(head) > HEAD or (module is not None and len(head) > 1000):
                    break
            whole = itertools.chain([head] if head else [], pieces)
            if module is pubmedxml and encoding_of(head) in ("utf-8", "utf-8-sig"):
                yield from _pubmed(whole, name, part)
            else:
                yield from _careful(decoded(whole), name, part)
    except Unreadable as error:
        _lose(part, Skipped(name, 0, str(error)))
    except OSError as error:
        _lose(part, Skipped(name, 0, f"cannot be read: {error.strerror or error}; look at the disk"))


def _pubmed(pieces: Iterator[bytes], name: str, part: Part) -> Iterator[Row]:
    line, newest, gone = 1, 0, []
    for block in pubmed.blocks(pieces):
        gone += pubmed.deletions(block, name)
        for row in _of_block(block, name, part, line):
            newest = max(newest, row["stamp"])
            yield row
        line += block.count(b"\n")
    for row in gone:
        yield {**row, "stamp": newest}


def _of_block(block: bytes, name: str, part: Part, line: int) -> Iterator[Row]:
    rows = pubmed.rows(block, name, line)
    if rows is None:
        yield from _careful(iter([block.decode("utf-8", "kb-windows-1252")]), name, part, line - 1)
        return
    for row in rows:
        if isinstance(row, pubmed.Odd):
            yield from _careful(iter([row.text]), name, part, row.line - 1)
        else:
            part.read += 1
            yield row


def _careful(pieces: Iterator[str], name: str, part: Part, lines: int = 0) -> Iterator[Row]:
    """Records by the readers of `kb.literature`, after a number of lines of the file."""
    for record in read_stream(pieces, name, lambda *words: True):
        if isinstance(record, Damaged):
            message = re.sub(r"(?<=in line )\d+", lambda m: str(int(m[0]) + lines), record.message)
            _skip(part, Skipped(name, record.line + lines, message))
        elif record is not None and record.refused:
            first = next(p for p in record.problems if p.severity == "critical")
            _skip(part, Skipped(name, record.line + lines, f"{first.field}: {first.message}; {first.cure}"))
        elif record is not None:
            part.read += 1
            record.line += lines
            yield of_entry(record)


def _numbered(rows: Iterator[Row], part: str, serial: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        key = f"pmid:{row['pmid']}" if row["pmid"] else f"{part}#{number}"
        yield {**row, "part": part, "row": number, "serial": serial, "key": key}


def _skip(part: Part, skipped: Skipped) -> None:
    part.damaged += 1
    if part.damaged <= MOST_TOLD:
        part.skipped.append(skipped)


def _lose(part: Part, skipped: Skipped) -> None:
    part.lost = True
    part.skipped.append(skipped)


def _path(file: str, folder: Path) -> Path:
    whole = "stdin" if file == STDIN else str(Path(file).resolve())
    stem = re.sub(r"[^\w.-]", "_", Path(whole).name.removesuffix(".gz").removesuffix(".xml"))[:60]
    return folder / f"{stem}-{hashlib.sha256(whole.encode()).hexdigest()[:10]}.parquet"


def _serial(file: str) -> int:
    found = _SERIAL.search(Path(file).name)
    return int(found[1]) * 10_000 + int(found[2]) if found else 0


def _state(file: str) -> list[int]:
    """By what a changed file is known: size and time of its last change, and the form of the rows."""
    if file == STDIN or not Path(file).exists():
        return []
    found = Path(file).stat()
    return [FORMAT, found.st_size, found.st_mtime_ns]


def _kept(file: str, folder: Path) -> Part | None:
    path = _path(file, folder)
    if not path.exists() or not (state := _state(file)):
        return None
    held = _about(path)
    return _read_about(path) if held.get("state") == state and not held.get("lost") else None


def _about(path: Path) -> dict[str, Any]:
    try:
        metadata = need("pyarrow.parquet").read_metadata(path).metadata or {}
        return dict(json.loads(metadata.get(_ABOUT, b"{}")))
    except (OSError, ValueError):
        return {}


def _read_about(path: Path) -> Part:
    held = _about(path)
    skipped = [Skipped(**one) for one in held.get("skipped", ())]
    return Part(str(path), held.get("read", 0), held.get("damaged", 0), held.get("lost", False), skipped)
