"""Any file of references: what format it is, by its content, and its entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from kb.literature import spreadsheet
from kb.literature.encoding import Decoded, decode, encoding_of
from kb.literature.entry import Entry

__all__ = ["FORMATS", "LARGEST", "MOST_ENTRIES", "encoding_of", "read_any"]

LARGEST = 10_000_000
"""Bytes of a file that is looked at; a saved search of several thousand records with abstracts."""

MOST_ENTRIES = 5_000
"""Entries of one file."""

FORMATS = ("pubmedxml", "ris", "medline", "bibtex")
"""Modules of this package: each has FORMAT (its name), START (pattern of an entry's beginning) and read(text, name).
A file in one of these can be cut where an entry begins, so `kb screen` reads them at any size."""

WHOLE = ("endnotexml", "europepmcxml", "jats", "enw", "refworks", "cnki", "ciw", "csljson", "table")
"""More of them, for files that are read as a whole."""

KNOWN = (
    "BibTeX, RIS, PubMed (.nbib), PubMed XML, EndNote (.enw, XML), RefWorks, NoteExpress and CNKI, Web of Science (.ciw), CSL-JSON, "
    "Europe PMC XML, JATS, CSV or .xlsx"
)

TAGGED = ("ris", "medline", "bibtex", "enw", "refworks", "cnki", "ciw")
"""Formats whose records may follow one another in one file, when files were joined or records pasted."""

Reader = Callable[[str, str], list[Entry]]
_BLANKS = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_OTHER = (
    (b"%PDF", "is a PDF, not a file of references", "look the article up by its DOI or PMID"),
    (b"\x1f\x8b", "is packed (gzip)", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file", "save it as .xlsx or CSV"),
    (b"SQLite format", "is a database, not a file of references", "export the references from the program"),
    (b"{\\rtf", "is a text document (RTF)", "export the references as RIS or BibTeX"),
)


def read_any(name: str, data: bytes | str) -> list[Entry]:
    """Entries of a file in one of the formats of KNOWN, sound and refused, in the order of the file.

    `name` is the file's name, for messages; `data` what it holds. A file that cannot be read as a whole (too large,
    not text, no format known) gives one refused entry that says why. Never raises on what a file holds.
    """
    if len(data) > LARGEST:
        return [_refused(name, f"is larger than {LARGEST // 10**6} MB", "save it in several parts")]
    if isinstance(data, bytes) and data[:4] == b"PK\x03\x04":
        return _checked(spreadsheet.read(data, name), name)
    if isinstance(data, bytes):
        for mark, what, cure in _OTHER:
            if data.startswith(mark):
                return [_refused(name, what, cure)]
    decoded = Decoded(data) if isinstance(data, str) else decode(data)
    if decoded.reason:
        return [_refused(name, decoded.reason, "save it as UTF-8")]
    text = decoded.text.lstrip("\ufeff").rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return [_refused(name, "is empty", "save the references again")]
    if text.count("\0") > 3:
        return [_refused(name, "is not a text file", f"save the references as {KNOWN}")]
    text = _plain_tags(text)
    read = _reader(text)
    if read is None:
        return [_unknown(name, text)]
    entries = [entry for part, reader in _parts(text, read) for entry in reader(part, name)]
    return _checked(_with_doubts(entries, decoded), name)


def _checked(entries: list[Entry], name: str) -> list[Entry]:
    if len(entries) > MOST_ENTRIES:
        return [_refused(name, f"holds {len(entries)} entries; at most {MOST_ENTRIES}", "save it in several parts")]
    return entries or [_refused(name, "holds no references", "save the references again")]


def _unknown(name: str, text: str) -> Entry:
    page = re.match(r"\s*(?:<!doctype html|<html)", text, re.IGNORECASE)
    if page:
        return _refused(name, "is a web page, not a file of references", f"save the references as {KNOWN}")
    if re.match(r"\s*<", text):
        tag = re.search(r"<([A-Za-z][\w:-]{0,40})", text)
        return _refused(
            name, f"is XML of an unknown kind (<{tag[1] if tag else '?'}>)", f"save the references as {KNOWN}"
        )
    return _refused(name, "is in a format that cannot be read", f"save the references as {KNOWN}")


def _with_doubts(entries: list[Entry], decoded: Decoded) -> list[Entry]:
    """Tell which fields hang on a guessed encoding, or held letters that had been encoded twice."""
    for entry in entries:
        shown = {
            field: " ".join(map(str, value)) if isinstance(value, list) else str(value)
            for field, value in entry.fields.items()
        }
        if decoded.guess:
            entry.mended("file", f"is not UTF-8 and was read as {decoded.guess}", "look at the accents")
            for field, value in shown.items():
                if not value.isascii():
                    entry.warn(
                        field, f"the encoding was guessed ({decoded.guess}): {value[:60]!r}", "look at the accents"
                    )
        for field, value in shown.items() if decoded.mended else ():
            if any(word in value for word in decoded.mended):
                entry.warn(
                    field, f"letters that were encoded twice were put right: {value[:60]!r}", "look at the accents"
                )
    return entries


def _plain_tags(text: str) -> str:
    """Tags of RIS and PubMed with plain blanks and hyphens, where a web page or a word processor set others."""
    if any(blank in text for blank in _BLANKS):
        text = re.sub(
            rf"^([A-Z][A-Z0-9]{{1,3}})([ {_BLANKS}]{{0,2}})-([ {_BLANKS}]|$)",
            lambda m: f"{m[1]:<4}- " if m[2] else m[0],
            text,
            flags=re.MULTILINE,
        )
    if re.search(r"^TY {1,2}[–—−‐] ?[A-Z]{3,6}", text, re.MULTILINE):
        text = re.sub(r"^([A-Z][A-Z0-9]) {1,2}[–—−‐](?= |$)", r"\1  -", text, flags=re.MULTILINE)
    return text


def _parts(text: str, first: Reader) -> Iterator[tuple[str, Reader]]:
    """The text, or its parts where records of another tagged format follow; each keeps the numbers of its lines."""
    marks: list[tuple[int, Reader]] = []
    for name in TAGGED:
        module = import_module(f"kb.literature.{name}")
        for match in module.START.finditer(text):
            if re.search(
                r"(?:\A|\n[ \t]*\n|\nER[ \t]*-[^\n]*\n|\}[ \t]*\n)[ \t]*\Z",
                text[max(0, match.start() - 80) : match.start()],
            ):
                marks.append((match.start(), module.read))
    marks.sort(key=lambda mark: mark[0])
    if not any(reader is first for _, reader in marks):
        yield text, first
        return
    begin, reader = 0, first
    for at, other in marks:
        if other is not reader:
            yield "\n" * text.count("\n", 0, begin) + text[begin:at], reader
            begin, reader = at, other
    yield "\n" * text.count("\n", 0, begin) + text[begin:], reader


def _reader(text: str) -> Reader | None:
    """The reader of the format whose first entry stands first in the text; None when none is there."""
    found: list[tuple[int, Reader]] = []
    for name in (*FORMATS, *WHOLE):
        module = import_module(f"kb.literature.{name}")
        if match := module.START.search(text):
            found.append((match.start(), module.read))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _refused(name: str, message: str, cure: str) -> Entry:
    entry = Entry(name, "unknown")
    entry.refuse("file", message, cure)
    return entry
