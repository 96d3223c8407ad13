"""BibTeX files of other programs. `kb.bibliography` takes them apart; here fields get their names in our own form.

An entry in the canonical form of `references.bib` keeps its key, design, pages and dates. Anything else is read
tolerantly: unknown fields (month, keywords, file, abstract) are passed over, unknown commands stay as they are.
"""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

from kb.bibliography.blocks import RawEntry, split
from kb.bibliography.latex import decode, decode_literal
from kb.bibliography.read import ENTRY_TYPES
from kb.literature import mend
from kb.literature.bibtexnames import read_authors
from kb.literature.entry import Entry
from kb.literature.inside import take_identifiers, take_notices
from kb.model.record import REFERENCE_KEY
from kb.model.reference import Notice, NoticeKind, RetractionCheck
from kb.model.terms import Design

FORMAT = "BibTeX"

START = re.compile(r"^\s{0,8}@\s?[A-Za-z]{1,30}\s?[{(]", re.MULTILINE)

TYPES = {
    "inbook": "incollection", "inproceedings": "incollection", "conference": "incollection", "proceedings": "book",
    "booklet": "book", "manual": "report", "techreport": "report", "electronic": "online", "www": "online",
    "webpage": "online", "periodical": "article", "phdthesis": "misc", "mastersthesis": "misc", "thesis": "misc",
    "unpublished": "misc", "patent": "misc",
}  # fmt: skip
"""Entry type of other styles to ours."""

_FIELDS = {
    "title": ("title",),
    "journal": ("journal", "journaltitle", "booktitle", "fjournal", "shortjournal"),
    "publisher": ("publisher", "institution", "organization", "school"),
    "year": ("year", "date", "issued"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "page", "eid", "articlenumber", "article-number", "article_number", "art_number", "artnum"),
}
_ID_FIELDS = {
    "doi": ("doi",),
    "pmid": ("pmid", "pubmedid", "pubmed", "pubmed_id"),
    "pmcid": ("pmcid", "pmc"),
    "url": ("url", "howpublished", "link"),
}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a BibTeX text, sound and refused, in its order. Never raises on what the text holds."""
    blocks = split(text, name)
    lines = text.split("\n")
    refused = [p for p in blocks.problems if p.field == "entry" and p.line not in {e.line for e in blocks.entries}]
    starts = sorted({*(e.line for e in blocks.entries), *(c.line for c in blocks.comments), *(p.line for p in refused)})
    ends = dict(zip(starts, [*starts[1:], len(lines) + 1], strict=False))  # no block at all: one end too many

    def original(line: int) -> str:
        return "\n".join(lines[line - 1 : ends.get(line, line + 1) - 1]).rstrip()

    entries, parents = [], _inherited(blocks.entries)
    for raw in blocks.entries:
        if raw.type == "xdata":  # holds fields for others, and is no reference
            continue
        entry = Entry(name, FORMAT, raw.line, original(raw.line), key=raw.key)
        inside = [p for p in blocks.problems if p.record == raw.key and p.line >= raw.line and p.field != "entry"]
        for problem in inside:
            entry.warn("authors" if problem.field == "author" else problem.field, problem.message, problem.cure)
        _fill(entry, raw, parents.get(raw.key, {}))
        entries.append(entry)
    for problem in refused:
        entry = Entry(name, FORMAT, problem.line, original(problem.line), key=problem.record)
        entry.refuse("entry", problem.message, problem.cure)
        entries.append(entry)
    return sorted(entries, key=lambda e: e.line)


_NOTES = ("note", "annote", "annotation", "extra", "addendum", "eprint")


def _inherited(raws: list[RawEntry]) -> dict[str, dict[str, str]]:
    """Key of an entry to the fields it has from its parents (`crossref`, `xdata`), by biblatex's rule for titles."""
    by_key = {raw.key.lower(): raw for raw in raws}
    found: dict[str, dict[str, str]] = {}
    for raw in raws:
        fields: dict[str, str] = {}
        named = ",".join(raw.fields[name].value for name in ("crossref", "xdata") if name in raw.fields)
        for key in filter(None, (part.strip().lower() for part in named.split(","))):
            parent = by_key.get(key)
            if parent is None and mend.doi(key):  # SciELO writes the entry's own DOI there
                continue
            if parent is None:
                fields.setdefault("?", key)
                continue
            for name, value in parent.fields.items():
                if name in ("crossref", "xdata", "key", "label", "shorttitle", "subtitle"):
                    continue
                plain = "xdata" in raw.fields and key in raw.fields["xdata"].value.lower()
                own = name if plain else {"title": "booktitle", "author": "editor"}.get(name, name)
                fields.setdefault(own, value.value)
        found[raw.key] = {name: value for name, value in fields.items() if name not in raw.fields}
    return found


