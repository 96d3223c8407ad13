"""RIS files, as reference managers and publishers export them.

Tags as in the RIS format specification (Research Information Systems) with the readings that EndNote, Zotero and the
publishers' exports are known for: `T1`, `A1` and `Y1` for `TI`, `AU` and `PY`; the DOI in `DO`, `M3` or `UR`; PubMed's
number in `AN` beside `DB  - PubMed`; PubMed Central's in `C2`.
"""

from __future__ import annotations

import re

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers, take_notices
from kb.literature.tagged import TaggedRecord, read_records

FORMAT = "RIS"

LINE = re.compile(
    r"[ \t]{0,3}(?P<tag>[A-Z][A-Z0-9]|(?:ty|er|au|ti|py)(?= ))(?:[ \t]{1,2}-(?P<value>$|[ \t].*$)|  -(?=\S)(?P<glued>.*$))"
)
START = re.compile(r"^[ \t]{0,3}(?:TY|ty)(?:[ \t]{1,2}-[ \t]|  -| -[A-Z]{3,6}$|[ \t]*-[ \t]*[A-Z]{3,6}$)", re.MULTILINE)
_TIGHT = re.compile(r"^TY[ \t]?-\S", re.MULTILINE)
_TIGHT_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])[ \t]?-[ \t]?(?P<value>.*$)")
"""Lines of files that some programs write without the blanks, `TI -Title`; only where the type itself is written so."""

TYPES = {
    "article": ("JOUR", "EJOUR", "JFULL", "MGZN", "ABST", "INPR", "NEWS"),
    "book": ("BOOK", "EBOOK", "EDBOOK", "WHOLE"),
    "incollection": ("CHAP", "ECHAP", "CONF", "CPAPER", "ENCYC", "DICT"),
    "online": ("ELEC", "WEB", "BLOG"),
    "report": ("RPRT", "GOVDOC", "STAND"),
}
_TYPE = {code: kind for kind, codes in TYPES.items() for code in codes}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a RIS text, sound and refused, in its order. Never raises on what the text holds."""
    line = _TIGHT_LINE if _TIGHT.search(text) else LINE
    return [_entry(record, name) for record in read_records(text, line, "TY", "ER") if not _is_stray(record)]


def _is_stray(record: TaggedRecord) -> bool:
    """Tags behind a record's end, as Ovid writes the data base there, and no record of their own."""
    return not record.first("TY", "TI", "T1", "AU", "A1", "DO")


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
    entry.declared += [value.lower() for value in record.all("M3", "C9", "PT", "N3")]
    entry.put("title", record.first("TI", "T1", "CT", "BT"))
    for other in record.all("TI", "T1"):
        entry.put("title", other)  # another one is told
    entry.put_people(record.all("AU", "A1"))
    if not record.first("AU", "A1") and (others := record.all("A2", "ED")) and code in ("BOOK", "EDBOOK", "WHOLE"):
        entry.mended("authors", "there is no author; the editors were taken")
        entry.put_people(others)
    _journal(record, entry)
    entry.put("publisher", record.first("PB"))
    _year(record, entry)
    entry.put("volume", record.first("VL"))
    entry.put("issue", record.first("IS"))
    entry.put("pages", _pages(record))
    _identifiers(record, entry)
    return entry.settle()


def _journal(record: TaggedRecord, entry: Entry) -> None:
    """`JF`, else `T2`; where `T2` is another title (a special issue), or only an abbreviation, `JO`."""
    second, journal = record.first("T2"), record.first("JO")
    if record.first("JF") or not (second and journal) or record.first("TY").upper() != "JOUR":
        entry.put("journal", record.first("JF", "T2", "JO", "JA", "J1", "J2"))
        return
    entry.put("journal", second if _abbreviates(journal, second) else journal)
    if not _abbreviates(journal, second) and not _abbreviates(second, journal):
        entry.warn("journal", f"{second[:80]!r} in T2 is another title; JO was taken", "compare it with the source")


def _abbreviates(short: str, full: str) -> bool:
    """`J. Skin Sci.` for `Journal of Skin Science`, `JSS` for the same, or the same name."""
    words, rest = mend.fold(short).split(), iter(mend.fold(full).split())
    letters, initials = iter(mend.fold(full).split()), mend.fold(short)
    acronym = 2 <= len(initials) <= 8 and all(any(word[0] == one for word in letters) for one in initials)
    return acronym or all(any(long.startswith(word) for long in rest) for word in words)


