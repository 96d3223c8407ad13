"""EndNote's XML export: `<xml><records><record>`, each text in one or more `<style>` elements.

Elements as EndNote's `RSXML.dtd` names them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers
from kb.literature.xmltext import chunks, content, entities_declared, of, parse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "EndNote XML"

START = re.compile(r"<(record)>(?=\s*<(?:database|source-app|rec-number|ref-type|foreign-keys|contributors|titles)\b)")

_TYPES = {
    "17": "article", "43": "article", "19": "article", "6": "book", "28": "book", "5": "incollection", "10": "incollection",
    "47": "incollection", "12": "online", "27": "report",
}  # fmt: skip


def read(text: str, name: str) -> list[Entry]:
    """Entries of an EndNote XML text, sound and refused, in its order. Never raises on what the text holds."""
    if refused := entities_declared(text, name, FORMAT):
        return refused
    entries = []
    for chunk, line in chunks(text, START):
        entry = Entry(name, FORMAT, line, chunk)
        entries.append(entry)
        try:
            _fill(entry, parse(chunk))
        except ValueError as error:
            entry.refuse("entry", str(error), "export the record from EndNote again")
    return entries


def _fill(entry: Entry, root: Element) -> None:
    kind = root.find("ref-type")
    if kind is not None:
        entry.fields["type"] = _TYPES.get(content(kind), "misc")
        entry.declared.append((kind.get("name") or "").lower())
    entry.declared.append(of(root, "work-type").lower())
    entry.abstract = mend.text(of(root, "abstract"))
    entry.keywords = [word for place in root.iterfind("keywords/keyword") if (word := mend.text(content(place)))]
    entry.put("title", of(root, "titles/title"))
    authors = [content(one) for one in root.iterfind("contributors/authors/author")]
    if not authors and entry.fields.get("type") == "book":
        authors = [content(one) for one in root.iterfind("contributors/secondary-authors/author")]
        if authors:
            entry.mended("authors", "there is no author; the editors were taken")
    entry.put_people(authors)
    entry.put(
        "journal",
        of(root, "titles/secondary-title") or of(root, "periodical/full-title") or of(root, "titles/alt-title"),
    )
    entry.put("publisher", of(root, "publisher"))
    entry.put("year", of(root, "dates/year") or of(root, "dates/pub-dates/date"))
    entry.put("volume", of(root, "volume"))
    entry.put("issue", of(root, "number"))
    entry.put("pages", of(root, "pages") or of(root, "electronic-pages"))
    entry.put("doi", of(root, "electronic-resource-num"))
    entry.put("pmcid", of(root, "custom2") if "PMC" in of(root, "custom2").upper() else "")
    number, database = (
        of(root, "accession-num"),
        of(root, "remote-database-name") + of(root, "remote-database-provider"),
    )
    if re.search(r"pubmed|medline|nlm", database, re.IGNORECASE):
        entry.put("pmid", number)
    addresses = [content(one) for one in root.iterfind("urls//url")]
    take_identifiers(entry, [number], "")
    take_identifiers(entry, addresses, "the address")
    take_identifiers(entry, [of(root, "notes"), of(root, "research-notes")])
    entry.put("url", next((value for value in addresses if mend.url(value)), ""))
    entry.settle()
