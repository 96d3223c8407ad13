"""Do the tests bite? Small slips are put into the code, one at a time, and the tests beside it must notice.

    python tools/mutate.py --number 100 --seed 7

Works on a copy under build/mutants; the checkout is not touched. Not part of `make test`: a hundred take an hour. A slip is a
comparison turned round or shifted, `and` for `or`, a number off by one, `True` for `False`, plus for minus, a `not` left out.

Which tests run a line is learnt once (build/mutants.coverage; `--learn` learns it again after the code changed). Those go first;
only when all of them pass, the whole room's tests are asked, since what a fixture or a cache did for the first test is written to
that test alone.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).parents[1]
TESTS = {
    "appraisal": ["tests/questions"],
    "questions": ["tests/questions", "tests/agreement"],
    "formulary": ["tests/formulary", "tests/migrate"],
    "snapshot": ["tests/snapshot"],
    "views": ["tests/views", "tests/pages"],
    "literature": ["tests/literature"],
}
"""Room to the tests that must notice a slip in it."""

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-m", "not browser"]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def slip(node: ast.AST) -> ast.AST | None:
    """The node with one slip in it, or None when none is to be made there."""
    made = copy.deepcopy(node)
    match made:
        case ast.Compare(ops=[only]) if type(only) in _COMPARISONS:
            made.ops = [_COMPARISONS[type(only)]()]
        case ast.BoolOp():
            made.op = ast.Or() if isinstance(made.op, ast.And) else ast.And()
        case ast.UnaryOp(op=ast.Not()):
            return made.operand
        case ast.Constant(value=bool()):
            made.value = not made.value
        case ast.Constant(value=int()) | ast.Constant(value=float()):
            made.value += 1
        case ast.BinOp(op=ast.Add()) if not any(isinstance(s, ast.JoinedStr) for s in (made.left, made.right)):
            made.op = ast.Sub()
        case ast.BinOp(op=ast.Sub()):
            made.op = ast.Add()
        case _:
            return None
    return made


def slips(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of the module with one slip, for every place where one can be made."""
    tree = ast.parse(source)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for place, node in enumerate(value) if isinstance(value, list) else [(-1, value)]:
                made = slip(node) if isinstance(node, ast.AST) else None
                if made is None:
                    continue
                _put(parent, name, place, made)
                yield node.lineno, ast.unparse(ast.fix_missing_locations(tree))
                _put(parent, name, place, node)


def _put(parent: ast.AST, name: str, place: int, node: ast.AST) -> None:
    if place < 0:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[place] = node


def learn(data: Path, rooms: list[str]) -> None:
    """Run the rooms' tests once and keep which of them ran which line."""
    tests = sorted({test for room in rooms for test in TESTS[room]})
    data.parent.mkdir(parents=True, exist_ok=True)
    command = [*PYTEST, "--cov=kb", "--cov-branch", "--cov-context=test", "--cov-report=", *tests]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "COVERAGE_FILE": str(data)}, check=True)


def nearest(data: CoverageData, path: Path, line: int, most: int) -> list[str]:
    """At most so many tests that ran the line, one of each function first, in the order in which they ran."""
    contexts = data.contexts_by_lineno(str(ROOT / path)).get(line, [])
    tests = list(dict.fromkeys(context.split("|")[0] for context in contexts if "::" in context))
    functions = {test.split("[")[0]: test for test in reversed(tests)}
    first = [test for test in tests if functions[test.split("[")[0]] == test]
    return [*first, *(test for test in tests if test not in set(first))][:most]


def copied(folder: Path) -> Path:
    """A checkout whose code is a copy and whose data are links."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name in {".git", ".venv", "build"}:
            continue
        if path.name in {"kb", "tests"}:
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / path.name).symlink_to(path)
    return folder


def notices(folder: Path, tests: list[str], seconds: int) -> bool:
    """Does a test fail, or not even start? One that never ends has noticed, too."""
    try:
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        done = subprocess.run(
            [*PYTEST, "-x", *tests], cwd=folder, env=environment, capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode not in (0, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rooms", nargs="*", default=list(TESTS), choices=list(TESTS))
    parser.add_argument("--seconds", type=int, default=900, help="patience with one run of the tests")
    parser.add_argument(
        "--most", type=int, default=40, help="so many tests that ran the line are asked before all others"
    )
    parser.add_argument("--learn", action="store_true", help="learn again which tests run a line")
    asked = parser.parse_args()
    learnt = ROOT / "build" / "mutants.coverage"
    if asked.learn or not learnt.exists():
        learn(learnt, asked.rooms)
    data = CoverageData(str(learnt))
    data.read()
    folder = copied(ROOT / "build" / "mutants")
    places = []
    for room in asked.rooms:
        for path in sorted((ROOT / "kb" / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            places += [(room, path.relative_to(ROOT), line, text) for line, text in slips(source)]
    chosen = random.Random(asked.seed).sample(places, min(asked.number, len(places)))
    survived = 0
    for room, path, line, text in chosen:
        target = folder / path
        whole = target.read_text(encoding="utf-8")
        target.write_text(text, encoding="utf-8")
        near = nearest(data, path, line, asked.most)
        noticed = (bool(near) and notices(folder, near, asked.seconds)) or notices(folder, TESTS[room], asked.seconds)
        target.write_text(whole, encoding="utf-8")
        survived += not noticed
        print(f"{'noticed ' if noticed else 'SURVIVED'} {path}:{line}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} noticed")
    raise SystemExit(1 if survived else 0)


if __name__ == "__main__":
    main()
