"""Identifiers inside other text: `PMID: 12345678` in a note, an address of PubMed, `35957633 [PMID]`.

A number is taken only where the text says whose it is, never from what a note says about another article, and only
when one number alone is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kb.literature import mend
from kb.literature.doi import names_a_record
from kb.literature.entry import Entry
from kb.model.reference import Notice

_PMID = re.compile(
    r"(?:\bPMID\W{0,3}|\bPubMed ?ID\W{0,3}|\bMEDLINE\W{0,3}|pubmed\.ncbi\.nlm\.nih\.gov/"
    r"|ncbi\.nlm\.nih\.gov/pubmed/|europepmc\.org/(?:article|abstract)/med/)"
    r"0*([1-9]\d{3,8})(?!\d)|\b([1-9]\d{3,8})\s*[\[(]PMID[\])]",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\s?:?\s?([1-9]\d{3,8})(?!\d)|\bPMCID\W{0,3}([1-9]\d{3,8})(?!\d)", re.IGNORECASE)
_DOI = re.compile(r"(?:^|\bdoi\b\W{0,3}|doi\.org/|electronic-resource-num\W{0,2})(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ABOUT_OTHERS = re.compile(
    r"\b(?:comment(?:ary)?|erratum|corrected|correction|retract\w+|reply|response|republished|update|original|expression of concern)"
    r"\b[^.;]{0,40}\b(?:in|on|of|for|from|to)\b.{0,200}",
    re.IGNORECASE | re.DOTALL,
)


_NOTICE = re.compile(
    r"\b(?:(?P<retraction>retraction|retracted|withdrawn)|(?P<concern>expression of concern)|(?P<correction>erratum|correction|corrected))"
    r"(?: and republi\w+)? (?:published |appears )?in\b[^\n]{0,200}",
    re.IGNORECASE,
)
_NOTICE_KINDS = {"retraction": "retraction", "concern": "expression-of-concern", "correction": "correction"}


def take_notices(entry: Entry, texts: Iterable[str]) -> None:
    """Keep what notes say was published about the entry later: `Retraction in: J Tests. 2020;3(1):5`."""
    for text in texts:
        for match in _NOTICE.finditer(mend.text(text[:20_000])):
            kind: Any = _NOTICE_KINDS[str(match.lastgroup)]
            if not any(notice.kind == kind for notice in entry.notices):
                entry.notices.append(Notice(kind=kind, said=match[0].strip()))


def take_identifiers(entry: Entry, texts: Iterable[str], source: str = "a note") -> None:
    """Fill an entry's empty identifiers from texts that name them; `source` says in words what they are, `""` for a field
    that is meant for identifiers: what comes from there needs no second look."""
    for text in texts:
        own = _ABOUT_OTHERS.sub(" ", mend.text(text[:20_000]))
        for name, pattern in (("pmid", _PMID), ("pmcid", _PMCID), ("doi", _DOI)):
            if name in entry.fields:
                continue
            found = list(dict.fromkeys(next(filter(None, match.groups())) for match in pattern.finditer(own)))
            if len(found) > 1 and source:
                entry.warn(
                    name, f"{source} names several ({', '.join(found[:3])}); none was taken", "look it up and add it"
                )
            elif found:
                _take(entry, name, found[0], source)


def _take(entry: Entry, name: str, value: str, source: str) -> None:
    clean = mend.doi(value) if name == "doi" else f"PMC{value}" if name == "pmcid" else value
    if clean is None or (name == "doi" and names_a_record(clean)):
        return
    entry.fields[name] = clean
    if source:
        entry.warn(name, f"{clean} was taken from {source}", "open it and see that it is this article")
