"""Geometry of forest plots."""

from __future__ import annotations

import pytest

from kb.views.charts.forest import MOST_ROWS, NO_SIDES, PLOT, Effect, Pooled, Sides, forest, pooled_plots, printed_plots
from kb.views.charts.forest_drawing import Scale

GOOD_HIGH = Sides("higher")


def effect(estimate: float, low: float, high: float) -> Effect:
    return Effect("Adams 2001", "response", estimate, low, high)


def test_the_line_of_no_effect_is_always_in_view() -> None:
    for kind, found in (("risk-ratio", effect(3, 2, 5)), ("mean-difference", effect(15, 9, 22))):
        plot = forest("x", "t", kind, "", [found], None, "", GOOD_HIGH)
        assert PLOT[0] <= plot.null < plot.rows[0]["x1"] < plot.rows[0]["x"] < plot.rows[0]["x2"] <= PLOT[1]


def test_ratios_are_drawn_on_a_logarithmic_axis() -> None:
    plot = forest("x", "t", "odds-ratio", "", [effect(2, 0.5, 2), effect(0.5, 0.5, 2)], None, "", GOOD_HIGH)
    twice, half = plot.rows[0]["x"], plot.rows[1]["x"]
    assert twice - plot.null == pytest.approx(plot.null - half, abs=0.2)


