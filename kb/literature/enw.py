"""EndNote's tagged export (`.enw`, the "refer" format): `%0 Journal Article`, `%A Low, Ann`, `%T Title`.

Tags as EndNote's manual lists them for its import filter; Zotero, Google Scholar and Mendeley write the same.
"""

from __future__ import annotations

import re

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers, take_notices
from kb.literature.tagged import TaggedRecord, read_records

FORMAT = "EndNote"

LINE = re.compile(r"%(?P<tag>[0-9A-Z@!?<>+~^$&(\[\]*|#=,:])(?P<value>$|[ \t].*$)")
START = re.compile(r"^%0 +\S", re.MULTILINE)

_TYPES = {
    "journal article": "article", "electronic article": "article", "magazine article": "article", "book": "book",
    "edited book": "book", "electronic book": "book", "book section": "incollection", "conference proceedings": "incollection",
    "conference paper": "incollection", "web page": "online", "report": "report", "government document": "report",
}  # fmt: skip


def read(text: str, name: str) -> list[Entry]:
    """Entries of an EndNote text, sound and refused, in its order. Never raises on what the text holds."""
    return [_entry(record, name) for record in read_records(text, LINE, "0", "")]


def _entry(record: TaggedRecord, name: str) -> Entry:
    entry = Entry(name, FORMAT, record.line, record.original, abstract=mend.text(record.first("X")))
    entry.keywords = [mend.text(word) for value in record.all("K") for word in re.split(r"[;,]", value) if word.strip()]
    kind = record.first("0").lower()
    entry.declared += [kind, *(value.lower() for value in record.all("9"))]
    if kind in _TYPES:
        entry.fields["type"] = _TYPES[kind]
    entry.put("title", record.first("T"))
    entry.put_people(record.all("A"))
    if not record.first("A") and record.first("E") and "book" in kind:
        entry.mended("authors", "there is no author; the editors were taken")
        entry.put_people(record.all("E"))
    entry.put("journal", record.first("J", "B"))
    entry.put("publisher", record.first("I"))
    entry.put("year", record.first("D", "8"))
    entry.put("volume", record.first("V"))
    entry.put("issue", record.first("N"))
    entry.put("pages", record.first("P"))
    for value in record.all("R"):
        entry.put("doi", value)
    entry.put("pmcid", record.first("2") if "PMC" in record.first("2").upper() else "")
    if re.search(r"pubmed|medline|nlm", " ".join(record.all("~", "W")), re.IGNORECASE):
        entry.put("pmid", record.first("M"))
    elif re.fullmatch(r"[1-9]\d{6,7}", record.first("M")):
        entry.warn("pmid", f"the accession number {record.first('M')} may be a PMID; left out", "look it up and add it")
    addresses = record.all("U", ">")
    take_identifiers(entry, record.all("M"), "")
    take_identifiers(entry, addresses, "the address")
    take_identifiers(entry, record.all("Z", "*"))
    take_notices(entry, record.all("Z", "*"))
    entry.put("url", next((value for value in addresses if mend.url(value)), ""))
    return entry.settle()
