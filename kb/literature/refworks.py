"""RefWorks' tagged format (`RT Journal Article`, `A1 Low,Ann`), also of HighWire's journals and of CNKI.

Tags as RefWorks' help page "RefWorks Tagged Format" lists them: `SP` and `OP` are the first and the other pages, `NO` a
note, `LK` and `UL` addresses. CNKI writes all authors in one line and a whole range into `OP`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers, take_notices
from kb.literature.tagged import TaggedRecord, read_records

FORMAT = "RefWorks"

LINE = re.compile(
    r"(?P<tag>RT|SR|ID|A[1-6DBNV]|T[1-3]|J[FO]|YR|FD|VO|vo|IS|SP|OP|K1|NO|ED|P[BP]|SN|LA|CL|SF|OT|LK|DO|CN|DB|DS|IP|RD|ST"
    r"|U(?:1[0-5]|[1-9L])|SL|LL|CR|W[TVP]|OL|PMID)(?:[ \t]+(?P<value>.*))?$"
)
START = re.compile(
    r"^[ \t]{0,3}RT[ \t]+(?:journal|book|abstract|generic|magazine|newspaper|conference|dissertation|thesis|monograph|report|web page"
    r"|unpublished|online|laws|grant|patent)\b[^\n]{0,60}$",
    re.MULTILINE | re.IGNORECASE,
)

_TYPES = {
    "journal": "article", "journal article": "article", "journal, electronic": "article", "magazine article": "article",
    "abstract": "article", "book, whole": "book", "book, edited": "book", "monograph": "book", "book, section": "incollection",
    "conference proceedings": "incollection", "web page": "online", "report": "report",
}  # fmt: skip


def read(text: str, name: str) -> list[Entry]:
    """Entries of a RefWorks text, sound and refused, in its order. Never raises on what the text holds."""
    text = re.sub(r"^[ \t]+(?=RT\s)", "", text, flags=re.MULTILINE)
    return [_entry(record, name) for record in read_records(text, LINE, "RT", "") if record.first("RT")]


def _entry(record: TaggedRecord, name: str) -> Entry:
    entry = Entry(name, FORMAT, record.line, record.original, abstract=mend.text(record.first("AB")))
    entry.keywords = [
        mend.text(word) for value in record.all("K1") for word in re.split(r"[;,]", value) if word.strip()
    ]
    kind = record.first("RT").lower()
    entry.declared += [kind, *(value.lower() for value in record.all("CL"))]
    if kind in _TYPES:
        entry.fields["type"] = _TYPES[kind]
    entry.put("title", record.first("T1", "OT"))
    for other in record.all("T1"):
        entry.put("title", other)  # another one is told
    entry.put_people(_names(record.all("A1")))
    if not record.first("A1") and record.first("A2") and "book" in kind:
        entry.mended("authors", "there is no author; the editors were taken")
        entry.put_people(_names(record.all("A2")))
    _place(record, entry, kind)
    _year(record, entry)
    entry.put("volume", record.first("VO"))
    entry.put("issue", record.first("IS"))
    entry.put("pages", _pages(record))
    _identifiers(record, entry)
    return entry.settle()


def _names(values: list[str]) -> Iterator[str]:
    """One name each: `张三;李四;` is CNKI's rule, and no guess."""
    for value in values:
        yield from (part for part in re.split(r"\s*;\s*", value) if part)


def _place(record: TaggedRecord, entry: Entry, kind: str) -> None:
    if "dissertation" in kind or "thesis" in kind:  # CNKI writes the school for the journal
        entry.put("publisher", record.first("PB", "JF"))
        return
    entry.put("journal", record.first("JF", "T2", "JO", "WT"))
    entry.put("publisher", record.first("PB") if entry.fields.get("type") != "article" else "")


def _year(record: TaggedRecord, entry: Entry) -> None:
    entry.put("year", record.first("YR") or record.first("FD"))
    for value in record.all("YR"):
        entry.put("year", value)


def _pages(record: TaggedRecord) -> str:
    first, other = record.first("SP"), record.first("OP")
    if first and other and first != other and not re.search(r"\d\s*[-–—]\s*\w", first):
        return other if re.match(rf"{re.escape(first)}\s*[-–—]", other) else f"{first}-{other}"
    return first or other


def _identifiers(record: TaggedRecord, entry: Entry) -> None:
    for value in record.all("DO"):
        entry.put("doi", value)
    entry.put("pmid", record.first("PMID"))
    number = record.first("AN")
    if re.search(r"pubmed|medline", " ".join(record.all("DB", "DS", "SF")), re.IGNORECASE) and mend.pmid(number):
        entry.put("pmid", number)
    elif "pmid" not in entry.fields and re.fullmatch(r"[1-9]\d{6,7}", number):
        entry.warn("pmid", f"the accession number {number} may be a PMID; left out", "look it up and add it")
    addresses = record.all("UL", "LK")
    take_identifiers(entry, [number], "")
    take_identifiers(entry, addresses, "the address")
    take_identifiers(entry, record.all("NO"))
    take_notices(entry, record.all("NO"))
    entry.put("url", next((value for value in addresses if mend.url(value)), ""))
