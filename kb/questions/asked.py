"""A search that is a question: which things it names, what it wants to know of them, and the answer with its papers.

`minoxidil pregnancy` is answered by the caution itself, `Rogaine side effects` by harms by route, two ingredients by the trials
that compared them. Values only; nothing is drawn here, and a name is taken for a thing only when it is its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kb.questions.precheck import Precheck
from kb.questions.search import fold
from kb.questions.shapes import Page

Value = Mapping[str, Any]

MOST_WORDS = 24
LONGEST_NAME = 6
"""Words of the longest name that is looked for as one."""

_WANTS = {
    "harms": (
        "side effects", "side effect", "adverse effects", "adverse effect", "adverse events", "harms", "harm", "risks", "risk",
        "complications", "complication", "safety", "safe", "dangers", "effets secondaires", "effets indesirables",
        "effetti collaterali", "efectos secundarios", "efeitos colaterais", "efeitos secundarios", "nebenwirkungen",
    ),
    "dose": (
        "dose", "doses", "dosage", "dosing", "posology", "posologie", "dosis", "dosaggio", "dosierung", "how much", "how often",
        "how many sessions", "sessions", "session", "number of sessions", "interval", "concentration", "maximum", "max",
        "maximum dose", "max dose", "protocol", "protocols", "depth", "needle depth",
    ),
    "mix": ("mix", "mixed", "mixing", "same syringe", "in one syringe", "compatible", "compatibility", "together with"),
    "compare": ("vs", "v", "versus", "compared", "compared with", "compared to", "compare", "or", "better than", "against"),
    "care": (
        "aftercare", "after care", "afterwards", "what to do", "first aid", "emergency", "emergency treatment", "soins apres",
        "cuidados posteriores", "nachsorge", "erste hilfe",
    ),
    "status": (
        "status", "regulatory status", "legal status", "approved", "approval", "legal", "banned", "withdrawn", "licence",
        "licensed", "fda", "ema", "allowed",
    ),
}  # fmt: skip
"""What a question wants, by the words that say so, folded."""

_SMALL = frozenset(
    {
        "a", "an", "and", "are", "at", "can", "de", "der", "die", "do", "does", "el", "for", "in", "is", "it", "la", "le", "my",
        "of", "on", "the", "to", "und", "use", "used", "using", "with", "what",
    }
)  # fmt: skip

_WANT = {phrase: want for want, phrases in _WANTS.items() for phrase in phrases}
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"^(?:pmid:?\s*)?(\d{6,8})$", re.IGNORECASE)
_PMCID = re.compile(r"^PMC\d{4,9}$", re.IGNORECASE)
_YEAR = re.compile(r"^(?P<who>[^\d]{2,60}?)\s+(?:et\s+al\.?,?\s*)?\(?(?P<year>(?:19|20)\d{2})\)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A thing the question names, by the words it was named with."""

    id: str
    kind: str
    said: str


@dataclass(frozen=True)
class Reading:
    """What was understood of a question. `rest` are words that name nothing here."""

    subjects: list[Named] = field(default_factory=list)
    facts: list[Named] = field(default_factory=list)
    objects: list[Named] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    """Ids of products named by their trade name; what they hold stands among the subjects."""
    wants: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """One card: `kind` is caution, harms, doses, maxima, evidence, compared, mixing, status, product or paper."""

    kind: str
    about: list[str]
    """Ids of the things it is about."""
    records: Sequence[Value]
    references: list[str]


class Pages(Protocol):
    """What answers are made from: a snapshot."""

    def monograph(self, slug: str) -> Page: ...
    def document(self, name: str) -> Any: ...
    @property
    def precheck(self) -> Precheck: ...
    @property
    def ids(self) -> frozenset[str]: ...


def read(text: str, pages: Pages) -> Reading:
    """The names and wishes in a text, longest names first; a name counts only in full, so nothing is taken by likeness."""
    words = text.replace("?", " ").replace(",", " ").split()[:MOST_WORDS]
    found, place = Reading(), 0
    while place < len(words):
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            said = " ".join(words[place : place + length])
            if _take(said, found, pages):
                place += length
                break
        else:
            if fold(words[place]) not in _SMALL:
                found.rest.append(words[place])
            place += 1
    return found


