"""What a sentence claims beyond what was shown."""

from __future__ import annotations

from typing import Any

import pytest

from kb.model.terms import Design
from kb.validation.wording import alike, denies_trials, direction_tested
from tests.questions.test_effects import finding

SIDES: list[dict[str, Any]] = [
    {"measure": "score", "kind": "percent-change", "arm": "a", "role": "intervention", "value": 58.0},
    {"measure": "score", "kind": "percent-change", "arm": "b", "role": "active", "value": 37.0},
]


@pytest.mark.parametrize(
    ("direction", "more", "summary", "fits"),
    [
        ("supports", {}, "The score fell by 58 and 37 percent.", False),
        ("refutes", {}, "The score fell by 58 and 37 percent.", False),
        ("insufficient", {}, "The score fell by 58 and 37 percent.", True),
        ("supports", {}, "The score fell by 58 and 37 percent, a significant difference.", True),
        ("supports", {"p": "0.01"}, "The score fell by 58 and 37 percent.", True),
    ],
)
def test_two_figures_without_a_test_take_no_side(
    direction: str, more: dict[str, Any], summary: str, fits: bool
) -> None:
    sides = [{**SIDES[0], **more}, SIDES[1]]
    made = finding(sides, relation="compared-with", direction=direction, effect_missing="no-spread")
    made = made.model_copy(update={"summary": summary})
    assert direction_tested(made, Design.RCT) is fits
    assert direction_tested(made, Design.GUIDELINE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Pain fell. The sides did not differ.", "The sides did not differ."),
        ("Added to plasma it made no difference.", "Added to plasma it made no difference."),
        ("The sides did not differ significantly.", None),
        ("No significant difference in satisfaction was found.", None),
        ("The weight of clippings did not differ from baseline.", None),
        ("The abstract prints no difference from placebo.", None),
        ("Waist fell by 11 against 5 cm (p<0.001), with the same fall in BMI.", None),
        ("Scores fell alike. Harms were few.", "Scores fell alike."),
        ("Needled in it did equally often well.", "Needled in it did equally often well."),
        ("The index fell by a similar amount on both sides.", "The index fell by a similar amount on both sides."),
        ("A cream did about as well as retinol.", "A cream did about as well as retinol."),
        ("Hair grew thicker.", None),
    ],
)
def test_no_significant_difference_is_not_told_as_no_difference(text: str, said: str | None) -> None:
    assert alike(text) == said


@pytest.mark.parametrize(
    ("note", "relation", "design", "denied"),
    [
        ("No controlled evidence found.", "treats", Design.RCT, True),
        ("No controlled evidence found by mouth; creams were tried.", "treats", Design.META_ANALYSIS, True),
        ("No controlled trial was found.", "compared-with", Design.CONTROLLED_TRIAL, True),
        ("No controlled evidence found.", "treats", Design.CASE_SERIES, False),
        ("No controlled evidence found.", "causes", Design.RCT, False),
        ("No trial of injected caffeine was found.", "treats", Design.RCT, False),
        ("", "treats", Design.RCT, False),
    ],
)
def test_a_note_does_not_deny_trials_that_came_in_later(note: str, relation: str, design: Design, denied: bool) -> None:
    """*No controlled evidence found* stood over seven randomised trials of poly-L-lactic acid."""
    made = finding(SIDES, relation=relation, direction="insufficient", effect_missing="no-spread")
    assert denies_trials(note, [(made, design)]) is denied
