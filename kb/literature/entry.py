"""An entry on its way in: the fields of a candidate reference, the text it was read from, and what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kb.bibliography.latex import decode
from kb.literature import doi, encoding, kinds, mend, people
from kb.literature import pages as page_numbers
from kb.model.reference import Author, Notice, Reference, RetractionCheck
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
    when a service answered for it; `compared_on` is the day an entry in our own form says that somebody compared it. `declared` are words
    of the file for what the entry is (`preprint`, `erratum`), beside the publication types.
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
    declared: list[str] = field(default_factory=list)
    verified: bool = False
    compared_on: date | None = None
    retraction_checked: RetractionCheck | None = None
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
        if name != "title" and _NOTHING.fullmatch(value):
            self.mended(name, f"{_short(value)} is a placeholder; left out")
            return
        plain = self._without_latex(name, value) if name in _TEXTS else value
        clean = _CLEAN[name](plain)
        if clean in (None, ""):
            self.warn(
                name,
                f"{_short(value)} is not a valid {_WORD.get(name, name)}; left out",
                "look it up and add it by hand",
            )
            return
        if name == "doi" and doi.names_a_record(str(clean)):
            self.warn(
                "doi",
                f"{clean} is the number of a record in Cochrane's CENTRAL, not of the article; left out",
                "look it up",
            )
            return
        if isinstance(clean, str) and len(clean) > LONGEST_LINE:
            self.refuse(name, f"is longer than {LONGEST_LINE} characters", "shorten it in the file")
            return
        if name in self.fields:
            if self.fields[name] != clean and mend.fold(str(self.fields[name])) != mend.fold(str(clean)):
                self.warn(name, f"given twice; {_short(str(clean))} was left out", "compare it with the source")
            return
        self.fields[name] = clean
        if str(clean) != value and _tells(name, value, str(clean)):
            self.warn(name, f"{_short(value)} became {_short(str(clean))}", "compare it with the source")
        for doubt in _doubts(name, value, clean):
            self.warn(name, f"{doubt}: {_short(str(clean))}", "compare it with the source")

    def _without_latex(self, name: str, value: str) -> str:
        """LaTeX that strayed into another format, or was left over: `Skin \\& Hair`, `{\\"o}`."""
        if name in ("title", "journal") and "\\" not in value and value.count("{") == value.count("}"):
            value = _PROTECTED.sub(r"\1", value)
        if not _LATEX.search(value):
            return value
        return _LATEX_BRACE.sub(r"\1", decode(value))

    def put_people(self, values: Iterable[str], *, initials_last: bool = False) -> None:
        """Keep the authors of raw values, telling what had to be guessed. See `kb.literature.people`."""
        values = [decode(value) if _LATEX.search(value) else value for value in values]
        self.put_reading(people.read_people(values, initials_last=initials_last))

    def put_reading(self, reading: people.Reading) -> None:
        """Keep the authors that were read, set right as a whole list, and tell what was guessed."""
        people.set_right(reading)
        self.authors_cut = self.authors_cut or reading.cut
        self.put_authors(reading.authors)
        for said in reading.told:
            self.warn("authors", said, "compare the authors with the source")

    def put_authors(self, authors: Iterable[Author | None]) -> None:
        """Keep the authors; None stands for one that could not be read, and was told."""
        found = [author for author in authors if author is not None]
        for one in found:
            for doubt in _doubts("authors", str(one), str(one)):
                self.warn("authors", f"{doubt}: {_short(str(one))}", "compare the authors with the source")
            if not one.body and _INITIAL_FIRST.match(one.family):
                said = f"the family name {_short(one.family)} begins with an initial of the given names"
                self.warn("authors", said, "compare the authors with the source")
        before = {str(one) for one in self.fields.get("authors", [])}
        for one in found:
            if str(one) in before and one.given:
                self.warn("authors", f"{_short(str(one))} stands twice", "take one out unless they are two persons")
            before.add(str(one))
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
        if "issue" not in fields and (both := _VOLUME_AND_ISSUE.fullmatch(fields.get("volume", ""))):
            said = f"{_short(both[0])} was taken for volume {both[1]} and issue {both[2]}"
            fields["volume"], fields["issue"] = both.groups()
            self.warn("volume, issue", said, "compare it with the source")
        if self.design is None:
            self.design = design_of(self.publication_types, fields.get("title", ""))
        if not any(fields.get(name) for name in ("doi", "pmid", "pmcid", "url")) and not self.refused:
            self.warn("doi", "no DOI, PMID, PMCID or address, so readers cannot open it", "look the DOI up and add it")
        if not fields.get("authors") and not self.refused and not any(p.field == "authors" for p in self.problems):
            self.warn("authors", "there are none", "compare it with the source: a part of the record may be missing")
        if fields.get("year"):
            self.years.add(fields["year"])
        else:
            self.warn("year", "is missing", "add it when a page shows it")
        if not any(n.kind == "retraction" for n in self.notices):
            if kinds.is_retracted(fields.get("title", "")):
                self.notices.append(Notice(kind="retraction", said="the title says so"))
            elif kinds.marked_retracted([*self.publication_types, *self.declared]):
                self.notices.append(Notice(kind="retraction", said="the file marks it as retracted"))
        self._tell_kind()
        return self

    def _tell_kind(self) -> None:
        """What stands elsewhere about the article, and what the entry is if it is no study."""
        for notice in self.notices:
            tell = self.mended if notice.kind == "correction" else self.warn
            tell("notice", f"{notice.kind.replace('-', ' ')}: {notice.said}", "read it before citing this source")
        retracted = any(notice.kind == "retraction" for notice in self.notices)
        for kind, grave in kinds.kinds([*self.publication_types, *self.declared], self.fields):
            if kind == "a preprint":
                self.warn("notice", "this is a preprint: not peer reviewed", "look for the published article")
            elif not (retracted and kind == "a retraction notice" and kinds.is_retracted(self.fields.get("title", ""))):
                tell = self.warn if grave else self.mended
                tell("notice", f"this is {kind}, not a study", "cite the article it is about, unless this is meant")

    def reference(self, key: str, *, today: date, design: Design | None = None) -> Reference:
        """The record to be saved. Raises ValueError (pydantic's) when a field is not what the record type wants."""
        return Reference(
            key=key,
            design=design or self.design or Design.NOT_STATED,
            authors_cut=self.authors_cut,
            seen_at=self.seen_at or [f"{self.source} ({self.format})"],
            verified_on=today if self.verified else self.compared_on,
            notice=self.notice,
            retraction_checked=self.retraction_checked,
            **self.fields,
        )


author = people.make
"""A clean author, or None when nothing is left of the name."""


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
    "title": mend.title, "journal": mend.text, "publisher": mend.text, "year": mend.year, "volume": mend.volume,
    "issue": mend.issue, "pages": mend.pages, "doi": mend.doi, "pmid": mend.pmid, "pmcid": mend.pmcid, "url": mend.url,
    "type": str,
}  # fmt: skip
_WORD = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "web address", "pages": "page number"}


