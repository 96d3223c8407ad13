"""Habits of the code that a reader of it counts on."""

import ast
import re
import tomllib
from pathlib import Path

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
