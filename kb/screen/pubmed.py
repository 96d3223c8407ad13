"""PubMed's XML by the block, as rows: what a block of sound articles needs and no more.

Whatever is out of the ordinary (not well-formed, a comment, a book, no title) sends its block to the careful reader of
`records`, which tells what is wrong; so the two never differ in what they accept. Lists of references, affiliations,
substances and grants are left aside.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from kb.literature import mend
from kb.literature.pubmedxml import ABOUT, NOTICES
from kb.screen.rows import LIST, Row, tombstone

BLOCK = 4_000_000
"""Bytes of a block, about 400 articles of today."""

OPEN, CLOSE = b"<PubmedArticle>", b"</PubmedArticle>"

_PMID = re.compile(rb'<PMID(?: Version="(\d+)")?>\s*(\d+)\s*</PMID>')
_REVISED = re.compile(
    rb"<DateRevised>\s*<Year>(\d{4})</Year>\s*<Month>(\d\d?)</Month>\s*<Day>(\d\d?)</Day>\s*</DateRevised>"
)
_TITLE = re.compile(rb"<ArticleTitle\b[^>]*>(.*?)</ArticleTitle>", re.DOTALL)
_VERNACULAR = re.compile(rb"<VernacularTitle>(.*?)</VernacularTitle>", re.DOTALL)
_TEXT = re.compile(rb"<AbstractText\b[^>]*>(.*?)</AbstractText>", re.DOTALL)
_KEYWORD = re.compile(rb"<Keyword\b[^>]*>(.*?)</Keyword>", re.DOTALL)
_NAME = re.compile(rb"<DescriptorName\b[^>]*>(.*?)</DescriptorName>", re.DOTALL)
_TYPE = re.compile(rb"<PublicationType\b[^>]*>(.*?)</PublicationType>", re.DOTALL)
_YEAR = re.compile(rb"<PubDate>.*?(\d{4})", re.DOTALL)
_ARTICLE_YEAR = re.compile(rb"<ArticleDate\b[^>]*>\s*<Year>(\d{4})")
_DOI = re.compile(
    rb'<ELocationID\b[^>]*EIdType="doi"[^>]*>\s*([^<]*?)\s*</ELocationID>|<ArticleId IdType="doi">\s*([^<]*?)\s*</ArticleId>'
)
_NOTE = re.compile(rb'<CommentsCorrections RefType="(\w+)">(.*?)</CommentsCorrections>', re.DOTALL)
_SOURCE = re.compile(rb"<RefSource>(.*?)</RefSource>", re.DOTALL)
_DELETED = re.compile(rb"<DeleteCitation>(.*?)</DeleteCitation>", re.DOTALL)
_MARK = re.compile(r"<[^<>]*>")
_TELLING = {kind.encode(): said for kind, said in (*NOTICES.items(), *ABOUT.items())}


def blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The stream cut where articles begin."""
    buffer = b""
    for piece in pieces:
        buffer += piece
        if len(buffer) >= BLOCK:
            cut = buffer.rfind(OPEN)
            if cut > 0:
                yield buffer[:cut]
                buffer = buffer[cut:]
    if buffer:
        yield buffer


@dataclass(frozen=True)
class Odd:
    """A sound article without what a row is made from; the careful reader says what is wrong."""

    text: str
    line: int


def rows(block: bytes, file: str, line: int) -> list[Row | Odd] | None:
    """The rows of a block that begins on a line of the file; None when the careful reader has to look at all of it."""
    begins = block.find(OPEN)
    if begins < 0:
        return None if b"<Pubmed" in block.replace(b"<PubmedArticleSet", b"") else []
    if b"<PubmedBookArticle" in block or b"<!ENTITY" in block or b"<!" in block[begins:]:
        return None
    found: list[tuple[bytes, int]] = []
    line += block.count(b"\n", 0, begins)
    for text in block[begins:].split(OPEN)[1:]:
        article, closed, _ = text.partition(CLOSE)
        if not closed:
            return None
        found.append((_without_references(article), line))
        line += text.count(b"\n")
    if not _well_formed(article for article, _ in found):
        return None
    return [_row(article, file, at) or Odd(_text(OPEN + article + CLOSE), at) for article, at in found]


def deletions(block: bytes, file: str) -> list[Row]:
    """One row for every record that a block says is deleted."""
    return [
        tombstone(int(pmid), int(version or 1), file)
        for part in _DELETED.findall(block)
        for version, pmid in _PMID.findall(part)
    ]


def _well_formed(articles: Iterator[bytes]) -> bool:
    """Whether expat takes all articles as the content of one element. Nothing is expanded: there is no document type."""
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(b"<r>", False)
        for article in articles:
            parser.Parse(b"<a>%b</a>" % article, False)
        parser.Parse(b"</r>", True)
    except expat.ExpatError:
        return False
    return True


