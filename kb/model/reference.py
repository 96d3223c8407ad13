"""A source of the literature: the BibTeX entry plus design, verification and notices."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from kb.model.identifiers import Doi, Pmcid, Pmid
from kb.model.record import Line, Part, Record, ReferenceKey, Text
from kb.model.terms import Design

EntryType = Literal["article", "book", "incollection", "online", "report", "misc"]
NoticeKind = Literal["retraction", "correction", "expression-of-concern"]


class Author(Part):
    """A person (family and given names) or a body (family only)."""

    family: Line
    given: Line | None = None
    body: bool = Field(False, description="true for an organisation")

    def __str__(self) -> str:
        return f"{self.family} {self.given}" if self.given else self.family


class Notice(Part):
    """A retraction, correction or expression of concern."""

    kind: NoticeKind
    said: Line = Field(description="where and when, e.g. a DOI and a date")


class RetractionCheck(Part):
    """A look into a list of retracted papers: on what day, and how far the list goes. What was found is a `Notice`."""

    on: date
    against: Line = Field(description="the list and what it covers")


class Reference(Record):
    """One source; only fields that were seen on a page are filled."""

    key: ReferenceKey
    type: EntryType = Field(description="BibTeX entry type")
    design: Design
    title: Line
    authors: list[Author] = Field(default_factory=list)
    authors_cut: bool = Field(False, description="true when the page showed only the first authors")
    journal: Line | None = None
    publisher: Line | None = None
    year: int | None = Field(None, ge=1800, le=2100)
    volume: Line | None = None
    issue: Line | None = None
    pages: Line | None = None
    doi: Doi | None = None
    pmid: Pmid | None = None
    pmcid: Pmcid | None = None
    url: Line | None = None
    seen_at: list[Line] = Field(min_length=1, description="every page on which these fields were seen")
    verified_on: date | None = Field(
        None, description="day the fields were last compared with the pages; absent: nobody has yet"
    )
    notice: Notice | None = None
    retraction_checked: RetractionCheck | None = Field(
        None,
        description="when and against which list it was last looked for among retracted papers; absent: nobody has",
    )
    note: Text | None = None

    @property
    def can_be_opened(self) -> bool:
        """Whether a reader has a way to it: an identifier or an address, were it only that of the page it was seen on."""
        return bool(self.links) or any(page.startswith(("https://", "http://")) for page in self.seen_at)

    @property
    def links(self) -> dict[str, str]:
        """Label to address of every way to open it, the best first."""
        found: dict[str, str] = {}
        if self.doi:
            found["DOI"] = f"https://doi.org/{self.doi}"
        if self.pmid:
            found["PubMed"] = f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmcid:
            found["PMC"] = f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"
        if self.url:
            found["Page"] = self.url
        return found
