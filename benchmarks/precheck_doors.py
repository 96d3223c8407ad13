"""Random plans through every door of the check: equal answers, failures, and the time of each in Python.

Python, the HTTP API, `kb precheck --json`, the served page (every action, notice and word that was not understood stands in it)
and the static site's script, which runs in Node.js. The command is the real one but for one thing: it is handed the snapshot that
is open already, for opening it anew five thousand times would be most of the run.

python -m benchmarks.precheck_doors [--plans 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fastapi.testclient import TestClient
from markupsafe import escape

import kb.cli.precheck
from benchmarks.precheck_plans import plan
from kb.api.answers import Answers
from kb.api.app import make
from kb.cli import main as command
from kb.compile import ensure
from kb.exports import site_check
from kb.questions.answer import Answer
from kb.questions.precheck import Precheck
from kb.snapshot import Snapshot, open_snapshot
from kb.views import render

ROOT = Path(__file__).parents[1]
_SCRIPT = (
    "require(process.argv[1] + '/check.js'); require(process.argv[1] + '/check-answer.js');"
    "const read = (name) => JSON.parse(require('fs').readFileSync(name, 'utf-8'));"
    "const check = new kbPrecheck(read('data.json'));"
    "process.stdout.write(JSON.stringify(read('plans.json').map((plan) => check.check(plan))));"
)


def site(check: Precheck, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the static site's script answers, in Node.js."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data.json").write_text(json.dumps(site_check.data(check)), encoding="utf-8")
        (Path(folder) / "plans.json").write_text(json.dumps(asked), encoding="utf-8")
        call = ["node", "-e", _SCRIPT, str(ROOT / "kb" / "exports" / "assets")]
        done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def typed(asked: dict[str, Any]) -> list[str]:
    """The plan as a command."""
    call = ["--root", str(ROOT), "precheck", "--json", "--technique", asked["technique"]]
    for option, key in (("--ingredient", "ingredients"), ("--condition", "conditions"), ("--substance", "substances")):
        call += [part for word in asked[key] for part in (option, word)]
    return call


def on_the_page(snapshot: Snapshot, asked: dict[str, Any], answer: Answer) -> bool:
    """Whether the served page shows every action, every notice and every word that was not understood."""
    given = {"ingredient": asked["ingredients"], "technique": [asked["technique"]]}
    given |= {"condition": asked["conditions"], "substance": asked["substances"]}
    html = render("precheck", given, snapshot).html
    said = [a.action for a in answer.alerts] + [u.said for u in answer.unresolved] + [n.message for n in answer.notices]
    return all(str(escape(text)) in html for text in said) and html.count('data-status="') == len(answer.status)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    snapshot = open_snapshot(ensure(ROOT))
    check, held = snapshot.precheck, Answers(snapshot)
    kb.cli.precheck.snapshot = lambda ctx, as_json=False: snapshot
    api, shell = TestClient(make(lambda: held)), CliRunner()
    chance = random.Random(options.seed)
    check.check(["lidocaine"], "mesotherapy", ["pregnancy"])
    times: list[float] = []
    unequal = dict.fromkeys(("site", "api", "page", "command"), 0)
    for start in range(0, options.plans, 500):
        asked = [plan(check, chance) for _ in range(min(500, options.plans - start))]
        answers = []
        for said in asked:
            began = time.perf_counter()
            answer = check.check(**said)
            times.append(1000 * (time.perf_counter() - began))
            value = json.loads(json.dumps(answer.as_dict()))
            answers.append(value)
            sent = said | {"techniques": [said["technique"]]}
            del sent["technique"]
            unequal["api"] += api.post("/api/v1/precheck", json=sent).json()["answer"] != value
            unequal["page"] += not on_the_page(snapshot, said, answer)
            unequal["command"] += json.loads(shell.invoke(command, typed(said)).stdout) != value
        unequal["site"] += sum(one != other for one, other in zip(answers, site(check, asked), strict=True))
    times.sort()
    print(
        f"{len(times)} plans, unequal {unequal}; median {statistics.median(times):.1f} ms, "
        f"95th percentile {times[int(0.95 * len(times))]:.1f} ms, slowest {times[-1]:.1f} ms, "
        f"{sum(t <= 20 for t in times) / len(times):.1%} within 20 ms"
    )


if __name__ == "__main__":
    main()
