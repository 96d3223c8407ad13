"""Figures that cannot be, and what is said of them; and what an effect looks like when it is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.appraisal import convert
from kb.appraisal.effects import Contrast, log_odds_ratio, log_risk_ratio, mean_difference
from kb.appraisal.signalling import QUESTIONS, leaning, told
from kb.model.appraisal import Domain, Instrument, Judgement
from kb.model.terms import Measure


@pytest.mark.parametrize(
    ("worked_out", "said"),
    [
        (lambda: convert.se_from_interval(1, 2, level=100), "a level of 100 %"),
        (lambda: convert.se_from_interval(1, 2, level=0), "a level of 0 %"),
        (lambda: convert.se_from_interval(2, 1), "2"),
        (lambda: convert.correlation_of_change(0, 4, 3), "standard deviation of 0"),
        (lambda: convert.correlation_of_change(4, -1, 3), "standard deviation of 0 or less"),
        (lambda: convert.percent_from_events(31, 30), "31 events among 30 people"),
        (lambda: convert.percent_from_events(-1, 30), "-1 events among 30 people"),
        (lambda: convert.percent_from_events(0, 0), "0 people; at least 1"),
        (lambda: convert.sd_from_se(-0.1, 30), "cannot be below 0"),
        (lambda: convert.from_iqr(5, 4, 6, 30), "5"),
        (lambda: convert.from_range(1, 4, 3, 30), "3"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_its_reason(worked_out: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        worked_out()


def test_what_nobody_was_counted_in_has_no_effect() -> None:
    assert mean_difference(5, 1, 0, 4, 1, 30) is None
    assert mean_difference(5, 1, 30, 4, 1, 0) is None
    assert mean_difference(5, 0, 30, 4, 0, 30) is None
    assert mean_difference(5, 3, 9, 4, 4, 16) == (1, 2.0)
    assert log_risk_ratio(0, 0, 3, 30) is None
    assert log_odds_ratio(0, 30, 0, 30) is None


def test_an_effect_is_said_with_its_unit_and_interval_and_a_ratio_without_a_unit() -> None:
    difference = Contrast("count", Measure.MEAN_DIFFERENCE, "a", "b", 7.1, 2.0, 12.2, "hairs per cm2", False)
    ratio = Contrast("cleared", Measure.RISK_RATIO, "a", "b", 1.5, 0.9, 2.5, "people", True, 90)
    assert str(difference) == "mean difference 7.1 hairs per cm2 (95% CI 2 to 12.2)"
    assert str(ratio) == "risk ratio 1.5 (90% CI 0.9 to 2.5)"
    assert (difference.null, difference.clear) == (0, True)
    assert (ratio.null, ratio.clear) == (1, False)
    value = difference.as_dict()
    assert (value["kind"], value["estimate"], value["low"], value["high"]) == ("mean-difference", 7.1, 2.0, 12.2)


def test_answers_to_the_instruments_are_told_with_their_numbers_and_lean_one_way() -> None:
    questions = QUESTIONS[Instrument.ROB2][Domain.RANDOMISATION]
    answers = {"1.1": "yes", "1.2": "probably yes", "1.3": "probably no"}
    assert told(questions, answers) == "1.1 yes, 1.2 probably yes, 1.3 probably no"
    assert leaning(questions, answers) is Judgement.LOW
    assert leaning(questions, answers | {"1.2": "no"}) is Judgement.SOME_CONCERNS
    assert leaning(questions, {"1.1": "no information"}) is Judgement.UNCLEAR
    assert leaning(questions, {}) is None
