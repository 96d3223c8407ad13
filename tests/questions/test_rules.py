"""Each check of one record: what it lets pass and what it names."""

from __future__ import annotations

from typing import Any

import pytest

from kb.appraisal import rules
from kb.model import Assessment, Caution
from kb.model.terms import Act, Design, Direction
from tests.questions.test_effects import arms, finding

RATIO = {"measure": "bruising", "kind": "risk-ratio", "arm": "drug vs placebo", "role": "intervention"}


def ratio(value: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    return {**RATIO, "against": "placebo", "value": value, "interval": {"low": low, "high": high}, **more}


@pytest.mark.parametrize(
    ("relation", "direction", "outcomes", "more", "fits"),
    [
        ("treats", "supports", [ratio(2, 1.1, 4)], {}, True),
        ("treats", "supports", [ratio(2, 0.9, 4)], {}, False),
        ("treats", "supports", [ratio(2, 0.9, 4), ratio(3, 1.2, 9)], {}, True),
        ("causes", "supports", [ratio(2, 0.9, 4)], {}, False),
        ("causes", "supports", [ratio(2, 0.9, 4)], {"frequency": {"percent": 12}}, True),
        ("causes", "supports", [ratio(2, 0.9, 4)], {"frequency": {"percent": 0}}, False),
        ("causes", "supports", [ratio(2, 0.9, 4), arms(3, 30, 0, 30)[0]], {}, True),
        ("causes", "supports", [ratio(2, 0.9, 4), arms(3, 30, 2, 30)[1]], {}, False),
        ("treats", "insufficient", [ratio(2, 1.1, 4)], {}, False),
        ("treats", "insufficient", [ratio(2, 1.1, 4), ratio(2, 0.9, 4)], {}, True),
        ("treats", "insufficient", [ratio(2, 1.1, 4)], {"limitations": "Every trial was at high risk of bias."}, True),
        ("causes", "refutes", [ratio(2, 1.1, 4)], {}, False),
        ("causes", "refutes", [ratio(0.5, 0.3, 0.8)], {}, True),
        ("causes", "refutes", [ratio(2, 1.1, 4), ratio(0.5, 0.3, 0.8)], {}, True),
        ("causes", "refutes", [ratio(1, 0.6, 1.7)], {}, True),
        ("causes", "refutes", [], {}, False),  # how large a rise is excluded, nothing tells
        ("treats", "refutes", [], {}, True),
        ("treats", "refutes", [ratio(2, 1.1, 4)], {}, True),  # which side is better, figures do not say
        ("compared-with", "supports", [ratio(2, 0.9, 4)], {}, True),
    ],
)
def test_direction_and_figures(
    relation: str, direction: str, outcomes: list[dict[str, Any]], more: dict[str, Any], fits: bool
) -> None:
    made = finding(outcomes, relation=relation, direction=direction, **more)
    assert (rules.direction(made) is None) is fits


@pytest.mark.parametrize(
    ("direction", "design", "outcomes", "fits"),
    [
        ("neither-better", None, [ratio(2, 1.1, 4, against="active")], False),
        ("neither-better", None, [ratio(2, 0.9, 4, against="active")], True),
        # fewer harms, and no more benefit
        ("neither-better", None, [ratio(2, 1.1, 4, against="active"), ratio(1, 0.6, 1.7, against="active")], True),
        ("neither-better", None, [], True),
        ("outcomes-differ", Design.RCT, [ratio(2, 1.1, 4)], True),
        ("studies-disagree", Design.RCT, [], False),
        ("studies-disagree", Design.CASE_SERIES, [], False),
        ("studies-disagree", Design.META_ANALYSIS, [], True),
        ("studies-disagree", Design.WEB, [], True),
        ("studies-disagree", None, [], True),
    ],
)
@pytest.mark.parametrize("relation", ["treats", "compared-with", "precaution"])
def test_what_points_neither_way_fits_its_figures_and_its_paper(
    relation: str, direction: str, design: Design | None, outcomes: list[dict[str, Any]], fits: bool
) -> None:
    assert (rules.direction(finding(outcomes, relation=relation, direction=direction), design) is None) is fits


@pytest.mark.parametrize("against", ["placebo", "untreated"])
@pytest.mark.parametrize("relation", ["treats", "compared-with"])
def test_placebo_or_nothing_is_never_as_good(relation: str, against: str) -> None:
    """A trial that missed its aim against placebo stood as *neither shown better*."""
    made = finding([ratio(2, 0.9, 4, against=against)], relation=relation, direction="neither-better")
    assert (
        rules.direction(made)
        == "direction disagrees: it says that neither is better, but one of the two is placebo or nothing"
    )


def test_rewording_the_summary_changes_no_verdict() -> None:
    figures = [ratio(2, 1.1, 4)]
    for summary in ("Fewer bruises.", "No more bruises, against all expectation.", "Worse."):
        made = finding(figures, relation="causes", direction="refutes").model_copy(update={"summary": summary})
        assert rules.direction(made) is not None


@pytest.mark.parametrize(
    ("n", "sizes", "fits"),
    [
        (60, [30, 30], True),
        (60, [30, 20], True),
        (60, [60, 60], True),
        (60, [61], False),
        (60, [30, 31], False),
        (60, [60, 60, 60], True),
        (60, [60, 61], False),
        (60, [90, None], True),
        (None, [90, 30], True),
        (60, [], True),
    ],
)
def test_arms_add_up_or_count_everyone_in_each(n: int | None, sizes: list[int | None], fits: bool) -> None:
    named = [{"name": f"arm {i}", "n": size} for i, size in enumerate(sizes)]
    assert (rules.arms_add_up(finding([], n=n, arms=named)) is None) is fits


@pytest.mark.parametrize(("value", "fits"), [(1.0, True), (0.5, True), (1.5, True), (0.49, False), (1.51, False)])
def test_a_value_lies_in_its_interval(value: float, fits: bool) -> None:
    (outcome,) = finding([ratio(value, 0.5, 1.5)]).outcomes
    assert (rules.value_in_interval(outcome) is None) is fits


@pytest.mark.parametrize(("percent", "fits"), [(33.3, True), (34, True), (32.4, True), (34.5, False), (32.2, False)])
def test_a_percentage_is_its_events_but_for_rounding(percent: float, fits: bool) -> None:
    row = {"measure": "x", "kind": "percent", "value": percent, "events": 10, "n": 30, "unit": "percent of patients"}
    (outcome,) = finding([row]).outcomes
    assert (rules.percent_agrees(outcome) is None) is fits


@pytest.mark.parametrize(
    ("arm", "codes", "fits"),
    [
        ("drug", {}, True),
        ("drgu", {"role": "intervention"}, False),
        ("drug v placebo", {"role": "intervention", "against": "placebo"}, True),
        ("everyone", {"role": "all"}, True),
        ("at the start", {"role": "before"}, True),
        ("all of them", {}, False),
    ],
)
def test_a_figure_is_of_an_arm_or_a_contrast(arm: str, codes: dict[str, str], fits: bool) -> None:
    made = finding([{"measure": "x", "value": 1, "arm": arm, **codes}], arms=[{"name": "drug"}, {"name": "placebo"}])
    assert (rules.arm_known(made, made.outcomes[0]) is None) is fits


def assessment(**more: Any) -> Assessment:
    sound = {
        "id": "a", "object": "hair-loss", "route": "oral", "findings": ["f"], "starts": "high", "certainty": "low",
        "down": [{"reason": "imprecision", "levels": 2, "why": "small"}], "direction": "supports",
        "bottom_line": "May help.", "would_change": "A trial.",
    }  # fmt: skip
    return Assessment.model_validate(sound | more)


def test_the_certainty_is_the_one_its_reasons_give() -> None:
    assert rules.certainty_follows(assessment()) is None
    assert rules.certainty_follows(assessment(certainty="moderate")) == "the stated reasons give low, not moderate"


@pytest.mark.parametrize(
    ("designs", "levels"),
    [
        ([Design.RCT], {"high"}),
        ([Design.SYSTEMATIC_REVIEW], {"high", "low"}),
        ([Design.META_ANALYSIS, Design.RCT], {"high"}),
        ([Design.COHORT], {"low"}),
        ([], {"high", "moderate", "low", "very low"}),
    ],
)
def test_a_body_of_evidence_starts_where_its_designs_may(designs: list[Design], levels: set[str]) -> None:
    may = {s for s in ("high", "moderate", "low", "very low") if rules.starts(assessment(starts=s), designs) is None}
    assert may == levels


def test_only_what_started_low_is_rated_up() -> None:
    up = [{"reason": "large-effect", "levels": 1, "why": "tenfold"}]
    assert rules.up_only_from_low(assessment(up=up)) is not None
    assert rules.up_only_from_low(assessment(up=up, starts="low")) is None
    assert rules.up_only_from_low(assessment()) is None


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("found", list(Direction))
def test_an_assessment_says_what_a_finding_says(direction: Direction, found: Direction) -> None:
    held = rules.direction_held(assessment(direction=direction.value), [found]) is None
    firm = direction in {Direction.SUPPORTS, Direction.REFUTES}
    assert held is (not firm or found is direction or found.divided)


FORBIDDING = {Act.DO_NOT, Act.POSTPONE, Act.AVOID}


@pytest.mark.parametrize(
    ("severity", "allowed"),
    [
        ("contraindicated", {Act.DO_NOT, Act.POSTPONE}),
        ("avoid", FORBIDDING),
        ("caution", set(Act)),
        ("inform", set(Act) - FORBIDDING),
    ],
)
def test_severity_and_code_agree(severity: str, allowed: set[Act]) -> None:
    def caution(act: Act | None) -> Caution:
        values = {"id": "c", "trigger": "age", "severity": severity, "action": "x", "why": "y", "strength": "z"}
        return Caution.model_validate(values | {"act": act})

    assert {act for act in Act if rules.act_fits(caution(act)) is None} == allowed
    assert rules.act_fits(caution(None)) is None


@pytest.mark.parametrize(
    ("sessions", "interval", "follow_up", "at", "fits"),
    [
        (4, 4, 24, "12 weeks after the last session", True),
        (4, 4, 28, "12 weeks after the last session", False),  # an interval too many
        (4, 4, 12, "12 weeks after the last session", False),  # counted from the last session
        (None, None, 12, "24 weeks", False),
        (None, None, 26, "6 months", True),
        (12, 1, 8, "8 weeks", False),
        # As near as two weeks, or 8% of the follow-up, is how times are printed.
        (6, 4, 18, "18 weeks", True),
        (6, 4, 17.5, "17 weeks", False),
        (None, None, 52, "56 weeks", True),
        (None, None, 52, "57 weeks", False),
        (4, 4, 26, "12 weeks after the last session", True),
        (4, 4, 27, "12 weeks after the last session", False),
        (4, 4, 21.5, "12 weeks after the last session", False),
        (1, None, 12, "4 weeks after the last session", True),
    ],
)
def test_follow_up_reaches_the_last_session_and_the_last_result(
    sessions: int | None, interval: float | None, follow_up: float, at: str, fits: bool
) -> None:
    outcome = {"measure": "score", "kind": "mean", "value": 1.0, "at": at}
    made = finding([outcome], sessions=sessions, interval_weeks=interval, follow_up_weeks=follow_up)
    assert (rules.times_agree(made) is None) is fits


@pytest.mark.parametrize(
    ("course", "at", "said"),
    [
        ({"sessions": 12, "interval_weeks": 1}, None, "the last session is at week 11, the follow-up ends at week 8"),
        ({}, ["4 weeks", "24 weeks"], "a result at week 24, the follow-up ends at week 8"),
        (
            {"sessions": 4, "interval_weeks": 2},
            ["4 weeks after the last session", "12 weeks after the last session"],
            "sessions take 6 weeks and the last result is 12 after them, not 8 in all",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_weeks(course: dict[str, float], at: list[str] | None, said: str) -> None:
    outcomes = [{"measure": "score", "kind": "mean", "value": 1.0, "at": a} for a in at or ["baseline"]]
    assert rules.times_agree(finding(outcomes, **course, follow_up_weeks=8)) == said


@pytest.mark.parametrize(
    ("certainty", "n", "figures", "fits"),
    [
        ("low", 60, False, False),
        ("very low", 60, False, True),
        ("low", 400, False, True),
        ("low", 60, True, True),
        ("low", 46, True, False),
    ],
)
def test_few_people_without_an_interval_carry_no_more_than_very_low(
    certainty: str, n: int, figures: bool, fits: bool
) -> None:
    small = finding(arms(20, 30, 8, 30) if figures else [], n=n)
    assert (rules.big_enough(assessment(certainty=certainty), [small]) is None) is fits


@pytest.mark.parametrize(("direction", "fits"), [("supports", False), ("refutes", True), ("neither-better", True)])
def test_only_people_in_trials_that_take_the_side_count_for_it(direction: str, fits: bool) -> None:
    """Twenty-seven people against a sham stood at *low* because sixty others had done better with something else."""
    few = finding(arms(13, 14, 5, 13), n=27).model_copy(update={"id": "few", "reference": "few"})
    many = finding(arms(14, 30, 24, 30), n=60, direction="refutes").model_copy(update={"reference": "many"})
    assert (rules.big_enough(assessment(direction=direction), [few, many]) is None) is fits


@pytest.mark.parametrize(
    ("relation", "roles", "note", "fits"),
    [
        ("treats", ["active", "active"], None, False),
        ("treats", ["placebo"], None, False),
        ("treats", ["intervention", "active"], None, True),
        ("treats", ["intervention"], None, True),
        ("treats", ["active"], "printed for this side alone", True),
        ("compared-with", ["active"], None, True),
    ],
)
def test_a_treated_side_is_not_coded_as_what_it_is_compared_with(
    relation: str, roles: list[str], note: str | None, fits: bool
) -> None:
    told = [
        {"measure": "girth", "kind": "change", "arm": f"leg {i}", "role": role, "value": 1.0, "note": note}
        for i, role in enumerate(roles)
    ]
    assert (rules.roles_told(finding(told, relation=relation)) is None) is fits
