"""PubMed and MEDLINE XML, from a saved search or from efetch.

Elements as in NLM's DTD (pubmed_250101.dtd and later): `PubmedArticle`/`MedlineCitation`/`Article`, with notices in
`CommentsCorrectionsList` by `RefType`. Articles are cut out one by one, so that a damaged one costs nothing but itself;
each is parsed by defusedxml without the document type, hence without any entity but those of XML and HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.literature.medline import ARTICLE_NUMBER, best_title, read_notices
from kb.literature.xmltext import chunks, content, entities_declared, of, parse
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


ABOUT = {
    "RetractionOf": "retraction notice",
    "PartialRetractionOf": "retraction notice",
    "ErratumFor": "erratum",
    "ExpressionOfConcernFor": "expression of concern",
    "CommentOn": "comment",
}
"""RefType to what the record itself is: a notice about another article."""


def read(text: str, name: str) -> list[Entry]:
    """Entries of an XML text, sound and refused, in its order. Never raises on what the text holds."""
    if refused := entities_declared(text, name, FORMAT):
        return refused
    entries = []
    for chunk, line in chunks(text, START):
        entry = Entry(name, FORMAT, line, chunk)
        entries.append(entry)
        try:
            root = parse(chunk)
        except ValueError as error:
            entry.refuse("entry", str(error), "save this record from PubMed again")
            continue
        _fill(entry, root)
    return entries


def _fill(entry: Entry, root: Element) -> None:
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    book = root.find("BookDocument")
    article = citation.find("Article") if citation is not None else book
    if article is None:
        entry.refuse("entry", "holds no article", "save this record from PubMed again")
        return
    entry.fields["type"] = "article" if book is None else "incollection" if of(book, "ArticleTitle") else "book"
    entry.abstract = mend.text(" ".join(content(part) for part in article.iterfind("Abstract/AbstractText")))
    entry.publication_types = [content(kind) for kind in article.iter("PublicationType")]
    _topics(entry, citation if citation is not None else article)
    titles = [of(article, name) for name in ("ArticleTitle", "VernacularTitle", "Book/BookTitle")]
    entry.put("title", best_title(titles))
    people = _people(article)
    entry.put_authors(
        _author(person, entry) for person in (people if people is not None else ()) if person.tag == "Author"
    )
    entry.authors_cut = people is not None and people.get("CompleteYN") == "N"
    entry.put(
        "journal",
        of(article, "Journal/Title")
        or of(article, "Journal/ISOAbbreviation")
        or (of(article, "Book/BookTitle") if of(article, "ArticleTitle") else ""),
    )
    entry.put("publisher", of(article, "Book/Publisher/PublisherName"))
    issue = article.find("Journal/JournalIssue")
    if issue is not None:
        entry.put("year", of(issue, "PubDate/Year") or of(issue, "PubDate/MedlineDate"))
        entry.put("volume", of(issue, "Volume"))
        entry.put("issue", of(issue, "Issue"))
    entry.put(
        "year", "" if "year" in entry.fields else of(article, "ArticleDate/Year") or of(article, "Book/PubDate/Year")
    )
    if electronic := mend.year(of(article, "ArticleDate/Year")):
        entry.years.add(electronic)
    entry.put("pages", _pages(article))
    _identifiers(entry, root, citation if citation is not None else article, article)
    if citation is not None:
        notes = list(citation.iterfind("CommentsCorrectionsList/CommentsCorrections"))
        entry.declared += [ABOUT[kind] for note in notes if (kind := note.get("RefType", "")) in ABOUT]
        read_notices(
            entry, [(NOTICES[kind], _said(note)) for note in notes if (kind := note.get("RefType", "")) in NOTICES]
        )
    if pmid := entry.fields.get("pmid"):
        entry.seen_at = [f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/ (file {entry.source})"]
    entry.settle()


def _people(article: Element) -> Element | None:
    """The list of authors: of the article or chapter, else of the book, else its editors."""
    lists = [*article.iterfind("AuthorList"), *article.iterfind("Book/AuthorList")]
    return next((one for one in lists if one.get("Type", "authors") != "editors"), next(iter(lists), None))


def _topics(entry: Entry, citation: Element) -> None:
    entry.keywords = [word for place in citation.iterfind("KeywordList/Keyword") if (word := mend.text(content(place)))]
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        name = mend.text(of(heading, "DescriptorName"))
        if not name:
            continue
        entry.headings.append(name)
        if any(part.get("MajorTopicYN") == "Y" for part in heading):
            entry.keywords.append(name)


def _identifiers(entry: Entry, root: Element, citation: Element, article: Element) -> None:
    entry.put("pmid", of(citation, "PMID"))
    places = [*article.iterfind("ELocationID"), *root.iterfind("PubmedData/ArticleIdList/ArticleId")]
    places += root.iterfind("PubmedBookData/ArticleIdList/ArticleId")
    for place in places:
        kind, value = (place.get("EIdType") or place.get("IdType") or "").lower(), content(place)
        if place.get("ValidYN") == "N":
            continue
        if kind == "doi" and "doi" not in entry.fields:
            entry.put("doi", value)
        elif kind == "pmc" and "pmcid" not in entry.fields:
            entry.put("pmcid", value)


def _pages(article: Element) -> str:
    first, last = of(article, "Pagination/StartPage"), of(article, "Pagination/EndPage")
    printed = of(article, "Pagination/MedlinePgn") or (f"{first}-{last}" if first and last else first)
    return printed or next(filter(ARTICLE_NUMBER.fullmatch, _own_numbers(article)), "")


def _own_numbers(article: Element) -> list[str]:
    """What publishers call the article by; `e45` stands for its pages, `S0190-9622(19)30001-1` does not."""
    places = article.iterfind("ELocationID")
    return [content(one) for one in places if (one.get("EIdType"), one.get("ValidYN", "Y")) == ("pii", "Y")]


def _author(person: Element, entry: Entry) -> Author | None:
    if person.get("ValidYN") == "N":
        return None
    if body := of(person, "CollectiveName"):
        return author(body, body=True)
    given = of(person, "ForeName") or of(person, "Initials")
    suffix = of(person, "Suffix")
    found = author(of(person, "LastName"), f"{given}, {suffix}" if suffix else given)
    if found is None:
        entry.warn("authors", "an author without a name was left out", "compare the authors with the source")
    return found


def _said(note: Element) -> str:
    """Where a notice stands: its source, and its number in PubMed."""
    pmid = of(note, "PMID")
    return "; ".join(part for part in (of(note, "RefSource"), f"PMID {pmid}" if pmid else "") if part) or "see PubMed"
