"""PubMed and MEDLINE XML, from a saved search or from efetch.

Elements as in NLM's DTD (pubmed_250101.dtd and later): `PubmedArticle`/`MedlineCitation`/`Article`, with notices in
`CommentsCorrectionsList` by `RefType`. Articles are cut out one by one, so that a damaged one costs nothing but itself;
each is parsed by defusedxml without the document type, hence without any entity but the five of XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.medline import read_notices
from kb.model.reference import Author

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "PubMed XML"

START = re.compile(r"<(PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]")

NOTICES = {
    "RetractionIn": "retraction",
    "PartialRetractionIn": "retraction",
    "RetractedandRepublishedIn": "retraction",
    "ExpressionOfConcernIn": "expression-of-concern",
    "ErratumIn": "correction",
    "CorrectedandRepublishedIn": "correction",
}
"""RefType to kind of notice: what stands elsewhere about this article."""


def read(text: str, name: str) -> list[Entry]:
    """Entries of an XML text, sound and refused, in its order. Never raises on what the text holds."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if "<!ENTITY" in text:
        entry = Entry(name, FORMAT, 1)
        entry.refuse("file", "declares entities, which PubMed's files never do", "save the records from PubMed again")
        return [entry]
    entries = []
    for chunk, line in _articles(text):
        entry = Entry(name, FORMAT, line, chunk)
        entries.append(entry)
        try:
            root = fromstring(chunk)
        except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            entry.refuse("entry", f"is not well-formed XML: {error}", "save this record from PubMed again")
            continue
        _fill(entry, root)
    return entries


def _articles(text: str) -> Iterator[tuple[str, int]]:
    """Text and line of each article, cut at its end tag; the last runs to the end when its end tag is missing."""
    at, line, counted = 0, 1, 0
    while found := START.search(text, at):
        begin, close = found.start(), f"</{found[1]}>"
        end = text.find(close, begin)
        at = len(text) if end < 0 else end + len(close)
        line += text.count("\n", counted, begin)
        counted = begin
        yield text[begin:at], line


def _fill(entry: Entry, root: Element) -> None:
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    book = root.find("BookDocument")
    article = citation.find("Article") if citation is not None else book
    if article is None:
        entry.refuse("entry", "holds no article", "save this record from PubMed again")
        return
    entry.fields["type"] = "incollection" if book is not None else "article"
    entry.abstract = mend.text(" ".join(_text(part) for part in article.iterfind("Abstract/AbstractText")))
    entry.publication_types = [_text(kind) for kind in article.iter("PublicationType")]
    _topics(entry, citation if citation is not None else article)
    entry.put(
        "title", _of(article, "ArticleTitle") or _of(article, "VernacularTitle") or _of(article, "Book/BookTitle")
    )
    entry.put_authors(_author(person, entry) for person in article.iterfind("AuthorList/Author"))
    people = article.find("AuthorList")
    entry.authors_cut = people is not None and people.get("CompleteYN") == "N"
    entry.put(
        "journal",
        _of(article, "Journal/Title") or _of(article, "Journal/ISOAbbreviation") or _of(article, "Book/BookTitle"),
    )
    entry.put("publisher", _of(article, "Book/Publisher/PublisherName"))
    issue = article.find("Journal/JournalIssue")
    if issue is not None:
        entry.put("year", _of(issue, "PubDate/Year") or _of(issue, "PubDate/MedlineDate"))
        entry.put("volume", _of(issue, "Volume"))
        entry.put("issue", _of(issue, "Issue"))
    entry.put(
        "year", "" if "year" in entry.fields else _of(article, "ArticleDate/Year") or _of(article, "Book/PubDate/Year")
    )
    if electronic := mend.year(_of(article, "ArticleDate/Year")):
        entry.years.add(electronic)
    entry.put("pages", _pages(article))
    _identifiers(entry, root, citation if citation is not None else article, article)
    if citation is not None:
        notes = citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        read_notices(
            entry, [(NOTICES[kind], _said(note)) for note in notes if (kind := note.get("RefType", "")) in NOTICES]
        )
    if pmid := entry.fields.get("pmid"):
        entry.seen_at = [f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/ (file {entry.source})"]
    entry.settle()


def _topics(entry: Entry, citation: Element) -> None:
    entry.keywords = [word for place in citation.iterfind("KeywordList/Keyword") if (word := mend.text(_text(place)))]
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        name = mend.text(_of(heading, "DescriptorName"))
        if not name:
            continue
        entry.headings.append(name)
        if any(part.get("MajorTopicYN") == "Y" for part in heading):
            entry.keywords.append(name)


def _identifiers(entry: Entry, root: Element, citation: Element, article: Element) -> None:
    entry.put("pmid", _of(citation, "PMID"))
    places = [*article.iterfind("ELocationID"), *root.iterfind("PubmedData/ArticleIdList/ArticleId")]
    places += root.iterfind("PubmedBookData/ArticleIdList/ArticleId")
    for place in places:
        kind, value = (place.get("EIdType") or place.get("IdType") or "").lower(), _text(place)
        if place.get("ValidYN") == "N":
            continue
        if kind == "doi" and "doi" not in entry.fields:
            entry.put("doi", value)
        elif kind == "pmc" and "pmcid" not in entry.fields:
            entry.put("pmcid", value)


def _pages(article: Element) -> str:
    first, last = _of(article, "Pagination/StartPage"), _of(article, "Pagination/EndPage")
    return _of(article, "Pagination/MedlinePgn") or (f"{first}-{last}" if first and last else first)


def _author(person: Element, entry: Entry) -> Author | None:
    if person.get("ValidYN") == "N":
        return None
    if body := _of(person, "CollectiveName"):
        return author(body, body=True)
    given = _of(person, "ForeName") or _of(person, "Initials")
    suffix = _of(person, "Suffix")
    found = author(_of(person, "LastName"), f"{given}, {suffix}" if suffix else given)
    if found is None:
        entry.mended("authors", "an author without a name was left out")
    return found


def _said(note: Element) -> str:
    """Where a notice stands: its source, and its number in PubMed."""
    pmid = _of(note, "PMID")
    return "; ".join(part for part in (_of(note, "RefSource"), f"PMID {pmid}" if pmid else "") if part) or "see PubMed"


def _of(element: Element, path: str) -> str:
    found = element.find(path)
    return _text(found) if found is not None else ""


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
