"""PubMed files of tagged lines (`.nbib`, "PubMed format").

Tags as in the PubMed User Guide, "PubMed format": `FAU` full author, `AU` author, `CN` corporate author, `JT` and `TA`
journal, `DP` date, `LID` and `AID` identifiers with their kind in brackets, `RIN`, `ECI`, `EIN`, `CRI` and `RPI` the
notices that stand elsewhere about this article. `PT  - Retracted Publication` marks what was retracted, and
`PT  - Retraction of Publication` the notice itself.
"""

from __future__ import annotations

import re

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.tagged import TaggedRecord, read_records
from kb.model.reference import Author, Notice

FORMAT = "PubMed"

LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<value>.*)$")
START = re.compile(r"^PMID {0,2}- ?\d", re.MULTILINE)

NOTICES = {
    "RIN": "retraction",
    "RPI": "retraction",
    "RRI": "retraction",
    "ECI": "expression-of-concern",
    "EIN": "correction",
    "CRI": "correction",
}
"""Tag to kind of notice; RPI is a partial retraction, RRI one that was published again."""

ABOUT = {
    "ROF": "retraction notice",
    "PROF": "retraction notice",
    "EFR": "erratum",
    "ECF": "expression of concern",
    "CON": "comment",
}
"""Tag to what the record itself is: a notice about another article."""

ARTICLE_NUMBER = re.compile(r"[a-z]?\d{1,7}", re.IGNORECASE)
"""A publisher's number that stands for the pages where there are none."""

RETRACTED = "retracted publication"
_BOOKS = {"book": "book", "book chapter": "incollection"}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a MEDLINE text, sound and refused, in its order. Never raises on what the text holds."""
    return [_entry(record, name) for record in read_records(text, LINE, "PMID")]


def _entry(record: TaggedRecord, name: str) -> Entry:
    entry = Entry(name, FORMAT, record.line, record.original, abstract=mend.text(record.first("AB")))
    entry.publication_types = record.all("PT")
    entry.declared += [ABOUT[tag] for tag, value in record.values if tag in ABOUT and value]
    entry.keywords = [mend.text(value).lstrip("*") for value in record.all("OT")]
    for value in record.all("MH"):  # `Melasma/*drug therapy`, an asterisk at the main topics
        heading = mend.text(value.partition("/")[0]).lstrip("*")
        entry.headings.append(heading)
        if "*" in value:
            entry.keywords.append(heading)
    book = next((_BOOKS[kind.lower()] for kind in entry.publication_types if kind.lower() in _BOOKS), None)
    entry.fields["type"] = book or "article"
    entry.put("title", best_title([record.first("TI"), record.first("TT"), record.first("BTI")]))
    full = "FAU" if record.first("FAU") else "AU"
    for tag, value in record.values:  # in the order of the file: a body may stand between persons
        if tag == full == "FAU":
            entry.put_authors([_author(value, entry)])
        elif tag == full and value:
            entry.put_people([value], initials_last=True)
        elif tag == "CN" and value:
            entry.put_authors([author(value, body=True)])
    entry.put("journal", record.first("JT", "TA", "BTI" if book == "incollection" else "JT"))
    entry.put("publisher", record.first("PB"))
    entry.put("year", record.first("DP", "DEP"))
    entry.put("volume", record.first("VI"))
    entry.put("issue", record.first("IP"))
    numbers = (value.removesuffix("[pii]").strip() for value in record.all("LID") if value.endswith("[pii]"))
    entry.put("pages", record.first("PG") or next(filter(ARTICLE_NUMBER.fullmatch, numbers), ""))
    entry.put("pmid", record.first("PMID"))
    entry.put("pmcid", record.first("PMC"))
    entry.put("doi", record.first("DOI"))
    for value in record.all("LID", "AID"):
        if value.lower().endswith("[doi]"):
            entry.put("doi", value)  # another one is told
    read_notices(entry, [(NOTICES[tag], value) for tag, value in record.values if tag in NOTICES and value])
    if pmid := entry.fields.get("pmid"):
        entry.seen_at = [f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/ (file {name})"]
    return entry.settle()


def best_title(titles: list[str]) -> str:
    """The first title that is one: PubMed writes `[Not Available].` where there is none but in the article's language."""
    found = list(filter(None, titles))
    return next((one for one in found if "not available" not in one.lower()), next(iter(found), ""))


def read_notices(entry: Entry, found: list[tuple[str, str]]) -> None:
    """Keep notices (kind and place), and one more when the article is marked as retracted without saying where."""
    entry.notices = [Notice(kind=kind, said=mend.text(said)[:600]) for kind, said in found if mend.text(said)]
    types = {kind.strip().lower() for kind in entry.publication_types}
    if RETRACTED in types and not any(notice.kind == "retraction" for notice in entry.notices):
        entry.notices.append(Notice(kind="retraction", said="marked as retracted in PubMed"))


def _author(value: str, entry: Entry) -> Author | None:
    family, _, given = value.partition(",")
    found = author(family, re.sub(r"\s+(Jr\.?|Sr\.?|II|III|IV|2nd|3rd|4th)$", r", \1", given.strip()))
    if found is None:
        entry.warn("authors", f"{value[:60]!r} is not a name; left out", "compare the authors with the source")
    return found
