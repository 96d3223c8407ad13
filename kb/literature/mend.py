"""Mending what other programs export: mark-up in titles, addresses around identifiers, clipped page ranges, dates for years.

Each function takes a raw value and gives the clean one, `""` or None when nothing can be made of it. Title case is left
as it is: nobody can tell afterwards which capitals were names.
"""

from __future__ import annotations

import html
import re
import unicodedata

from kb.literature.doi import doi as clean_doi
from kb.literature.pages import pages as clean_pages

_ATTRIBUTES = r"(?:\s+[\w:.-]+(?:\s*=\s*(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'|[^\s<>\"']{1,300}))?){0,9}\s*/?"
_TAG = re.compile(
    r"</?(?:(?:jats|mml|m|ovid|xhtml|html|ns\d):[\w-]+|i|b|u|em|strong|sub|sup|inf|it|tt|small|big|mark|a|span|sc|scp|font"
    r"|italics?|bold|roman|underline|monospace|sans-serif|strike|small-?caps|smallcaps|subscript|superscript|emph(?:asis)?"
    r"|inline-formula|disp-formula|formula|alternatives|styled-content|named-content|ext-link|xref|math|mi|mn|mo|mrow|mtext"
    r"|msub|msup|msubsup|mfrac|mstyle|semantics|mspace|nobr|wbr|abbr|cite|q|article-title)" + _ATTRIBUTES + ">",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"</?(?:(?:jats|ovid|xhtml|html):)?(?:p|br|div|li|ul|ol|tr|td|title|sec|h[1-6]|list|list-item)" + _ATTRIBUTES + ">",
    re.IGNORECASE,
)
_TWICE_TOLD = re.compile(  # the same formula once more, in TeX
    r"<((?:\w+:)?(?:annotation(?:-xml)?|tex-math))\b[^<>]{0,300}>.{0,2000}?</\1>", re.IGNORECASE | re.DOTALL
)
_HTML_ENT = re.compile(r"<html_ent\b[^<>]{0,200}?\bascii=\"([^\"<>]{0,20})\"[^<>]{0,200}>", re.IGNORECASE)
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOT_PRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
)
_BLANK = re.compile(r"\s+")
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_LETTER_CLASSES = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
     "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)  # fmt: skip


def text(value: str) -> str:
    """One line of plain text: mark-up and entities resolved, invisible characters removed, white space single."""
    if "<html_ent" in value:
        value = _HTML_ENT.sub(r"\1", value)
    for _ in range(3):  # `&amp;lt;i&amp;gt;` was escaped again by each program on its way
        if "&" in value:
            value = _ENTITY.sub(lambda m: html.unescape(m[0]), value)
    if "<" in value:
        value = _TAG.sub("", _BREAK.sub(" ", _TWICE_TOLD.sub("", value)))
    if any(c in value for c in _LIGATURES):
        value = "".join(_LIGATURES.get(c, c) for c in value)
    return unicodedata.normalize("NFC", _BLANK.sub(" ", _NOT_PRINTED.sub("", _BLANK.sub(" ", value)))).strip()


def title(value: str) -> str:
    """A title without mark-up and without the full stop that PubMed adds."""
    clean = text(value).rstrip(" ☆★✩✰⁎")  # the mark of a footnote, as a publisher sets it behind titles
    if clean.endswith(".") and not clean.endswith("..") and not re.search(r"\b(?:[A-Z]\.)+$|\b(?:etc|al|vs)\.$", clean):
        clean = clean[:-1].rstrip()
    return clean


def doi(value: str) -> str | None:
    """The DOI in a text, without its resolver and what follows it; None when there is none."""
    return clean_doi(text(value))


def pmid(value: str) -> str | None:
    """The PubMed identifier in `22540889`, `PMID: 22540889`, or a PubMed address."""
    found = re.fullmatch(
        r"(?:PMID\W{0,3}|MEDLINE\W{0,3}|PUBMED\s{1,3}|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?"
        r"0*([1-9][0-9]{0,8})(?:\.0)?/?(?:\s*\[PMID\]|[?#].{0,200})?",
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
    """Pages with plain hyphens and full numbers; `""` for what is no page number. See `kb.literature.pages`."""
    return clean_pages(text(value))


def volume(value: str) -> str:
    """`27` of `Vol. 27` and `27.0`."""
    return re.sub(
        r"^(\d+)\.0$", r"\1", re.sub(r"^(?:vol(?:ume)?\b\.?|v\.)\s*(?=\w)", "", text(value), flags=re.IGNORECASE)
    )


def issue(value: str) -> str:
    """`6` of `no. 6` and `6.0`."""
    return re.sub(
        r"^(\d+)\.0$", r"\1", re.sub(r"^(?:no|nr|issue|iss|number)\b\.?\s*(?=\w)", "", text(value), flags=re.IGNORECASE)
    )


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
