"""The chosen candidates as a file: BibTeX that `kb cite add` takes, or CSV for a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from kb.atomic import write_text
from kb.bibliography.write import to_bibtex
from kb.literature.keys import make_key
from kb.model.reference import Reference
from kb.model.terms import Design
from kb.screen.candidate import Candidate
from kb.screen.design import RECORD

SUFFIXES = (".bib", ".csv")

COLUMNS = (
    "rank", "score", "title", "year", "journal", "doi", "pmid", "subjects", "objects", "design", "design_from",
    "retracted", "known", "reasons", "file", "place",
)  # fmt: skip


def write(path: Path, candidates: Iterable[Candidate], references: Mapping[str, Reference]) -> None:
    """Write the candidates in the format of the path's suffix. Raises OSError."""
    write_text(path, as_csv(candidates) if path.suffix.lower() == ".csv" else as_bibtex(candidates, references))


def as_bibtex(candidates: Iterable[Candidate], references: Mapping[str, Reference]) -> str:
    """Entries in the canonical form, with keys that are not taken. A design that was guessed is left as not stated."""
    found: dict[str, Reference] = {}
    for candidate in candidates:
        entry, guess = candidate.entry, candidate.weighed.guess
        key = make_key(entry.fields, {*references, *found})
        said = guess.design if guess.said == RECORD else None
        found[key] = entry.reference(key, today=date.today(), design=said or Design.NOT_STATED)
    return to_bibtex(found)


def as_csv(candidates: Iterable[Candidate]) -> str:
    """One candidate a row. What a spreadsheet would take for a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for candidate in candidates:
        values = candidate.as_dict()
        writer.writerow([_cell(values[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value
