"""The search of the static site (JavaScript) finds what the search of the server finds: same hits, kinds and counts, same order."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.compile import ensure
from kb.exports.site_data import main_pages, search_index
from kb.questions.asked_reading import LONGEST_NAME, grammar, read
from kb.snapshot import Snapshot, open_snapshot
from kb.views.home import MOST_HITS
from tests.programs import needs

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "kb" / "exports" / "assets" / "search.js"
RUN = """
require(process.argv[1]);
const { rows, asked, most } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const search = new globalThis.kbSearch(rows);
console.log(JSON.stringify(asked.map((text) => search.find(text, most).map(({ row, word, score }) => [row[0], row[1], word, score]))));
"""
CASES = (ROOT / "tests" / "pages" / "searches.yaml", ROOT / "tests" / "pages" / "tasks.yaml")


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot(ensure(ROOT))


def asked() -> list[str]:
    """The one table of searches, those of the tasks, and some that nothing or too much answers."""
    searches, tasks = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in CASES)
    typed = [word for group in searches.values() for word in group]
    typed += [task["search"] for group in tasks.values() for task in group if "search" in task]
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
        assert [(id_, kind) for id_, kind, _, _ in theirs] == [(hit.id, hit.kind) for hit in ours], text
        assert Counter(kind for _, kind, _, _ in theirs) == Counter(hit.kind for hit in ours)
        for (_, _, word, score), hit in zip(theirs, ours, strict=True):
            assert (word, round(score, 1)) == (hit.matched, pytest.approx(hit.score, abs=0.11))


READ = """
require(process.argv[1]);
require(process.argv[2]);
const { rows, asked, grammar } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const names = globalThis.kbNames(rows, globalThis.kbFold);
console.log(JSON.stringify(asked.map((text) => globalThis.kbRead(text, names, grammar, globalThis.kbFold))));
"""


@needs("node", "nodejs")
def test_a_question_names_and_wants_the_same_without_a_server(snapshot: Snapshot) -> None:
    tasks = yaml.safe_load(CASES[1].read_text(encoding="utf-8"))
    texts = [task["search"] for group in tasks.values() for task in group if "search" in task]
    rows = search_index(snapshot, {}, main_pages(snapshot))["rows"]
    value = json.dumps({"rows": rows, "asked": texts, "grammar": grammar() | {"longest": LONGEST_NAME}})
    command = ["node", "-e", READ, str(SCRIPT), str(SCRIPT.with_name("answer.js"))]
    done = subprocess.run(command, input=value, capture_output=True, text=True, check=True)
    for text, theirs in zip(texts, json.loads(done.stdout), strict=True):
        ours = read(text, snapshot)
        assert theirs["wants"] == ours.wants, text
        assert bool(theirs["meaning"]) == bool(ours.meaning), text
        if not ours.products:  # of a product the site leads to its page, the server also to what it holds
            assert {n["id"] for n in theirs["subjects"]} == {n.id for n in ours.subjects}, text
