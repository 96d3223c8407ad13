"""The chosen candidates as a file: BibTeX that `kb cite add` takes, or CSV for a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

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


def write(path: Path, candidates: Iterable[Candidate], references: Mapping[str, Reference]) -> list[str]:
    """Write the candidates in the format of the path's suffix; what was left out, and why. Raises OSError."""
    if path.suffix.lower() == ".csv":
        write_text(path, as_csv(candidates))
        return []
    text, left_out = as_bibtex(candidates, references)
    write_text(path, text)
    return left_out


def as_bibtex(candidates: Iterable[Candidate], references: Mapping[str, Reference]) -> tuple[str, list[str]]:
    """Entries in the canonical form, with keys that are not taken, and what makes no sound record, with the reason.

    A design that was guessed is left as not stated. Files are named without their folder: the text is for everyone.
    """
    found: dict[str, Reference] = {}
    left_out = []
    for candidate in candidates:
        guess, file = candidate.weighed.guess, candidate.entry.source
        pages = [page.replace(file, Path(file).name) for page in candidate.entry.seen_at]
        entry = replace(candidate.entry, source=Path(file).name, seen_at=pages)
        key = make_key(entry.fields, {*references, *found})
        said = guess.design if guess.said == RECORD else None
        try:
            found[key] = entry.reference(key, today=date.today(), design=said or Design.NOT_STATED)
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
            left_out.append(f"{file}:{entry.line}: not written: {why}; bring it in by its DOI or PMID")
    return to_bibtex(found), left_out


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
