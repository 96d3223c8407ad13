"""Twenty records as people damage them by hand: each is told at its line in plain words, or read as meant."""

from __future__ import annotations

import pytest

from kb.formulary.validate import validate
from kb.formulary.yamltext import parse
from kb.model import Ingredient
from kb.problems import Problem
from tests.formulary.conftest import INGREDIENT

PARSER = (
    "mapping values",
    "block mapping",
    "token",
    "scalar",
    "anchor while",
    "flow sequence",
    "input should",
    "unable to parse",
)
"""Words of the parsers that no author should have to know."""


def told(old: str, new: str) -> tuple[Ingredient | None, list[Problem], int]:
    """The record as it is read after the damage, everything that is told, and the line of the damage."""
    assert INGREDIENT.count(old) == 1, old
    text = INGREDIENT.replace(old, new)
    document, problems = parse(text, "x.yaml")
    line = INGREDIENT[: INGREDIENT.index(old)].count("\n") + 1
    if document is None:
        return None, problems, line
    record, more = validate(Ingredient, document)
    return record, [*problems, *document.doubts, *more], line


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    n: 60\n", "    n: 60 patients\n", "n"),
        ("    n: 60\n", "    n: 60\n    n: 62\n", "twice"),
        ("    n: 60\n", "    n: ６０\n", "n"),
        ("    n: 60\n", "    n: ٦٠\n", "n"),
        ("    n: 60\n", "    n: 6O\n", "n"),
        ("        value: 40\n", "        value: 40%\n", "value"),
        ("        value: 40\n", "        value: 4.0.1\n", "value"),
        ("        value: 40\n", "        value: <40\n", "value"),
        ("    direction: supports\n", "    direction: Supports\n", "direction"),
        ("    direction: supports\n", "    direction:supports\n", "space is missing"),
        ("    object: hair-loss\n", "    object: hair-lоss\n", "object"),
        ("    reference: moftah2013\n", "    reference: moftah2013, olsen2002\n", "reference"),
        ("    summary: More", "    sumary: More", "summary"),
        ("  last: 2026-11-22\n", "  last: 22.11.2026\n", "last"),
        ("  last: 2026-11-22\n", "  last: 2026-13-22\n", "last"),
        ("    basis: abstract\n", "    basis: *abstract\n", "anchor"),
        ("    basis: abstract\n", "    basis: !abstract abstract\n", "tag"),
        ("  - id: moftah2013-minoxidil-hair-loss\n", "    id: moftah2013-minoxidil-hair-loss\n", "findings"),
        ("review:\n", "---\nreview:\n", "document"),
        ("  due: 2027-11-22\n", "  due: 2027-11-22\n  note: later\n", "note"),
    ],
)
def test_a_damaged_record_is_told_at_its_place(old: str, new: str, says: str) -> None:
    _, problems, line = told(old, new)
    assert problems, "the damage went through without a word"
    here = [
        p for p in problems if line - 1 <= p.line <= line + new.count("\n")
    ]  # a list that is none begins a line above
    assert any(says in f"{p.field} {p.message} {p.cure}" for p in here), problems
    assert all(p.cure for p in problems)
    assert not any(word in p.message for p in problems for word in PARSER), problems
