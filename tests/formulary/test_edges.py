"""Where a limit lies, which line a problem is told of, and what a fingerprint of a review leaves out: to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from kb.formulary.content import fingerprint
from kb.formulary.validate import nearest
from kb.formulary.yamltext import MOST_DEPTH, parse
from kb.model import Ingredient
from tests.formulary.conftest import INGREDIENT


def lists(levels: int) -> str:
    return "id: " + "[" * levels + "]" * levels + "\n"


def fields(levels: int) -> str:
    return "".join("  " * i + "a:\n" for i in range(levels - 1)) + "  " * (levels - 1) + "a: x\n"


@pytest.mark.parametrize("written", [lists, fields])
def test_forty_levels_are_read_and_one_more_is_refused(written: Callable[[int], str]) -> None:
    document, problems = parse(written(MOST_DEPTH), "x.yaml")
    assert document is not None and not problems
    document, (problem,) = parse(written(MOST_DEPTH + 1), "x.yaml")
    assert document is None
    assert "nested too deeply" in problem.message


@pytest.mark.parametrize("broken", ["\ud800", "\x07"])
def test_the_line_of_a_character_that_cannot_be_is_counted_with_empty_lines_before_it(broken: str) -> None:
    for empty in range(3):
        _, (problem,) = parse("\n" * empty + f"id: a{broken}\n", "x.yaml")
        assert problem.line == empty + 1


@pytest.mark.parametrize(
    ("text", "line", "says", "cure"),
    [
        ("see #3 x\n  and: here\nname: z\n", 1, "cut off at ` #`", "in quotes"),
        ("id: x\nwhy: see #3 there\n  and here\nname: z\n", 2, "cut off at ` #`", "in quotes"),
        ("# a: 'x\nid: x\n b: #c\n", 3, "cut off at ` #`", "in quotes"),
        ('id: x\nwhy: "see #3" there\n  and here\nname: z\n', 2, "does not fit in", "a quote that is not closed"),
        ("id: x\nwhy: y\n    z: here\n", 3, "already has its value", "the indentation of its fellow fields"),
        ("id: x\nwhy: y: z\n", 2, "a colon with a space after it", "in quotes"),
        ("id: x\nwhy: y:\n", 2, "a colon with a space after it", "in quotes"),
    ],
)
def test_a_slip_is_told_of_the_line_it_is_in(text: str, line: int, says: str, cure: str) -> None:
    _, (problem, *more) = parse(text, "x.yaml")
    assert not more
    assert problem.line == line
    assert says in problem.message
    assert cure in problem.cure


def test_at_most_three_names_are_proposed_the_nearest_first() -> None:
    known = ["certainties", "certainty", "uncertainty", "certainly", "n"]
    assert nearest("certaint", known) == ["certainty", "certainties", "uncertainty"]
    assert nearest("certainty", ["n", "summary"]) == []


def ingredient(**changes: object) -> Ingredient:
    return Ingredient.model_validate(yaml.safe_load(INGREDIENT) | changes)


def test_a_fingerprint_is_sixteen_digits_that_yaml_does_not_take_for_a_number() -> None:
    seen = set()
    for number in range(400):
        found = fingerprint(ingredient(name=f"Minoxidil {number}"))
        assert len(found) == 16
        assert set(found) <= set("0123456789abcdef")
        assert yaml.safe_load(found) == found
        seen.add(found)
    assert len(seen) == 400


def test_a_fingerprint_leaves_out_the_order_of_records_and_the_review_and_keeps_the_order_of_names() -> None:
    (one,) = yaml.safe_load(INGREDIENT)["findings"]
    other = one | {"id": "uzel2021-minoxidil-hair-loss", "reference": "uzel2021"}
    said = fingerprint(ingredient(findings=[one, other]))
    assert said == fingerprint(ingredient(findings=[other, one]))
    assert said != fingerprint(ingredient(findings=[one]))
    assert said != fingerprint(ingredient(findings=[one, other | {"n": 61}]))
    review = {"last": "2030-01-01", "by": "somebody", "due": "2031-01-01"}
    assert said == fingerprint(ingredient(findings=[one, other], review=review))
    names = {"synonyms": ["an idol", "widget"]}
    swapped = {"synonyms": ["widget", "an idol"]}
    assert fingerprint(ingredient(**names)) != fingerprint(ingredient(**swapped))
