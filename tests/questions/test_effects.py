"""Effects from the arms of a study, against independent implementations."""

from __future__ import annotations

from typing import Any

import pytest
from scipy.stats.contingency import odds_ratio, relative_risk
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from kb.appraisal import rules
from kb.appraisal.effects import computed_direction, contrasts, log_odds_ratio, log_risk_ratio, risk_difference
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


@pytest.mark.parametrize("p", ["> 0.01", ">0.001", "≥ 0.02", "0.05", "= .31"])
def test_a_p_value_that_is_not_below_the_threshold_saves_nothing(p: str) -> None:
    assert rules.direction(finding([*arms(9, 30, 8, 30), {"measure": "density", "p": p}])) is not None


def test_printed_intervals_count_too() -> None:
    printed = {"measure": "regrowth", "kind": "risk-ratio", "value": 1.1, "interval": {"low": 0.8, "high": 1.5}}
    assert "risk ratio 1.1 (95% CI 0.8 to 1.5)" in str(rules.direction(finding([printed])))


def test_mechanism_is_not_judged_by_figures() -> None:
    assert rules.direction(finding(arms(9, 30, 8, 30), relation="mechanism")) is None
    assert computed_direction(finding(arms(9, 30, 8, 30), relation="mechanism")) is None


def test_a_difference_of_risks_has_newcombes_interval() -> None:
    # Newcombe, Stat Med 1998;17:873-890, table II, example (a), method 10: 56 of 70 against 48 of 80.
    assert risk_difference(56, 70, 48, 80) == pytest.approx((20.0, 5.24, 33.39), abs=0.005)


def test_an_arm_without_events_gives_a_difference_and_no_ratio() -> None:
    (found,) = contrasts(finding(arms(25, 25, 0, 25)))
    assert (found.kind, found.unit) == (Measure.RISK_DIFFERENCE, "percentage points")
    assert found.clear and found.estimate == 100


def percentages(unit: str, value: float, n: int) -> list[dict[str, Any]]:
    made = arms(1, n, 1, n)
    for arm, share in zip(made, (value, 20.0), strict=True):
        arm.update(kind="percent", value=share, unit=unit, events=None)
    return made


def test_a_percentage_of_people_gives_the_events_behind_it() -> None:
    worked_out = contrasts(finding(percentages("percent of patients", 55.0, 20)))
    assert worked_out == contrasts(finding(arms(11, 20, 4, 20)))


@pytest.mark.parametrize(("unit", "value"), [("percent of hairs", 55.0), ("percent of patients", 57.0)])
def test_a_percentage_that_counts_no_people_gives_no_effect(unit: str, value: float) -> None:
    assert contrasts(finding(percentages(unit, value, 20))) == []


def test_a_difference_with_its_p_value_gets_the_interval_of_a_t_test() -> None:
    from scipy import stats

    first, second = [18.0, 21, 19, 25, 17, 20], [12.0, 15, 11, 14, 13, 19]
    test = stats.ttest_ind(first, second)
    interval = test.confidence_interval()
    outcome = {
        "measure": "hairs",
        "kind": "mean-difference",
        "arm": "minoxidil vs placebo",
        "role": "intervention",
        "against": "placebo",
        "value": sum(first) / 6 - sum(second) / 6,
        "p": f"{test.pvalue:.12f}",
    }
    (found,) = contrasts(finding([outcome], arms=[{"name": "minoxidil", "n": 6}, {"name": "placebo", "n": 6}]))
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-6)
    assert not found.printed
    outcome["p"] = ">0.05"
    assert contrasts(finding([outcome], arms=[{"name": "minoxidil", "n": 6}, {"name": "placebo", "n": 6}])) == []


def test_the_interval_of_each_arm_gives_the_difference_between_them() -> None:
    # Alam 2014, as printed: 3.4 (0.2 to 6.5) and 0.4 (-2.3 to 3.5), 20 sides each.
    outcomes = [
        {
            "measure": "score",
            "kind": "change",
            "arm": arm,
            "role": role,
            "value": v,
            "interval": {"low": lo, "high": hi},
        }
        for arm, role, v, lo, hi in (("needled", "intervention", 3.4, 0.2, 6.5), ("bare", "control", 0.4, -2.3, 3.5))
    ]
    (found,) = contrasts(finding(outcomes, arms=[{"name": "needled", "n": 20}, {"name": "bare", "n": 20}]))
    assert found.estimate == pytest.approx(3.0) and not found.clear
