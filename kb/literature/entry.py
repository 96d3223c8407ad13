"""An entry on its way in: the fields of a candidate reference, the text it was read from, and what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kb.literature import mend
from kb.model.reference import Author, Notice, Reference
from kb.model.terms import Design
from kb.problems import Problem

FIELDS = (
    "type", "title", "authors", "journal", "publisher", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url",
)  # fmt: skip
"""Fields of `Reference` an entry can bring, in the order they are shown."""

LONGEST_LINE = 600
"""Characters a one-line field of a record may have (`kb.model.record.Line`)."""

MOST_RAW = 2_000
"""Characters of a raw value, mark-up included, that are looked at."""

MOST_ORIGINAL = 20_000
"""Characters kept of an entry's text."""

_RETRACTED = re.compile(r"\W{0,2}(?:RETRACTED|WITHDRAWN)(?: ARTICLE)?\W", re.IGNORECASE)

_SEVERITY = {"retraction": 0, "expression-of-concern": 1, "correction": 2}

_DESIGN_OF_TYPE = {
    "meta-analysis": Design.META_ANALYSIS,
    "network meta-analysis": Design.META_ANALYSIS,
    "systematic review": Design.SYSTEMATIC_REVIEW,
    "randomized controlled trial": Design.RCT,
    "equivalence trial": Design.RCT,
    "pragmatic clinical trial": Design.RCT,
    "controlled clinical trial": Design.CONTROLLED_TRIAL,
    "practice guideline": Design.GUIDELINE,
    "guideline": Design.GUIDELINE,
    "consensus development conference": Design.CONSENSUS,
    "consensus statement": Design.CONSENSUS,
    "case reports": Design.CASE_REPORT,
    "review": Design.NARRATIVE_REVIEW,
}
"""Publication type of MEDLINE (lower case) to study design, the most telling first."""

_DESIGN_IN_TITLE = (
    (r"\bmeta-?\s?analysis\b", Design.META_ANALYSIS),
    (r"\bsystematic(?:al)? review\b", Design.SYSTEMATIC_REVIEW),
    (r"(?<!non)(?<!non-)\brandomi[sz]ed\b.*\b(?:trial|study)\b|\brandomi[sz]ed controlled\b", Design.RCT),
    (r"\bcase series\b", Design.CASE_SERIES),
    (r"\bcase report\b|\breport of (?:a|one) case\b", Design.CASE_REPORT),
)