def _year(record: TaggedRecord, entry: Entry) -> None:
    """`PY`, else `Y1`, else `DA`, the first that is a year; a print and an online year that differ are told."""
    dates = [value for tag in ("PY", "Y1", "DA") for value in record.all(tag)]
    entry.put("year", next(filter(mend.year, dates), dates[0] if dates else ""))
    for value in record.all("PY", "Y1"):
        if mend.year(value) is None and len(dates) > 1 and re.search(r"[^\W\d_]{3}", value):
            entry.warn("year", f"{value[:60]!r} is not a year; passed over", "see whether a text was torn here")
    years = {mend.year(value) for value in record.all("PY", "Y1", "DA") if mend.year(value)}
    if len(years) > 1:
        listed = ", ".join(map(str, sorted(year for year in years if year)))
        entry.warn(
            "year", f"the record gives several years ({listed}); {entry.fields.get('year')} was taken", "compare it"
        )


def _pages(record: TaggedRecord) -> str:
    first, last = record.first("SP"), record.first("EP")
    if first and last and first != last and not re.search(r"\d\s*[-–—]\s*\w", first):
        return f"{first}-{last}"
    return first or last or record.first("C7")  # EndNote keeps an article's number in C7


def _identifiers(record: TaggedRecord, entry: Entry) -> None:
    dois = record.all("DO", "DI")
    for value in filter(mend.doi, dois):
        entry.put("doi", value)
    for value in (value for value in dois if not mend.doi(value)):
        entry.put("doi", value)  # told
    addresses = record.all("UR", "LK", "L1", "L2", "L3")
    for value in [*record.all("M3"), *addresses]:
        if "doi" not in entry.fields and mend.doi(value):
            entry.put("doi", value)
    numbers = record.all("AN", "ID", "C2", "U1", "U2", "U3", "U4", "U5", "LB")
    if any(
        re.fullmatch(r"L\d{6,12}", value) for value in record.all("U2")
    ):  # Embase, which gives PubMed's number in C5
        entry.put("pmid", next((value for value in record.all("C5") if re.fullmatch(r"\d{4,8}", value)), ""))
    for value in record.all("C3"):  # Cochrane: `PUBMED 31234567,EMBASE 628812345`
        if "pmid" not in entry.fields and (numbered := re.search(r"\bPUBMED (\d{4,8})\b", value)):
            entry.put("pmid", numbered[1])
    database = " ".join(record.all("DB", "DP", "N1", "M1")).lower()
    pubmed = bool(
        re.search(r"pubmed|medline|\bnlm\b(?! ?uid)", database)  # CINAHL's notes give NLM's number of the journal
    )
    if (
        re.search(r"embase|ovid", database) and "pmid" not in entry.fields
    ):  # Ovid writes PubMed's number there, at times alone
        for value in filter(re.compile(r"[1-9]\d{6,7}").fullmatch, record.all("ID")):
            entry.warn("pmid", f"the number {value} in ID may be a PMID; left out", "look it up and add it")
    for value in numbers:
        if "pmcid" not in entry.fields and (found := mend.pmcid(value)):
            entry.fields["pmcid"] = found
        elif "pmid" not in entry.fields and (found := mend.pmid(value)):
            named = not value.strip().isdigit()  # `PMID: 1` or an address says itself whose number it is
            least = 1 if value in record.all("AN") else 7 if value in record.all("ID") else 9
            if named or (pubmed and least <= len(found) <= 8):  # a short `ID` counts the records of a library
                entry.fields["pmid"] = found
            elif value in record.all("AN") and len(found) >= 7 and not database:
                entry.warn("pmid", f"the accession number {found} may be a PMID; left out", "look it up and add it")
    for value in addresses:  # Reference Manager
        if "pmid" not in entry.fields and (numbered := re.fullmatch(r"PM:\s?(\d{4,8})", value)):
            entry.put("pmid", numbered[1])
    if re.search(r"scopus", " ".join([database, *addresses]), re.IGNORECASE):
        for value in filter(re.compile(r"[1-9]\d{6,7}").fullmatch, record.all("C2")):  # PubMed's number, in Scopus
            entry.put("pmid", "" if "pmid" in entry.fields else value)
    take_identifiers(entry, numbers, "")
    take_identifiers(entry, dois, "")
    take_identifiers(entry, addresses, "the address")
    take_identifiers(entry, record.all("N1", "RN", "M1", "M2"))
    take_notices(entry, record.all("N1", "RN", "M1", "M2"))
    for value in record.all("N1"):
        if "doi" not in entry.fields and mend.doi(value):
            entry.put("doi", value)
            entry.warn("doi", "it was taken from a note", "open it and see that it is this article")
    page = next((value for value in addresses if mend.url(value)), "")
    entry.put("url", page)
