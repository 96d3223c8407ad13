"""Exports of the Chinese data bases: NoteExpress (`{Title}: ...`) and CNKI's E-Study (`Title-题名: ...`).

Fields of E-Study as the documentation of mrhelper shows them (github.com/dearfad/mrhelper, docs/mrhpkg/filters/cnki.md);
those of NoteExpress as reports to cnki2bib show them (github.com/Vopaaz/CNKI_2_BibTeX, issues 9 and 12), with full-width
colons and more than one line of authors. CNKI writes a number of its own for the DOI, and a dissertation's school for its journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers, take_notices

FORMAT = "CNKI"

_BRACES = re.compile(r"[ \t]{0,3}\{(?P<key>[A-Za-z][A-Za-z /]{1,30})\}\s?[:：][ \t]*(?P<value>.*)$")
_STUDY = re.compile(r"(?P<key>DataType|[A-Z][A-Za-z]{2,20})(?:-[^\W\x00-\x7f]{1,10})?\s?[:：][ \t]*(?P<value>.*)$")
_STUDY_KEY = re.compile(r"(?:DataType|[A-Z][A-Za-z]{2,20}-[^\W\x00-\x7f]{1,10})\s?[:：]")
START = re.compile(
    r"^[ \t]{0,3}\{Reference Type\}\s?[:：]|^DataType[:：] ?\d|^(?:SrcDatabase|Title)-[^\W\x00-\x7f]{1,10}\s?[:：]",
    re.MULTILINE,
)

_TYPES = {
    "journal article": "article", "electronic article": "article", "newspaper article": "article", "book": "book",
    "edited book": "book", "book section": "incollection", "conference proceedings": "incollection",
    "conference paper": "incollection", "web page": "online", "report": "report", "1": "article",
}  # fmt: skip
_STUDY_NAMES = {
    "title": "title", "author": "author", "source": "journal", "year": "year", "pubtime": "date", "roll": "volume",
    "volume": "volume", "period": "issue", "page": "pages", "keyword": "keywords", "summary": "abstract", "link": "url",
    "doi": "doi", "datatype": "reference type", "srcdatabase": "database provider",
}  # fmt: skip


@dataclass
class _Record:
    line: int
    values: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def all(self, *keys: str) -> list[str]:
        return [value for key, value in self.values if key in keys and value]

    def first(self, *keys: str) -> str:
        return next((found[0] for key in keys if (found := self.all(key))), "")


def read(text: str, name: str) -> list[Entry]:
    """Entries of a text of CNKI or NoteExpress, sound and refused, in its order. Never raises on what the text holds."""
    return [_entry(record, name) for record in _records(text)]


def _records(text: str) -> Iterator[_Record]:
    """A record begins with its kind, or where a second title stands in one that has no kind."""
    braces = "{Reference Type}" in text
    record: _Record | None = None
    for number, line in enumerate(text.split("\n"), 1):
        match = _BRACES.match(line) if braces else _STUDY.match(line) if _STUDY_KEY.match(line) else None
        if match:
            key = " ".join(match["key"].lower().split())
            key = key if braces else _STUDY_NAMES.get(key, key)
            if record and (key == "reference type" or (key in ("title", "database provider") and _whole(record, key))):
                yield record
                record = None
            record = record or _Record(number)
            record.values.append((key, match["value"].strip()))
        elif record and record.values and line.strip():
            last, value = record.values[-1]
            record.values[-1] = (last, f"{value} {line.strip()}".strip())
        if record:
            record.lines.append(line)
    if record:
        yield record


def _whole(record: _Record, key: str) -> bool:
    return bool(record.first(key)) and not record.first("reference type")


def _entry(record: _Record, name: str) -> Entry:
    entry = Entry(
        name, FORMAT, record.line, "\n".join(record.lines).rstrip(), abstract=mend.text(record.first("abstract"))
    )
    entry.keywords = [word.strip() for word in re.split(r"[;；]", record.first("keywords")) if word.strip()]
    kind = record.first("reference type").lower()
    if kind in _TYPES:
        entry.fields["type"] = _TYPES[kind]
    entry.declared.append(kind)
    entry.put("title", record.first("title"))
    entry.put_people(part for value in record.all("author") for part in re.split(r"\s*[;；]\s*", value) if part)
    thesis = (
        bool(re.search(r"thesis|dissertation|硕士|博士", f"{kind} {record.first('database provider')}")) or kind == "2"
    )
    if thesis:
        entry.fields["type"] = "misc"
        entry.put("publisher", record.first("publisher", "journal"))
    else:
        entry.put("journal", record.first("journal", "secondary title"))
        entry.put("publisher", record.first("publisher") if entry.fields.get("type") != "article" else "")
    entry.put("year", record.first("year") or record.first("date"))
    entry.put("volume", record.first("volume"))
    entry.put("issue", record.first("issue"))
    entry.put("pages", record.first("pages"))
    for value in record.all("doi"):
        entry.put("doi", value)
    addresses = record.all("url")
    take_identifiers(entry, record.all("accession number"), "")
    take_identifiers(entry, addresses, "the address")
    take_identifiers(entry, record.all("notes"))
    take_notices(entry, record.all("notes"))
    entry.put("url", next((value for value in addresses if mend.url(value)), ""))
    return entry.settle()