def _fill(entry: Entry, raw: RawEntry, parents: dict[str, str]) -> None:
    values = {name: field.value for name, field in raw.fields.items()}
    _inherit(entry, values, parents)
    kind = raw.type if raw.type in ENTRY_TYPES else TYPES.get(raw.type)
    if kind is None:
        entry.mended("entry", f"unknown entry type @{raw.type[:40]}", "compare it with the source")
    entry.fields["type"] = kind or ("article" if values.get("journal") else "misc")
    entry.abstract = mend.text(decode(values.get("abstract", "")))
    entry.declared += [
        decode(values.get(name, "")).lower()
        for name in ("type", "pubstate", "entrysubtype", "document_type")
        if values.get(name)
    ]
    if re.fullmatch(
        r"\W*(?:retracted|withdrawn)(?: article| publication| paper)?\W*", decode(values.get("titleaddon", "")), re.I
    ):
        entry.declared.append("retracted article")
    entry.keywords = [
        word for part in re.split("[;,]", values.get("keywords", "")) if (word := mend.text(decode(part)))
    ]
    for field, names in _FIELDS.items():
        found = next((values[name] for name in names if values.get(name)), "")
        if field == "title" and values.get("subtitle"):
            found = _with_subtitle(found, values["subtitle"])
        entry.put(field, decode(found.replace("--", "-") if field == "pages" else found))
    _year_twice(entry, values)
    editors = "" if kind == "article" else values.get("editor", "")
    if editors and not values.get("author"):
        entry.mended("authors", "there is no author; the editors were taken")
    if authors := values.get("author") or editors:
        read_authors(entry, authors, by_rule=bool(values.get("seenat")))
    _identifiers(entry, values)
    _own_form(entry, values)
    if not re.fullmatch(REFERENCE_KEY, entry.key) or len(entry.key) > 60:
        entry.key = ""
    entry.settle()


def _inherit(entry: Entry, values: dict[str, str], parents: dict[str, str]) -> None:
    if missing := parents.pop("?", ""):
        entry.warn(
            "crossref", f"the entry {missing[:60]!r} it takes fields from is not in the file", "bring both in one file"
        )
    shown = [
        name
        for name in ("booktitle", "journal", "journaltitle", "year", "date", "volume", "number", "publisher")
        if name in parents
    ]
    if shown:
        entry.mended("crossref", f"taken from the entry it refers to: {', '.join(shown)}")
    values |= parents


def _with_subtitle(title: str, subtitle: str) -> str:
    if mend.fold(decode(subtitle)) in mend.fold(decode(title)):
        return title
    return f"{title.rstrip(' :.')}{' ' if title.rstrip().endswith(('?', '!')) else ': '}{subtitle.lstrip(' :')}"


def _year_twice(entry: Entry, values: dict[str, str]) -> None:
    year, other = (mend.year(decode(values.get(name, ""))) for name in ("year", "date"))
    if year and other and year != other:
        entry.warn(
            "year", f"the file gives {year} as year and {other} as date; {year} was taken", "compare it with the source"
        )


def _identifiers(entry: Entry, values: dict[str, str]) -> None:
    kind = (values.get("eprinttype") or values.get("archiveprefix") or "").lower()
    eprint = decode_literal(values.get("eprint", ""))
    if kind in ("pubmed", "pmid", "medline"):
        values.setdefault("pmid", eprint)
    elif kind in ("pmc", "pmcid", "pubmedcentral"):
        values.setdefault("pmcid", eprint if eprint.upper().startswith("PMC") else f"PMC{eprint}")
    elif kind in ("arxiv", "biorxiv", "medrxiv"):
        entry.declared.append("preprint")
    for field, names in _ID_FIELDS.items():
        literal = decode_literal(next((values[name] for name in names if values.get(name)), ""))
        if field == "url" and (address := re.search(r"https?://[^\s{}]+", literal)):
            literal = address[0]
        if field == "pmcid" and literal.strip().isdigit():
            literal = f"PMC{literal.strip()}"
        if field == "pmid" and re.search(r"PMC\d", literal):
            values.setdefault("pmcid", literal)
            entry.warn("pmid", f"{literal[:40]!r} is a number of PubMed Central; left out", "look the PMID up")
            continue
        entry.put(field, literal)
    if "doi" not in entry.fields and mend.doi(own := decode_literal(values.get("crossref", ""))):
        entry.put("doi", own)
        entry.warn("doi", "it was taken from crossref", "open it and see that it is this article")
    address = entry.fields.get("url", "")
    if "doi" not in entry.fields and mend.doi(address):
        entry.put("doi", address)
    if values.get("seenat"):  # our own form names every identifier in a field of its own
        return
    take_identifiers(entry, [address], "the address")
    notes = [decode_literal(values[name]) for name in _NOTES if values.get(name)]
    take_identifiers(entry, notes)
    take_notices(entry, notes)


def _own_form(entry: Entry, values: dict[str, str]) -> None:
    """What only an entry of `references.bib` says."""
    if values.get("design", "") in {design.value for design in Design}:
        entry.design = Design(values["design"])
    if not values.get("seenat"):
        return
    entry.seen_at = [mend.text(decode_literal(page))[:600] for page in values["seenat"].split("; ") if page.strip()]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day := values.get("verifiedon", "")):
        entry.compared_on = _day(day)
    checked = re.fullmatch(r"(\d{4}-\d\d-\d\d): (\S.{0,599})", decode(values.get("retractionchecked", "")))
    if checked and (on := _day(checked[1])):
        entry.retraction_checked = RetractionCheck(on=on, against=checked[2])
    kind, _, said = decode(values.get("notice", "")).partition(":")
    if kind in get_args(NoticeKind) and 0 < len(said.strip()) <= 600:
        entry.notices.append(Notice(kind=kind, said=said.strip()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