@pytest.mark.parametrize("bounds", [(0.0, 0.0), (-1e9, 1e9), (0.0, 1e-9), (1e-12, 1e12)])
@pytest.mark.parametrize("kind", ["risk-ratio", "mean-difference"])
def test_odd_bounds_stay_on_the_plot(kind: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    plot = forest("x", "t", kind, "", [effect(high, low, high)], None, "", GOOD_HIGH)
    for x in (plot.null, plot.rows[0]["x1"], plot.rows[0]["x"], plot.rows[0]["x2"], *(t for t, _ in plot.ticks)):
        assert PLOT[0] - 0.1 <= x <= PLOT[1] + 0.1
    assert len(plot.ticks) <= 13


def test_a_pooled_interval_that_says_nothing_does_not_shrink_the_trials() -> None:
    trials = [effect(4, 1.4, 12), effect(8, 2, 30)]
    plot = forest("x", "t", "risk-ratio", "", trials, Pooled(5, 0.01, 2460, None, None, ""), "Pooled.", GOOD_HIGH)
    assert plot.rows[0]["x2"] - plot.rows[0]["x1"] > 40
    assert "beyond the axis" in plot.caption


def test_effects_of_one_measure_and_unit_share_a_plot_and_are_told_once() -> None:
    def finding(key: str, kind: str, value: float, unit: str | None = None) -> dict[str, object]:
        outcome = {
            "measure": "response",
            "kind": kind,
            "value": value,
            "better": "higher",
            "interval": {"low": value - 1, "high": value + 1},
        }
        return {
            "relation": "treats",
            "object_name": "Thin hair",
            "reference": key,
            "direction": "supports",
            "subject_name": "Alphanol",
            "outcomes": [outcome | ({"unit": unit} if unit else {})],
        }

    same = [finding("a", "mean-difference", 3, "hairs"), finding("a", "mean-difference", 3, "hairs")]
    assert printed_plots(same, {}) == []
    two = [*same, finding("b", "mean-difference", 5, "hairs"), finding("c", "mean-difference", 5, "points")]
    (plot,) = printed_plots(two, {"a": "Adams 2001"})
    assert [r["name"] for r in plot.rows] == ["Adams 2001", "b"]
    assert plot.pooled == []


def test_a_long_plot_is_cut() -> None:
    many = [effect(i + 1, i, i + 2) for i in range(1, 40)]
    assert len(forest("x", "t", "mean-difference", "", many, None, "", GOOD_HIGH).rows) == MOST_ROWS


def test_two_trials_show_both_intervals_and_say_which_is_which() -> None:
    trials = [effect(3.719, 2.84, 4.871), effect(3.018, 2.362, 3.855)]
    pooled = Pooled(3.323, 2.709, 4.077, None, None, "I² 20.9%", other=(0.8839, 12.5))
    plot = forest("x", "t", "risk-ratio", "", trials, pooled, "", GOOD_HIGH)
    assert [(p["label"], p["note"], p["text"], p["hollow"]) for p in plot.pooled] == [
        ("Pooled", "usual interval", "3.32 (2.71 to 4.08)", False),
        ("The same, wide interval", "Hartung-Knapp interval", "3.32 (0.884 to 12.5)", True),
    ]
    assert plot.rows[0]["text"] == "3.719 (2.84 to 4.871)"  # a printed figure stands as printed


def test_on_a_phone_words_stand_above_marks_and_nothing_leaves_the_sheet() -> None:
    long = Effect("Adams, Brown, Clark and many others 2001", "a measure " * 20, 15, 9, 22)
    plot = forest("x", "t", "mean-difference", "hairs/cm2", [long, long], None, "", GOOD_HIGH).narrow
    assert plot.width < 360
    for row in plot.rows:
        assert max(y for _, _, y in row["lines"]) < row["y"] - 8
        assert 0 <= row["x1"] < row["x2"] <= plot.width
        assert all(len(text) <= 50 for _, text, _ in row["lines"])
    assert min(y for _, _, y in plot.rows[1]["lines"]) - plot.rows[0]["y"] > 12
    assert plot.rows[1]["y"] < plot.foot


def test_words_of_a_row_are_wrapped_and_never_cut() -> None:
    note = "12 weeks · fall of the melasma score against the comparison group · microneedling with tranexamic acid"
    plot = forest("x", "t", "mean-difference", "", [Effect("Feng 2024", note, 1, 0.5, 2)] * 2, None, "", GOOD_HIGH)
    for drawing in (plot.wide, plot.narrow):
        for row in drawing.rows:
            assert " ".join(text for kind, text, _ in row["lines"] if kind != "t-bold") == note
    first, second = plot.wide.rows
    assert max(y for _, _, y in first["lines"]) < min(y for _, _, y in second["lines"]) - 10


def printed(key: str, value: float, better: str | None, **outcome: object) -> dict[str, object]:
    figure = {
        "measure": "score", "kind": "mean-difference", "value": value, "better": better,
        "role": "intervention", "against": "placebo", "interval": {"low": value - 0.2, "high": value + 0.2},
    }  # fmt: skip
    return {
        "id": key, "relation": "treats", "subject": "alphanol", "subject_name": "Alphanol", "object": "spots",
        "object_name": "Spots", "reference": key, "direction": "supports", "outcomes": [figure | outcome],
    }  # fmt: skip


def test_one_axis_never_mixes_two_conventions_of_sign() -> None:
    found = [printed("a", -0.8, "lower"), printed("b", 2.4, "higher"), printed("c", 0.6, "higher")]
    low, high = sorted(printed_plots(found, {}), key=lambda p: len(p.rows))
    assert [r["name"] for r in low.rows] == ["a"]
    assert [r["name"] for r in high.rows] == ["b", "c"]
    assert low.favours == ("← Favours alphanol", "Favours placebo or sham →")
    assert high.favours == ("← Favours placebo or sham", "Favours alphanol →")
    assert "lower is better" in low.title


def test_rows_are_named_by_what_was_given_where_several_treatments_stand_in_one_plot() -> None:
    other = printed("b", 1.1, "higher") | {"subject": "betanol", "subject_name": "Betanol"}
    (plot,) = printed_plots([printed("a", 1, "higher"), other], {"a": "Roe 2020", "b": "Poe 2021"}, by_subject=True)
    assert [r["name"] for r in plot.rows] == ["Alphanol, Roe 2020", "Betanol, Poe 2021"]
    assert plot.favours == ("← Favours placebo or sham", "Favours treatment →")


def test_what_nobody_knows_the_good_side_of_is_not_drawn() -> None:
    found = [printed("a", 1, "higher"), printed("b", 2, "higher"), printed("c", 3, None)]
    (plot,) = printed_plots(found, {})
    assert [r["name"] for r in plot.rows] == ["a", "b"]


def test_what_differs_between_rows_comes_first_and_what_all_share_is_told_once() -> None:
    found = [printed("a", 1, "higher", at="4 weeks", arm="x"), printed("b", 2, "higher", at="12 weeks", arm="y")]
    (plot,) = printed_plots(found, {})
    assert [r["what"] for r in plot.rows] == ["4 weeks · x", "12 weeks · y"]
    assert "All rows: score" in plot.caption


def test_before_and_after_is_not_called_a_comparator() -> None:
    found = [printed("a", 1, "higher", against="before"), printed("b", 2, "higher", against="before")]
    (plot,) = printed_plots(found, {})
    assert plot.favours == ("← Worse than before", "Better than before →")


def test_credible_intervals_are_not_called_confidence_intervals() -> None:
    confidence, credible = effect(15, 9, 22), Effect("Gupta 2025", "", 20, 3.7, 41, credible=True)
    assert forest("x", "t", "mean-difference", "", [confidence], None, "", GOOD_HIGH).figures == "Effect (95% CI)"
    assert forest("x", "t", "mean-difference", "", [credible], None, "", GOOD_HIGH).figures == "Effect (95% CrI)"
    mixed = forest("x", "t", "mean-difference", "", [confidence, credible], None, "", GOOD_HIGH)
    assert mixed.figures == "Effect and interval"
    assert [r["text"] for r in mixed.rows] == ["15 (9 to 22), 95% CI", "20 (3.7 to 41), 95% CrI"]
    wide = Effect("Ablon 2018", "", 15, 9, 22, level=99)
    assert forest("x", "t", "mean-difference", "", [wide], None, "", GOOD_HIGH).figures == "Effect (99% CI)"
    both = forest("x", "t", "mean-difference", "", [confidence, wide], None, "", GOOD_HIGH)
    assert [r["text"] for r in both.rows] == ["15 (9 to 22), 95% CI", "15 (9 to 22), 99% CI"]


def test_a_narrow_ratio_has_marks_besides_no_difference() -> None:
    ticks = Scale(0.8, 1.06, ratio=True).ticks()
    assert ticks == [0.8, 0.9, 1.0]
    assert Scale(0.1, 20, ratio=True).ticks() == [0.1, 1, 10]


def two_strengths(first: str, second: str) -> dict[str, object]:
    """A page with two trials that held forms of one ingredient against each other, pooled."""

    def figure(arm: str, role: str) -> dict[str, object]:
        return {"concept": "hair-change", "better": "higher", "arm": arm, "role": role}

    arms = [figure("alphanol 5%", "intervention"), figure("alphanol 2%", "active")]
    contrast = [figure(f"{first} vs {second}", "intervention")]
    trial = {"reference": "a", "trial": None, "derived": False, "weight": 50, "estimate": 2, "low": 1, "high": 3}
    pooled = {
        "subject": "alphanol", "relation": "compared-with", "object": "alphanol", "route": "topical", "background": [],
        "concept": "hair-change", "kind": "mean-difference", "unit": "hairs", "k": 2, "estimate": 2, "low": 1, "high": 3,
        "knapp_low": 0, "knapp_high": 4, "predicted_low": None, "predicted_high": None, "i_squared": 0,
        "p_heterogeneity": 1, "studies": [trial | {"finding": "a"}, trial | {"finding": "b"}],
    }  # fmt: skip
    findings = [{"id": "a", "outcomes": arms}, {"id": "b", "outcomes": contrast}]
    return {"pooled": [pooled], "findings": findings, "compared_with": []}


def test_two_strengths_of_one_thing_are_named_and_never_held_against_the_thing_itself() -> None:
    (plot,) = pooled_plots(two_strengths("alphanol 5%", "alphanol 2%"), {}, {"alphanol": "Alphanol"})
    assert plot.title == "Hair change: alphanol 5% against alphanol 2%, topical"
    assert plot.caption.startswith("2\u00a0trials of alphanol 5% against alphanol 2%, pooled.")
    assert plot.favours == ("← Favours alphanol 2%", "Favours alphanol 5% →")


def test_forms_that_trials_name_differently_are_not_guessed() -> None:
    (plot,) = pooled_plots(two_strengths("alphanol foam", "alphanol 2%"), {}, {"alphanol": "Alphanol"})
    assert plot.caption.startswith("2\u00a0trials of one form of Alphanol against another, pooled.")
    assert plot.favours == ("← Favours the second named", "Favours the first named →")
    one = [printed("a", 1, "higher"), printed("b", 2, "higher")]
    same = {"relation": "compared-with", "object": "alphanol", "object_name": "Alphanol"}
    (drawn,) = printed_plots([f | same for f in one], {})
    assert drawn.title.endswith("one form of Alphanol against another")


@pytest.mark.parametrize(
    ("better", "rows", "said"),
    [
        ("higher", [(2, 5)], "Favours treatment."),
        ("lower", [(2, 5)], "Favours comparator."),
        ("higher", [(-1, 5)], "Neither side shown better: the interval includes no difference."),
        ("higher", [(1, 5), (2, 4), (-1, 3)], "2 of 3 favour treatment; 1 includes no difference."),
        ("lower", [(1, 5), (-4, -2)], "1 of 2 favours treatment; 1 of 2 favours comparator."),
        ("higher", [(-1, 5), (-2, 4)], "Neither side shown better: all 2\u00a0intervals include no difference."),
        (None, [(1, 5)], ""),
    ],
)
def test_a_plot_says_what_it_shows(better: str | None, rows: list[tuple[float, float]], said: str) -> None:
    effects = [effect((low + high) / 2, low, high) for low, high in rows]
    assert forest("x", "t", "mean-difference", "", effects, None, "", Sides(better)).finding == said


def test_a_pooled_plot_says_so_too_and_owns_to_a_wide_interval() -> None:
    pooled = Pooled(3.323, 2.709, 4.077, None, None, "", other=(0.8839, 12.5))
    trials = [effect(3.7, 2.8, 4.9), effect(3, 2.4, 3.9)]
    told = forest("x", "t", "risk-ratio", "", trials, pooled, "", GOOD_HIGH).finding
    assert told == "Favours treatment: risk ratio 3.32 (2.71 to 4.08) pooled; the wide interval includes no difference."
    assert forest("x", "t", "risk-ratio", "", trials, pooled, "", NO_SIDES).finding == ""
