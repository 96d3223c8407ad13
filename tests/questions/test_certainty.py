"""Certainty follows from the stated reasons, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.appraisal import agrees, certainty, starting_level
from kb.model import Assessment
from kb.model.terms import Certainty, Design, DownReason, UpReason


def assessment(starts: str, down: list[tuple[str, int]], up: list[tuple[str, int]], stored: str = "low") -> Assessment:
    return Assessment.model_validate(
        {
            "id": "x-topical-hair-loss",
            "object": "hair-loss",
            "route": "topical",
            "findings": ["a"],
            "starts": starts,
            "down": [{"reason": r, "levels": n, "why": "because"} for r, n in down],
            "up": [{"reason": r, "levels": n, "why": "because"} for r, n in up],
            "certainty": stored,
            "direction": "supports",
            "bottom_line": "It may help.",
            "would_change": "A trial.",
        }
    )


@pytest.mark.parametrize(
    ("starts", "down", "up", "expected"),
    [
        ("high", [], [], "high"),
        ("high", [("risk-of-bias", 1)], [], "moderate"),
        ("high", [("risk-of-bias", 1), ("imprecision", 1)], [], "low"),
        ("high", [("risk-of-bias", 2), ("imprecision", 2)], [], "very low"),
        ("low", [], [], "low"),
        ("low", [("indirectness", 2)], [], "very low"),
        ("low", [], [("large-effect", 1)], "moderate"),
        ("low", [], [("large-effect", 2)], "high"),
    ],
)
def test_each_reason_moves_the_rating(
    starts: str, down: list[tuple[str, int]], up: list[tuple[str, int]], expected: str
) -> None:
    assert certainty(assessment(starts, down, up)).value == expected


@given(
    starts=st.sampled_from(["high", "low"]),
    down=st.lists(st.tuples(st.sampled_from([r.value for r in DownReason]), st.integers(1, 2)), max_size=5),
    up=st.lists(st.tuples(st.sampled_from([r.value for r in UpReason]), st.integers(1, 2)), max_size=3),
)
def test_one_more_reason_against_never_raises_certainty(
    starts: str, down: list[tuple[str, int]], up: list[tuple[str, int]]
) -> None:
    before = certainty(assessment(starts, down, up)).level
    after = certainty(assessment(starts, [*down, ("imprecision", 1)], up)).level
    assert after <= before


def test_a_rating_typed_in_against_its_reasons_is_found() -> None:
    assert not agrees(assessment("high", [], [], stored="low"))
    assert agrees(assessment("high", [("imprecision", 2)], [], stored="low"))


def test_randomised_evidence_starts_high() -> None:
    assert starting_level([Design.COHORT, Design.RCT]) is Certainty.HIGH
    assert starting_level([Design.COHORT, Design.CASE_REPORT]) is Certainty.LOW
    assert starting_level([]) is Certainty.LOW
