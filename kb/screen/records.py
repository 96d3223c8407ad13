"""A stream of text as records, one at a time, whatever its format; damaged ones are told with their line.

The readers of `kb.literature` take a record's text; here the stream is cut into such texts where records begin. PubMed
XML is checked to be well-formed by expat record by record, without the document type, hence without entities; only
records whose words are looked for are read in full.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from xml.parsers import expat

from kb.literature import bibtex, europepmcxml, mend, pubmedxml
from kb.literature.entry import Entry
from kb.literature.read import FORMATS
from kb.screen import europepmc
from kb.screen.source import Unreadable

LONGEST = 2_000_000
"""Characters of one record; the longest of PubMed, with thousands of authors, has fewer."""

HEAD = 1_000_000
"""Characters in which the first record must begin."""

_MARGIN = 200
"""Characters at the end of what is read so far in which a record's beginning may still be cut in two."""

_NEXT_ARTICLE = re.compile(r"<Pubmed(?:Book)?Article[\s>]")
_ENTITY = "<!ENTITY"
_TITLE = re.compile(r"<(ArticleTitle|VernacularTitle|BookTitle)\b[^>]*>(.*?)</\1>", re.DOTALL)
_ABSTRACT = re.compile(r"<AbstractText\b[^>]*>(.*?)</AbstractText>", re.DOTALL)
_KEYWORD = re.compile(r"<Keyword\b[^>]*>(.*?)</Keyword>", re.DOTALL)
_HEADING = re.compile(r"<MeshHeading>(.*?)</MeshHeading>", re.DOTALL)
_DESCRIPTOR = re.compile(r"<DescriptorName\b[^>]*>(.*?)</DescriptorName>", re.DOTALL)
_MAIN = re.compile(r"MajorTopicYN\s*=\s*[\"']Y")
_MARK = re.compile(r"<[^<>]*>")
_STRING = re.compile(r"\s*@\s?string\b", re.IGNORECASE)

Promising = Callable[[str, list[str], str], bool]
"""Whether title, keywords and abstract are worth reading the record in full."""


@dataclass(frozen=True)
class Damaged:
    """A record that cannot be used: its line, and why."""

    line: int
    message: str


def read_stream(pieces: Iterator[str], name: str, promising: Promising) -> Iterator[Entry | Damaged | None]:
    """Every record of a stream: the entry, why it is damaged, or None for a sound one that is not promising.

    Raises Unreadable when the stream is no file of references, or cannot be read to its end.
    """
    head = ""
    for piece in pieces:
        head += piece
        module = format_of(head)
        if module is not None and len(head) > _MARGIN:
            break
        if len(head) > HEAD:
            break
    module = format_of(head)
    if module is None:
        raise _unknown(head)
    rest = _joined(head, pieces)
    if module is pubmedxml:
        yield from _read_xml(rest, name, promising)
    elif module is europepmc:
        yield from europepmc.read(rest, name)
    else:
        yield from _read_text(rest, name, module)


def _joined(head: str, pieces: Iterator[str]) -> Iterator[str]:
    yield head.removeprefix("\ufeff")
    yield from pieces


def format_of(head: str) -> ModuleType | None:
    """The module of the format whose first record stands first."""
    if europepmc.is_json(head):
        return europepmc
    found = []
    for name in (*FORMATS, "europepmcxml"):
        module = import_module(f"kb.literature.{name}")
        if match := module.START.search(head):
            found.append((match.start(), name, module))
    return min(found)[2] if found else None


def _unknown(head: str) -> Unreadable:
    if not head.strip():
        return Unreadable("is empty", "save the references again")
    if head.count("\0") > 3:
        return Unreadable("is not a text file", "save the references as BibTeX, RIS, PubMed or PubMed XML")
    page = re.match(r"\s*(?:<!doctype html|<html)", head, re.IGNORECASE)
    what = "is a web page, not a file of references" if page else "is in a format that cannot be read"
    return Unreadable(what, "save the references as BibTeX, RIS, PubMed (.nbib) or PubMed XML")


def _read_text(pieces: Iterator[str], name: str, module: ModuleType) -> Iterator[Entry | Damaged | None]:
    abbreviations = ""
    if module is europepmcxml:
        pieces = _without_entities(pieces)
    for text, line in _cut(pieces, module.START):
        if text is None:
            yield Damaged(line, f"is longer than {LONGEST // 10**6} MB")
            continue
        before = 0
        if module is bibtex:
            if _STRING.match(text):
                abbreviations = (abbreviations + text.strip() + "\n")[:100_000]
                continue
            before = abbreviations.count("\n")
            text = abbreviations + text
        for entry in module.read(text, name):
            moved = line - 1 - before
            entry.line += moved
            entry.problems = [replace(problem, line=problem.line + moved) for problem in entry.problems]
            yield entry


