"""Sentences that an author reads are plain English: none of the phrases that made readers stumble comes back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.author.conftest import PROJECT

ROOMS = ("kb/author", "kb/bibliography", "kb/cli", "kb/literature", "kb/records.py")
STUMBLE = (
    " of the base",
    " in the base",
    "speaks of",
    "stands in",
    "stands as",
    "stands against",
    "nobody is named",
    "nobody known",
)
NOT_A = (" is no ", " are no ")
FINE = ("That is no proof", "is no longer")
FILES = sorted(
    f for room in ROOMS for f in ((PROJECT / room).rglob("*.py") if (PROJECT / room).is_dir() else [PROJECT / room])
)


def sentences(path: Path) -> list[str]:
    """The texts of a module without its docstrings, with `{}` for what is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    parts = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | parts:
            found.append(node.value)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PROJECT).as_posix())
def test_no_sentence_stumbles(path: Path) -> None:
    found = [
        text
        for text in sentences(path)
        if any(phrase in text for phrase in STUMBLE)
        or any(
            phrase in text and f"there{phrase}" not in text.lower() and not any(f in text for f in FINE)
            for phrase in NOT_A
        )
    ]
    assert found == []
