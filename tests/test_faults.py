"""A few of the kills and of the damaged inputs that `benchmarks/kills.py` and `benchmarks/fuzz.py` make by the thousand."""

import sys
from pathlib import Path

import pytest

from kb.compile import ensure
from kb.formulary.write import canonical
from kb.formulary.yamltext import parse
from kb.literature.doi import doi

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "benchmarks"))

import fuzz  # noqa: E402
import kills  # noqa: E402


@pytest.mark.parametrize("door", ["references", "bibliography", "records", "canonical", "streams", "messages"])
def test_damaged_inputs_are_answered(door: str) -> None:
    rows = list(fuzz.attempts(door, seed=3, inputs=60))
    assert [row for row in rows if "said" in row] == []
    assert rows[-1]["inputs"] == 60


@pytest.mark.parametrize("door", ["checks", "suggestions", "pages"])
def test_pages_search_and_checks_answer_whatever_is_asked(door: str) -> None:
    ensure(PROJECT)
    rows = list(fuzz.attempts(door, seed=3, inputs=12))
    assert [row for row in rows if "said" in row and not row["said"].endswith(" s")] == []  # a busy machine is no fault


@pytest.mark.parametrize("kind", ["a text file", "a draft", "a decision", "references.bib"])
def test_a_killed_save_loses_nothing_that_was_confirmed(kind: str, tmp_path: Path) -> None:
    result = kills.run(kind, 4, 3, tmp_path)
    assert result.kills == 4
    assert (result.lost, result.damaged, result.debris) == ([], [], set())


@pytest.mark.parametrize(
    "value", ["two  spaces", "a word and          ten spaces " * 9, "a no-break space at the end\u00a0", "x\u2028y"]
)
def test_the_canonical_form_keeps_every_space(value: str) -> None:
    document, problems = parse(f'a: "{value}"\n', "x.yaml")
    assert document is not None and not problems
    again, _ = parse(canonical(f'a: "{value}"\n'), "x.yaml")
    assert again is not None and again.value == document.value
    assert canonical(canonical(f'a: "{value}"\n')) == canonical(f'a: "{value}"\n')


def test_half_a_character_is_a_problem_with_its_line() -> None:
    document, (problem,) = parse("a: b\nc: \ud800\n", "x.yaml")
    assert document is None
    assert (problem.line, problem.message) == (2, "holds half of a character")


def test_what_a_doi_says_with_percent_signs_never_becomes_a_control_character() -> None:
    assert doi("10.1002/(SICI)1097-0258(199)17:15%3C1661::AID%3E3") == "10.1002/(SICI)1097-0258(199)17:15<1661::AID>3"
    assert doi("10.5555/r%103") == "10.5555/r%103"
