"""Random plans through the pre-procedure check: time of each in Python, and whether every answer can be made at all.

python benchmarks/precheck_plans.py [--plans 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from pathlib import Path
from typing import Any

from kb.compile import ensure
from kb.questions.precheck import Precheck
from kb.snapshot import open_snapshot

ROOT = Path(__file__).parents[1]
_PHRASES = ("{}", "on {}", "history of {}", "no {}", "{} 3 weeks ago", "allergic to {}", "{} 5 mg daily", "{}x")


def plan(check: Precheck, chance: random.Random) -> dict[str, Any]:
    """A plan of one to four ingredients, a technique, and up to six words about the patient, some of them misspelt."""
    names = [row[0] for row in check.lexicon if row[2] in ("condition", "substance")]
    ingredients = [s for s, v in check.subjects.items() if v["kind"] == "ingredient"]
    techniques = [s for s, v in check.subjects.items() if v["kind"] == "technique"]
    said = [chance.choice(_PHRASES).format(chance.choice(names)) for _ in range(chance.randint(0, 6))]
    return {
        "ingredients": chance.sample(ingredients, chance.randint(1, 4)),
        "technique": chance.choice(techniques),
        "conditions": said[::2],
        "substances": said[1::2],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    check = open_snapshot(ensure(ROOT)).precheck
    chance = random.Random(options.seed)
    check.check(["lidocaine"], "mesotherapy", ["pregnancy"])
    times = []
    for _ in range(options.plans):
        asked = plan(check, chance)
        start = time.perf_counter()
        answer = check.check(**asked)
        times.append(1000 * (time.perf_counter() - start))
        json.dumps(answer.as_dict())
    times.sort()
    share = sum(t <= 20 for t in times) / len(times)
    print(
        f"{len(times)} plans: median {statistics.median(times):.1f} ms, 95th percentile {times[int(0.95 * len(times))]:.1f} ms, "
        f"slowest {times[-1]:.1f} ms, {share:.1%} within 20 ms"
    )


if __name__ == "__main__":
    main()
