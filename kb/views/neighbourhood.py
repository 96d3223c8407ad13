"""Everything one thing is linked with, gathered by relation: what the graph page draws and lists.

Findings are folded into the link they make, so that a reader sees *minoxidil: studied for androgenetic alopecia, 10
findings* and not ten nodes. Works from the page of the thing alone, whatever its kind.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.model.terms import Certainty
from kb.views import reading, words

if TYPE_CHECKING:
    from kb.questions.shapes import AssessmentValue, FindingValue, Page
    from kb.snapshot import Snapshot


RELATIONS = {
    "studied-for": "Studied for",
    "studied-with": "Treatments studied",
    "causes": "Harms",
    "caused-by": "Reported with",
    "cautions": "Cautions with",
    "cautioned": "Cautions of",
    "compared": "Compared with",
    "together": "Given together with",
    "mixing": "In one syringe with",
    "kin": "Broader and narrower",
    "warned": "Warnings and interactions studied",
    "claimed": "Popular claims on",
    "topics": "Also on record",
}
"""Relation of a link to its heading, in the order of what readers ask first."""

_OUT = {"treats": "studied-for", "causes": "causes", "compared-with": "compared"}
_IN = {"treats": "studied-with", "causes": "caused-by", "compared-with": "compared"}
_WARNED = {"contraindicated-in", "precaution", "interacts-with", "interferes-with-test"}


@dataclass
class Link:
    """One thing another is linked with, in one way."""

    relation: str
    other: str
    name: str
    kind: str
    findings: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    directions: Counter[str] = field(default_factory=Counter)
    certainty: str | None = None
    assessed: str | None = None
    word: str | None = None
    """A word of a vocabulary that says it all: the severity of a caution, the compatibility of a pair, broader."""
    note: str = ""

    @property
    def direction(self) -> str | None:
        """That of the most certain assessment; without one the most frequent among the findings."""
        return self.assessed or max(self.directions, key=lambda d: self.directions[d], default=None)

    @property
    def weight(self) -> int:
        return max(len(self.findings), 1)


class _Gathering:
    def __init__(self, snapshot: Snapshot, own: str) -> None:
        self.snapshot, self.own = snapshot, own
        self.links: dict[tuple[str, str], Link] = {}

    def link(self, relation: str, other: str) -> Link:
        key = (relation, other)
        if key not in self.links:
            name = reading.name_of(self.snapshot, other)
            self.links[key] = Link(relation, other, name, reading.kind_of(self.snapshot, other) or "topic")
        return self.links[key]

    def finding(self, relation: str, other: str, finding: FindingValue) -> None:
        if other == self.own or other not in self.snapshot.ids:
            return
        link = self.link(relation, other)
        if finding["id"] not in link.findings:
            link.findings.append(finding["id"])
            link.directions[finding["direction"]] += 1
            if finding["reference"] not in link.references:
                link.references.append(finding["reference"])


def links(snapshot: Snapshot, slug: str) -> list[Link]:
    """All links of one thing, by relation and then the most studied first. Raises KeyError for an unknown id."""
    page = snapshot.monograph(slug)
    gathered = _Gathering(snapshot, slug)
    for finding in (*page["findings"], *page["compared_with"]):
        _add(gathered, slug, finding)
    for assessment in page["assessments"]:
        outward = assessment["subject"] == slug
        if outward or assessment["object"] == slug:
            other = assessment["object"] if outward else assessment["subject"]
            _assess(gathered.link("studied-for" if outward else "studied-with", other), assessment)
    _records(gathered, page)
    found = [link for link in gathered.links.values() if link.other != slug and link.other in snapshot.ids]
    order = list(RELATIONS)
    return sorted(found, key=lambda k: (order.index(k.relation), -_rank(k), -len(k.findings), k.name.casefold()))


def _rank(link: Link) -> int:
    if link.relation in {"cautions", "cautioned"}:
        return -words.SEVERITY_ORDER.get(link.word or "", 9)
    return Certainty(link.certainty).level if link.certainty else -1


def _add(gathered: _Gathering, slug: str, finding: FindingValue) -> None:
    relation = finding["relation"]
    if finding["subject"] == slug:
        usual = "warned" if relation in _WARNED else "topics"
        gathered.finding(_OUT.get(relation, usual), finding["object"], finding)
        for other in finding["with"]:
            gathered.finding("together", other["id"], finding)
        if finding["technique"] and finding["technique"] != slug:
            gathered.finding("together", finding["technique"], finding)
    elif finding["object"] == slug:
        usual = "warned" if relation in _WARNED else "topics"
        gathered.finding(_IN.get(relation, usual), finding["subject"], finding)


def _assess(link: Link, assessment: AssessmentValue) -> None:
    level = assessment["certainty"]
    if link.certainty is None or Certainty(level).level > Certainty(link.certainty).level:
        link.certainty, link.assessed, link.note = level, assessment["direction"], assessment["bottom_line"]
    link.references += [k for k in assessment["references"] if k not in link.references]


def _records(gathered: _Gathering, page: Page) -> None:
    """Cautions, mixing, kinship, claims and preparations it was part of."""
    for relation, cautions in (("cautions", page["cautions"]), ("cautioned", page["triggers"])):
        for caution in cautions:
            link = gathered.link(relation, caution["trigger"] if relation == "cautions" else caution["subject"])
            if link.word is None or words.SEVERITY_ORDER[caution["severity"]] < words.SEVERITY_ORDER[link.word]:
                link.word, link.note = caution["severity"], caution["action"]
            link.references += [k for k in caution["references"] if k not in link.references]
    for pair in page["mixing"]:
        link = gathered.link("mixing", pair["other"])
        link.word, link.note = pair["compatibility"], pair["summary"]
        link.references += pair["references"]
    for part in page["also_in"]:
        link = gathered.link("together", part["subject"])
        link.findings.append(part["finding"])
    for word, kin in (("broader", page["parents"]), ("narrower", page["children"])):
        for other in kin:
            gathered.link("kin", other["id"]).word = word
    for claim in page["claims"]:
        about = claim["object"] if claim["subject"] == page["id"] else claim["subject"]
        if about and about in gathered.snapshot.ids and about != page["id"]:
            link = gathered.link("claimed", about)
            link.findings.append(claim["id"])
            link.word = link.word or claim["verdict"]
            link.word = link.word if link.word == claim["verdict"] else "several verdicts"
