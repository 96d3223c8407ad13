"""Answers to questions typed into the search of the static site: cards drawn ahead of time, put together by `assets/answer.js`.

What one thing answers, alone or with what it is given for or may cause, is drawn here as on a server; what two things say of each
other comes from the files of the comparison and from the check, which the script asks. A card that is not held is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from kb.model.terms import Compatibility
from kb.questions import asked, asked_ahead, asked_reading
from kb.questions.care import cards
from kb.snapshot import Snapshot
from kb.views import answered, reading

DATA, PAPERS = "asked-data.js", "asked-papers.js"
CARE = "care-"
"""What the file of an emergency or aftercare card begins with."""
PRODUCT = "product-"
"""What the file of what is in a product begins with."""
NAMED, TRIED_BY = "named", "tried by"
"""Keys of ids instead of cards: what the findings on the page of a thing may name, and what was tried for an indication."""
COMPARED = "compared"
"""Key of comparisons instead of cards, as [id, subject, object, people, markup]."""
ROWS = "rows"
"""Key of rows that cards of one thing share, by their place."""
_KINDS = (*sorted(asked_ahead.SUBJECTS), *asked_reading.TARGETS)
Card = str | list[Any]
"""[kind, about, markup]; of cautions [about, their ids], which the check has; where the rows' order depends on what is asked [kind,
about, what stands before them, what after, how many are shown, rows as [rank, route or jurisdiction, place under `ROWS`]]. Care cards
and products are drawn whole."""
Parts = dict[str, list[Card] | str]
"""Cards by key, or the key that has the same."""
Drawing = Callable[[], AbstractContextManager[None]]


def parts(snapshot: Snapshot, drawing: Drawing, only: Collection[str] | None = None) -> Iterator[tuple[str, Parts]]:
    """What each thing answers, by its id: key of `kb.questions.asked_ahead` to cards; care cards under `CARE`, products under
    `PRODUCT`. With `only` nothing but these things, products and all care cards."""
    targets = asked_ahead.targets(snapshot)
    slugs = [slug for slug in reading.catalogue(snapshot) if only is None or slug in only]
    named = dict(asked_ahead.named_in(snapshot, slugs))
    for slug in slugs:
        made: dict[str, list[Card]] = {}
        rows: dict[str, int] = {}
        with drawing():
            draw = answered.Drawer(snapshot)
            for key, answer in asked_ahead.standing(slug, snapshot, targets):
                made.setdefault(key, []).append(_card(answer, snapshot, draw, rows))
        held = _once(made)
        if rows:
            held[ROWS] = list(rows)
        if asked_ahead.TRIED in held:
            held[TRIED_BY] = list(dict.fromkeys(a["subject"] for a in snapshot.monograph(slug)["assessments"]))
        if against := _compared(slug, snapshot, drawing):
            held[COMPARED] = against
        if named[slug]:
            held[NAMED] = list(named[slug])
        if held:
            yield slug, held
    for id_, card in cards(snapshot).items():
        with drawing():
            yield CARE + id_, {"": [answered.Drawer(snapshot).card(answered.care_card(card))]}
    for id_ in snapshot.precheck.products:
        if only is None or id_ in only:
            with drawing():
                yield (
                    PRODUCT + id_,
                    {"": [answered.Drawer(snapshot).card(answered.card(asked.contents(id_, snapshot), snapshot))]},
                )


def _once(made: Mapping[str, list[Card]]) -> Parts:
    """What is the same under several keys stands under the first."""
    first: dict[str, str] = {}
    return {
        key: cards_of if (known := first.setdefault(_json(cards_of), key)) == key else known
        for key, cards_of in made.items()
    }


def _compared(slug: str, snapshot: Snapshot, drawing: Drawing) -> list[Card]:
    page = snapshot.monograph(slug)
    found = [f for f in (*page["findings"], *page["compared_with"]) if f["relation"] == "compared-with"]
    with drawing():
        rows = (
            answered.Drawer(snapshot).rows(answered.card(asked.Answered("compared", [slug], found, []), snapshot)).rows
        )
    return [[f["id"], f["subject"], f["object"], f["n"] or 0, row] for f, row in zip(found, rows, strict=True)]


def _card(answer: asked.Answered, snapshot: Snapshot, draw: answered.Drawer, known: dict[str, int]) -> Card:
    made = answered.card(answer, snapshot)
    if answer.kind == "caution" and all("id" in row for row in answer.records):
        return [answer.about, [row["id"] for row in answer.records]]
    if answer.kind not in _SORTED:
        return [answer.kind, answer.about, draw.body(made)]
    tag = "jurisdiction" if answer.kind == "status" else "route"
    drawn = draw.rows(made)
    shown = min(made["most"] or len(drawn.rows), len(drawn.rows))
    told = [
        (int(r.get("says") == "popular-page"), r[tag], row) for r, row in zip(made["records"], drawn.rows, strict=True)
    ]
    places = [[rank, of, known.setdefault(row, len(known))] for rank, of, row in _needed(told, shown)]
    return [answer.kind, answer.about, drawn.before, drawn.after, shown, places]


_SORTED = ("evidence", "findings", "treatments", "harms", "doses", "status")
"""Cards whose rows stand in another order when a route or a place is asked for, and which share rows."""


def _needed(rows: list[tuple[int, str, str]], shown: int) -> list[tuple[int, str, str]]:
    """The rows that are shown whichever one route or place is asked for, in their order."""
    orders: list[frozenset[str]] = [frozenset(), asked_reading.INJECTED, *(frozenset({tag}) for _, tag, _ in rows)]
    needed: set[int] = set()
    for wanted in orders:
        needed |= set(sorted(range(len(rows)), key=lambda n: (rows[n][0], rows[n][1] not in wanted))[:shown])
    return [row for n, row in enumerate(rows) if n in needed]


def data(slugs: Sequence[str], snapshot: Snapshot) -> str:
    """The script that comes first: how a question is read, what is an answer to what, and which things have a file of answers."""
    return f"window.kbAsked={_json(words(snapshot) | {'held': sorted(slugs)})};\n"


def papers(snapshot: Snapshot) -> str:
    """The script of papers by number, or first author and year; loaded when something like it is asked for."""
    return f"window.kbPapers={_json(papers_asked(snapshot))};\n"


def papers_asked(snapshot: Snapshot) -> list[list[Any]]:
    """[key, citation, folded first author, year, DOI, PMID, PMCID] of each paper."""
    return [
        [r["key"], r["citation"], asked.first_author(r), r["year"], *(r[k] for k in ("doi", "pmid", "pmcid"))]
        for r in snapshot.document("references").values()
    ]


def words(snapshot: Snapshot) -> dict[str, Any]:
    """What `answer.js` reads a question with, besides the names that the check has."""
    return asked_reading.grammar() | {
        "longest": asked_reading.LONGEST_NAME,
        "most_words": asked_reading.MOST_WORDS,
        "shortest": asked.SHORTEST_WORD,
        "shortest_aside": asked.SHORTEST_ASIDE,
        "left_aside": asked.LEFT_ASIDE,
        "targets_of": list(asked_reading.TARGETS),
        "standing": [wish for wish in asked_ahead.STANDING if wish],
        "targets": [target.key for target in asked_ahead.targets(snapshot)],
        "kinds": _kinds(snapshot),
        "first_aid": asked_ahead.first_aid(snapshot),
        "paper": asked.PAPER,
        "nothing": asked.NOTHING,
        "told_alone": list(asked.TOLD_ALONE),
        "titles": answered.TITLES,
        "anchors": answered.ANCHORS,
        "no_data": Compatibility.NO_DATA.value,
        "rows": answered.ROWS,
        "most": answered.MOST,
        "open": answered.CAUTIONS_OPEN,
    }


def _kinds(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Everything that has a page, by those of its kinds that a question is read with; medicines as well."""
    found: dict[str, list[str]] = {}
    for slug in sorted(snapshot.ids):
        kinds = asked_reading.kinds_of(slug, snapshot)
        found.setdefault(" ".join(k for k in (*_KINDS, "substance") if k in kinds), []).append(slug)
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
