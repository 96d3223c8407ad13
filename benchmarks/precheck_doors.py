"""Random plans through the check in Python and in the static site's script: equal answers, failures, and the time of each in Python.

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

from benchmarks.precheck_plans import plan
from kb.compile import ensure
from kb.exports import site_check
from kb.questions.precheck import Precheck
from kb.snapshot import open_snapshot

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    check = open_snapshot(ensure(ROOT)).precheck
    chance = random.Random(options.seed)
    check.check(["lidocaine"], "mesotherapy", ["pregnancy"])
    times, unequal = [], 0
    for start in range(0, options.plans, 500):
        asked = [plan(check, chance) for _ in range(min(500, options.plans - start))]
        answers = []
        for said in asked:
            began = time.perf_counter()
            answer = check.check(**said)
            times.append(1000 * (time.perf_counter() - began))
            answers.append(json.loads(json.dumps(answer.as_dict())))
        unequal += sum(one != other for one, other in zip(answers, site(check, asked), strict=True))
    times.sort()
    print(
        f"{len(times)} plans, {unequal} unequal; median {statistics.median(times):.1f} ms, "
        f"95th percentile {times[int(0.95 * len(times))]:.1f} ms, {sum(t <= 20 for t in times) / len(times):.1%} within 20 ms"
    )


if __name__ == "__main__":
    main()