def _without_entities(pieces: Iterator[str]) -> Iterator[str]:
    before = ""
    for piece in pieces:
        _refuse_entities(before + piece, 0, len(before) + len(piece))
        before = piece[-len(_ENTITY) :]
        yield piece


def _cut(pieces: Iterator[str], start: re.Pattern[str]) -> Iterator[tuple[str | None, int]]:
    """Texts from one beginning of a record to the next, each with its line; None for one that is too long."""
    buffer, line, inside, lost = "", 1, False, False
    for piece in pieces:
        buffer += piece
        at, safe = 0, len(buffer) - _MARGIN
        for found in start.finditer(buffer):
            if found.start() >= safe:
                break
            if found.start() > at or not inside:
                if inside and not lost:
                    yield buffer[at : found.start()], line
                line += buffer.count("\n", at, found.start())
                at = found.start()
            inside, lost = True, False
        buffer = buffer[at:]
        if len(buffer) > LONGEST:
            if inside and not lost:
                yield None, line
            kept = buffer.rfind("\n", 0, len(buffer) - _MARGIN) + 1
            line += buffer.count("\n", 0, kept)
            buffer, lost = buffer[kept:] if kept else buffer[-_MARGIN:], True
    ends = [found.start() for found in start.finditer(buffer)]
    for begin, end in zip([0, *ends], [*ends, len(buffer)], strict=True):
        if (inside or begin in ends) and not lost and buffer[begin:end].strip():
            yield buffer[begin:end], line
        inside, lost = True, False
        line += buffer.count("\n", begin, end)


def _read_xml(pieces: Iterator[str], name: str, promising: Promising) -> Iterator[Entry | Damaged | None]:
    for text, line in _articles(pieces):
        if text is None:
            yield Damaged(line, f"is longer than {LONGEST // 10**6} MB, or not closed")
            continue
        wrong = _not_well_formed(text, line)
        if wrong:
            yield Damaged(line, f"is not well-formed XML: {wrong}")
            continue
        title, keywords, abstract = _words(text)
        odd = not title or "<!" in text  # a comment or a CDATA section: the reader knows what to do
        if not odd and not promising(title, keywords, abstract):
            yield None
            continue
        for entry in pubmedxml.read(text, name):
            entry.line = line
            entry.problems = [replace(problem, line=line) for problem in entry.problems]
            yield entry


def _articles(pieces: Iterator[str]) -> Iterator[tuple[str | None, int]]:
    """Text and line of each article; one that is not closed ends where the next begins. None for one too long."""
    buffer, line, more = "", 1, True
    while more:
        piece = next(pieces, None)
        more = piece is not None
        buffer += piece or ""
        at = 0
        while found := pubmedxml.START.search(buffer, at):
            begin, close = found.start(), f"</{found[1]}>"
            _refuse_entities(buffer, at, begin)
            line += buffer.count("\n", at, begin)
            at = begin
            end = buffer.find(close, found.end())
            following = _NEXT_ARTICLE.search(buffer, found.end(), end if end >= 0 else len(buffer))
            if following:
                stop = following.start()
            elif end >= 0:
                stop = end + len(close)
            elif more and len(buffer) - begin <= LONGEST:
                break
            else:
                stop = len(buffer)
            text = buffer[begin:stop]
            yield (text if len(text) <= LONGEST else None), line
            line += text.count("\n")
            at = stop
        else:  # nothing begins in what is left, but its last characters may be half a beginning
            kept = max(at, len(buffer) - _MARGIN) if more else len(buffer)
            _refuse_entities(buffer, at, len(buffer))
            line += buffer.count("\n", at, kept)
            at = kept
        buffer = buffer[at:]


def _refuse_entities(text: str, begin: int, end: int) -> None:
    if text.find(_ENTITY, begin, end) >= 0:
        raise Unreadable("declares entities, which PubMed's files never do", "save the records from PubMed again")


def _not_well_formed(text: str, line: int) -> str | None:
    """What is wrong with the XML of an article that begins on a line; None when it is sound.

    Nothing is expanded: there is no document type.
    """
    if "<!DOCTYPE" in text or _ENTITY in text:
        return "a document type inside an article"
    parser = expat.ParserCreate()
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)} in line {line - 1 + error.lineno}"
    return None


def _words(text: str) -> tuple[str, list[str], str]:
    """Title, keywords with headings, and abstract of an article's XML, cheaply: nothing the reader would find is missing."""
    title = _TITLE.search(text)
    keywords = list(map(_plain, _KEYWORD.findall(text)))
    for heading in _HEADING.findall(text):
        if _MAIN.search(heading):
            keywords += map(_plain, _DESCRIPTOR.findall(heading))
    return _plain(title[2]) if title else "", keywords, " ".join(map(_plain, _ABSTRACT.findall(text)))


def _plain(value: str) -> str:
    if "<" in value:
        value = _MARK.sub("", value)
    return mend.text(html.unescape(value)) if "&" in value else value
