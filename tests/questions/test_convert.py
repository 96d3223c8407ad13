"""Converting printed figures: the worked examples of the Cochrane Handbook, back and forth, and against drawn samples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kb.appraisal import convert
from kb.appraisal.convert import Group
from kb.appraisal.effects import contrasts
from kb.author.typed import cleaned
from kb.formulary.write import plain
from kb.model import Finding
from kb.views import words


def test_the_examples_of_the_handbook() -> None:
    # 7.7.3.3 of version 5.1: difference 3.8 between 25 and 22 people, p = 0.008; t value and standard error
    t = convert.t_from_p(0.008, 25 + 22 - 2)
    assert round(t, 2) == 2.78
    assert round(convert.se_from_t(3.8, t), 2) == 1.37
    assert round(convert.se_from_p(-3.8, 0.008, 25, 22), 2) == 1.37
    # 7.7.3.2: with 25 people the divisor of a 95 % interval is 2 x 2.0639 = 4.128
    assert convert.sd_from_interval(0, 4.128, 25) == pytest.approx(5, abs=0.001)
    # the divisors of large samples: 3.92, 3.29 and 5.15
    for level, divisor in ((95, 3.92), (90, 3.29), (99, 5.15)):
        assert convert.se_from_interval(0, divisor, level) == pytest.approx(1, abs=0.001)
    # 16.4.6.4: SDs 2.38 and 2.21, correlation 0.68, ten people; the standard error of the difference is 0.583
    assert convert.sd_of_change(2.38, 2.21, 0.68) / math.sqrt(10) == pytest.approx(0.583, abs=0.0006)


def test_three_groups_joined_as_published() -> None:
    """The example of statstodo.com for the Handbook's formula: 45 people, mean 12.2222, SD 4.5028."""
    made = convert.combined(Group(10, 11.8, 2.4), Group(20, 15.3, 3.2), Group(15, 8.4, 4.1))
    assert made.n == 45
    assert (round(made.mean, 4), round(made.sd, 4)) == (12.2222, 4.5028)


def test_joined_groups_are_those_of_one_sample() -> None:
    drawn = np.random.default_rng(1).normal(-3, 2, 57)
    parts = [Group(len(x), float(x.mean()), float(x.std(ddof=1))) for x in np.split(drawn, [8, 30])]
    made = convert.combined(*parts)
    assert made.mean == pytest.approx(drawn.mean())
    assert made.sd == pytest.approx(drawn.std(ddof=1))


def test_there_and_back() -> None:
    assert convert.sd_from_se(1.5, 16) == 6
    margin = 1.7 * 2.0639  # t for 95 % with 24 degrees of freedom
    assert convert.sd_from_interval(10 - margin, 10 + margin, 25) == pytest.approx(1.7 * 5, rel=1e-4)
    assert convert.sd_from_difference(1.37, 25, 22) == pytest.approx(1.37 / math.sqrt(1 / 25 + 1 / 22))
    r = convert.correlation_of_change(4, 5, convert.sd_of_change(4, 5, 0.6))
    assert r == pytest.approx(0.6)


@pytest.mark.parametrize("n", [15, 60, 400])
def test_quartiles_and_range_of_drawn_samples(n: int) -> None:
    """Means over 600 samples from a normal distribution of mean 50 and SD 8."""
    drawn = np.random.default_rng(n).normal(50, 8, (600, n))
    q1, median, q3 = np.quantile(drawn, [0.25, 0.5, 0.75], axis=1)
    by_iqr = [convert.from_iqr(*map(float, x), n) for x in zip(q1, median, q3, strict=True)]
    ends = zip(drawn.min(axis=1), median, drawn.max(axis=1), strict=True)
    by_range = [convert.from_range(*map(float, x), n) for x in ends]
    for found, allowed in ((by_iqr, 0.12), (by_range, 0.05)):
        assert np.mean([x.mean for x in found]) == pytest.approx(50, abs=0.4)
        assert np.mean([x.sd for x in found]) == pytest.approx(8, rel=allowed)


def test_events_behind_a_percentage() -> None:
    for n in (7, 30, 88):
        for events in range(n + 1):
            assert convert.events_from_percent(round(100 * events / n, 1), n, decimals=1) == events
    assert convert.percent_from_events(3, 8) == 37.5
    with pytest.raises(ValueError, match="no number of people among 7 is 50"):
        convert.events_from_percent(50, 7)
    with pytest.raises(ValueError, match="may be several numbers"):
        convert.events_from_percent(12, 900)


def test_what_cannot_be_converted_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="lower bound first"):
        convert.se_from_interval(3, 2)
    with pytest.raises(ValueError, match="give the figure between 0 and 1"):
        convert.t_from_p(0, 10)
    with pytest.raises(ValueError, match="lies between -1 and 1"):
        convert.sd_of_change(1, 1, 1.2)
    with pytest.raises(ValueError, match="do not rise"):
        convert.from_iqr(5, 4, 6, 30)
    with pytest.raises(ValueError, match="0 people"):
        convert.sd_from_se(1, 0)
    with pytest.raises(ValueError, match="does not tell"):
        convert.se_from_p(0, 0.5, 10, 10)
    with pytest.raises(ValueError, match="compare them with the paper"):
        convert.correlation_of_change(1, 1, 5)


FINDING = {
    "id": "low2020-x-melasma",
    "reference": "low2020",
    "relation": "treats",
    "object": "melasma",
    "direction": "supports",
    "basis": "abstract",
    "seen_at": "https://example.org",
    "summary": "Less pigment.",
}


def test_a_computed_figure_says_so_wherever_it_is_shown() -> None:
    mark = {"from": "SE 1.2, n 25", "formula": "sd-from-standard-error"}
    outcome = {"measure": "score", "value": "9.5", "sd": "6", "unit": "points", "computed": mark}
    finding = Finding.model_validate(cleaned(Finding, FINDING | {"outcomes": [outcome]}))
    kept = plain(finding.outcomes[0])
    assert kept["computed"] == mark
    shown = words.figure_text(kept).replace("\u00a0", " ")
    assert shown == "9.5 points (SD 6), computed from SE 1.2, n 25 (SD from standard error)"
    assert "computed" not in words.figure_text({k: v for k, v in kept.items() if k != "computed"})


def test_a_computed_interval_is_not_called_printed() -> None:
    outcome = {"measure": "score", "kind": "mean-difference", "value": 3.8, "interval": {"low": 1, "high": 6.6}}
    mark = {"from": "p 0.008, n 25 and 22", "formula": "sd-from-p-or-t-value"}
    for extra, printed in (({}, True), ({"computed": mark}, False)):
        finding = Finding.model_validate(FINDING | {"outcomes": [outcome | extra]})
        assert [c.printed for c in contrasts(finding)] == [printed]
