"""How the script that makes pickers ranks what was typed, run by Node.js over a table of cases."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "kb/views/assets/choose.js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
FAR = 1e9
"""Stands for Infinity, which JSON has not."""

RANKS = [
    ("minoxidil", "minoxidil", "", 0),
    ("mino", "minoxidil", "", 1),
    ("rogaine", "minoxidil", "rogaine loniten", 2),
    ("acid", "tranexamic acid", "", 3),
    ("loni", "minoxidil", "rogaine loniten", 4),
    ("acid tran", "tranexamic acid", "", 5),
    ("noxi", "minoxidil", "", 6),
    ("c", "vitamin c", "", 3),
    ("c", "niacin", "", FAR),
    ("", "anything", "", 0),
    ("mino warfarin", "minoxidil", "", FAR),
]
SLIPS = [
    ("minoxydil", "minoxidil", 1),
    ("mionxidil", "minoxidil", 1),
    ("minoxydill", "minoxidil", 2),
    ("biotim", "biotin", 1),
    ("biatim", "biotin", FAR),
    ("bio", "biotin", FAR),
    ("xinoxidil", "minoxidil", FAR),
]


@pytest.fixture(scope="module")
def told() -> dict[str, list[float]]:
    program = (
        "globalThis.window = { kb: { onEnhance() {} } };"
        f"require({json.dumps(str(SCRIPT))});"
        f"const [ranks, slips] = {json.dumps([RANKS, SLIPS])};"
        f"const shown = (n) => (n === Infinity ? {FAR} : n);"
        "process.stdout.write(JSON.stringify({"
        "ranks: ranks.map(([typed, name, others]) => shown(window.kb.rankOf(typed, name, others))),"
        "slips: slips.map(([typed, name]) => shown(window.kb.slipsOf(typed, name))) }));"
    )
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


@needs_node
def test_a_name_that_is_meant_goes_before_one_that_holds_the_letters(told: dict[str, list[float]]) -> None:
    assert list(zip(RANKS, told["ranks"], strict=True)) == [(case, case[3]) for case in RANKS]


@needs_node
def test_a_slip_or_two_are_forgiven_but_never_the_first_letter(told: dict[str, list[float]]) -> None:
    assert list(zip(SLIPS, told["slips"], strict=True)) == [(case, case[2]) for case in SLIPS]
