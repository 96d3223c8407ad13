"""Do the tests bite? Small slips are put into the code, one at a time, and the tests beside it must notice.

    python tools/mutate.py --number 15 --seed 7

Works on a copy under build/mutants; the checkout is not touched. Not part of `make test`: a hundred take an hour. A slip is a
comparison turned round or shifted, `and` for `or`, a number off by one, `True` for `False`, plus for minus, a `not` left out.

Which tests run a line is learnt once (build/mutants.coverage; `--learn` learns it again after the code changed). Those go first,
the ones that need no compiled snapshot before the others; only when all of them pass, the whole room's tests are asked, since what
a fixture or a cache did for the first test is written to that test alone. Each run of tests is a fork of this process, which has
the libraries loaded and nothing of `kb`. Several may run side by side, each with a seed of its own.

With `--warm` this process has `kb`, the records and the snapshot loaded as well, and a slip inside a function is put into the running
function of the fork. That is ten times as quick, and says the same but for one thing: what was compiled before stays without the slip,
so the tests that compare the snapshot with the records (`COMPARING`) are not asked, and only those close to the line are. A slip
outside a function goes the long way. What survives is looked at by hand or asked again without `--warm`.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import inspect
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from coverage import CoverageData

ROOT = Path(__file__).parents[1]
TESTS = {
    "appraisal": ["tests/questions"],
    "questions": ["tests/questions", "tests/agreement", "tests/knowledge"],
    "formulary": ["tests/formulary", "tests/migrate"],
    "snapshot": ["tests/snapshot"],
    "views": ["tests/views", "tests/pages"],
    "exports": ["tests/exports", "tests/agreement"],
    "author": ["tests/author"],
    "literature": ["tests/literature"],
}
"""Room to the tests that must notice a slip in it."""

OPTIONS = ["-q", "-p", "no:cacheprovider", "-n", "0", "-m", "not browser"]
LIBRARIES = (
    "hypothesis", "jinja2", "networkx", "numpy", "pandas", "playwright.sync_api", "pydantic", "ruamel.yaml", "scipy.stats",
    "statsmodels.stats.meta_analysis", "typer.testing", "yaml",
)  # fmt: skip
"""What the tests import and no slip changes: loaded once."""
OUTSIDE = "outside of functions"
"""What a fork says of a slip that cannot be put into a running function."""
SOUND = ("", "")
"""No slip: the running code as it is."""
SNAPSHOT = Path("build/kb.sqlite")
COMPARING = (
    "tests/agreement/test_doors.py::test_a_page_is_the_same_from_records_and_from_the_snapshot",
    "tests/agreement/test_doors.py::test_what_a_page_cites_counts_as_cited_in_the_table_of_references",
    "tests/snapshot/test_snapshot.py::test_pages_are_those_of_the_base",
    "tests/snapshot/test_snapshot.py::test_the_whole_base_gives_the_same_content_in_the_same_order",
)
"""Tests that compare what was compiled with what is computed: a slip in a running function makes them differ, and nothing is shown."""

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


def slips(source: str, wanted: set[int] | None = None) -> Iterator[tuple[int, str, str]]:
    """Line, the slip in words and the text of the module with it, for every place where one can be made.

    With `wanted`, for these places alone (counted from 0); writing a module out is what takes long.
    """
    tree = ast.parse(source)
    number = -1
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for place, node in enumerate(value) if isinstance(value, list) else [(-1, value)]:
                made = slip(node) if isinstance(node, ast.AST) else None
                if made is None:
                    continue
                number += 1
                if wanted is not None and number not in wanted:
                    continue
                _put(parent, name, place, made)
                told = f"{ast.unparse(node)} -> {ast.unparse(made)}"
                yield node.lineno, told, ast.unparse(ast.fix_missing_locations(tree))
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
    command = [
        sys.executable,
        "-m",
        "pytest",
        *OPTIONS,
        "--cov=kb",
        "--cov-branch",
        "--cov-context=test",
        "--cov-report=",
        *tests,
    ]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "COVERAGE_FILE": str(data)}, check=True)


def nearest(data: CoverageData, path: Path, line: int, most: int) -> list[str]:
    """At most so many tests that ran the line: those without a snapshot first, then one of each function, in their order.

    Of a line that ran when its module was loaded, those that ran any other line of it.
    """
    of_lines = data.contexts_by_lineno(str(ROOT / path))
    contexts = of_lines.get(line, [])
    if not any("::" in context for context in contexts):
        contexts = sorted({context for found in of_lines.values() for context in found})
    tests = list(dict.fromkeys(context.split("|")[0] for context in contexts if "::" in context))
    functions = {test.split("[")[0]: test for test in reversed(tests)}
    repeated = {test for test in tests if functions[test.split("[")[0]] != test}
    return sorted(tests, key=lambda test: (needs_snapshot(test.split("::")[0]), test in repeated))[:most]


def naming(path: Path, folders: list[str]) -> list[str]:
    """Files of tests that name a module, those that name it most often first: for a line of which nothing was learnt."""
    files = [file for folder in folders for file in sorted((ROOT / folder).glob("test_*.py"))]
    often = {file: file.read_text(encoding="utf-8").count(path.stem) for file in files}
    found = sorted((file for file in files if often[file]), key=lambda file: -often[file])
    return [str(file.relative_to(ROOT)) for file in found] or folders


@cache
def needs_snapshot(file: str) -> bool:
    """Whether a test's file reads all records of this checkout, or opens them compiled, which a slip may have done again."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return "ensure(" in text or "whole." in text


