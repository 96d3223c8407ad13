"""Articles in JATS (the XML of PubMed Central and of publishers): `<article><front>`.

Elements as the Journal Article Tag Suite (NISO Z39.96) names them; only the head of an article is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.medline import read_notices
from kb.literature.xmltext import chunks, content, entities_declared, of, parse
from kb.model.reference import Author

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "JATS"

START = re.compile(
    r"<((?:\w{1,10}:)?article)\b[^<>]*>(?=\s*(?:<!--.*?-->\s*|<processing-meta\b.*?/?>\s*)*<(?:\w{1,10}:)?front\b)",
    re.DOTALL,
)
_FRONT = re.compile(r"</((?:\w{1,10}:)?)front>")

_NOTICE = {
    "retraction-forward": "retraction",
    "retracted-article": "",
    "corrected-article": "",
    "concern": "expression-of-concern",
}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a JATS text, sound and refused, in its order. Never raises on what the text holds."""
    if refused := entities_declared(text, name, FORMAT):
        return refused
    entries = []
    for chunk, line in chunks(text, START):
        front = _FRONT.search(chunk)
        head = f"{chunk[: front.end()]}</{front[1]}article>" if front else chunk
        entry = Entry(name, FORMAT, line, head)
        entries.append(entry)
        try:
            _fill(entry, parse(head))
        except ValueError as error:
            entry.refuse("entry", str(error), "save the article again")
    return entries


def _fill(entry: Entry, root: Element) -> None:
    meta, journal = root.find("front/article-meta"), root.find("front/journal-meta")
    if meta is None:
        entry.refuse("entry", "holds no article-meta", "save the article again")
        return
    entry.fields["type"] = "article"
    entry.declared.append((root.get("article-type") or "").replace("-", " "))
    title, subtitle = of(meta, "title-group/article-title"), of(meta, "title-group/subtitle").lstrip(" :")
    entry.put("title", f"{title.rstrip(' :')}: {subtitle}" if title and subtitle else title)
    entry.abstract = mend.text(of(meta, "abstract"))
    entry.keywords = [content(one) for one in meta.iterfind("kwd-group/kwd")]
    people = [one for group in meta.iterfind("contrib-group") for one in group.iterfind("contrib")]
    entry.put_authors(_author(one) for one in people if one.get("contrib-type", "author") == "author")
    entry.put("journal", of(journal, "journal-title-group/journal-title") or of(journal, "journal-title"))
    _dates(entry, meta)
    entry.put("volume", of(meta, "volume"))
    entry.put("issue", of(meta, "issue"))
    first, last = of(meta, "fpage"), of(meta, "lpage")
    entry.put("pages", (f"{first}-{last}" if first and last and first != last else first) or of(meta, "elocation-id"))
    for one in meta.iterfind("article-id"):
        kind, value = one.get("pub-id-type"), content(one)
        field = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}.get(kind or "")
        if field:
            entry.put(field, f"PMC{value}" if field == "pmcid" and value.isdigit() else value)
    related = [(one.get("related-article-type", ""), one) for one in meta.iterfind("related-article")]
    read_notices(
        entry, [(said, content(one) or "see the article") for kind, one in related if (said := _NOTICE.get(kind))]
    )
    entry.settle()


def _dates(entry: Entry, meta: Element) -> None:
    """The print year before the online one, as PubMed does; both are kept as years of the article."""
    dates = {
        (one.get("pub-type") or one.get("publication-format") or one.get("date-type") or "?"): of(one, "year")
        for one in meta.iterfind("pub-date")
    }
    entry.years.update(filter(None, map(mend.year, dates.values())))
    order = ("ppub", "print", "collection", "epub-ppub", "epub", "electronic", "pub", "?")
    entry.put("year", next((dates[kind] for kind in order if dates.get(kind)), next(iter(dates.values()), "")))


def _author(person: Element) -> Author | None:
    body = person.find("collab")
    if body is not None:
        return author((body.text or content(body)).strip() or content(body), body=True)
    family, given, suffix = (of(person, f".//{part}") for part in ("surname", "given-names", "suffix"))
    return author(family, f"{given}, {suffix}" if suffix and given else given or suffix)