def _take(said: str, found: Reading, pages: Pages) -> bool:
    want = _WANT.get(fold(said))
    if want:
        if want not in found.wants:
            found.wants.append(want)
        return True
    for role, into in (("ingredient", found.subjects), ("technique", found.subjects), ("condition", found.facts)):
        named = pages.precheck.resolver.find(said, role, slips=False)
        for product in (m for m in named if m.kind == "product"):
            if product.id not in found.products:
                found.products.append(product.id)
            for part in pages.precheck.products.get(product.id, {}).get("parts", ()):
                slug = part.get("id")
                if slug in pages.ids and part.get("role") != "excipient" and all(n.id != slug for n in found.subjects):
                    found.subjects.append(Named(slug, "ingredient", said))
            if any(n.said == said for n in found.subjects):
                return True
        matches = [m for m in named if m.id in pages.ids]
        if not matches:
            continue
        match = matches[0]
        target = found.objects if match.kind in ("indication", "adverse-effect", "topic") else into
        if match.kind == "substance" and role == "ingredient":
            target = found.facts
        _add(Named(match.id, match.kind, said), target)
        # A word may be both what a patient brings along and what is treated: keloid.
        slug = fold(said).replace(" ", "-")
        if role == "condition" and slug in pages.ids and "indication" in pages.monograph(slug)["kinds"]:
            _add(Named(slug, "indication", said), found.objects)
        return True
    return False


def _add(named: Named, into: list[Named]) -> None:
    if all(n.id != named.id for n in into):
        into.append(named)


def answers(text: str, pages: Pages) -> list[Answered]:
    """What answers a question, the most telling first; empty when only a list of hits can help."""
    paper = _paper(text, pages)
    if paper:
        return [paper]
    reading = read(text, pages)
    return [a for a in _of_reading(reading, pages) if a.records]


def _of_reading(reading: Reading, pages: Pages) -> Iterator[Answered]:
    subjects = [n.id for n in reading.subjects]
    contents = [_contents(product, pages) for product in reading.products]
    asked = bool(reading.wants or reading.facts or reading.objects)
    if not asked:
        yield from contents
    if not subjects and "dose" in reading.wants:
        for target in reading.objects:
            yield _doses(target.id, pages.monograph(target.id), reading, pages)
    if len(subjects) > 1:
        pair = [_compared(subjects, pages), _mixed(subjects, pages)]
        yield from reversed(pair) if "mix" in reading.wants else pair
    if subjects and (reading.facts or len(subjects) > 1):
        yield from _cautions(subjects, [n.id for n in reading.facts], pages)
    for slug in subjects:
        page = pages.monograph(slug)
        if "harms" in reading.wants:
            yield _harms(slug, page, reading)
        if "dose" in reading.wants:
            yield _maxima(slug, pages)
            yield _doses(slug, page, reading, pages)
        if "status" in reading.wants:
            yield Answered("status", [slug], page["regulatory"], _keys(page["regulatory"]))
        for target in reading.objects:
            yield _evidence(slug, page, _with_narrower(target.id, pages))
    if len(subjects) == 1 and not (reading.facts or reading.objects or reading.wants):
        yield _evidence(subjects[0], pages.monograph(subjects[0]), None)
    if asked:  # what was asked of a product comes before what is in it
        yield from contents


def _contents(product: str, pages: Pages) -> Answered:
    held = pages.precheck.products[product]
    return Answered("product", [p["id"] for p in held["parts"] if p.get("id") in pages.ids], [held], held["references"])


def _evidence(slug: str, page: Value, targets: list[str] | None) -> Answered:
    lines = [a for a in page["assessments"] if targets is None or a["object"] in targets]
    by_certainty = ("high", "moderate", "low", "very low")
    lines.sort(key=lambda a: (a["route"] not in _INJECTED, by_certainty.index(a["certainty"])))
    if not lines and targets:
        found = [f for f in page["findings"] if f["object"] in targets and f["relation"] == "treats"]
        return Answered("findings", [slug, targets[0]], found, _keys(found))
    return Answered("evidence", [slug, *(targets or [])[:1]], lines, _keys(lines))