def _row(text: bytes, file: str, line: int) -> Row | None:
    """The row of an article; its parts are looked for where NLM's DTD puts them."""
    begin = text.find(b"<Article ")
    end = text.find(b"</Article>", begin) + len(b"</Article>")
    pmid = _PMID.search(text, 0, begin)
    if begin < 0 or end <= begin or pmid is None or len(pmid[2]) > 9:
        return None
    body, abstract = _parted(text, begin, end)
    title = _TITLE.search(body) or _VERNACULAR.search(body)
    if title is None or not (plain := _plain(title[1])):
        return None
    revised = _REVISED.search(text, 0, begin)
    year = _YEAR.search(body) or _ARTICLE_YEAR.search(body)
    headings, keywords = _topics(text, end)
    notes = _inside(text, b"CommentsCorrectionsList", end)
    notices = _notices(notes) if notes else []
    numbers = _inside(text, b"ArticleIdList", end)
    doi = _DOI.search(body) or _DOI.search(numbers)
    return {
        "pmid": int(pmid[2]),
        "version": int(pmid[1] or 1),
        "stamp": int(revised[1]) * 10_000 + int(revised[2]) * 100 + int(revised[3]) if revised else 0,
        "gone": False,
        "year": int(year[1]) if year else 0,
        "doi": html.unescape(_text(doi[1] or doi[2] or b"")).lower() if doi else "",
        "title": plain,
        "keywords": LIST.join(keywords),
        "abstract": " ".join(map(_plain, _TEXT.findall(abstract))),
        "headings": LIST.join(headings),
        "types": LIST.join(map(_plain, _TYPE.findall(body))),
        "design": "",
        "notices": LIST.join(notices),
        "file": file,
        "place": line,
        "record": _text(
            b"<PubmedArticle><MedlineCitation>%b%b%b</MedlineCitation><PubmedData>%b</PubmedData></PubmedArticle>"
            % (pmid[0], _without_places(body), notes if notices else b"", numbers)
        ),
    }


def _parted(text: bytes, begin: int, end: int) -> tuple[bytes, bytes]:
    """The article element without its abstract, and the abstract."""
    at = text.find(b"<Abstract>", begin, end)
    if at < 0:
        return text[begin:end], b""
    after = text.find(b"</Abstract>", at, end) + len(b"</Abstract>")
    return text[begin:at] + text[after:end], text[at:after]


def _topics(text: bytes, after: int) -> tuple[list[str], list[str]]:
    """Every MeSH heading; and the keywords with the headings that are main topics."""
    keywords = list(map(_plain, _KEYWORD.findall(_inside(text, b"KeywordList", after))))
    headings = []
    for heading in _inside(text, b"MeshHeadingList", after).split(b"<MeshHeading>")[1:]:
        if name := _NAME.search(heading):
            headings.append(_plain(name[1]))
            if b'"Y"' in heading:
                keywords.append(headings[-1])
    return headings, keywords


def _without_places(body: bytes) -> bytes:
    """The article without its authors' affiliations, half of its length."""
    first, *rest = body.split(b"<AffiliationInfo>")
    return (
        first.rstrip() + b"".join(part.partition(b"</AffiliationInfo>")[2].strip() for part in rest) if rest else body
    )


def _notices(notes: bytes) -> list[str]:
    """`kind<tab>where it stands; PMID n` for what was retracted, corrected or is itself a notice."""
    found = []
    for kind, note in _NOTE.findall(notes):
        if name := _TELLING.get(kind):
            source, pmid = _SOURCE.search(note), _PMID.search(note)
            said = [_plain(source[1])] if source else []
            found.append(f"{name}\t" + "; ".join([*said, *([f"PMID {pmid[2].decode()}"] if pmid else [])]))
    return found


def _inside(text: bytes, name: bytes, after: int) -> bytes:
    """From the first beginning of an element after a place to its last end, both included; empty when it is not there."""
    begin = text.find(b"<" + name, after)
    if begin < 0:
        return b""
    close = b"</" + name + b">"
    end = text.rfind(close, begin)
    return text[begin : end + len(close)] if end > begin else b""


def _without_references(article: bytes) -> bytes:
    begin = article.find(b"<ReferenceList>")
    end = article.rfind(b"</ReferenceList>") if begin >= 0 else -1
    return article[:begin] + article[end + len(b"</ReferenceList>") :] if end > begin else article


def _text(data: bytes) -> str:
    return data.decode("utf-8", "kb-windows-1252")


def _plain(data: bytes) -> str:
    value = data.decode("utf-8", "kb-windows-1252")
    if "<" in value:
        value = _MARK.sub("", value)
    return mend.text(html.unescape(value)) if "&" in value or "\n" in value else value.strip()
