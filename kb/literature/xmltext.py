"""XML of other programs: parsed without its document type, with the entities of HTML and without namespaces."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.literature.entry import Entry

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_PREFIX = re.compile(r"[<\s/]([A-Za-z][\w.-]{0,20}):[A-Za-z]")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>|<\?xml[^>]*\?>")
_ELSEWHERE = frozenset({"annotation", "annotation-xml", "tex-math", "xref", "fn"})
"""Elements whose text is not part of the text around them: a formula once more in TeX, marks of footnotes."""


def parse(chunk: str) -> Element:
    """The root of a piece of XML. Raises ValueError, in words, when it is not well-formed."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    text = _ENTITY.sub(_resolved, _DOCTYPE.sub("", chunk))
    prefixes = {p for p in _PREFIX.findall(text) if p.lower() not in ("xml", "xmlns", "http", "https")}
    declared = " ".join(f'xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(prefixes)[:50])
    try:
        wrapper = fromstring(f"<wrapper {declared}>{text}</wrapper>")
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        tag = re.match(r"\s*<([\w:.-]{1,60})", text)
        if tag and not text.rstrip().endswith(f"</{tag[1]}>"):
            raise ValueError("is broken off: the file ends inside this record") from None
        raise ValueError(f"is not well-formed XML: {error}") from None
    for element in wrapper.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    root: Element = next(iter(wrapper))
    return root


def _resolved(match: re.Match[str]) -> str:
    name = match[1]
    if name in _OWN:
        return match[0]
    char = html.unescape(match[0])
    if char == match[0]:
        raise ValueError(f"uses the entity &{name};, which is declared nowhere")
    return html.escape(char, quote=False)


def content(element: Element) -> str:
    """The text of an element and what is inside it, on one line."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    """Texts inside an element in their order; by a stack, since a file may be nested deeper than Python calls."""
    yield element.text or ""
    open_ = [iter(element)]
    tails: list[str] = []
    while open_:
        child = next(open_[-1], None)
        if child is None:
            open_.pop()
            if tails:
                yield tails.pop()
            continue
        if child.tag in _ELSEWHERE:
            yield child.tail or ""
            continue
        yield (" " if child.tag in ("break", "br", "p") else "") + (child.text or "")
        tails.append(child.tail or "")
        open_.append(iter(child))


def of(element: Element | None, path: str) -> str:
    """The text at a path, or `""`."""
    found = element.find(path) if element is not None else None
    return content(found) if found is not None else ""


def chunks(text: str, start: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Text and line of each element that `start` (its first group the tag) begins, cut at its end tag."""
    at, line, counted = 0, 1, 0
    while found := start.search(text, at):
        begin, close = found.start(), f"</{found[1]}>"
        end = text.find(close, begin)
        at = len(text) if end < 0 else end + len(close)
        line += text.count("\n", counted, begin)
        counted = begin
        yield text[begin:at], line


def entities_declared(text: str, name: str, kind: str) -> list[Entry]:
    """A refused entry when a file declares entities of its own, which can blow up or read other files; else none."""
    if "<!ENTITY" not in text:
        return []
    entry = Entry(name, kind, 1)
    entry.refuse("file", "declares entities, which files of references never do", "save the records again")
    return [entry]
