"""The three services and their answers as entries: Crossref, Europe PMC, PubMed.

Formats: Crossref REST API, "Works" (`message` of `/works/{doi}`; notices in `updated-by`, the publisher's and Retraction
Watch's); Europe PMC RESTful Web Service, `search` with `resultType=core` (notices in `commentCorrectionList`); NCBI
E-utilities, `efetch` with `db=pubmed&retmode=xml`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kb.literature import mend, pubmedxml
from kb.literature.client import Answer, Client, mailto
from kb.literature.entry import Entry, author
from kb.literature.medline import read_notices
from kb.model.reference import Author

CROSSREF, EUROPE_PMC, PUBMED = "Crossref", "Europe PMC", "PubMed"

_JSON = ("application/json",)
_XML = ("text/xml", "application/xml")

MOST_AT_ONCE = 100
"""PMIDs in one request; NCBI asks for POST above 200."""


@dataclass(frozen=True)
class Addresses:
    """Where the services answer; an institution's mirror or a test server can stand in through the environment."""

    crossref: str = field(default_factory=lambda: os.environ.get("KB_CROSSREF_URL", "https://api.crossref.org"))
    europe_pmc: str = field(
        default_factory=lambda: os.environ.get("KB_EUROPE_PMC_URL", "https://www.ebi.ac.uk/europepmc/webservices/rest")
    )
    eutils: str = field(
        default_factory=lambda: os.environ.get("KB_EUTILS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils")
    )


@dataclass(frozen=True)
class Found:
    """A service's answer: `status` as in `Answer`, and the entry when it is `ok`."""

    service: str
    status: str
    reason: str = ""
    entry: Entry | None = None


@dataclass
class Services:
    """The services behind one client."""

    client: Client = field(default_factory=Client)
    at: Addresses = field(default_factory=Addresses)

    def crossref(self, doi: str) -> Found:
        """The work with a DOI."""
        answer = self.client.get(f"{self.at.crossref}/works/{quote(doi, safe='')}", {}, _JSON)
        return _found(CROSSREF, answer, lambda: _crossref(_object(answer.body).get("message"), doi))

    def europe_pmc(self, scheme: str, value: str) -> Found:
        """The article with a DOI, PMID or PMCID (`scheme` is `doi`, `pmid` or `pmcid`)."""
        query = {"doi": f'DOI:"{value}"', "pmid": f"EXT_ID:{value} AND SRC:MED", "pmcid": f"PMCID:{value}"}[scheme]
        params = {"query": query, "resultType": "core", "format": "json", "pageSize": "5"}
        answer = self.client.get(f"{self.at.europe_pmc}/search", params, _JSON)
        return _found(EUROPE_PMC, answer, lambda: _europe_pmc(_object(answer.body), scheme, value))

    def pubmed(self, pmids: Sequence[str]) -> dict[str, Found]:
        """The articles with these PMIDs, asked for in as few requests as may be."""
        found: dict[str, Found] = {}
        for begin in range(0, len(pmids), MOST_AT_ONCE):
            part = pmids[begin : begin + MOST_AT_ONCE]
            params = {"db": "pubmed", "retmode": "xml", "tool": "mesotherapy-kb", "id": ",".join(part)}
            if contact := mailto():
                params["email"] = contact
            answer = self.client.get(f"{self.at.eutils}/efetch.fcgi", params, _XML)
            by_pmid = _pubmed(answer.body) if answer.status == "ok" else {}
            if answer.status == "ok" and not by_pmid and "PubmedArticleSet" not in answer.body:
                answer = Answer("refused", "PubMed's answer is not a set of articles", url=answer.url)
            for pmid in part:
                entry = by_pmid.get(pmid)
                if entry is not None and entry.refused:
                    found[pmid] = Found(PUBMED, "refused", entry.problems[0].message)
                elif entry is not None:
                    found[pmid] = Found(PUBMED, "ok", entry=entry)
                elif answer.status == "ok":
                    found[pmid] = Found(PUBMED, "not-found", "PubMed does not know it")
                else:
                    found[pmid] = Found(PUBMED, answer.status, answer.reason)
        return found


class _OddAnswerError(ValueError):
    """An answer that is not what the service documents."""


