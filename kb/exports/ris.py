"""The literature as RIS, for EndNote, Mendeley, Zotero, Rayyan and Covidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.data import Data, Record

_TYPES = {"article": "JOUR", "book": "BOOK", "incollection": "CHAP", "online": "ELEC", "report": "RPRT", "misc": "GEN"}
MISSING = ("Pages where a reference was seen and the day it was checked: see the format bibtex.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/references.ris`, UTF-8."""
    import rispy

    path = folder / "references.ris"
    records = [record(data.references[key]) for key in sorted(data.references)]
    write_text(path, rispy.dumps(records, implementation=_writer()) + "\n")
    progress(f"{len(records)} references")
    return [path]


def _writer() -> Any:
    """rispy's writer without its running numbers, which are no part of the format."""
    from rispy.writer import RisWriter

    class Plain(RisWriter):
        def set_header(self, count: int) -> str:
            return ""

    return Plain


def record(reference: Record) -> dict[str, Any]:
    """A reference under rispy's names of the RIS tags."""
    pages = (reference.get("pages") or "").partition("-")
    values: dict[str, Any] = {
        "type_of_reference": _TYPES[reference["type"]],
        "id": reference["key"],
        "authors": [", ".join(p for p in (a["family"], a.get("given")) if p) for a in reference.get("authors", [])],
        "title": reference["title"],
        "secondary_title": reference.get("journal"),
        "publisher": reference.get("publisher"),
        "year": str(reference["year"]) if reference.get("year") else None,
        "volume": reference.get("volume"),
        "number": reference.get("issue"),
        "start_page": pages[0] or None,
        "end_page": pages[2] or None,
        "doi": reference.get("doi"),
        "accession_number": reference.get("pmid"),
        "name_of_database": "PubMed" if reference.get("pmid") else None,  # whose number AN is
        "custom2": reference.get("pmcid"),
        "urls": [reference["url"]] if reference.get("url") else None,
        "notes": [f"design: {reference['design']}", *([_notice(reference)] if reference.get("notice") else [])],
    }
    return {k: v for k, v in values.items() if v}


def _notice(reference: Record) -> str:
    return f"{reference['notice']['kind']}: {reference['notice']['said']}"
