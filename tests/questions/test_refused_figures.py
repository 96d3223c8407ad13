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


SPEAKS_FOR_LOW_RISK = {
    Instrument.ROB2: {
        Domain.RANDOMISATION: "1.1 yes, 1.2 yes, 1.3 no",
        Domain.DEVIATIONS: "2.1 no, 2.2 no, 2.3 no, 2.4 no, 2.5 yes, 2.6 yes, 2.7 no",
        Domain.MISSING_DATA: "3.1 yes, 3.2 yes, 3.3 no, 3.4 no",
        Domain.MEASUREMENT: "4.1 no, 4.2 no, 4.3 no, 4.4 no, 4.5 no",
        Domain.REPORTING: "5.1 yes, 5.2 no, 5.3 no",
    },
    Instrument.ROBINS_I: {
        Domain.CONFOUNDING: "a no, b yes",
        Domain.SELECTION: "a yes, b yes",
        Domain.CLASSIFICATION: "a yes, b yes",
        Domain.DEVIATIONS: "2.3 no, 2.4 no, 2.5 yes",
        Domain.MISSING_DATA: "3.1 yes, 3.2 yes, 3.3 no, 3.4 no",
        Domain.MEASUREMENT: "4.1 no, 4.2 no, 4.3 no, 4.4 no, 4.5 no",
        Domain.REPORTING: "5.1 yes, 5.2 no, 5.3 no",
    },
    Instrument.AMSTAR2: {
        Domain.PROTOCOL: "2 yes",
        Domain.SEARCH: "4 yes, 4+ yes",
        Domain.EXCLUDED_STUDIES: "7 yes",
        Domain.BIAS_OF_TRIALS: "9 yes",
        Domain.POOLING: "11 yes",
        Domain.BIAS_IN_CONCLUSIONS: "13 yes",
        Domain.PUBLICATION_BIAS: "15 yes",
    },
}
"""Read off the questions: the answer to each with which nothing is wrong."""


def test_each_answer_that_speaks_for_low_risk_leans_to_it_and_its_opposite_to_concerns() -> None:
    assert {i: list(d) for i, d in QUESTIONS.items()} == {i: list(d) for i, d in SPEAKS_FOR_LOW_RISK.items()}
    for instrument, domains in SPEAKS_FOR_LOW_RISK.items():
        for domain, good in domains.items():
            questions = QUESTIONS[instrument][domain]
            answers = dict(pair.split() for pair in good.split(", "))
            assert told(questions, answers) == good
            assert leaning(questions, answers) is Judgement.LOW
            for number, answer in answers.items():
                other = answers | {number: "no" if answer == "yes" else "yes"}
                assert leaning(questions, other) is Judgement.SOME_CONCERNS, (instrument, domain, number)