def _found(service: str, answer: Answer, read: Any) -> Found:
    """Read an answer that came, and turn whatever is odd in it into a refusal."""
    if answer.status != "ok":
        return Found(service, answer.status, answer.reason)
    try:
        entry: Entry | None = read()
    except (_OddAnswerError, ValueError, RecursionError) as error:
        return Found(service, "refused", f"{service} gave an answer that cannot be read ({str(error)[:120]})")
    if entry is None:
        return Found(service, "not-found", f"{service} does not know it")
    if entry.refused:
        return Found(service, "refused", f"{service}: {entry.problems[0].field} {entry.problems[0].message}")
    return Found(service, "ok", entry=entry)


def _object(body: str) -> dict[str, Any]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise _OddAnswerError("not a JSON object")
    return value


def _crossref(message: object, doi: str) -> Entry:
    if not isinstance(message, dict):
        raise _OddAnswerError("no message")
    own = str(message.get("DOI", ""))
    if own.lower() != doi.lower():
        raise _OddAnswerError(f"it is about {own[:80] or 'no DOI'}, not {doi}")
    entry = Entry(CROSSREF, CROSSREF, 0, json.dumps(message, ensure_ascii=False, indent=1), verified=True)
    entry.seen_at = [f"https://api.crossref.org/works/{doi}"]
    entry.fields["type"] = _CROSSREF_TYPES.get(str(message.get("type")), "misc")
    entry.put("doi", doi)
    title, subtitle = _first(message.get("title")), _first(message.get("subtitle")).lstrip(" :")
    joined = f"{title.rstrip(' :.')}: {subtitle}" if subtitle and mend.fold(subtitle) not in mend.fold(title) else title
    entry.put("title", joined)
    entry.put_authors(_crossref_author(person) for person in _list(message.get("author")))
    entry.put("journal", _first(message.get("container-title")))
    if entry.fields["type"] != "article":
        entry.put("publisher", _plain(message.get("publisher")))
    years = [_year(message.get(name)) for name in ("published-print", "issued", "published-online", "published")]
    entry.put("year", next(filter(None, years), ""))
    entry.years.update(filter(None, map(mend.year, years)))
    entry.put("volume", _plain(message.get("volume")))
    entry.put("issue", _plain(message.get("issue")))
    entry.put("pages", _plain(message.get("page")) or _plain(message.get("article-number")))
    entry.abstract = mend.text(_plain(message.get("abstract")))
    updates = [
        u for u in _list(message.get("updated-by")) if _UPDATES.get(str(u.get("type")).lower().replace("-", "_"))
    ]
    entry.declared += [str(u.get("type", "")).lower().replace("_", " ") for u in _list(message.get("update-to"))]
    entry.declared += [str(message.get(name, "")) for name in ("type", "subtype")]
    read_notices(entry, [(_UPDATES[str(u["type"]).lower().replace("-", "_")], _update(u)) for u in updates])
    return entry.settle()


_CROSSREF_TYPES = {
    "journal-article": "article", "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book",
    "book-chapter": "incollection", "book-section": "incollection", "proceedings-article": "incollection",
    "report": "report", "report-component": "report", "posted-content": "online",
}  # fmt: skip

_UPDATES = {
    "retraction": "retraction", "partial_retraction": "retraction", "removal": "retraction", "withdrawal": "retraction",
    "expression_of_concern": "expression-of-concern", "correction": "correction", "corrigendum": "correction",
    "erratum": "correction",
}  # fmt: skip
"""Crossref's type of update to kind of notice; new editions, versions and addenda are none."""


def _update(update: dict[str, Any]) -> str:
    """Where and when, and who says so: `10.1/x, 2020-05-05 (retraction-watch)`."""
    day = "-".join(f"{n:02d}" for n in _date(update.get("updated")))
    where = ", ".join(part for part in (_plain(update.get("DOI")), day) if part) or "no place given"
    return f"{where} ({_plain(update.get('source')) or 'publisher'}, in Crossref)"


def _crossref_author(person: dict[str, Any]) -> Author | None:
    if person.get("name"):
        return author(_plain(person["name"]), body=True)
    given, suffix = _plain(person.get("given")), _plain(person.get("suffix"))
    return author(_plain(person.get("family")), f"{given}, {suffix}" if suffix else given)


