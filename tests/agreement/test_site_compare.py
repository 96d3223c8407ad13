"""Comparison on the static site (JavaScript over drawn cells) gives the tables of the served page, cell by cell."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kb.exports import site_compare
from kb.snapshot import Snapshot
from kb.views import compare_rows, reading
from tests import whole
from tests.programs import needs

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "kb" / "exports" / "assets" / "compare.js"
RUN = """
const window = globalThis.window = {};
require(process.argv[1]);
const { data, items, asked } = JSON.parse(require("fs").readFileSync(0, "utf8"));
eval(data);
console.log(JSON.stringify(asked.map((chosen) => window.kbCompareRows(window.kbCompare, chosen, items))));
"""


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


def wanted(snapshot: Snapshot) -> list[list[str]]:
    """The comparisons on offer, and random ones of two to four among what most is known of."""
    chance = random.Random(20261130)
    rows = [r for r in reading.catalogue(snapshot).values() if {"ingredient", "technique"} & set(r["kinds"])]
    known = [r["id"] for r in sorted(rows, key=lambda r: -r["findings"])[:30]]
    chosen = [chance.sample(known, chance.choice((2, 2, 3, 4))) for _ in range(25)]
    return [*(list(c["items"]) for c in snapshot.field["comparisons"]), *chosen]


def told(rows: list[dict[str, Any]], cell: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": r["label"],
            "href": r["href"],
            "title": r["title"],
            "cells": [cell(r["shape"], v) for v in r["cells"]],
        }
        for r in rows
    ]


@needs("node", "nodejs")
def test_the_site_compares_as_the_server_does(snapshot: Snapshot) -> None:
    asked = wanted(snapshot)
    items = {s: site_compare.item(snapshot.monograph(s), snapshot) for s in {s for chosen in asked for s in chosen}}
    value = json.dumps({"data": site_compare.data(snapshot, items), "items": items, "asked": asked})
    done = subprocess.run(["node", "-e", RUN, str(SCRIPT)], input=value, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    cell = site_compare.cells(snapshot)
    for chosen, theirs in zip(asked, json.loads(done.stdout), strict=True):
        pages = [snapshot.monograph(s) for s in chosen]
        ours = compare_rows.sections(pages, snapshot)
        assert [s["id"] for s in theirs["sections"]] == [s["id"] for s in ours], chosen
        for one, other in zip(theirs["sections"], ours, strict=True):
            assert one["rows"] == told(other["rows"], cell), (chosen, one["id"])
        assert theirs["apart"] == told(compare_rows.apart(pages, snapshot), cell), chosen
