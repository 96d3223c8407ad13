"""Effects from the arms of a study, against independent implementations."""

from __future__ import annotations

from typing import Any

import pytest
from scipy.stats.contingency import odds_ratio, relative_risk
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from kb.appraisal import rules
from kb.appraisal.effects import computed_direction, contrasts, log_odds_ratio, log_risk_ratio
from kb.model import Finding
from kb.model.terms import Direction, Measure


def finding(outcomes: list[dict[str, Any]], **more: Any) -> Finding:
    return Finding.model_validate(
        {
            "id": "a-b-c",
            "reference": "moftah2013",
            "relation": "treats",
            "object": "hair-loss",
            "direction": "supports",
            "basis": "abstract",
            "seen_at": "https://example.org",
            "summary": "A summary.",
            "outcomes": outcomes,
            **more,
        }
    )


def arms(events: int, n: int, control_events: int, control_n: int) -> list[dict[str, Any]]:
    return [
        {"measure": "regrowth", "arm": "minoxidil", "role": "intervention", "events": events, "n": n},
        {"measure": "regrowth", "arm": "placebo", "role": "placebo", "events": control_events, "n": control_n},
    ]


@pytest.mark.parametrize("table", [(157, 593, 77, 555), (20, 30, 8, 30), (1, 40, 3, 38)])
def test_risk_and_odds_ratio_agree_with_scipy(table: tuple[int, int, int, int]) -> None:
    a, n1, c, n2 = table
    by_kind = {x.kind: x for x in contrasts(finding(arms(*table)))}
    risk = relative_risk(a, n1, c, n2)
    low, high = risk.confidence_interval(0.95)
    found = by_kind[Measure.RISK_RATIO]
    assert (found.estimate, found.low, found.high) == pytest.approx((risk.relative_risk, low, high), rel=1e-5)
    odds = odds_ratio([[a, n1 - a], [c, n2 - c]], kind="sample")
    low, high = odds.confidence_interval(0.95)
    found = by_kind[Measure.ODDS_RATIO]
    assert (found.estimate, found.low, found.high) == pytest.approx((odds.statistic, low, high), rel=1e-5)


def test_difference_of_means_agrees_with_statsmodels() -> None:
    import numpy as np

    first, second = np.array([18.0, 21, 19, 25, 17, 20]), np.array([12.0, 15, 11, 14, 13])
    outcomes = [
        {
            "measure": "hairs",
            "kind": "mean",
            "arm": arm,
            "role": "placebo" if arm == "vehicle" else "intervention",
            "value": x.mean(),
            "sd": x.std(ddof=1),
            "n": len(x),
            "unit": "hairs/cm2",
        }
        for arm, x in (("minoxidil", first), ("vehicle", second))
    ]
    (found,) = contrasts(finding(outcomes))
    low, high = CompareMeans(DescrStatsW(first), DescrStatsW(second)).zconfint_diff(usevar="unequal")
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-5)
    assert found.estimate == pytest.approx(first.mean() - second.mean())
    assert str(found).startswith("mean difference 7 hairs/cm2 (95% CI")


@pytest.mark.parametrize("table", [(0, 30, 5, 30), (5, 30, 0, 30), (30, 30, 30, 30), (31, 30, 5, 30)])
def test_an_empty_cell_gives_no_ratio(table: tuple[int, int, int, int]) -> None:
    assert log_odds_ratio(*table) is None
    if table != (30, 30, 30, 30):
        assert log_risk_ratio(*table) is None or min(table) > 0


def test_arms_give_the_denominators_that_outcomes_leave_out() -> None:
    outcomes = [{k: v for k, v in o.items() if k != "n"} for o in arms(20, 30, 8, 30)]
    named = [{"name": "minoxidil", "n": 30}, {"name": "placebo", "n": 30}]
    assert contrasts(finding(outcomes, arms=named)) == contrasts(finding(arms(20, 30, 8, 30)))


def test_figures_of_different_times_or_without_a_control_are_not_compared() -> None:
    one, two = arms(20, 30, 8, 30)
    assert contrasts(finding([{**one, "at": "12 weeks"}, {**two, "at": "24 weeks"}])) == []
    assert contrasts(finding([one, {**two, "role": None}])) == []
    assert len(contrasts(finding([one, {**two, "role": "active"}]))) == 2


@pytest.mark.parametrize("role", ["placebo", "untreated", "control", "active"])
def test_of_two_arms_to_compare_with_neither_is_chosen(role: str) -> None:
    one, two = arms(20, 30, 8, 30)
    several = [one, {**two, "role": role}, {**two, "arm": "another", "role": role}]
    assert contrasts(finding(several)) == []


def test_words_decide_nothing() -> None:
    """A curator who calls the placebo arm by another name changes no figure."""
    one, two = arms(20, 30, 8, 30)
    assert [c.estimate for c in contrasts(finding([one, {**two, "arm": "sugar water"}]))] == [
        c.estimate for c in contrasts(finding([one, two]))
    ]


def test_a_direction_against_the_figures_is_told() -> None:
    none, clear = finding(arms(9, 30, 8, 30)), finding(arms(20, 30, 8, 30), direction="insufficient")
    assert "says supports" in str(rules.direction(none))
    assert "says insufficient" in str(rules.direction(clear))
    assert rules.direction(finding(arms(20, 30, 8, 30))) is None
    assert computed_direction(none) is Direction.INSUFFICIENT
    assert computed_direction(clear) is Direction.SUPPORTS


def test_a_printed_p_value_speaks_for_itself() -> None:
    outcomes = [*arms(9, 30, 8, 30), {"measure": "density", "p": "<0.001"}]
    assert rules.direction(finding(outcomes)) is None


@pytest.mark.parametrize("p", ["> 0.01", ">0.001", "≥ 0.02", "0.05", "= .31", "ns"])
def test_a_p_value_that_is_not_below_the_threshold_saves_nothing(p: str) -> None:
    assert rules.direction(finding([*arms(9, 30, 8, 30), {"measure": "density", "p": p}])) is not None


def test_printed_intervals_count_too() -> None:
    printed = {"measure": "regrowth", "kind": "risk-ratio", "value": 1.1, "interval": {"low": 0.8, "high": 1.5}}
    assert "risk ratio 1.1 (95% CI 0.8 to 1.5)" in str(rules.direction(finding([printed])))


def test_mechanism_is_not_judged_by_figures() -> None:
    assert rules.direction(finding(arms(9, 30, 8, 30), relation="mechanism")) is None
    assert computed_direction(finding(arms(9, 30, 8, 30), relation="mechanism")) is None
