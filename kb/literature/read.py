"""Any file of references: what format it is, by its content, and its entries."""

from __future__ import annotations

import re
from collections.abc import Callable
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

WHOLE = ("endnotexml", "europepmcxml", "jats", "enw", "ciw", "csljson", "table")
"""More of them, for files that are read as a whole."""

KNOWN = "BibTeX, RIS, PubMed (.nbib), PubMed XML, EndNote (.enw, XML), Web of Science (.ciw), CSL-JSON, Europe PMC XML, JATS, CSV or .xlsx"

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
    read = _reader(text)
    if read is None:
        return [_unknown(name, text)]
    return _checked(_with_doubts(read(text, name), decoded), name)


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


def _reader(text: str) -> Callable[[str, str], list[Entry]] | None:
    """The reader of the format whose first entry stands first in the text; None when none is there."""
    found: list[tuple[int, Callable[[str, str], list[Entry]]]] = []
    for name in (*FORMATS, *WHOLE):
        module = import_module(f"kb.literature.{name}")
        if match := module.START.search(text):
            found.append((match.start(), module.read))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _refused(name: str, message: str, cure: str) -> Entry:
    entry = Entry(name, "unknown")
    entry.refuse("file", message, cure)
    return entry
