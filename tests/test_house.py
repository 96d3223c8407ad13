"""Habits of the code that a reader of it counts on."""

import ast
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
