"""Load, build, check, graph and query times at 1x, 10x and 100x of the real content, with memory: `make bench`.

Each figure comes from a process of its own (wall time of the call, without Python's start; peak memory of the process).
`--scales 1 10` leaves the long one out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate

ROOT = Path(__file__).parents[1]

_LOAD = "from kb.knowledge import load\nbase = load(root)\n"
_OPEN = "from kb.snapshot import FILE, open_snapshot\n"
_SNAP = _OPEN + "s = open_snapshot(root / FILE)\n"
_QUERIES = "for q in ('dutasterid', 'vitamin b7', 'hair loss', 'dark circles', 'kybella'):\n    s.search(q)\n"
_PLAN = "(['finasteride', 'tranexamic-acid'], 'mesotherapy', ['pregnancy'], ['warfarin'])"

STAGES = {
    "load": _LOAD + "note = f'{len(base.findings)} findings'",
    "graph": _LOAD + "start()\ng = base.graph\nnote = f'{g.number_of_nodes()} nodes, {g.number_of_edges()} edges'",
    "pooled": _LOAD + "start()\nnote = f'{len(base.pooled)} pooled'",
    "build": "from kb.compile import build\npath = build(root)\nnote = f'{path.stat().st_size / 1e6:.1f} MB'",
    "check": "from kb.validation import check\nr = check(root)\nnote = f'{r.evaluated} expectations'",
    "build + check": "import subprocess\nstart()\n"
    "subprocess.run([sys.executable, '-m', 'kb.cli', '--root', root, 'build', '--check'], check=True, capture_output=True)\n"
    "note = '`kb build --check`, with the start of Python'",
    "open + monograph": _OPEN + "start()\ns = open_snapshot(root / FILE)\ns.monograph('minoxidil')\nnote = 'minoxidil'",
    "open, fresh?": _OPEN + "start()\ns = open_snapshot(root / FILE, root)\nnote = 'with the hash of all files'",
    "search": _SNAP + "s.search('warm')\nstart()\n" + _QUERIES + "note = '5 queries'",
    "precheck": _SNAP + f"s.precheck\nstart()\na = s.precheck.check{_PLAN}\nnote = f'{{len(a.alerts)}} alerts'",
    "path": _SNAP
    + "s.graph\nstart()\nn = len(s.path('dutasteride', 'female-pattern-hair-loss')['paths'])\nnote = f'{n} ways'",
}
"""What is timed, as code: `root` is the base, `start()` sets the clock to zero, `note` says what was done."""

_RUN = """
import json, resource, sys, time
from pathlib import Path
root = Path(sys.argv[1])
note = ''
began = time.perf_counter()
def start():
    global began
    began = time.perf_counter()
{code}
seconds = time.perf_counter() - began
print(json.dumps({{"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "note": note}}))
"""


def measure(stage: str, root: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(code=STAGES[stage]), str(root)], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode:
        return {"seconds": float("nan"), "mb": float("nan"), "note": done.stderr.strip().splitlines()[-1][:80]}
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 10, 100])
    scales = parser.parse_args().scales
    results: dict[int, dict[str, dict[str, object]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for scale in scales:
            root = generate(ROOT, Path(folder) / f"x{scale}", scale)
            results[scale] = {stage: measure(stage, root) for stage in STAGES}
            print(f"{scale}x done", file=sys.stderr)
    head = "".join(f" {s}x: s | {s}x: MB |" for s in scales)
    print(f"| stage |{head} growth | what |\n|---|" + "---:|---:|" * len(scales) + "---:|---|")
    for stage in STAGES:
        cells = "".join(f" {results[s][stage]['seconds']:.3f} | {results[s][stage]['mb']:.0f} |" for s in scales)
        first, last = (
            float(str(results[scales[0]][stage]["seconds"])),
            float(str(results[scales[-1]][stage]["seconds"])),
        )
        print(f"| {stage} |{cells} {last / first:.0f}x | {results[scales[0]][stage]['note']} |")


if __name__ == "__main__":
    main()