@dataclass
class Entry:
    """One entry of a file, or one answer of a service.

    `fields` maps a field of `Reference` (see FIELDS) to its clean value; `authors` is a list of `Author`. A critical
    problem means that the entry was refused; a warning wants a look; `info` tells what was mended. `verified` is true
    when a service answered for it; `compared_on` is the day an entry in our own form says that somebody compared it.
    `design` is what the entry itself says, or None. `years` are all the years it gives,
    in print and online; `abstract` is looked at for figures and never stored, nor are `keywords` (of the authors, and the
    MeSH headings that are the main topics) and `headings` (every MeSH heading, without qualifiers).
    """

    source: str
    format: str
    line: int = 0
    original: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    authors_cut: bool = False
    design: Design | None = None
    key: str = ""
    seen_at: list[str] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    abstract: str = ""
    publication_types: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    verified: bool = False
    compared_on: date | None = None
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.original) > MOST_ORIGINAL:
            self.original = self.original[:MOST_ORIGINAL] + "\n[...]"

    @property
    def refused(self) -> bool:
        return any(problem.severity == "critical" for problem in self.problems)

    @property
    def label(self) -> str:
        """How the entry is named in a message: its title, its identifier, or its place."""
        named = self.fields.get("title") or self.fields.get("doi") or self.fields.get("pmid")
        return str(named)[:90] if named else f"{self.source}:{self.line}"

    @property
    def notice(self) -> Notice | None:
        """The gravest notice."""
        return min(self.notices, key=lambda n: _SEVERITY[n.kind], default=None)

    def refuse(self, where: str, message: str, cure: str) -> None:
        self.problems.append(Problem(self.source, self.line, where, message, cure, self.key, "critical"))

    def warn(self, where: str, message: str, cure: str) -> None:
        self.problems.append(Problem(self.source, self.line, where, message, cure, self.key, "warning"))

    def mended(self, where: str, message: str, cure: str = "compare it with the source") -> None:
        self.problems.append(Problem(self.source, self.line, where, message, cure, self.key, "info"))

    def put(self, name: str, raw: object) -> None:
        """Clean a raw value and keep it, telling what was mended or left out. Empty values are passed over."""
        value = str(raw).strip() if raw is not None else ""
        if not value:
            return
        if len(value) > MOST_RAW:
            self.refuse(name, f"is longer than {LONGEST_LINE} characters", "shorten it in the file")
            return
        clean = _CLEAN[name](value)
        if clean in (None, ""):
            self.warn(name, f"{_short(value)} is no {_WORD.get(name, name)}; left out", "look it up and add it by hand")
            return
        if isinstance(clean, str) and len(clean) > LONGEST_LINE:
            self.refuse(name, f"is longer than {LONGEST_LINE} characters", "shorten it in the file")
            return
        if name in self.fields:
            if self.fields[name] != clean and mend.fold(str(self.fields[name])) != mend.fold(str(clean)):
                self.mended(name, f"given twice; {_short(str(clean))} was left out")
            return
        self.fields[name] = clean
        if name in ("title", "pages", "year", "doi", "url") and str(clean) != value and _tells(name, value, str(clean)):
            self.mended(name, f"{_short(value)} became {_short(str(clean))}")

    def put_authors(self, authors: Iterable[Author | None]) -> None:
        """Keep the authors; None stands for one that could not be read, and was told."""
        found = [author for author in authors if author is not None]
        if found:
            self.fields["authors"] = [*self.fields.get("authors", []), *found]

    def settle(self) -> Entry:
        """Last look at an entry once every field is in: what it must have, what follows from its fields."""
        fields = self.fields
        fields.setdefault("type", "article" if fields.get("journal") else "misc")
        address = fields.get("url", "")
        if address and (
            (fields.get("doi") and mend.doi(address)) or mend.pmid(address) or mend.pmcid(address)
        ):  # the identifier says it already
            del fields["url"]
        if not fields.get("title"):
            self.refuse("title", "is missing", "add the title in the file, or bring the entry in by its DOI or PMID")
        if self.design is None:
            self.design = design_of(self.publication_types, fields.get("title", ""))
        if not any(fields.get(name) for name in ("doi", "pmid", "pmcid", "url")) and not self.refused:
            self.warn("doi", "no DOI, PMID, PMCID or address: nobody can open it", "look the DOI up and add it")
        if fields.get("year"):
            self.years.add(fields["year"])
        else:
            self.warn("year", "is missing", "add it when a page shows it")
        if _RETRACTED.match(fields.get("title", "")) and not any(n.kind == "retraction" for n in self.notices):
            self.notices.append(Notice(kind="retraction", said="the title says so"))
        for notice in self.notices:
            if notice.kind != "correction":
                self.warn(
                    "notice", f"{notice.kind.replace('-', ' ')}: {notice.said}", "read it before citing this source"
                )
        return self

    def reference(self, key: str, *, today: date, design: Design | None = None) -> Reference:
        """The record to be saved. Raises ValueError (pydantic's) when a field is not what the record type wants."""
        return Reference(
            key=key,
            design=design or self.design or Design.NOT_STATED,
            authors_cut=self.authors_cut,
            seen_at=self.seen_at or [f"{self.source} ({self.format})"],
            verified_on=today if self.verified else self.compared_on,
            notice=self.notice,
            **self.fields,
        )


def author(family: str, given: str = "", *, body: bool = False) -> Author | None:
    """A clean author, or None when nothing is left of the name."""
    family, given = mend.text(family).strip(" ,;"), mend.text(given).strip(" ,;")
    if not any(c.isalpha() for c in family) or len(family) > LONGEST_LINE or len(given) > LONGEST_LINE:
        return None
    return Author(family=family, given=given or None, body=body)


def design_of(publication_types: Iterable[str], title: str) -> Design | None:
    """Study design that the publication types or, failing these, plain words of the title state; None when neither do."""
    types = {kind.strip().lower() for kind in publication_types}
    design = next((design for kind, design in _DESIGN_OF_TYPE.items() if kind in types), None)
    if design in (None, Design.NARRATIVE_REVIEW):  # PubMed files systematic reviews under Review as well
        for pattern, said in _DESIGN_IN_TITLE:
            if re.search(pattern, title, re.IGNORECASE):
                return said
    return design


_CLEAN: dict[str, Any] = {
    "title": mend.title, "journal": mend.text, "publisher": mend.text, "year": mend.year, "volume": mend.text,
    "issue": mend.text, "pages": mend.pages, "doi": mend.doi, "pmid": mend.pmid, "pmcid": mend.pmcid, "url": mend.url,
    "type": str,
}  # fmt: skip
_WORD = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "web address", "pages": "page number"}


def _tells(name: str, value: str, clean: str) -> bool:
    """Whether a change is worth telling: not for a full stop, a resolver's address or a plain dash."""
    if name == "title":
        return "<" in value or "&" in value
    if name == "year":
        return not value.startswith(clean)
    if name == "pages":
        return re.sub(r"\D", "", value) != re.sub(r"\D", "", clean)
    if name == "doi":
        return not value.lower().endswith(clean.lower()) and "[doi]" not in value.lower()
    return True


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:57] + "...")
