"""Any file of references: what format it is, by its content, and its entries."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from importlib import import_module

from kb.literature.entry import Entry

LARGEST = 10_000_000
"""Bytes of a file that is looked at; a saved search of several thousand records with abstracts."""

MOST_ENTRIES = 5_000
"""Entries of one file."""

FORMATS = ("pubmedxml", "ris", "medline", "bibtex")
"""Modules of this package: each has FORMAT (its name), START (pattern of an entry's beginning) and read(text, name)."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SAFE_ENCODINGS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "latin-1",
    "latin1",
    "windows-1252",
    "cp1252",
    "utf-16",
}


def read_any(name: str, data: bytes | str) -> list[Entry]:
    """Entries of a BibTeX, RIS, PubMed (`.nbib`) or PubMed XML file, sound and refused, in the order of the file.

    `name` is the file's name, for messages; `data` what it holds. A file that cannot be read as a whole (too large,
    not text, no format known) gives one refused entry that says why. Never raises on what a file holds.
    """
    if len(data) > LARGEST:
        return [_refused(name, f"is larger than {LARGEST // 10**6} MB", "save it in several parts")]
    text, guessed = (data, False) if isinstance(data, str) else _decode(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return [_refused(name, "is empty", "save the references again")]
    if text.count("\0") > 3:
        return [_refused(name, "is not a text file", "save the references as BibTeX, RIS, PubMed or PubMed XML")]
    read = _reader(text)
    if read is None:
        page = re.match(r"\s*(?:<!doctype html|<html)", text, re.IGNORECASE)
        what = "is a web page, not a file of references" if page else "is in no format known here"
        return [_refused(name, what, "save the references as BibTeX, RIS, PubMed (.nbib) or PubMed XML")]
    entries = read(text, name)
    if len(entries) > MOST_ENTRIES:
        return [_refused(name, f"holds {len(entries)} entries; at most {MOST_ENTRIES}", "save it in several parts")]
    if guessed:
        for entry in entries:
            entry.mended("file", "is not UTF-8 and was read as Windows-1252", "look at the accents")
    return entries or [_refused(name, "holds no references", "save the references again")]


def _reader(text: str) -> Callable[[str, str], list[Entry]] | None:
    """The reader of the format whose first entry stands first in the text; None when none is there."""
    found: list[tuple[int, Callable[[str, str], list[Entry]]]] = []
    for name in FORMATS:
        module = import_module(f"kb.literature.{name}")
        if match := module.START.search(text):
            found.append((match.start(), module.read))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def encoding_of(data: bytes) -> str:
    """The encoding that the beginning of a file states by its mark or its XML declaration; else UTF-8."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    declared = _DECLARED.search(data[:300])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    return encoding if encoding in _SAFE_ENCODINGS else "utf-8"


def _decode(data: bytes) -> tuple[str, bool]:
    """Text of a file, and whether its encoding was guessed."""
    encoding = encoding_of(data)
    if any(data.startswith(mark) for mark, _ in _BOMS):
        return data.decode(encoding, errors="replace"), False
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), True


def _refused(name: str, message: str, cure: str) -> Entry:
    entry = Entry(name, "unknown")
    entry.refuse("file", message, cure)
    return entry