def _europe_pmc(answer: dict[str, Any], scheme: str, value: str) -> Entry | None:
    listed = answer.get("resultList")
    if not isinstance(listed, dict):
        raise _OddAnswerError("no resultList")
    results = [r for r in _list(listed.get("result")) if str(r.get(scheme, "")).lower() == value.lower()]
    if not results:
        return None
    result = min(results, key=lambda r: r.get("source") != "MED")  # the article before its preprint
    entry = Entry(EUROPE_PMC, EUROPE_PMC, 0, json.dumps(result, ensure_ascii=False, indent=1), verified=True)
    entry.seen_at = [f"https://europepmc.org/article/{_plain(result.get('source'))}/{_plain(result.get('id'))}"]
    entry.publication_types = _strings(_within(result, "pubTypeList", "pubType"))
    entry.fields["type"] = "article"
    entry.put("title", _plain(result.get("title")))
    entry.put_authors(_pmc_author(person) for person in _list(_within(result, "authorList", "author")))
    entry.put("journal", _plain(_within(result, "journalInfo", "journal", "title")))
    entry.put("year", _plain(_within(result, "journalInfo", "yearOfPublication")) or _plain(result.get("pubYear")))
    dates = (result.get("pubYear"), result.get("firstPublicationDate"), result.get("electronicPublicationDate"))
    entry.years.update(filter(None, (mend.year(_plain(value)[:4]) for value in dates)))
    entry.put("volume", _plain(_within(result, "journalInfo", "volume")))
    entry.put("issue", _plain(_within(result, "journalInfo", "issue")))
    entry.put("pages", _plain(result.get("pageInfo")))
    for name in ("doi", "pmid", "pmcid"):
        entry.put(name, _plain(result.get(name)))
    entry.abstract = mend.text(_plain(result.get("abstractText")))
    notes = [n for n in _list(_within(result, "commentCorrectionList", "commentCorrection")) if _pmc_kind(n)]
    read_notices(entry, [(_pmc_kind(n), _pmc_place(n)) for n in notes])
    return entry.settle()


def _pmc_kind(note: dict[str, Any]) -> str:
    """Kind of notice; `Retraction of` stands on the notice itself and is none."""
    kind = str(note.get("type", "")).lower().strip()
    for start, named in (("retraction in", "retraction"), ("partial retraction in", "retraction"),
                         ("expression of concern in", "expression-of-concern"), ("erratum in", "correction"),
                         ("corrected and republished in", "correction")):  # fmt: skip
        if kind.startswith(start):
            return named
    return ""


def _pmc_place(note: dict[str, Any]) -> str:
    number = _plain(note.get("id"))
    return (
        "; ".join(p for p in (_plain(note.get("reference")), f"PMID {number}" if number else "") if p)
        or "see Europe PMC"
    )


def _pmc_author(person: dict[str, Any]) -> Author | None:
    if person.get("collectiveName"):
        return author(_plain(person["collectiveName"]), body=True)
    family, given = _plain(person.get("lastName")), _plain(person.get("firstName")) or _plain(person.get("initials"))
    return author(family, given) if family else author(_plain(person.get("fullName")))


def _pubmed(body: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for entry in pubmedxml.read(body, PUBMED):
        if pmid := entry.fields.get("pmid"):
            entry.verified, entry.seen_at = True, [f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"]
            entries.setdefault(str(pmid), entry)
    return entries


def _plain(value: object) -> str:
    """A string or a number as text; anything else is not what the service documents, and counts for nothing."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _first(value: object) -> str:
    return next(iter(_strings(value)), "")


def _strings(value: object) -> list[str]:
    return (
        [v for v in value if isinstance(v, str)]
        if isinstance(value, list)
        else [value]
        if isinstance(value, str)
        else []
    )


def _list(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _within(value: dict[str, Any], *names: str) -> object:
    found: object = value
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _date(value: object) -> list[int]:
    """The first of `date-parts`: year, month, day, as far as they are given."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    return [n for n in first if isinstance(n, int)] if isinstance(first, list) else []


def _year(value: object) -> str:
    date = _date(value)
    return str(date[0]) if date else ""
