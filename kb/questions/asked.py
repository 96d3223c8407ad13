"""The answer to a search that is a question, with its papers; `asked_reading` says what the question names and wants.

`minoxidil pregnancy` is answered by the caution itself, `Rogaine side effects` by harms by route, two ingredients by the trials
that compared them. Values only; nothing is drawn here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.model.terms import ACTORS, Certainty, Compatibility, RegulatoryState, Severity
from kb.questions import care
from kb.questions.asked_reading import INJECTED, Named, Pages, Reading, kinds_of, read
from kb.questions.plan import way_in
from kb.questions.search import fold

Value = Mapping[str, Any]

SHORTEST_WORD = 4
SHORTEST_ASIDE = 3
"""Letters of the shortest word whose being left aside is told."""

NOTHING = {
    "caution": "No caution, contraindication or interaction that names both is recorded here. That does not mean that it is safe.",
    "harms": "No report that names both is recorded here. That does not mean that it does not happen.",
    "own harms": "No report of harm is recorded here. That does not mean that there is none.",
    "evidence": "No study that names both is recorded here. That says nothing for or against it.",
    "compare": "No study or note on mixing that names both is recorded here. That says nothing for or against using them together.",
    "mix": "No test or statement on mixing them is recorded here. That does not mean that they can be mixed.",
    "alone": "No study, caution or status is recorded here. Its page says what it is and what was looked for.",
    "dose": "No dose, protocol or maximum is recorded here for this.",
    "mechanism": "No study or explanation of how it works is recorded here.",
    "place": "No approval, ban or warning from this place is recorded here. It may still be regulated there; what holds elsewhere follows.",
    "status": "No approval, ban or warning is recorded here. The status may still be regulated.",
}
"""What is said when two known things have no record together, by what was asked of them."""

LEFT_ASIDE = "Not taken into account:"
"""Before the words of a question that its answers leave aside."""

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"^(?:pmid:?\s*)?(\d{6,8})$", re.IGNORECASE)
_PMCID = re.compile(r"^PMC\d{4,9}$", re.IGNORECASE)
_YEAR = re.compile(r"^([^\d]{2,60}?)\s+(?:et\s+al\.?,?\s*)?\(?((?:19|20)\d{2})\)?$", re.IGNORECASE)
PAPER = {"doi": _DOI.pattern, "pmid": _PMID.pattern, "pmcid": _PMCID.pattern, "year": _YEAR.pattern}
"""What the number of a paper, or its author and year, looks like; all but the first without regard to case."""


@dataclass(frozen=True)
class Answered:
    """One card: `kind` is care, meaning, mechanism, caution, harms, doses, maxima, evidence, treatments, findings, said, compared,
    mixing, status, product, paper or nothing.

    `care` is a card of what to do in an emergency or after a session, `about` its id, its records the card's lines with their stage.
    `nothing` says that two things which were both understood have no record together; its one record names them and what was asked.
    """

    kind: str
    about: list[str]
    """Ids of the things it is about."""
    records: Sequence[Value]
    references: list[str]


def answers(text: str, pages: Pages) -> list[Answered]:
    """What answers a question, the most telling first; empty when only a list of hits can help.

    Two things that are both known and have no record together are answered with that, and with what is known of the one alone.
    """
    return told(text, pages).answers


class Told(NamedTuple):
    """The answers to a question, and its words that they do not take into account."""

    answers: list[Answered]
    left_aside: list[str]


def told(text: str, pages: Pages) -> Told:
    """As `answers`, with the words that were left aside; the question is read once."""
    paper = _paper(text, pages)
    if paper:
        return Told([paper], [])
    reading = read(text, pages)
    first = [Answered("care", [c["id"]], c["lines"], _keys(c["lines"])) for c in care.asked_for(text, reading, pages)]
    if reading.wants == ["care"] and not first:  # nothing is on a card: what is known of it is better than silence
        reading = dataclasses.replace(reading, wants=[])
    found = [a for a in of_reading(reading, pages) if a.records]
    found = found or [a for a in without(reading, pages) if a.records]
    all_ = [*first, *(a for a in found if not (first and a.kind == "nothing"))]
    return Told(all_, _left_aside(reading, all_))


def _left_aside(reading: Reading, found: Sequence[Answered]) -> list[str]:
    """The words of a question that its answers do not take into account, since they name nothing here: *under eye* beside a drug.

    An emergency card is found by the whole question, and of one thing alone by what its findings say.
    """
    if not found or found[0].kind == "care":
        return []
    if any(a.kind == "said" and a.about == [n.id for n in reading.subjects] for a in found) and _searched(reading):
        return []
    return [word for word in reading.rest if len(re.findall(r"[^\W\d_]", word)) >= SHORTEST_ASIDE]


def _searched(reading: Reading) -> list[str]:
    """The words that name no term, where they are looked for in what was found of one thing."""
    asked = reading.wants or reading.facts or reading.objects or reading.places
    return [] if asked or len(reading.subjects) != 1 else [fold(w) for w in reading.rest if len(w) >= SHORTEST_WORD]


def of_reading(reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What the things that were named say of what was asked, the most telling first; those without records among them."""
    subjects = [n.id for n in reading.subjects]
    products = [contents(product, pages) for product in reading.products]
    asked = bool(reading.wants or reading.facts or reading.objects or reading.places)
    if reading.meaning and not (reading.wants or reading.places or reading.rest):
        yield meaning(reading, pages)
    pairs_first = not reading.wants or bool({"mix", "compare"} & set(reading.wants))
    if not asked:
        yield from products
    if not subjects:
        for target in reading.objects:
            page = pages.monograph(target.id)
            if "dose" in reading.wants:
                yield _doses(target.id, page, reading, pages)
            elif not reading.wants:
                yield from treated(target, page, reading, pages)
        for fact in reading.facts:
            if not reading.wants and not _others(reading, fact):
                rows = _raised_by(fact.id, pages)
                yield Answered("caution", [fact.id], rows, _keys(rows))
    if pairs_first:
        yield from _pairs(subjects, reading, pages)
    if subjects and (reading.facts or len(subjects) > 1):
        yield from _spoken_against(subjects, reading, pages)
    for slug in subjects:
        yield from of_subject(slug, reading, pages)
    if not pairs_first:
        yield from _pairs(subjects, reading, pages)
    if len(subjects) == 1 and not asked:
        left = _searched(reading)
        if left:  # a word that names no term may still stand in what was found
            said = _naming(pages.monograph(subjects[0]), lambda text: all(f" {word} " in text for word in left))
            yield Answered("said", subjects, said, _keys(said))
        yield from _alone(subjects[0], reading, pages)
    if asked:  # what was asked of a product comes before what is in it
        yield from products