def copied(folder: Path) -> Path:
    """A copy of the checkout: what somebody does to it meanwhile changes no result."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name in {".git", ".venv", "build"} or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy2(path, folder / path.name)
    (folder / SNAPSHOT).parent.mkdir()
    return folder


def put_snapshot(folder: Path) -> None:
    """The compiled records of the checkout, for tests of a slip that does not touch what compiles them."""
    (folder / SNAPSHOT).unlink(missing_ok=True)
    if (ROOT / SNAPSHOT).exists():
        os.link(ROOT / SNAPSHOT, folder / SNAPSHOT)


def swap(module: str, text: str) -> bool:
    """Put the functions of a module's text into the running module; whether all that differs lies inside functions."""
    running = importlib.import_module(module)
    path = str(running.__file__)
    before = compile(ast.unparse(ast.parse(Path(path).read_text(encoding="utf-8"))), path, "exec")
    return _swap(before, compile(text, path, "exec"), running)


def _swap(before: CodeType, after: CodeType, holder: Any) -> bool:
    """The same for the body of one module or class."""
    inner = [{c.co_name: c for c in code.co_consts if isinstance(c, CodeType)} for code in (before, after)]
    plain = [[c for c in code.co_consts if not isinstance(c, CodeType)] for code in (before, after)]
    if before.co_code != after.co_code or repr(plain[0]) != repr(plain[1]):
        return False
    for name, code in inner[1].items():
        if code == inner[0][name]:
            continue
        held = inspect.getattr_static(holder, name, None)
        if isinstance(held, type):
            return _swap(inner[0][name], code, held)
        held = next((h for a in ("fget", "func", "__func__") if (h := getattr(held, a, None))), held)
        function = inspect.unwrap(held) if callable(held) else None
        if not isinstance(function, FunctionType) or function.__code__.co_freevars != code.co_freevars:
            return False
        function.__code__ = code
    return True


