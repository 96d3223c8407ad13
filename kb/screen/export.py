"""The chosen candidates as a file: BibTeX that `kb cite add` takes, RIS with what was decided, or CSV for a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kb.atomic import write_text
from kb.bibliography.write import to_bibtex
from kb.literature.keys import make_key
from kb.model.reference import Author, Reference
from kb.model.terms import Design
from kb.screen.candidate import Candidate
from kb.screen.decisions import Decision
from kb.screen.design import RECORD

SUFFIXES = (".bib", ".csv", ".ris")

COLUMNS = (
    "rank", "score", "title", "year", "journal", "doi", "pmid", "subjects", "objects", "design", "design_from",
    "retracted", "known", "decision", "criterion", "reasons", "file", "place",
)  # fmt: skip


def write(path: Path, candidates: Iterable[Candidate], references: Mapping[str, Reference]) -> list[str]:
    """Write the candidates in the format of the path's suffix; what was left out, and why. Raises OSError."""
    if path.suffix.lower() == ".csv":
        write_text(path, as_csv(candidates))
        return []
    if path.suffix.lower() == ".ris":
        write_text(path, as_ris(candidates))
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


def as_ris(candidates: Iterable[Candidate]) -> str:
    """One record each, for a reference manager or another program for screening; the decision stands in C1, reasons in N1."""
    lines: list[str] = []
    for candidate in candidates:
        fields, decision = candidate.entry.fields, candidate.decision
        pairs: list[tuple[str, Any]] = [
            ("TY", "JOUR"),
            *(("AU", _inverted(author)) for author in fields.get("authors", ())),
        ]
        pairs += [(tag, fields.get(name)) for tag, name in _RIS]
        pairs.append(("AN", f"PMID: {fields['pmid']}" if fields.get("pmid") else None))
        if decision is not None:
            pairs.append(("C1", f"{decision.decision.value}: {decision.criterion}"))
            pairs.append(("C2", f"{decision.by}, {decision.on}"))
            pairs.append(("N1", decision.note))
        pairs.append(("N1", "; ".join([f"score {candidate.weighed.score}", *candidate.reasons])))
        lines += [f"{tag}  - {' '.join(str(value).split())}" for tag, value in pairs if value]
        lines += ["ER  - ", ""]
    return "\n".join(lines)


def decisions_as_ris(decisions: Iterable[Decision]) -> str:
    """Every decision as a RIS record: the title, its numbers, and what was decided, by which criterion, by whom and when."""
    lines: list[str] = []
    for one in decisions:
        pairs = (
            ("TY", "JOUR"), ("TI", one.title), ("T2", one.journal), ("PY", one.year), ("DO", one.doi),
            ("AN", f"PMID: {one.pmid}" if one.pmid else None), ("C1", f"{one.decision.value}: {one.criterion}"),
            ("C2", f"{one.by}, {one.on}"), ("N1", one.note), *(("KW", word) for word in one.keywords),
        )  # fmt: skip
        lines += [f"{tag}  - {' '.join(str(value).split())}" for tag, value in pairs if value]
        lines += ["ER  - ", ""]
    return "\n".join(lines)


_RIS = (
    ("TI", "title"), ("T2", "journal"), ("PY", "year"), ("VL", "volume"), ("IS", "issue"), ("SP", "pages"), ("DO", "doi"),
    ("UR", "url"),
)  # fmt: skip


def _inverted(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family


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
