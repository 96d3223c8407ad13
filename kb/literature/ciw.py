"""Web of Science's field-tagged export (`.ciw`, `.txt`): `PT J`, `AU Low, A`, `TI Title`, one author a line.

Tags as Clarivate's help page "Web of Science Core Collection field tags" lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.tagged import TaggedRecord

FORMAT = "Web of Science"

LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*))?$")
START = re.compile(r"^FN [^\n]*\n+VR |^PT [JBSP] *$", re.MULTILINE)

_JOINED = ("TI", "SO", "AB", "BA", "PU", "DT")
_TYPES = {"J": "article", "S": "incollection", "B": "book", "P": "misc"}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a Web of Science text, sound and refused, in its order. Never raises on what the text holds."""
    return [_entry(record, name) for record in _records(text)]


def _records(text: str) -> Iterator[TaggedRecord]:
    record: TaggedRecord | None = None
    for number, line in enumerate(text.split("\n"), 1):
        match = LINE.match(line)
        tag = match["tag"] if match else ""
        if tag in ("FN", "VR", "EF"):
            continue
        if tag == "PT" or (record is None and match):
            if record:
                yield record
            record = TaggedRecord(number)
        if record is None:
            continue
        record.lines.append(line)
        if tag == "ER":
            record.closed = True
            yield record
            record = None
        elif match:
            record.values.append((tag, (match["value"] or "").strip()))
        elif line.startswith("  ") and record.values and line.strip():
            _go_on(record, line.strip())
    if record:
        yield record


def _go_on(record: TaggedRecord, text: str) -> None:
    """A further line of a field: the rest of a title, or one more author."""
    tag, value = record.values[-1]
    if tag in _JOINED:
        record.values[-1] = (tag, f"{value} {text}")
    else:
        record.values.append((tag, text))


def _entry(record: TaggedRecord, name: str) -> Entry:
    entry = Entry(name, FORMAT, record.line, record.original, abstract=mend.text(record.first("AB")))
    entry.keywords = [mend.text(word) for value in record.all("DE", "ID") for word in value.split(";") if word.strip()]
    entry.publication_types = [kind.strip() for value in record.all("DT") for kind in value.split(";")]
    if not record.closed:
        entry.mended("ER", "the record is not closed", "end each record with an ER line; compare what was read")
    entry.fields["type"] = (
        "incollection" if "book chapter" in record.first("DT").lower() else _TYPES.get(record.first("PT"), "article")
    )
    entry.put("title", record.first("TI"))
    entry.put_people(record.all("AF") or record.all("AU"), initials_last=True)
    for body in record.all("CA"):
        entry.put_authors([author(body, body=True)])
    entry.put("journal", record.first("SO", "JI", "J9"))
    entry.put("publisher", record.first("PU") if entry.fields["type"] != "article" else "")
    entry.put("year", record.first("PY") or record.first("EA", "PD"))
    entry.put("volume", record.first("VL"))
    entry.put("issue", record.first("IS"))
    first, last = record.first("BP"), record.first("EP")
    entry.put("pages", (f"{first}-{last}" if first and last and first != last else first) or record.first("AR"))
    entry.put("doi", record.first("DI"))
    entry.put("pmid", record.first("PM"))
    return entry.settle()
