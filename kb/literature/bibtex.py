"""BibTeX files of other programs. `kb.bibliography` takes them apart; here fields get their names in our own form.

An entry in the canonical form of `references.bib` keeps its key, design, pages and dates. Anything else is read
tolerantly: unknown fields (month, keywords, file, abstract) are passed over, unknown commands stay as they are.
"""

from __future__ import annotations

import re
from datetime import date

from kb.bibliography.blocks import RawEntry, split
from kb.bibliography.latex import decode, decode_literal
from kb.bibliography.names import NameListError, parse_name, parse_names, split_outside_braces
from kb.bibliography.read import ENTRY_TYPES
from kb.literature import mend
from kb.literature.entry import Entry, author
from kb.model.record import REFERENCE_KEY
from kb.model.reference import Author, Notice
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
    "journal": ("journal", "journaltitle", "booktitle"),
    "publisher": ("publisher", "institution", "organization", "school"),
    "year": ("year", "date"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "eid", "articlenumber", "article-number"),
}
_ID_FIELDS = {"doi": ("doi",), "pmid": ("pmid",), "pmcid": ("pmcid", "pmc"), "url": ("url", "howpublished", "link")}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a BibTeX text, sound and refused, in its order. Never raises on what the text holds."""
    blocks = split(text, name)
    lines = text.split("\n")
    refused = [p for p in blocks.problems if p.field == "entry" and p.line not in {e.line for e in blocks.entries}]
    starts = sorted({*(e.line for e in blocks.entries), *(c.line for c in blocks.comments), *(p.line for p in refused)})
    ends = dict(zip(starts, [*starts[1:], len(lines) + 1], strict=False))  # no block at all: one end too many

    def original(line: int) -> str:
        return "\n".join(lines[line - 1 : ends.get(line, line + 1) - 1]).rstrip()

    entries = []
    for raw in blocks.entries:
        entry = Entry(name, FORMAT, raw.line, original(raw.line), key=raw.key)
        inside = [p for p in blocks.problems if p.record == raw.key and p.line >= raw.line and p.field != "entry"]
        for problem in inside:
            entry.mended(problem.field, problem.message, problem.cure)
        _fill(entry, raw)
        entries.append(entry)
    for problem in refused:
        entry = Entry(name, FORMAT, problem.line, original(problem.line), key=problem.record)
        entry.refuse("entry", problem.message, problem.cure)
        entries.append(entry)
    return sorted(entries, key=lambda e: e.line)


def _fill(entry: Entry, raw: RawEntry) -> None:
    values = {name: field.value for name, field in raw.fields.items()}
    kind = raw.type if raw.type in ENTRY_TYPES else TYPES.get(raw.type)
    if kind is None:
        entry.mended("entry", f"unknown entry type @{raw.type[:40]}", "compare it with the source")
    entry.fields["type"] = kind or ("article" if values.get("journal") else "misc")
    entry.abstract = mend.text(decode(values.get("abstract", "")))
    entry.keywords = [
        word for part in re.split("[;,]", values.get("keywords", "")) if (word := mend.text(decode(part)))
    ]
    for field, names in _FIELDS.items():
        found = next((values[name] for name in names if values.get(name)), "")
        entry.put(field, decode(found.replace("--", "-") if field == "pages" else found))
    _read_authors(entry, values.get("author") or ("" if kind == "article" else values.get("editor", "")))
    if not values.get("pmid") and values.get("eprinttype", "").lower() == "pubmed":
        values["pmid"] = values.get("eprint", "")
    for field, names in _ID_FIELDS.items():
        literal = decode_literal(next((values[name] for name in names if values.get(name)), ""))
        if field == "url" and (address := re.search(r"https?://[^\s{}]+", literal)):
            literal = address[0]
        entry.put(field, literal)
    if "doi" not in entry.fields and (doi := mend.doi(entry.fields.get("url", ""))):
        entry.fields["doi"] = doi
    if values.get("design", "") in {design.value for design in Design}:
        entry.design = Design(values["design"])
    if values.get("seenat"):  # our own form
        entry.seen_at = [mend.text(decode_literal(page))[:600] for page in values["seenat"].split("; ") if page.strip()]
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day := values.get("verifiedon", "")):
            entry.compared_on = _day(day)
        said = re.fullmatch(
            r"(retraction|correction|expression-of-concern):\s*(\S.{0,599})", decode(values.get("notice", ""))
        )
        if said:
            entry.notices.append(Notice(kind=said[1], said=said[2]))
    if not re.fullmatch(REFERENCE_KEY, entry.key) or len(entry.key) > 60:
        entry.key = ""
    entry.settle()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_authors(entry: Entry, value: str) -> None:
    if not value:
        return
    try:
        names, entry.authors_cut = parse_names(value)
    except ValueError as error:
        entry.mended("author", str(error).partition("; ")[0], "compare the authors with the source")
        entry.put_authors(_one_by_one(value, entry))
        return
    entry.put_authors(author(name.family, name.given or "", body=name.body) for name in names)


def _one_by_one(value: str, entry: Entry) -> list[Author | None]:
    """Names of a list that is not as it should be: `Smith, J, and, Jones, K`, or parted at the first comma."""
    value = re.sub(r",?\s+and\b\s*,?\s*", " and ", value)
    try:
        parts = split_outside_braces(value, "and")
    except NameListError:
        parts = re.split(r"\s+and\s+", re.sub(r"[{}]", "", value))
    found: list[Author | None] = []
    for part in parts:
        try:
            name = parse_name(part)
        except ValueError:
            if part.strip(" {}").lower() == "others":
                entry.authors_cut = True
                continue
            plain = decode(part.replace("{", "").replace("}", ""))
            family, _, given = plain.partition(",")
            found.append(author(family, given.replace(",", " ")))
        else:
            found.append(author(name.family, name.given or "", body=name.body))
    return found
