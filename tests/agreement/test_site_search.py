"""The search of the static site (JavaScript) finds what the search of the server finds: same hits, kinds and counts, same order."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kb.exports import site_answers, site_check
from kb.exports.site_data import main_pages, search_index
from kb.questions.asked_reading import read
from kb.questions.care import asked_for
from kb.snapshot import Snapshot
from kb.views.home import MOST_HITS
from tests import whole
from tests.programs import needs

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "kb" / "exports" / "assets" / "search.js"
RUN = """
require(process.argv[1]);
const { rows, asked, most } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const search = new globalThis.kbSearch(rows);
const told = ({ row, word, score, alike }) => [row[0], row[1], word, score, alike];
console.log(JSON.stringify(asked.map((text) => search.find(text, most).map(told))));
"""
NAMES = ROOT / "tests" / "knowledge" / "names.yaml"
CASES = (ROOT / "tests" / "pages" / "searches.yaml", ROOT / "tests" / "pages" / "tasks.yaml")


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


def asked() -> list[str]:
    """The one table of searches, those of the tasks, and some that nothing or too much answers."""
    searches, tasks = (whole.table(path) for path in CASES)
    typed = [word for group in searches.values() for word in group]
    typed += [task["search"] for group in tasks.values() for task in group if "search" in task]
    typed += whole.table(NAMES)["unalike"]
    return [*typed, "", "   ", "xyzzy", "acid", "a", "randomised trial", "zzzz melasma", "μg ²", "Chute de cheveux"]


@needs("node", "nodejs")
def test_every_search_has_the_same_hits_kinds_and_counts_without_a_server(snapshot: Snapshot) -> None:
    texts = asked()
    assert len(texts) > 150
    rows = search_index(snapshot, {}, main_pages(snapshot))["rows"]
    value = json.dumps({"rows": rows, "asked": texts, "most": MOST_HITS})
    done = subprocess.run(["node", "-e", RUN, str(SCRIPT)], input=value, capture_output=True, text=True, check=True)
    told: list[list[Any]] = json.loads(done.stdout)
    for text, theirs in zip(texts, told, strict=True):
        ours = snapshot.search(text, MOST_HITS)
        assert [(id_, kind) for id_, kind, _, _, _ in theirs] == [(hit.id, hit.kind) for hit in ours], text
        assert Counter(kind for _, kind, _, _, _ in theirs) == Counter(hit.kind for hit in ours)
        for (_, _, word, score, alike), hit in zip(theirs, ours, strict=True):
            assert (word, round(score, 1)) == (hit.matched, pytest.approx(hit.score, abs=0.11))
            assert alike == hit.alike, (text, hit)


READ = """
for (const script of process.argv.slice(1)) require(script);
const { rules, asked, grammar } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const check = new globalThis.kbPrecheck(rules);
const fold = globalThis.kbFold;
console.log(JSON.stringify(asked.map((text) => {
  const read = globalThis.kbRead(text, check, grammar, fold);
  return { ...read, care: globalThis.kbFirstAid(text, read, grammar.first_aid, fold) };
})));
"""
SCRIPTS = ("search.js", "check.js", "check-answer.js", "answer.js")
QUESTIONS = (
    "minoxidil hypertrichosis", "pregnancy", "keloid", "melasma while pregnant", "hair loss breastfeeding", "melasma side effects",
    "Kybella", "Kybella side effects", "Rogaine dose", "topical minoxidil", "oral tranexamic acid melasma", "iron tablets", "Botox",
    "what is nappage", "what is melasma?", "lidocaine toxicity treatment", "filler blindness what to do", "aftercare microneedling",
    "skin necrosis", "anaphylaxis", "vascular occlusion", "aftercare", "first aid", "minoxidil approved France", "warfarin", "HIV",
    "PRP or minoxidil", "hyperthyroidism", "dark circles", "acne scars", "xyzzy", "", "lidocaine max dose children", "brow ptosis",
)  # fmt: skip


@needs("node", "nodejs")
def test_a_question_names_and_wants_the_same_without_a_server(snapshot: Snapshot) -> None:
    texts = [*asked(), *QUESTIONS]
    value = json.dumps(
        {"rules": site_check.data(snapshot.precheck), "asked": texts, "grammar": site_answers.words(snapshot)}
    )
    command = ["node", "-e", READ, *(str(SCRIPT.with_name(name)) for name in SCRIPTS)]
    done = subprocess.run(command, input=value, capture_output=True, text=True, check=True)
    several = 0
    for text, theirs in zip(texts, json.loads(done.stdout), strict=True):
        ours = read(text, snapshot)
        for named in ("subjects", "objects", "facts"):
            told = [(n["id"], n["kind"], n["said"]) for n in theirs[named]]
            assert told == [(n.id, n.kind, n.said) for n in getattr(ours, named)], (text, named)
        for plain in ("wants", "products", "places", "rest"):
            assert theirs[plain] == getattr(ours, plain), (text, plain)
        assert set(theirs["routes"]) == ours.routes, text
        assert theirs["meaning"] == bool(ours.meaning), text
        assert theirs["care"] == [card["id"] for card in asked_for(text, ours, snapshot)], text
        several += bool(ours.objects and ours.facts)
    assert several > 3, "a name that is both an indication and a condition is among what is asked"
