"""A DOI, PMID or PMCID looked up: one entry put together from what the services say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kb.literature import mend
from kb.literature.client import Client, cache_directory
from kb.literature.entry import FIELDS, Entry
from kb.literature.services import Addresses, Found, Services

MOST_IDENTIFIERS = 200
"""Identifiers taken from one pasted text."""


@dataclass(frozen=True)
class LookUp:
    """What came of looking an identifier up.

    `status` is `found` (with `entry`), `not-found`, `offline` (no service can be reached or answer now; the form works
    without) or `refused` (no identifier, or an answer that cannot be used). `reason` says why in words; `asked` has each
    service's own answer.
    """

    identifier: str
    status: str
    reason: str = ""
    entry: Entry | None = None
    asked: tuple[Found, ...] = field(default=(), repr=False)


def identify(text: str) -> tuple[str, str] | None:
    """Scheme (`doi`, `pmid`, `pmcid`) and value of a text that is one identifier or its address; None for anything else."""
    value = text.strip()
    if (
        not value
        or len(value) > 500
        or re.search(r"\s", re.sub(r"^(?:doi|pmid|pmcid)\s*:?\s*", "", value, flags=re.IGNORECASE))
    ):
        return None
    if pmid := mend.pmid(value):
        return "pmid", pmid
    if re.match(r"(?:(?:doi|https?)\W|10\.)", value, re.IGNORECASE) and (doi := mend.doi(value)):
        return "doi", doi
    if re.match(r"(?:PMCID\W*|https?://\S+/)?PMC\s?\d", value, re.IGNORECASE) and (pmcid := mend.pmcid(value)):
        return "pmcid", pmcid
    return None


def identifiers_in(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Identifiers in a pasted text, each once, in order (at most MOST_IDENTIFIERS), and the pieces that are none."""
    joined = re.sub(r"\b(doi|pmid|pmcid)\s*:?\s+(?=\S)", r"\1:", text[:100_000], flags=re.IGNORECASE)
    found: dict[tuple[str, str], None] = {}
    strange = []
    words = bool(
        re.search(
            r"[^\W\d_]{2,}", re.sub(r"\S*(?:\d|/)\S*|\b(?:doi|pmid|pmcid|and|PMC)\b", " ", joined, flags=re.IGNORECASE)
        )
    )
    for piece in re.split(r"[\s;]+|,(?=\s|\d{5,9}\b)", joined):
        word = piece.strip(" ,;<>[]\"'")
        if not word:
            continue
        one = identify(word)
        if one is None or (words and _maybe_year(word)):
            strange.append(word)
        elif len(found) < MOST_IDENTIFIERS:
            found.setdefault(one)
    return list(found), strange


def _maybe_year(word: str) -> bool:
    """In a text with other words (`Moftah N et al 2013`) a short number is a year or a page, not a PMID."""
    return word.isdigit() and len(word) <= 4


def look_up(identifier: str, services: Services | None = None) -> LookUp:
    """Look a DOI, PMID or PMCID up. Never raises on what the network or a service does.

    A DOI is asked of Crossref, then of Europe PMC for its PMID, PMCID and notices; a PMID of PubMed, and of Europe PMC
    when PubMed has no answer; a PMCID of Europe PMC.
    """
    named = identify(identifier)
    if named is None:
        shown = identifier.strip()[:80]
        return LookUp(
            identifier,
            "refused",
            f"{shown!r} is not a DOI, PMID or PMCID; write it as 10.1111/jdv.14624, 22540889 or PMC7706484",
        )
    scheme, value = named
    own = services is None
    services = services or _usual(Addresses(), cache_directory())
    try:
        if scheme == "doi":
            asked = [services.crossref(value), services.europe_pmc("doi", value)]
        elif scheme == "pmid":
            asked = [services.pubmed([value])[value]]
            if asked[0].status != "ok":
                asked.append(services.europe_pmc("pmid", value))
        else:
            asked = [services.europe_pmc("pmcid", value)]
    finally:
        if own:
            services.client.close()
    return _together(identifier, asked)


@lru_cache(maxsize=8)
def _usual(at: Addresses, cache: Path) -> Services:
    """The services of every look-up of this program, so that one after another keeps the client's pace."""
    return Services(Client(cache=cache), at)


def _together(identifier: str, asked: list[Found]) -> LookUp:
    entries = [found.entry for found in asked if found.entry is not None]
    if entries:
        for more in entries[1:]:
            _complete(entries[0], more)
        return LookUp(identifier, "found", "", entries[0], tuple(asked))
    reasons = "; ".join(dict.fromkeys(found.reason for found in asked))
    states = [found.status for found in asked]
    status = next(state for state in ("offline", "refused", "not-found") if state in states)
    return LookUp(identifier, status, reasons, None, tuple(asked))


def _complete(entry: Entry, more: Entry) -> None:
    """Fill empty fields of an entry from another service's, and keep its notices and publication types."""
    filled = [name for name in FIELDS if more.fields.get(name) and not entry.fields.get(name)]
    if filled == ["url"]:
        filled = []
    for name in filled:
        entry.fields[name] = more.fields[name]
    entry.problems = [p for p in entry.problems if p.field not in filled]
    kinds = {notice.kind for notice in entry.notices}
    entry.notices += [notice for notice in more.notices if notice.kind not in kinds]
    entry.publication_types = entry.publication_types or more.publication_types
    if more.design and (entry.design is None or more.publication_types):
        entry.design = more.design
    entry.abstract = entry.abstract or more.abstract
    entry.years |= more.years
    if filled or len(entry.notices) > len(kinds):
        entry.seen_at += [page for page in more.seen_at if page not in entry.seen_at]