_INITIAL_FIRST = re.compile(r"[A-Z]\.\s?[^\W\d_]{2}|[A-CF-NP-XZ]\s[^\W\d_]{2}")
"""`L. Low` or `A Low`, as publishers hand it in; not `O Brien` or `D Souza`."""
_VOLUME_AND_ISSUE = re.compile(r"(\w{1,12})\s?\(([\w/-]{1,12})\)")
_TEXTS = ("title", "journal", "publisher", "volume", "issue", "pages")
_NOTHING = re.compile(r"nan|none|null|undefined|n/a|#n/a|nat|-+", re.IGNORECASE)
_LATEX = re.compile(r"\\(?:[&%$#_{}]|[\"'`^~=.]\s?\{?\\?[A-Za-z]|[A-Za-z]{2,})|\{\\|\$\\")
_PROTECTED = re.compile(r"(?<![^\W_])\{+([^{}\\]{1,200})\}+")
"""Braces that keep BibTeX from changing capitals, in a format that knows none: `{Skin} title`."""
_LATEX_BRACE = re.compile(r"\{([^{}\\]{0,200})\}")


def _tells(name: str, value: str, clean: str) -> bool:
    """Whether a change is worth telling: not for a full stop, a resolver's address or a plain dash."""
    if name in ("title", "journal", "publisher"):
        return any(c in value for c in "<&\\\ufb01\ufb02") and value.rstrip(" .") != clean
    if name in ("volume", "issue"):
        return mend.text(value) != clean
    if name == "year":
        doubt = re.search(rf"{clean}s|\?|~|\bca?\.|circa", value, re.IGNORECASE)
        return (
            bool(doubt)
            or not value.startswith(clean)
            or len(set(re.findall(r"(?<!\d)(?:18|19|20)\d\d(?!\d)", value))) > 1
        )
    if name == "pages":
        return re.sub(r"[^\w.+]", "", value) != re.sub(r"[^\w.]", "", clean)
    if name == "doi":
        return (not value.lower().endswith(clean.lower()) and "[doi]" not in value.lower()) or doi.several(value)
    return name == "url"


def _doubts(name: str, value: str, clean: object) -> Iterator[str]:
    """What looks wrong in a clean value, though nobody can say what it should be."""
    text = str(clean)
    if name == "year" and isinstance(clean, int) and clean > date.today().year + 1:
        yield "this year is yet to come"
    if name == "pages" and page_numbers.unusual(text):
        yield "these page numbers are unusual"
    if name not in ("title", "journal", "publisher", "authors"):
        return
    if "\ufffd" in text:
        yield "a character was lost before"
    if re.search(r"[A-Za-z]\?[a-z]", text):
        yield "there is a question mark inside a word"
    if encoding.tangled(text):
        yield "characters were encoded twice"
    if re.search(r"</?[A-Za-z][\w:-]*[^<>]*>|&#?\w{2,31};", text):
        yield "mark-up is left"
    if unknown := re.findall(r"\\[A-Za-z]+", text):
        yield f"the LaTeX command {unknown[0]} is not known"
    if name == "title" and re.search(r"(?:\.\.\.|…)$", text):
        yield "the title may be cut short"
    if name == "title" and re.match(
        r"(?:nan|none|null)$|https?://|10\.\d{4,9}/|\[?untitled|\[not available\]|\[in [a-z]{4,12}\]$",
        text,
        re.IGNORECASE,
    ):
        yield "this is not a title"
    if name == "authors" and re.search(r"\d", re.sub(r"\b(?:2nd|3rd|4th)\b", "", text)):
        yield "there is a digit in a name"


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:57] + "...")
