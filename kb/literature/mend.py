"""Mending what other programs export: mark-up in titles, addresses around identifiers, clipped page ranges, dates for years.

Each function takes a raw value and gives the clean one, `""` or None when nothing can be made of it. Title case is left
as it is: nobody can tell afterwards which capitals were names.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from kb.model.identifiers import SCHEMES

_TAG = re.compile(
    r"</?(?:(?:jats|mml):\w+|i|b|u|em|strong|sub|sup|p|span|br|sc|scp|font|title|sec|italic|bold|inline-formula|div)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_NOT_PRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
)
_BLANK = re.compile(r"\s+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_TAIL = re.compile(r"(?:\[(?:doi|pii)\]|[.,;:'\"»”’<>])+$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_DASHES = re.compile(r"\s*(?:--+|[‐‑‒–—―−-])\s*")
_PAGE_RANGE = re.compile(r"([A-Za-z]*)(\d+)([A-Za-z]?)-([A-Za-z]*)(\d+)([A-Za-z]?)")
_NO_PAGES = re.compile(r"(?:n\W?a|no|none|in press|ahead of print|\?+|0+)(?:-(?:n\W?a|no|\?+|0+))?", re.IGNORECASE)
_LETTER_CLASSES = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
     "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)  # fmt: skip


def text(value: str) -> str:
    """One line of plain text: mark-up and entities resolved, invisible characters removed, white space single."""
    for _ in range(2):  # `&amp;lt;i&amp;gt;` was escaped twice on its way through two programs
        if "&" in value:
            value = _ENTITY.sub(lambda m: html.unescape(m[0]), value)
    if "<" in value:
        value = _TAG.sub("", value)
    return unicodedata.normalize("NFC", _BLANK.sub(" ", _NOT_PRINTED.sub("", _BLANK.sub(" ", value)))).strip()


def title(value: str) -> str:
    """A title without mark-up and without the full stop that PubMed adds."""
    clean = text(value)
    if clean.endswith(".") and not clean.endswith("..") and not re.search(r"\b(?:[A-Z]\.)+$|\b(?:etc|al|vs)\.$", clean):
        clean = clean[:-1].rstrip()
    return clean


def doi(value: str) -> str | None:
    """The DOI in a text, without its resolver and what punctuation follows it; None when there is none."""
    clean = text(value)
    if "%2f" in clean.lower():
        clean = unquote(clean)
    found = _DOI.search(clean)
    if not found:
        return None
    name = found[0]
    while True:
        shorter = _DOI_TAIL.sub("", name)
        for opening, closing in ("()", "[]", "{}"):
            if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
                shorter = shorter[:-1]
        if shorter == name:
            break
        name = shorter
    return name if re.fullmatch(SCHEMES["doi"].shape, name) else None


def pmid(value: str) -> str | None:
    """The PubMed identifier in `22540889`, `PMID: 22540889`, or a PubMed address."""
    found = re.fullmatch(
        r"(?:PMID\W{0,3}|MEDLINE\W{0,3}|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?"
        r"0*([1-9][0-9]{0,8})/?",
        text(value),
        re.IGNORECASE,
    )
    return found[1] if found else None


def pmcid(value: str, bare: bool = False) -> str | None:
    """The PubMed Central identifier in `PMC3458961`, `PMC3458961.1` or an address; digits alone when `bare`."""
    clean = text(value)
    found = re.search(r"PMC\s?:?\s?([1-9][0-9]{0,8})(?![0-9])", clean, re.IGNORECASE)
    if not found and bare:
        found = re.fullmatch(r"([1-9][0-9]{0,8})", clean)
    return f"PMC{found[1]}" if found else None


def year(value: str) -> int | None:
    """The first year from 1800 to 2099 in a date: `2013 Nov-Dec`, `2013/11//`, `c2013`."""
    found = _YEAR.search(value)
    return int(found[0]) if found else None


def pages(value: str) -> str:
    """Pages with plain hyphens and full numbers: `pp. 686–93` -> `686-693`; `""` for `n/a-n/a`."""
    clean = _DASHES.sub("-", re.sub(r"^pp?\.?\s*(?=[\dA-Za-z])", "", text(value), flags=re.IGNORECASE)).strip(" .,;-")
    if _NO_PAGES.fullmatch(clean):
        return ""
    return _PAGE_RANGE.sub(_full_range, clean)


def _full_range(match: re.Match[str]) -> str:
    """`686-93` -> `686-693`, `S12-8` -> `S12-S18`, `137-137` -> `137`; a range that runs down stays as it is."""
    before, first, after, before2, last, after2 = match.groups()
    if before2 and before2 != before:
        return match[0]
    full = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    if int(full) < int(first):
        return match[0]
    if full == first and after == after2:
        return f"{before}{first}{after}"
    return f"{before}{first}{after}-{before}{full}{after2}"


def url(value: str) -> str | None:
    """A web address; None for anything a browser should not open (`file:`, `javascript:`)."""
    clean = text(value)
    return clean if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", clean, re.IGNORECASE) else None


def ascii_letters(value: str) -> str:
    """Lower-case ASCII letters of a name: `Perković-Vukčević` -> `perkovicvukcevic`; `""` for other scripts."""
    plain = unicodedata.normalize("NFKD", value.translate(_LETTER_CLASSES))
    return re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())


def fold(value: str) -> str:
    """A text for comparing: no case, accents, mark-up or punctuation, words parted by one space."""
    plain = unicodedata.normalize("NFKD", text(value).translate(_LETTER_CLASSES)).casefold()
    kept = "".join(c if c.isalnum() else "" if unicodedata.combining(c) or c in "'’ʼ" else " " for c in plain)
    return " ".join(kept.split())
