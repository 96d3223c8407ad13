"""Habits of the code that a reader of it counts on."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from kb.model import terms

ROOT = Path(__file__).parent.parent
LONGEST = 60
"""Lines of a function: what fits a screen is read as a whole."""


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in sorted((ROOT / "kb").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST
    ]
    assert not long


AT_THE_TOP = {
    *(".ci", ".containerignore", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"),
    *("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-CONTENT.md", "Makefile", "README.md"),
    *("SECURITY.md", "benchmarks", "deploy", "docs", "environment.yml", "formulary", "kb", "learning", "notebooks"),
    *("pyproject.toml", "references.bib", "requirements-dev.lock", "requirements.lock", "schema", "screening", "tests"),
    *("tools", "validation"),
}


def test_nothing_that_a_run_leaves_behind_is_kept_with_the_files() -> None:
    """Connection files of kernels once were: a test had started them in the folder it ran in."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {name.partition("/")[0] for name in kept.splitlines()} <= AT_THE_TOP


def test_the_architecture_names_every_room_on_the_floor_that_the_linter_keeps_it_on() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [c for c in settings["contracts"] if c["type"] == "layers"]
    kept = {room: floor for floor, row in enumerate(reversed(contract["layers"]), 1) for room in row.split(" | ")}
    table = re.findall(
        r"^\| (\d+) \| ((?:`kb/\w+(?:/|\.py)`(?:, )?)+) \|", (ROOT / "docs/architecture.md").read_text(), re.M
    )
    told = {room: int(floor) for floor, cell in table for room in re.findall(r"kb/(\w+)", cell)}
    assert told == kept
    there = {p.stem for p in (ROOT / "kb").iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert there - {"__init__", *contract["exhaustive_ignores"]} == set(told)


def test_values_of_a_closed_vocabulary_are_not_listed_again() -> None:
    """Orders of certainty once stood in nine places: they are on the enums. Tables that give other words to each value may name them."""
    ranked = [{word.value for word in enum} for enum in (*terms.Ranked.__subclasses__(), terms.Design, terms.Direction)]
    again = []
    for path in sorted((ROOT / "kb").rglob("*.py")):
        if path == ROOT / "kb/model/terms.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.List | ast.Tuple | ast.Set):
                listed = {n.value for n in node.elts if isinstance(n, ast.Constant)}
            elif isinstance(node, ast.Dict) and all(isinstance(getattr(v, "value", ""), int) for v in node.values):
                listed = {n.value for n in node.keys if isinstance(n, ast.Constant)}
            else:
                continue
            if listed == set(terms.ACTORS) or any(len(listed & words) > 2 and listed <= words for words in ranked):
                again.append(f"{path.relative_to(ROOT)}:{node.lineno} {sorted(listed)}")
    assert not again


def test_words_of_the_enums_stand_in_the_order_in_which_they_are_read() -> None:
    assert [c.value for c in sorted(terms.Compatibility, key=lambda c: c.reading)] == [
        "tested-incompatible",
        "stated-incompatible",
        "no-data-found",
        "stated-compatible",
        "tested-compatible",
    ]
    assert [v.value for v in sorted(terms.Verdict, key=lambda v: v.reading)] == [
        "contradicted",
        "unsupported",
        "partly supported",
        "supported",
        "not assessable",
    ]
    assert {d.value for d in terms.Design if d.controlled} - {d.value for d in terms.Design if d.trial} == {
        "meta-analysis",
        "systematic-review",
    }


KEPT_STATE = {"kb/views/drawing.py": "ContextVar"}
"""docs/architecture.md says why."""


def test_state_is_handed_on_and_caches_belong_to_what_they_are_of() -> None:
    hidden = {
        (str(path.relative_to(ROOT)), node.id)
        for path in sorted((ROOT / "kb").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id in {"ContextVar", "WeakKeyDictionary", "WeakValueDictionary"}
    }
    assert hidden == set(KEPT_STATE.items())


READS_MARKUP = {
    "kb/exports/site_markup.py": "takes out white space",
    "kb/views/shell.py": "reads the first answer of a page for search engines",
    "kb/validation/datadocs.py": "pages of another program, which lead elsewhere",
    "kb/literature": "pages and titles of others",
    "kb/screen": "files of others",
    "kb/author/preview.py": "takes out links that lead nowhere beside a form",
}


def test_no_finished_page_is_rewritten() -> None:
    """A pattern that looks for tags, or text with a tag that is put in place of another."""
    found = set()
    for path in sorted((ROOT / "kb").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            pattern = node.func.attr in {"compile", "sub", "search", "findall", "finditer"}
            rewritten = node.func.attr == "replace" and "html" in ast.unparse(node.func.value).lower()
            said = ast.unparse(node.args[0]).replace("(?P<", "(").replace("(?<", "(") if node.args else ""
            if rewritten or (pattern and re.search(r"<(?:[a-z/]|\[\^>)", said)):
                found.add(str(path.relative_to(ROOT)))
    assert {name for name in found if not any(name.startswith(place) for place in READS_MARKUP)} == set()


PAUSES = {
    "tests/author/keyboard.py": "somebody types slowly",
    "tests/author/test_drafts.py": "somebody types slowly",
    "tests/author/test_serial.py": "work that takes a while, so that two could be at it",
    "tests/bibliography/test_write.py": "killed at any moment",
    "tests/formulary/test_write.py": "killed at any moment",
}


def test_no_test_waits_for_a_time_in_place_of_what_it_waits_for() -> None:
    """A pause stands in a loop that looks for something, so that a slow machine only takes longer."""
    fixed = set()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        looping = {id(n) for loop in ast.walk(tree) if isinstance(loop, ast.While | ast.For) for n in ast.walk(loop)}
        for node in ast.walk(tree):
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            if called in {"sleep", "wait_for_timeout"} and id(node) not in looping:
                fixed.add(str(path.relative_to(ROOT)))
    assert fixed - PAUSES.keys() == set()