def failing(folder: Path, tests: list[str], seconds: int, slipped: tuple[str, str] | None = None) -> str | None:
    """The first test that fails, the empty text when the tests do not even start, or None when all pass.

    Raises TimeoutError when they take longer than `seconds`: that says nothing, for the machine may be busy.
    """
    told = folder / "failed"
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        run(folder, tests, told, slipped)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            fine = os.waitstatus_to_exitcode(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
            return None if fine else told.read_text(encoding="utf-8") if told.exists() else ""
        time.sleep(0.1)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise TimeoutError


class First:
    """Writes down the first test that fails."""

    def __init__(self, told: Path) -> None:
        self.told = told

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.told.exists():
            self.told.write_text(report.nodeid, encoding="utf-8")


def run(folder: Path, tests: list[str], told: Path, slipped: tuple[str, str] | None) -> None:
    """Run tests on the copy and end this process with what pytest says of them; a slip in a running function comes first."""
    os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    place = ROOT if slipped else folder
    os.chdir(place)
    os.environ["PYTHONPATH"] = str(place)
    sys.path.insert(0, str(place))
    if not slipped:
        for name in [name for name in sys.modules if name.split(".")[0] in ("kb", "tests")]:
            del sys.modules[name]
    code = pytest.ExitCode.INTERNAL_ERROR
    left_out = [f"--deselect={test}" for test in COMPARING] if slipped else []
    try:
        if slipped and slipped != SOUND and not swap(*slipped):
            told.write_text(OUTSIDE, encoding="utf-8")
            os._exit(code)
        code = pytest.ExitCode(pytest.main([*OPTIONS, "-x", *tests, *left_out], plugins=[First(told)]))
    finally:
        os._exit(code)


class Warm:
    """The checkout itself, loaded once in this process: slips are put into the running functions of a fork."""

    def __init__(self, folder: Path, seconds: int) -> None:
        self.folder, self.seconds = folder, seconds
        os.chdir(ROOT)
        sys.path.insert(0, str(ROOT))
        whole = importlib.import_module("tests.whole")
        whole.base(), whole.snapshot()
        os.environ["KB_SNAPSHOT"] = str(ROOT / SNAPSHOT)  # a slip outside of functions need not compile all anew
        self.copy = Copy(folder, seconds)
        self.sound: set[str] = set()
        """Tests that pass here when nothing is wrong."""

    def noticed_by(self, path: Path, text: str, groups: list[list[str]]) -> str | None:
        """The test that fails with this text of a module and passes without; None when all pass."""
        tests = [test for test in groups[0] if test not in COMPARING]
        slipped = (".".join(path.with_suffix("").parts).removesuffix(".__init__"), text)
        test = failing(self.folder, tests, self.seconds, slipped)
        if test == OUTSIDE:
            return self.copy.noticed_by(path, text, [tests])
        if test and test not in self.sound:
            if failing(self.folder, [test], self.seconds, SOUND) is not None:
                raise SystemExit(f"{test} fails with nothing wrong in the code")
            self.sound.add(test)
        return None if test is None else test or "tests that cannot start"


class Copy:
    """A copy of the checkout, into which slips are put."""

    def __init__(self, folder: Path, seconds: int) -> None:
        self.folder, self.seconds = copied(folder), seconds
        self.sound: set[str] = set()
        """Tests that pass here when nothing is wrong."""

    def noticed_by(self, path: Path, text: str, groups: list[list[str]]) -> str | None:
        """The test that fails with this text of a module and passes without; None when all pass."""
        target = self.folder / path
        whole = target.read_text(encoding="utf-8")
        for tests in filter(None, groups):
            put_snapshot(self.folder)
            target.write_text(text, encoding="utf-8")
            try:
                test = failing(self.folder, tests, self.seconds)
            finally:
                target.write_text(whole, encoding="utf-8")
            if test is not None:
                return self.told(test)
        return None

    def told(self, test: str | None) -> str | None:
        """The test that failed in words, once it has passed with nothing wrong in the code."""
        if test and test not in self.sound:
            put_snapshot(self.folder)
            if failing(self.folder, [test], self.seconds) is not None:
                raise SystemExit(f"{test} fails with nothing wrong in the code")
            self.sound.add(test)
        return None if test is None else test or "tests that cannot start"


def drawn(rooms: list[str], number: int, seed: int) -> list[tuple[str, Path, int, str, str]]:
    """So many slips from each room, the same for a seed whichever other rooms are asked for.

    Each is a room, a module, a line, the slip in words and the module's text with it.
    """
    chosen = []
    for room in rooms:
        chance = random.Random(f"{seed} {room}")
        places = []
        for path in sorted((ROOT / "kb" / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            places += [(path, n) for n in range(sum(slip(node) is not None for node in ast.walk(tree)))]
        for path, n in chance.sample(places, min(number, len(places))):
            line, told, text = next(slips(path.read_text(encoding="utf-8"), {n}))
            chosen.append((room, path.relative_to(ROOT), line, told, text))
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--number", type=int, default=15, help="so many slips in each room")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rooms", nargs="*", default=list(TESTS), choices=list(TESTS))
    parser.add_argument("--seconds", type=int, default=3600, help="patience with one run of the tests")
    parser.add_argument(
        "--near",
        action="store_true",
        help="ask only the tests that ran the line: quicker, and may miss one that notices",
    )
    parser.add_argument(
        "--most", type=int, default=40, help="so many tests that ran the line are asked before all others"
    )
    parser.add_argument("--warm", action="store_true", help="put slips into running functions: ten times as quick")
    parser.add_argument("--learn", action="store_true", help="learn again which tests run a line")
    asked = parser.parse_args()
    learnt = ROOT / "build" / "mutants.coverage"
    if asked.learn or not learnt.exists():
        learn(learnt, asked.rooms)
    data = CoverageData(str(learnt))
    data.read()
    folder = ROOT / "build" / f"mutants-{asked.seed}"
    trial = Warm(folder, asked.seconds) if asked.warm else Copy(folder, asked.seconds)
    for library in LIBRARIES:
        importlib.import_module(library)
    chosen = drawn(asked.rooms, asked.number, asked.seed)
    count = {"noticed": 0, "SURVIVED": 0, "unsettled": 0}
    for room, path, line, told, text in chosen:
        near = nearest(data, path, line, asked.most) or naming(path, TESTS[room])
        groups = [near, *([] if asked.near or asked.warm else [TESTS[room]])]
        try:
            test = trial.noticed_by(path, text, groups)
            said = "SURVIVED" if test is None else "noticed"
        except TimeoutError:
            test, said = None, "unsettled"
        count[said] += 1
        print(f"{said} {path}:{line} {told.splitlines()[0]}{f' by {test}' if test else ''}", flush=True)
    print(f"{count['noticed']} of {count['noticed'] + count['SURVIVED']} noticed, {count['unsettled']} unsettled")
    raise SystemExit(1 if count["SURVIVED"] else 0)


if __name__ == "__main__":
    main()
