"""Page numbers as programs export them, to one form: `686-693`, `145.e1-145.e8`, `P12-P18`, `e1234`.

Only a value that is a range as a whole is completed (`686-93`); what is no page number is left out, what is unusual is
kept and told. A prefix letter belongs to the number (`S12`, `P12`, `e9`); words before it (`pages`, `pp.`) do not.
"""

from __future__ import annotations

import re

_DASHES = re.compile(r"\s*(?:--+|[‐‑‒–—―−-])\s*|(?<=\d)\s+(?:to|bis)\s+(?=\w)")
_WORDS = re.compile(
    r"\A(?:(?:pages?|pag|pgs?|seiten?)\b[.:]?\s*(?=[\w])|pp?(?:\.\s*|\s+)(?=\w)|pp(?=\d)|p(?=\d+(?:-\d+)?$))", re.I
)
_ARTICLE = re.compile(
    r"\A(?:(?:article|art\.?)\s*(?:(?:no|nr|number|id)\.?)?\s*:?|pii\s*:)\s*(?=[A-Za-z]{0,3}\d)", re.I
)
_PLATES = re.compile(
    r"(?<=\d)(?:,\s*(?:(?:\d{1,3}\s+)?(?:plates?|pl|figs?|figures?|tabs?|tables?|ilus|illus|graf|map(?:as?|s)?|refs?|passim)\.?))+\Z",
    re.I,
)
"""What LILACS and old lists write behind the pages: `45-50, tab, ilus`, `157-160, 1 plate`."""
_SUPPLEMENT = re.compile(r"(?<=\d)[ ,;]+suppl?(?:\.|ement)?\s*\d{0,3}\Z", re.I)
"""The supplement once more behind the pages: `S12-S18 Suppl 1`."""
_NOTHING = r"n\W?a\W?|nan|no|none|null|undefined|unknown|\?+|0+|\+|"
_NO_PAGES = re.compile(rf"(?:{_NOTHING})(?:-(?:{_NOTHING}))?", re.I)
_OPEN_END = re.compile(rf"([A-Za-z]{{0,2}}\d+[A-Za-z]?)-(?:{_NOTHING})", re.I)
_RANGE = re.compile(
    r"(?P<a>[A-Za-z]{0,3})(?P<first>\d+)(?P<x>[A-Za-z]?)-(?P<b>[A-Za-z]{0,3})(?P<last>\d+)(?P<y>[A-Za-z]?(?:\.[eE]\d+)?)"
)
_DOTTED = re.compile(r"(?P<stem>\d+)\.(?P<e>[eE])(?P<first>\d+)-(?:(?P<stem2>\d+)\.)?(?:[eE])?(?P<last>\d+)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CALENDAR = re.compile(
    rf"\d{{1,2}}-{_MONTH}(?:-\d+)?|{_MONTH}-\d{{1,4}}|\d{{4}}-\d\d?-\d\d?(?:[ T].*)?|\d+/\d+/\d+", re.I
)
_USUAL = re.compile(
    r"[A-Za-z]{0,4}\d+[A-Za-z]?(?:\.[eE]?\d+)?(?:-[A-Za-z]{0,4}\d+[A-Za-z]?(?:\.[eE]?\d+)?)?|[ivxlcdm]+(?:-[ivxlcdm]+)?"
    r"|CD\d{6}(?:\.pub\d+)?",
    re.I,
)


def pages(value: str) -> str:
    """Pages with plain hyphens and full numbers: `pp. 686–93` -> `686-693`; `""` for what is no page (`n/a`, `in press`)."""
    clean = _DASHES.sub("-", value).strip(" .,;-")
    clean = _SUPPLEMENT.sub("", _PLATES.sub("", _ARTICLE.sub("", _WORDS.sub("", clean, count=1), count=1))).strip()
    if (
        _NO_PAGES.fullmatch(clean)
        or _CALENDAR.fullmatch(clean)
        or not re.search(r"\d|^[ivxlcdm]+(?:-[ivxlcdm]+)?$", clean, re.I)
    ):
        return ""
    if re.search(r"10\.\d{4,9}/|https?:|^S\d{4}-?\d{3}", clean):  # a DOI, an address, a publisher's item number
        return ""
    if match := _OPEN_END.fullmatch(clean):
        return match[1]
    return "; ".join(map(_part, re.split(r"\s*;\s*", clean)))


def _part(clean: str) -> str:
    if match := _DOTTED.fullmatch(clean):
        return _dotted(match)
    if match := _RANGE.fullmatch(clean):
        return _full_range(match)
    label, _, range_ = clean.rpartition(" ")
    if label.isalpha() and (match := _RANGE.fullmatch(range_)):  # `discussion 694-5`
        return f"{label} {_full_range(match)}"
    return clean


def unusual(clean: str) -> bool:
    """Whether clean pages are in a form worth a second look."""
    parts = [part.rpartition(" ") for part in re.split(r"[;,]\s*", clean)]
    labelled = all(label.replace(" ", "").isalpha() for label, blank, _ in parts if blank)
    return not labelled or not all(_USUAL.fullmatch(range_) for _, _, range_ in parts) or _backwards(clean)


def _backwards(clean: str) -> bool:
    match = _RANGE.fullmatch(clean)
    return bool(match and match["a"] == match["b"] and int(match["last"]) < int(match["first"]))


def _full_range(match: re.Match[str]) -> str:
    """`686-93` -> `686-693`, `S12-8` -> `S12-S18`, `137-137` -> `137`; a range that runs down stays as it is."""
    before, first, after, before2, last, after2 = match.group("a", "first", "x", "b", "last", "y")
    if before2 and before2 != before:
        return match[0]
    full = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    if int(full) < int(first):
        return match[0]
    if full == first and after == after2:
        return f"{before}{first}{after}"
    return f"{before}{first}{after}-{before}{full}{after2}"


def _dotted(match: re.Match[str]) -> str:
    """`145.e1-8`, `145.e1-e8` and `145.e1-145.e8` -> `145.e1-145.e8`."""
    stem, letter, first, last = match.group("stem", "e", "first", "last")
    if match["stem2"] not in (None, stem):
        return match[0]
    return f"{stem}.{letter}{first}-{stem}.{letter}{last}"
