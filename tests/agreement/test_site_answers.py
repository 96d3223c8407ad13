"""The cards that the search of the static site (JavaScript) answers a question with are the server's, or there are none."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kb.exports import site_answers, site_check
from kb.exports.site_data import main_pages, search_index
from kb.questions.asked_reading import read
from kb.snapshot import Snapshot
from kb.views import answered
from kb.views.drawing import Medium, drawn
from tests import whole
from tests.programs import needs

from .test_site_search import QUESTIONS, SCRIPTS, asked

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "kb" / "exports" / "assets"
RUN = """
globalThis.document = {};
const MARKS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
globalThis.kb = { load: async () => {}, text: (value) => String(value).replace(/[&<>"]/g, (c) => MARKS[c]) };
for (const script of process.argv.slice(1)) require(script);
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
Object.assign(globalThis, given.data);
(async () => {
  const told = [];
  for (const question of given.asked) told.push(await globalThis.kb.answer(question, given.index));
  console.log(JSON.stringify(told));
})();
"""
THINGS = (
    "minoxidil", "tranexamic acid", "botulinum toxin", "PRP", "polynucleotides", "hyaluronic acid", "deoxycholic acid", "lidocaine",
    "glutathione", "biotin", "finasteride", "vitamin C", "microneedling", "mesotherapy", "carboxytherapy", "chemical peel", "Kybella",
    "Profhilo", "triamcinolone", "hyaluronidase", "exosomes", "PLLA", "dermal filler", "oral tranexamic acid", "topical minoxidil",
)  # fmt: skip
WISHES = (
    "", "pregnancy", "breastfeeding", "dose", "side effects", "contraindications", "interactions", "mechanism of action", "approved",
    "approved in France", "warfarin", "lupus", "keloid", "melasma", "hair loss", "acne scars dose", "side effects hair loss",
    "what to do", "vs microneedling", "vs minoxidil", "mix lidocaine", "injection", "oral", "nebenwirkungen", "posologie", "riesgos",
    "hypertrichosis", "vision loss", "zona", "aftercare",
)  # fmt: skip
LAY = (
    "chute de cheveux", "caduta dei capelli", "caída del cabello", "queda de cabelo", "Haarausfall", "taches brunes", "macchie scure",
    "celulitis", "Schwangerschaft", "grossesse", "botox grossesse", "botox Schwangerschaft", "gravidanza biotina",
    "double menton", "Doppelkinn", "couperose", "vergetures", "smagliature", "estrías", "estrias", "Narben", "cicatrices acné",
    "ácido tranexámico melasma", "acide hyaluronique effets secondaires", "Hyaluronsäure Nebenwirkungen", "lidocaína dosis",
    "soins apres microneedling", "lupus PRP", "embarazo finasterida", "minoxidil gegen finasteride",
)  # fmt: skip
NUMBERS = (
    "10.1111/dth.14622", "https://doi.org/10.1111/dth.14622", "Uzel 2021", "Moftah 2013", "PMID 11050579", "11050579", "Nobody 1901",
    "van Zuuren 2016", "PMC1234567", "Abdallah et al. 2009", "uzel (2021)",
)  # fmt: skip
CLINIC = (
    "tranexamic melasma dose", "can I inject HA in lupus", "PDRN vs HA", "needling isotretinoin how long", "blanching after filler",
    "lipolysis side effects", "HA filler vision loss", "filler blindness what to do", "lidocaine toxicity treatment", "herpes filler",
    "skin necrosis what to do", "mechanism of polynucleotides", "bee sting allergy hyaluronidase", "melasma pregnancy warfarin",
    "verapamil keloid", "hyaluronidase dose occlusion", "botox and filler", "melasma acne tranexamic acid", "intralipid dose",
    "exosomes legal uk", "lemon bottle germany", "buflomedil spain", "glutathione FDA", "botox approved MHRA", "PRP Scotland",
)  # fmt: skip


class Card(NamedTuple):
    """A card as it is read: what kind it is, what it is about, what its lines say, which papers and pages it leads to."""

    kind: str
    title: str
    lines: list[str]
    papers: list[str]
    links: list[str]


class _Cards(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Card] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "section":
            self.cards.append(Card(given["class"].split("answer-")[1], given["aria-label"], [], [], []))
        if given.get("class") == "answer-aside":
            self.cards.append(Card("aside", "", [], [], []))
        if given.get("class") == "cite":
            self.cards[-1].papers.append(given["href"].rpartition("#ref-")[2])
        self.within.append(
            "cite" if given.get("class") == "cite" else "links" if "answer-links" in given.get("class", "") else tag
        )
        if tag in ("li", "tr", "summary", "h3") or (tag == "p" and "li" not in self.within and "tr" not in self.within):
            self.cards[-1].lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.within.pop()

    def handle_data(self, data: str) -> None:
        if "links" in self.within and self.within[-1] == "a":
            self.cards[-1].links.append(data)
        elif self.cards and self.cards[-1].lines and not {"cite", "links", "h2"} & set(self.within):
            self.cards[-1].lines[-1] += f" {data}"


def cards(html: str) -> list[Card]:
    reader = _Cards()
    reader.feed(html)
    return [card._replace(lines=[line for x in card.lines if (line := " ".join(x.split()))]) for card in reader.cards]


def questions() -> list[str]:
    several = whole.table(ROOT / "tests" / "agreement" / "questions.yaml")
    chance = random.Random(20261130)
    pairs = [" ".join(filter(None, (thing, wish))) for thing in THINGS for wish in WISHES]
    return list(dict.fromkeys([*asked(), *QUESTIONS, *CLINIC, *LAY, *NUMBERS, *several, *chance.sample(pairs, 200)]))


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


def held(texts: Sequence[str], snapshot: Snapshot) -> Iterator[tuple[str, site_answers.Parts]]:
    """What the site would have drawn of everything that these questions name."""
    only: set[str] = set()
    for text in texts:
        found = read(text, snapshot)
        only |= {n.id for n in (*found.subjects, *found.objects, *found.facts)} | set(found.products)
    medium = Medium(served=False, compact=False)
    yield from site_answers.parts(snapshot, lambda: drawn(medium, snapshot), only)


@needs("node", "nodejs")
def test_a_question_has_the_servers_cards_or_none_without_a_server(snapshot: Snapshot) -> None:
    texts = questions()
    assert len(texts) > 450
    parts = dict(held(texts, snapshot))
    pages = {f"paper/{key}.html" for key in snapshot.document("references")}
    value = {
        "data": {
            "kbAsked": site_answers.words(snapshot) | {"held": sorted(parts)},
            "kbAnswers": parts,
            "kbPapers": site_answers.papers_asked(snapshot),
            "kbCheckData": site_check.page_data(snapshot, pages),
        },
        "index": search_index(snapshot, {}, main_pages(snapshot)),
        "asked": texts,
    }
    command = ["node", "-e", RUN, *(str(ASSETS / name) for name in SCRIPTS)]
    done = subprocess.run(command, input=json.dumps(value), capture_output=True, text=True, check=True)
    draw = answered.Drawer(snapshot).card
    answered_here, silent, wrong = 0, [], []
    with drawn(Medium(served=False, compact=False), snapshot):
        for text, html in zip(texts, json.loads(done.stdout), strict=True):
            aside, made = answered.told(text, snapshot)
            ours = cards((f'<p class="answer-aside">{aside}</p>' if aside else "") + "".join(map(draw, made)))
            theirs = cards(html)
            if theirs == ours:
                answered_here += bool(ours)
            elif theirs == [card for card in ours if card.kind == "care"]:
                silent.append(text)
            else:
                wrong.append((text, _first_difference(ours, theirs)))
    assert not wrong, (len(wrong), wrong[:10])
    assert answered_here > 0.85 * (answered_here + len(silent)), (answered_here, silent)


def _first_difference(ours: list[Card], theirs: list[Card]) -> Any:
    kinds = [c.kind for c in ours], [c.kind for c in theirs]
    if kinds[0] != kinds[1]:
        return kinds
    for mine, other in zip(ours, theirs, strict=True):
        for field, a, b in zip(Card._fields, mine, other, strict=True):
            if a != b:
                return (
                    field,
                    next(((x, y) for x, y in zip(a, b, strict=False) if x != y), (a, b))
                    if isinstance(a, list)
                    else (a, b),
                )
    return None


def test_cards_are_told_apart() -> None:
    html = (
        '<section class="answer answer-caution" aria-label="A: B"><h2>A: B</h2><ul class="plain"><li class="answer-row"><p>Wait.</p>'
        '<a class="cite" href="#ref-k">[1]</a></li></ul><p class="answer-links small"><a href="x">Page</a></p></section>'
    )
    assert cards(html) == [Card("caution", "A: B", ["Wait."], ["k"], ["Page"])]
    assert not re.search("Wait", str(cards(html.replace("Wait.", "Go."))))
