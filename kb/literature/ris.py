"""RIS files, as reference managers and publishers export them.

Tags as in the RIS format specification (Research Information Systems) with the readings that EndNote, Zotero and the
publishers' exports are known for: `T1`, `A1` and `Y1` for `TI`, `AU` and `PY`; the DOI in `DO`, `M3` or `UR`; PubMed's
number in `AN` beside `DB  - PubMed`; PubMed Central's in `C2`.
"""

from __future__ import annotations

import re

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.tagged import TaggedRecord, read_records
from kb.model.reference import Author

FORMAT = "RIS"

LINE = re.compile(r"[ \t]{0,3}(?P<tag>[A-Z][A-Z0-9]) {1,2}-(?P<value>$| .*$)")
START = re.compile(r"^\s{0,3}TY {1,2}- ", re.MULTILINE)

TYPES = {
    "article": ("JOUR", "EJOUR", "JFULL", "MGZN", "ABST", "INPR", "NEWS"),
    "book": ("BOOK", "EBOOK", "EDBOOK", "WHOLE"),
    "incollection": ("CHAP", "ECHAP", "CONF", "CPAPER", "ENCYC", "DICT"),
    "online": ("ELEC", "WEB", "BLOG"),
    "report": ("RPRT", "GOVDOC", "STAND"),
}
_TYPE = {code: kind for kind, codes in TYPES.items() for code in codes}
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv)\.?", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:group|consortium|committee|agency|administration|ministry|society|association|institute|organi[sz]ation"
    r"|collaboration|investigators|college|academy|university|department|inc|ltd|gmbh)\b",
    re.IGNORECASE,
)


def read(text: str, name: str) -> list[Entry]:
    """Entries of a RIS text, sound and refused, in its order. Never raises on what the text holds."""
    return [_entry(record, name) for record in read_records(text, LINE, "TY", "ER")]


def _entry(record: TaggedRecord, name: str) -> Entry:
    entry = Entry(name, FORMAT, record.line, record.original, abstract=mend.text(record.first("AB", "N2")))
    entry.keywords = [mend.text(value) for value in record.all("KW")]
    code = record.first("TY").upper()
    if not code:
        entry.mended("TY", "the record has no type", "begin each record with a TY line")
    if not record.closed:
        entry.mended("ER", "the record is not closed", "end each record with an ER line; compare what was read")
    if code in _TYPE:
        entry.fields["type"] = _TYPE[code]
    entry.put("title", record.first("TI", "T1", "CT", "BT"))
    entry.put_authors(_author(value, entry) for value in record.all("AU", "A1"))
    journal = record.first("JF", "T2", "JO", "JA", "J1", "J2")
    entry.put("journal", journal)
    entry.put("publisher", record.first("PB"))
    entry.put("year", record.first("PY", "Y1", "DA"))
    entry.put("volume", record.first("VL"))
    entry.put("issue", record.first("IS"))
    entry.put("pages", _pages(record))
    _identifiers(record, entry)
    return entry.settle()


def _pages(record: TaggedRecord) -> str:
    first, last = record.first("SP"), record.first("EP")
    if first and last and not re.search(r"\d\s*[-–—]\s*\w", first):
        return f"{first}-{last}"
    return first or record.first("C7")  # EndNote keeps an article's number in C7


def _identifiers(record: TaggedRecord, entry: Entry) -> None:
    entry.put("doi", record.first("DO"))
    addresses = record.all("UR", "LK", "L1", "L2", "L3")
    for value in [*record.all("M3", "N1"), *addresses]:
        if "doi" not in entry.fields and mend.doi(value):
            entry.put("doi", value)
    database = " ".join(record.all("DB", "DP", "N1", "M1")).lower()
    for value in record.all("AN", "ID", "C2", "UR", "L2", "N1"):
        if "pmcid" not in entry.fields and (found := mend.pmcid(value)):
            entry.fields["pmcid"] = found
        elif "pmid" not in entry.fields and (found := mend.pmid(value)):
            named = not value.strip().isdigit()  # `PMID: 1` or an address says itself whose number it is
            if named or (value in record.all("AN") and re.search(r"pubmed|medline|nlm", database)):
                entry.fields["pmid"] = found
    page = next((value for value in addresses if mend.url(value)), "")
    entry.put("url", page)


def _author(value: str, entry: Entry) -> Author | None:
    if value.strip(" .").lower() in ("et al", "others", "and others"):
        entry.authors_cut = True
        return None
    family, _, given = value.partition(",")
    middle, comma, suffix = given.rpartition(",")
    if comma and _SUFFIX.fullmatch(suffix.strip()):
        given = f"{middle.strip()}, {suffix.strip()}"
    elif comma:
        given = given.replace(",", " ")
    body = not given.strip() and (bool(_BODY.search(family)) or len(family.split()) > 3)
    if not given.strip() and not body and len(words := family.split()) > 1:
        entry.mended("AU", f"{value[:60]!r} has no comma; its last word was taken for the family name")
        family, given = words[-1], " ".join(words[:-1])
    found = author(family, given, body=body)
    if found is None:
        entry.mended("AU", f"{value[:60]!r} is no name; left out")
    return found
