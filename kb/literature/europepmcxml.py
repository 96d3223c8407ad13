"""Europe PMC's answers as XML (`<resultList><result>`), in full and in short (`authorString`, `journalTitle`).

Elements as Europe PMC's "Articles RESTful API" documents them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.medline import read_notices
from kb.literature.people import read_people
from kb.literature.xmltext import chunks, content, entities_declared, of, parse
from kb.model.reference import Author

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "Europe PMC XML"

START = re.compile(r"<(result)>(?=\s*<(?:id|source)>)")

_KINDS = (
    ("retraction in", "retraction"), ("partial retraction in", "retraction"), ("expression of concern in", "expression-of-concern"),
    ("erratum in", "correction"), ("corrected and republished in", "correction"),
)  # fmt: skip
_ITSELF = (
    ("retraction of", "retraction notice"),
    ("erratum for", "erratum"),
    ("expression of concern for", "expression of concern"),
)


def read(text: str, name: str) -> list[Entry]:
    """Entries of a Europe PMC text, sound and refused, in its order. Never raises on what the text holds."""
    if refused := entities_declared(text, name, FORMAT):
        return refused
    entries = []
    for chunk, line in chunks(text, START):
        entry = Entry(name, FORMAT, line, chunk)
        entries.append(entry)
        try:
            _fill(entry, parse(chunk))
        except ValueError as error:
            entry.refuse("entry", str(error), "save the records from Europe PMC again")
    return entries


def _fill(entry: Entry, root: Element) -> None:
    entry.publication_types = [content(one) for one in root.iterfind("pubTypeList/pubType")]
    entry.publication_types += [part.strip() for part in of(root, "pubType").split(";") if part.strip()]
    entry.fields["type"] = "article"
    if of(root, "source") == "PPR":
        entry.declared.append("preprint")
    entry.abstract = mend.text(of(root, "abstractText"))
    entry.keywords = [content(one) for one in root.iterfind("keywordList/keyword")]
    entry.put("title", of(root, "title"))
    people = list(root.iterfind("authorList/author"))
    if people:
        entry.put_authors(map(_author, people))
    elif named := of(root, "authorString").rstrip("."):
        entry.put_reading(read_people(named.split(", "), initials_last=True))
    entry.put("journal", of(root, "journalInfo/journal/title") or of(root, "journalTitle"))
    entry.put("year", of(root, "journalInfo/yearOfPublication") or of(root, "pubYear"))
    entry.put("volume", of(root, "journalInfo/volume") or of(root, "journalVolume"))
    entry.put("issue", of(root, "journalInfo/issue") or of(root, "issue"))
    entry.put("pages", of(root, "pageInfo"))
    for field in ("doi", "pmid", "pmcid"):
        entry.put(field, of(root, field))
    notes = [(of(one, "type").lower(), one) for one in root.iterfind("commentCorrectionList/commentCorrection")]
    entry.declared += [itself for said, _ in notes for start, itself in _ITSELF if said.startswith(start)]
    read_notices(
        entry, [(kind, _place(one)) for said, one in notes for start, kind in _KINDS if said.startswith(start)]
    )
    source, number = of(root, "source"), of(root, "id")
    if source and number:
        entry.seen_at = [f"https://europepmc.org/article/{source}/{number} (file {entry.source})"]
    entry.settle()


def _place(note: Element) -> str:
    number = of(note, "id")
    return "; ".join(filter(None, (of(note, "reference"), f"PMID {number}" if number else ""))) or "see Europe PMC"


def _author(person: Element) -> Author | None:
    if body := of(person, "collectiveName"):
        return author(body, body=True)
    family, given = of(person, "lastName"), of(person, "firstName") or of(person, "initials")
    if family:
        return author(family, given)
    read = read_people([of(person, "fullName")], initials_last=True)
    return next(iter(read.authors), None)