def _with_narrower(slug: str, pages: Pages) -> list[str]:
    """A term and every narrower one, the term itself first: pattern hair loss is hair loss."""
    found, ahead = [slug], [slug]
    while ahead:
        for child in pages.monograph(ahead.pop())["children"]:
            child_id = child["id"] if isinstance(child, dict) else child
            if child_id not in found and child_id in pages.ids:
                found.append(child_id)
                ahead.append(child_id)
    return found


_INJECTED = frozenset({"intradermal", "subcutaneous", "intralesional", "injection"})
"""Routes that come first: this is a base on what is injected."""


def _harms(slug: str, page: Value, reading: Reading) -> Answered:
    wanted = {n.id for n in reading.objects}
    items = [
        {**item, "group": group["title"]}
        for group in page["harms"]
        for item in group["items"]
        if item["direction"] != "refutes" and (not wanted or item["object"] in wanted)
    ]
    return Answered("harms", [slug], items, _keys(items))


def _doses(slug: str, page: Value, reading: Reading, pages: Pages) -> Answered:
    wanted = {slug for n in reading.objects for slug in _with_narrower(n.id, pages)}
    rows = [p for p in page["protocols"] if p["indication"] in wanted] or page["protocols"]
    rows.sort(key=lambda p: (p["says"] == "popular-page", p["route"] not in _INJECTED))
    return Answered("doses", [slug], rows, _keys(rows))


def _maxima(slug: str, pages: Pages) -> Answered:
    rows = [m for m in pages.precheck.maxima if slug == m["of"]]
    return Answered("maxima", [slug], rows, _keys(rows))


def _compared(subjects: list[str], pages: Pages) -> Answered:
    wanted, found = set(subjects), {}
    for slug in subjects:
        page = pages.monograph(slug)
        for f in [*page["findings"], *page["compared_with"]]:
            if f["relation"] == "compared-with" and len(wanted & {f["subject"], f["object"]}) == 2:
                found[f["id"]] = f
    rows = sorted(found.values(), key=lambda f: -(f["n"] or 0))
    return Answered("compared", subjects, rows, _keys(rows))


def _mixed(subjects: list[str], pages: Pages) -> Answered:
    answer = pages.precheck.check(subjects)
    rows = [p.__dict__ for p in answer.mixing]
    return Answered("mixing", subjects, rows, _keys(rows))


def _cautions(subjects: list[str], facts: list[str], pages: Pages) -> Iterator[Answered]:
    kinds = {s: pages.monograph(s)["kind"] for s in subjects}
    answer = pages.precheck.check(
        [s for s in subjects if kinds[s] == "ingredient"], [s for s in subjects if kinds[s] == "technique"], facts
    )
    rows = [a.as_dict() for a in answer.alerts]
    yield Answered("caution", [*subjects, *facts], rows, _keys(rows))


def _paper(text: str, pages: Pages) -> Answered | None:
    """A paper by DOI, PMID, PMCID, or by its first author and year."""
    asked, references = text.strip(), pages.document("references")
    doi, pmid = _DOI.search(asked), _PMID.match(asked)
    year = _YEAR.match(asked)
    hits: list[Value] = []
    if doi:
        wanted = doi.group().rstrip(".,;)").casefold()
        hits = [r for r in references.values() if (r["doi"] or "").casefold() == wanted]
    elif _PMCID.match(asked):
        hits = [r for r in references.values() if (r["pmcid"] or "").casefold() == asked.casefold()]
    elif pmid:
        hits = [r for r in references.values() if r["pmid"] == pmid.group(1)]
    elif year:
        who, when = fold(year["who"].replace(" et al", "")), int(year["year"])
        hits = [r for r in references.values() if r["year"] == when and _first_author(r) in (who, who.split(" ")[-1])]
    return Answered("paper", [r["key"] for r in hits], hits, [r["key"] for r in hits]) if hits else None


def _first_author(reference: Value) -> str:
    authors = reference["authors"]
    first = authors[0] if authors else ""
    family = first.get("family", "") if isinstance(first, dict) else str(first).split(",")[0].split(" ")[0]
    return fold(family)


def _keys(rows: Iterable[Value]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        listed = row.get("references") or ([row["reference"]] if row.get("reference") else [])
        found |= dict.fromkeys(listed)
    return list(found)
