"""One row of Parquet for each record: what is looked through, and the record itself for the few that are read in full.

`key` is what versions of one record share; `stamp` is the day of its last revision as a number (20261129), `serial` the
place of its file in PubMed's sequence. A row that is `gone` says that PubMed has deleted the record. Nothing is null.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from kb.literature import pubmedxml
from kb.literature.entry import Entry
from kb.model.reference import Author, Notice
from kb.model.terms import Design

FORMAT = 1
"""Number of this form of rows; parts of another number are made again."""

LIST = "\n"
"""What stands between the keywords, headings, publication types and notices of a row."""

COLUMNS = {
    "part": "string", "row": "int32", "key": "string", "pmid": "int64", "version": "int32", "stamp": "int32",
    "serial": "int32", "gone": "bool", "year": "int32", "doi": "string", "title": "string", "keywords": "string",
    "abstract": "string", "headings": "string", "types": "string", "design": "string", "notices": "string",
    "file": "string", "place": "int32", "record": "string",
}  # fmt: skip
"""Column to Arrow type."""

Row = dict[str, Any]

_REVISED = re.compile(
    r"<DateRevised>\s*<Year>(\d{4})</Year>\s*<Month>(\d\d?)</Month>\s*<Day>(\d\d?)</Day>"
    r"|^(?:LR  - )(\d{4})(\d\d)(\d\d)",
    re.MULTILINE,
)
_VERSION = re.compile(r"<PMID Version=\"(\d+)\"")
_NOTE = "\t"


def of_entry(entry: Entry) -> Row:
    """The row of an entry that a reader made."""
    fields = entry.fields
    held = {name: value for name, value in fields.items() if name != "authors"}
    held["authors"] = [author.model_dump() for author in fields.get("authors", ())]
    record = {
        "format": entry.format, "fields": held, "authors_cut": entry.authors_cut, "key": entry.key,
        "seen_at": entry.seen_at, "years": sorted(entry.years), "declared": entry.declared,
        "notices": [[n.kind, n.said] for n in entry.notices],
    }  # fmt: skip
    revised, version = _REVISED.search(entry.original), _VERSION.search(entry.original)
    day = [int(part) for part in revised.groups() if part] if revised else [0, 0, 0]
    pmid = str(fields.get("pmid") or "")
    return {
        "pmid": int(pmid) if pmid.isdigit() and len(pmid) < 10 else 0,
        "version": int(version[1]) if version else 1,
        "stamp": day[0] * 10_000 + day[1] * 100 + day[2],
        "gone": False,
        "year": int(fields.get("year") or 0),
        "doi": str(fields.get("doi") or "").lower(),
        "title": str(fields.get("title") or ""),
        "keywords": LIST.join(entry.keywords),
        "abstract": entry.abstract,
        "headings": LIST.join(entry.headings),
        "types": LIST.join(entry.publication_types),
        "design": entry.design.value if entry.design else "",
        "notices": LIST.join([*(f"{n.kind}{_NOTE}{n.said}" for n in entry.notices), *entry.declared]),
        "file": entry.source,
        "place": entry.line,
        "record": json.dumps(record, ensure_ascii=False),
    }


def entry_of(row: Row) -> Entry:
    """The entry of a row, as the readers of `kb.literature` make it."""
    if row["record"].startswith("<"):
        entry = pubmedxml.read(row["record"], row["file"])[0]
        entry.abstract, entry.keywords = row["abstract"], _parts(row["keywords"])
        entry.headings = _parts(row["headings"])
    else:
        held = json.loads(row["record"])
        entry = Entry(row["file"], held["format"], key=held["key"], authors_cut=held["authors_cut"])
        entry.fields = held["fields"]
        authors = [Author(**author) for author in entry.fields.pop("authors")]
        if authors:
            entry.fields["authors"] = authors
        entry.seen_at, entry.years, entry.declared = held["seen_at"], set(held["years"]), held["declared"]
        entry.notices = [Notice(kind=kind, said=said) for kind, said in held["notices"]]
        entry.abstract, entry.keywords = row["abstract"], _parts(row["keywords"])
        entry.headings, entry.publication_types = _parts(row["headings"]), _parts(row["types"])
        entry.design = Design(row["design"]) if row["design"] else None
    entry.line = row["place"]
    return entry


def tombstone(pmid: int, version: int, file: str) -> Row:
    """PubMed has deleted this version of a record. `stamp` is set when the newest of its file is known."""
    empty = dict.fromkeys(
        ("doi", "title", "keywords", "abstract", "headings", "types", "design", "notices", "record"), ""
    )
    return {**empty, "pmid": pmid, "version": version, "stamp": 0, "gone": True, "year": 0, "file": file, "place": 0}


def _parts(text: str) -> list[str]:
    return text.split(LIST) if text else []


def today_stamp() -> int:
    return int(f"{date.today():%Y%m%d}")