def _spoken_against(subjects: list[str], reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What speaks against things together or in somebody; asked whether that is safe, that nothing is recorded is said, too."""
    facts = [n.id for n in reading.facts]
    cautions = list(_cautions(subjects, facts, pages))
    if facts and not any(a.records for a in cautions):  # `tca peel dark skin`: the peel is what speaks against it
        given = [
            w.id
            for n in reading.subjects
            if n.kind == "ingredient"
            for w in way_in(n.said.split(), pages.precheck.resolver)
        ]
        ways = [w for w in dict.fromkeys(given) if w in pages.ids and w not in subjects]
        cautions = list(_cautions([*subjects, *ways], facts, pages)) if ways else cautions
    yield from cautions
    if facts and "harms" in reading.wants and not any(a.records for a in cautions):
        about = [*facts, *subjects]
        yield Answered("nothing", about, [{"about": about, "asked": "caution", "text": NOTHING["caution"]}], [])
    if not facts:
        yield from _brought(reading, pages)


def _brought(reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What speaks against a technique in somebody who has the other thing on or in the skin: `retinol microneedling`."""
    check = pages.precheck
    techniques = [n.id for n in reading.subjects if n.kind == "technique"]
    worn = [
        match.id
        for n in reading.subjects
        if n.kind != "technique"
        for match in check.resolver.find(n.said, "condition", slips=False)
        if match.id != n.id
    ]
    if techniques and worn:
        alerts = [a.as_dict() for a in check.check([], techniques, worn).alerts]
        lineage = {fact for id_ in worn for fact in check.climb(id_)}
        rows = [a for a in alerts if {a["trigger"], *a["also"]} & lineage]
        yield Answered("caution", [*techniques, *worn], rows, _keys(rows))


def _pairs(subjects: list[str], reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What several things have with each other: trials that compared them, one syringe, one carried in by the other."""
    if len(subjects) < 2:
        return
    pair = [_compared(subjects, pages), _mixed(subjects, pages, "mix" in reading.wants)]
    yield from reversed(pair) if "mix" in reading.wants else pair
    if not (reading.wants or reading.facts or reading.objects):
        for slug in subjects:
            yield from (carried(slug, other, pages) for other in subjects if other != slug)


def of_subject(slug: str, reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What was asked of one thing: harms, doses, status, and whether it works for what was named."""
    page = pages.monograph(slug)
    kinds = {kind for n in reading.objects for kind in kinds_of(n.id, pages)}
    harms = _harms(slug, page, reading, pages)
    if "harms" in reading.wants or ("adverse-effect" in kinds and "indication" not in kinds):
        yield harms
    if "contraindications" in reading.wants or "interactions" in reading.wants:
        yield _listed_cautions(slug, page, reading, pages)
    if "mechanism" in reading.wants:
        if page["mechanism"]:
            yield Answered("mechanism", [slug], [page["mechanism"]], _keys([page["mechanism"]]))
        found = [f for f in page["findings"] if f["relation"] == "mechanism"]
        yield Answered("said", [slug], found, _keys(found))
    if "dose" in reading.wants:
        yield _maxima(slug, pages)
        yield _doses(slug, page, reading, pages)
    if "status" in reading.wants or (reading.places and not reading.wants):
        yield from _status(slug, page, reading, pages)
    for target in reading.objects:
        if target.kind != "topic":
            yield _evidence(slug, page, with_narrower(target.id, pages), reading)
        else:
            found = [f for f in page["findings"] if f["object"] in with_narrower(target.id, pages)]
            yield Answered("said", [slug, target.id], found, _keys(found))
    if {"adverse-effect", "indication"} <= kinds and "harms" not in reading.wants:
        yield harms


def _status(slug: str, page: Value, reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What regulators say of one thing, a place at a time, those asked for first; a place without a word on it is named."""
    around = pages.precheck.around(reading.places)
    places = list(dict.fromkeys(r["jurisdiction"] for r in page["regulatory"]))
    rows = sorted(page["regulatory"], key=lambda r: (r["jurisdiction"] not in around, places.index(r["jurisdiction"])))
    if rows and reading.places and rows[0]["jurisdiction"] not in around:
        about = [slug, *reading.places]
        yield Answered("nothing", about, [{"about": about, "asked": "place", "text": NOTHING["place"]}], [])
    yield Answered("status", [slug], rows, _keys(rows))


def _others(reading: Reading, target: Named) -> list[Named]:
    """What was named besides a target, by other words."""
    return [n for n in (*reading.subjects, *reading.facts, *reading.objects) if n.said != target.said]


def _treatments(slug: str, page: Value, reading: Reading) -> Answered:
    """What was tried for an indication, the surest first."""
    rows = sorted(
        page["assessments"],
        key=lambda a: (
            bool(reading.routes) and a["route"] not in reading.routes,
            Certainty(a["certainty"]).rank,
            a["direction"] not in ("supports", "refutes"),
        ),
    )
    return Answered("treatments", [slug], rows, _keys(rows))


def _listed_cautions(slug: str, page: Value, reading: Reading, pages: Pages) -> Answered:
    """Every caution of a thing, its own and those of its kind, gravest first; of interactions those about medicines."""
    rows = [*page["cautions"], *page["inherited_cautions"]]
    if "interactions" in reading.wants and "contraindications" not in reading.wants:
        rows = [c for c in rows if "substance" in pages.precheck.terms.get(c["trigger"], {}).get("kinds", ())]
    rows = _gravest_first(rows)
    return Answered("caution", [slug], rows, _keys(rows))


def _raised_by(fact: str, pages: Pages) -> list[Value]:
    """The cautions that a fact about a patient raises, those of its classes among them: apixaban is an anticoagulant. Gravest first."""
    known = [id_ for id_ in pages.precheck.climb(fact) if id_ in pages.ids]
    rows = {row["id"]: row for id_ in known for row in pages.monograph(id_)["triggers"]}
    return _gravest_first(rows.values())


def _gravest_first(cautions: Iterable[Value]) -> list[Value]:
    order = [s.value for s in Severity]
    return sorted(cautions, key=lambda c: order.index(c["severity"]))


def _alone(slug: str, reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What one thing is best known by: its bottom lines, else what was found, each with where it is banned; else what it is and what
    regulators say, what speaks against it and its harms."""
    page = pages.monograph(slug)
    graded = _evidence(slug, page, None, reading)
    found = [f for f in [*page["findings"], *page["compared_with"]] if f["relation"] in ("treats", "compared-with")]
    if graded.records or found:
        yield graded if graded.records else Answered("said", [slug], found, _keys(found))
        barred = [r for r in page["regulatory"] if r["status"] in BARRED_ANYWHERE]
        yield Answered("status", [slug], barred, _keys(barred))
        return
    rest = [
        Answered("status", [slug], page["regulatory"], _keys(page["regulatory"])),
        _listed_cautions(slug, page, reading, pages),
        _harms(slug, page, reading, pages),
    ]
    if any(a.records for a in rest):
        yield _what_it_is(slug, pages)
    yield from rest


BARRED_ANYWHERE = (RegulatoryState.PROHIBITED.value, RegulatoryState.WITHDRAWN.value)
"""What a regulator says of a thing that nobody may miss who looks it up by its name alone."""
TOLD_ALONE = ("harms", "dose", "mechanism", "status")
"""Wishes of one thing alone after which it is said that nothing is recorded."""


def without(reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What papers say of two known things that no record joins; else that nothing is recorded, and what is known of the one alone."""
    subjects = [n.id for n in reading.subjects]
    known = list({n.said: n for n in [*reading.facts, *reading.objects, *reading.subjects]}.values())[::-1]
    about = [n.id for n in known]
    for first in known[:2] if len(known) > 1 else ():
        said = _said(first.id, [n for n in known if n is not first], pages)
        if said:
            yield Answered("said", about[:2], said, _keys(said))
            return
    if not subjects or "care" in reading.wants:
        return
    wish = _wish(reading)
    if len(about) > 1 or wish in TOLD_ALONE:
        wish = "own harms" if (len(about), wish) == (1, "harms") else wish
        yield Answered("nothing", about, [{"about": about, "asked": wish, "text": NOTHING[wish]}], [])
    alone = [a for slug in subjects[:2] for a in _alone(slug, reading, pages) if a.records]
    yield from alone
    if len(about) == 1 and not (alone or reading.wants):
        yield meaning(reading, pages)
        yield Answered("nothing", about, [{"about": about, "asked": "alone", "text": NOTHING["alone"]}], [])


def meaning(reading: Reading, pages: Pages) -> Answered:
    """What a thing is, when one alone was named: its own summary, and what is known of it where no study is on record."""
    named = [*reading.subjects, *reading.objects, *reading.facts]
    if len({n.said for n in named}) != 1:
        return Answered("meaning", [], [], [])
    return _what_it_is(named[0].id, pages)


def _what_it_is(slug: str, pages: Pages) -> Answered:
    page = pages.monograph(slug)
    row = {"id": page["id"], "name": page["name"], "text": page["summary"], "note": page["evidence_note"]}
    rows = [row | {"synonyms": list(page["synonyms"])}] if page["summary"] else []
    return Answered("meaning", [page["id"]], rows, [])


def _wish(reading: Reading) -> str:
    """What was asked: harms, dose, mechanism, status, mix, evidence, caution or compare; a thing and a way to give it want evidence."""
    if "harms" in reading.wants or (reading.objects and all(n.kind == "adverse-effect" for n in reading.objects)):
        return "harms"
    if {"contraindications", "interactions"} & set(reading.wants):
        return "caution"
    if reading.wants:
        return reading.wants[0]
    carried_in = {n.kind for n in reading.subjects} == set(ACTORS)
    return "evidence" if reading.objects else "caution" if reading.facts else "evidence" if carried_in else "compare"


def _said(slug: str, others: Sequence[Named], pages: Pages) -> list[Value]:
    """Findings on the page of a thing whose text names another thing, by any of its names."""
    names = {fold(name) for n in others for name in (n.said, *names_of(n.id, pages))}
    return _naming(pages.monograph(slug), lambda text: any(f" {name} " in text for name in names if name))


def names_of(slug: str, pages: Pages) -> list[str]:
    """What a thing is called on its page, as far as it tells anything within a sentence."""
    page = pages.monograph(slug)
    return [name for name in (page["name"], *page["synonyms"]) if fold(name) not in _OF_ANY_AGE]


_OF_ANY_AGE = frozenset({"aged", "old"})
"""Names of older people that stand beside any age: `women aged 20`, `old scars`."""


def _naming(page: Value, wanted: Callable[[str], bool]) -> list[Value]:
    """The page's findings whose text is as wanted; the text is folded and stands between spaces."""
    rows = {f["id"]: f for f in [*page["findings"], *page["compared_with"]]}
    return [f for f, text in zip(rows.values(), texts_of(page), strict=True) if wanted(f" {text} ")]


def texts_of(page: Value) -> list[str]:
    """The folded text of each of the page's findings."""
    rows = {f["id"]: f for f in [*page["findings"], *page["compared_with"]]}
    text = ("subject_name", "object_name", "summary", "population")
    return [fold(" ".join(str(f[k] or "") for k in text)) for f in rows.values()]


def contents(product: str, pages: Pages) -> Answered:
    held = pages.precheck.products[product]
    return Answered("product", [p["id"] for p in held["parts"] if p.get("id") in pages.ids], [held], held["references"])


def _evidence(slug: str, page: Value, targets: list[str] | None, reading: Reading) -> Answered:
    lines = [a for a in page["assessments"] if targets is None or a["object"] in targets]
    lines.sort(key=lambda a: (*_by_route(a, reading), Certainty(a["certainty"]).rank))
    if not lines and targets:
        found = [f for f in page["findings"] if f["object"] in targets and f["relation"] == "treats"]
        found.sort(key=lambda f: _by_route(f, reading))
        return Answered("findings", [slug, targets[0]], found, _keys(found))
    return Answered("evidence", [slug, *(targets or [])[:1]], lines, _keys(lines))


def carried(slug: str, technique: str, pages: Pages) -> Answered:
    """What was found of a thing when it went in by a technique."""
    page = pages.monograph(slug)
    lines = [a for a in page["assessments"] if a["technique"] == technique]
    if lines:
        return Answered("evidence", [slug, technique], lines, _keys(lines))
    found = [f for f in page["findings"] if f["technique"] == technique and f["relation"] == "treats"]
    return Answered("findings", [slug, technique], found, _keys(found))


def _by_route(row: Value, reading: Reading) -> tuple[bool, bool]:
    """The route that was asked for first, then what is injected."""
    return (bool(reading.routes) and row["route"] not in reading.routes, row["route"] not in INJECTED)


def with_narrower(slug: str, pages: Pages) -> list[str]:
    """A term and every narrower one, the term itself first: pattern hair loss is hair loss."""
    found, ahead = [slug], [slug]
    while ahead:
        for child in pages.monograph(ahead.pop())["children"]:
            child_id = child["id"] if isinstance(child, dict) else child
            if child_id not in found and child_id in pages.ids:
                found.append(child_id)
                ahead.append(child_id)
    return found


def _harms(slug: str, page: Value, reading: Reading, pages: Pages) -> Answered:
    targets = [n.id for n in reading.objects]
    hurt = [id_ for id_ in targets if "adverse-effect" in kinds_of(id_, pages)]
    wanted = {narrower for id_ in hurt for narrower in with_narrower(id_, pages)}
    items = [
        {**item, "group": group["title"]}
        for group in page["harms"]
        for item in group["items"]
        if (wanted or item["direction"] != "refutes") and (not wanted or item["object"] in wanted)
    ]
    if reading.routes:
        items.sort(key=lambda item: item["route"] not in reading.routes)
    return Answered("harms", [slug, *hurt[:1]], items, _keys(items))


def _doses(slug: str, page: Value, reading: Reading, pages: Pages) -> Answered:
    wanted = {slug for n in reading.objects for slug in with_narrower(n.id, pages)}
    known = doses_known(page)
    rows = [p for p in known if p["indication"] in wanted] or list(known)
    rows.sort(key=lambda p: (p["says"] == "popular-page", *_by_route(p, reading)))
    return Answered("doses", [slug], rows, _keys(rows))


def doses_known(page: Value) -> Sequence[Value]:
    """The protocols of a thing; where there is none, what was given in its studies."""
    protocols: Sequence[Value] = page["protocols"]
    return protocols or _doses_of_findings(page)


def _doses_of_findings(page: Value) -> list[Value]:
    """What was given in the studies of a thing that has no protocol of its own, in the shape of protocols."""
    without: dict[str, Any] = dict.fromkeys(("technique_name", "depth", "duration", "maintenance", "onset"))
    return [
        without
        | {
            "indication": f["object"],
            "indication_name": f["object_name"],
            "route": f["route"],
            "says": "study",
            "dose": f["dose"],
            "sessions": f["sessions"],
            "interval": f"{f['interval_weeks']:g} weeks" if f["interval_weeks"] else None,
            "reference": f["reference"],
        }
        for relation in ("protocol", "treats")
        for f in page["findings"]
        if f["relation"] == relation and f["dose"]
    ]


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


def _mixed(subjects: list[str], pages: Pages, asked_for: bool) -> Answered:
    """What is on record about one syringe; that nothing is, only where it was asked for."""
    answer = pages.precheck.check(subjects)
    rows = [p.__dict__ for p in answer.mixing if asked_for or p.references or p.compatibility != Compatibility.NO_DATA]
    return Answered("mixing", subjects, rows, _keys(rows))


def _cautions(subjects: list[str], facts: list[str], pages: Pages) -> Iterator[Answered]:
    kinds = {s: pages.monograph(s)["kind"] for s in subjects}
    answer = pages.precheck.check(
        [s for s in subjects if kinds[s] == "ingredient"], [s for s in subjects if kinds[s] == "technique"], facts
    )
    rows = [a.as_dict() for a in answer.alerts]
    yield Answered("caution", [*subjects, *facts], rows, _keys(rows))


def treated(target: Named, page: Value, reading: Reading, pages: Pages) -> Iterator[Answered]:
    """What was tried for an indication; before it, in somebody with further facts, what speaks against each of it.

    A medicine named beside it may have been tried itself (`verapamil keloid`): what papers say of it comes first.
    """
    others = {n.id: n for n in _others(reading, target)}
    facts = [n.id for n in reading.facts if n.id in others]
    if set(others) != set(facts):
        return
    if medicines := [others[f] for f in facts if "substance" in kinds_of(f, pages)]:
        said = _said(target.id, medicines, pages)
        yield Answered("said", [target.id, *(n.id for n in medicines)], said, _keys(said))
    if facts:
        yield _cautions_of_treatments(target, page, facts, pages)
    rated = _treatments(target.id, page, reading)
    yield rated
    if not rated.records:  # a harm that nobody treats is told by what brings it about
        caused = [f for f in page["findings"] if f["relation"] == "causes"]
        yield Answered("said", [target.id], caused, _keys(caused))


def _cautions_of_treatments(target: Named, page: Value, facts: list[str], pages: Pages) -> Answered:
    """What speaks against each treatment of an indication in somebody with these facts (`melasma pregnancy`), gravest first."""
    rows: list[Value] = []
    for slug in dict.fromkeys(a["subject"] for a in page["assessments"]):
        for answered in _cautions([slug], facts, pages):
            rows += [a for a in answered.records if {a["trigger"], *a["also"]} & set(facts)]
    rows = _gravest_first(rows)
    return Answered("caution", [target.id, *facts], rows, _keys(rows))


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
        who, when = fold(year[1].replace(" et al", "")), int(year[2])
        hits = [r for r in references.values() if r["year"] == when and _is_called(first_author(r), who)]
    return Answered("paper", [r["key"] for r in hits], hits, [r["key"] for r in hits]) if hits else None


def first_author(reference: Value) -> str:
    """The folded family name of the first author, of however many words, or ""."""
    people = reference["people"]
    return fold(people[0].partition(",")[0]) if people else ""


def _is_called(family: str, who: str) -> bool:
    """Is `who` the family name, its first or last words, or a name that ends in it?"""
    return bool(family) and (
        who == family or family.startswith(f"{who} ") or family.endswith(f" {who}") or who.endswith(f" {family}")
    )


def _keys(rows: Iterable[Value]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        listed = row.get("references") or ([row["reference"]] if row.get("reference") else [])
        found |= dict.fromkeys(listed)
    return list(found)
