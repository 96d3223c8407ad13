"""Answers to a question typed into the search, ready to be drawn: a heading and the ways on from each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.model.terms import ACTORS, GRAVE
from kb.questions import asked as questions
from kb.questions.asked import LEFT_ASIDE, Answered
from kb.questions.care import cards as cards_of_care
from kb.views import care, reading, words
from kb.views.links import href
from kb.views.templating import environment

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

TITLES = {
    "meaning": "What it is",
    "mechanism": "How it works",
    "caution": "Before you treat",
    "evidence": "Does it work?",
    "findings": "Does it work?",
    "treatments": "What has been tried",
    "said": "What was found",
    "nothing": "Nothing is recorded on",
    "harms": "Side effects",
    "doses": "Doses and sessions that were studied or recommended",
    "maxima": "Maximum doses",
    "compared": "Trials that compared them",
    "mixing": "In one syringe",
    "status": "Regulatory status",
    "product": "What is in it",
    "paper": "Paper",
}
ANCHORS = {
    "harms": "harms",
    "maxima": "dosing",
    "mixing": "mixing",
    "doses": "dosing",
    "evidence": "bottom-line",
    "findings": "findings",
    "said": "findings",
    "caution": "cautions",
    "status": "regulatory",
}
ROWS = {"evidence": 4, "treatments": 6, "findings": 5, "said": 5, "compared": 6, "doses": 8, "harms": 12}
"""Rows of a card that are shown, by its kind; the page of the thing has them all. Of one harm 6 reports are."""
OF_ONE_HARM = 6
MOST = 4
CAUTIONS_OPEN = 6
"""Cautions of a card that stand open at least; all the grave ones do, and the rest is folded."""


def cards(asked: str, snapshot: Snapshot) -> list[Value]:
    """The cards for a question; none when only a list of pages can help."""
    return told(asked, snapshot)[1]


def told(asked: str, snapshot: Snapshot) -> tuple[str, list[Value]]:
    """What the cards for a question do not take into account, as a sentence or "", and the cards."""
    found, left = questions.told(asked, snapshot)
    return aside(left), [card(a, snapshot) for a in found[:MOST]]


def aside(words_left: Sequence[str]) -> str:
    """What is said above the cards of words that they do not take into account, or ""."""
    return f"{LEFT_ASIDE} {', '.join(f'“{word}”' for word in words_left)}" if words_left else ""


def card(answer: Answered, snapshot: Snapshot) -> Value:
    """One answer as the template draws it."""
    if answer.kind == "care":
        return care_card(cards_of_care(snapshot)[answer.about[0]])
    return {
        "kind": answer.kind,
        "about": answer.about,
        "title": _title(answer, snapshot),
        "records": answer.records,
        "open": max(CAUTIONS_OPEN, sum(r.get("severity") in GRAVE for r in answer.records)),
        "most": OF_ONE_HARM if answer.kind == "harms" and len(answer.about) > 1 else ROWS.get(answer.kind, 0),
        "links": _links(answer, snapshot),
    }


class Drawn(NamedTuple):
    """A card without its heading and the links at its foot: what stands before its rows, each row, what stands after them."""

    before: str
    rows: list[str]
    after: str


class Drawer:
    """Draws cards one by one, for pages that are put together later."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def card(self, made: Value) -> str:
        """The whole card."""
        return str(self._module().card(made)).strip()

    def body(self, made: Value) -> str:
        """The card without its heading and the links at its foot, which are the same for all cards of a kind."""
        return str(self._module().body(made)).strip()

    def rows(self, made: Value) -> Drawn:
        """All rows of a card that is a list, however many of them it shows."""
        module = self._module()
        drawn = [str(module.row(made, record)).strip() for record in made["records"]]
        return Drawn(str(module.opening(made)).strip(), drawn, str(module.closing(made)).strip())

    def _module(self) -> Any:
        return environment().get_template("answers.html.j2").make_module({"citer": reading.citer(self._snapshot)})


def care_card(held: Value) -> Value:
    """A card for an emergency or for the days after a session, as an answer."""
    return {
        "kind": "care",
        "title": held["name"],
        "records": care.stages(held["lines"]),
        "links": [{"label": "The whole card, to print", "href": href("care", card=held["id"])}],
    }


def _title(answer: Answered, snapshot: Snapshot) -> str:
    if answer.kind == "paper":
        return TITLES["paper"]
    if answer.kind == "product":
        return f"{TITLES['product']}: {answer.records[0]['name']}"
    called = [reading.name_of(snapshot, slug) for slug in answer.about]
    if answer.kind == "nothing" and answer.records[0]["asked"] == "place":
        return f"{TITLES['status']}: {', '.join(called)}"
    names = words.listed(called)
    if answer.kind == "nothing":
        return f"{TITLES['nothing']} {names}" + (" together" if len(answer.about) > 1 else "")
    title = TITLES[answer.kind]
    return f"{title} {names}" if title.endswith("?") else f"{title}: {names}"


def _links(answer: Answered, snapshot: Snapshot) -> list[Value]:
    if answer.kind == "paper":
        return []
    rows = reading.catalogue(snapshot)
    pages = [slug for slug in answer.about if slug in rows]
    found = [
        {
            "label": rows[slug]["name"],
            "href": reading.link_of(snapshot, slug, ANCHORS.get(answer.kind, "")),
        }
        for slug in pages
        if reading.link_of(snapshot, slug)
    ]
    things = [slug for slug in pages if set(ACTORS) & set(rows[slug]["kinds"])]
    if len(things) > 1:
        found.append({"label": "Compare side by side", "href": href("compare", item=things[:4])})
    if answer.kind in ("caution", "mixing", "compared"):
        found.append({"label": "Check a whole plan", "href": href("precheck")})
    return found
