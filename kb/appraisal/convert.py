"""From the figures a paper prints to those a record needs: means and standard deviations, events, joined groups.

The sections named below are those of the Cochrane Handbook for Systematic Reviews of Interventions, version 6, chapter 6
(in version 5.1: section 7.7.3 and 16.1.3.2). For medians the Handbook points to Wan et al., BMC Med Res Methodol 2014;14:135
and Luo et al. (arXiv:1505.05687). What a function gives is computed, never printed: say so in the record (`computed`).
Every figure keeps the unit of what was given. Whatever cannot be converted raises ValueError with the reason.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class MeanSd(NamedTuple):
    """A mean and its standard deviation, in the unit of the figures they came from."""

    mean: float
    sd: float


class Group(NamedTuple):
    """One group of people: how many, their mean and standard deviation."""

    n: int
    mean: float
    sd: float


def _stats() -> Any:
    """scipy.stats, loaded when a conversion needs a quantile: it takes a quarter of a second that forms and pages need not pay."""
    from scipy import stats

    return stats


def sd_from_se(se: float, n: int) -> float:
    """SD of one group from the standard error of its mean: SE × √n. Section 6.5.2.2."""
    _counted(n, 1)
    _not_negative(se, "standard error")
    return se * math.sqrt(n)


def se_from_interval(low: float, high: float, level: float = 95, df: int | None = None) -> float:
    """Standard error from a confidence interval: (high - low) / (2 × critical value). Section 6.5.2.2 and 6.5.2.3.

    `level` in percent. With `df` the critical value is Student's t, as for fewer than about 60 people; without, the normal.
    A ratio's interval is converted on the log scale: give the logarithms of its ends.
    """
    if not 0 < level < 100:
        raise ValueError(f"a level of {level} %; give a percentage between 0 and 100, such as 95")
    if low > high:
        raise ValueError(f"interval runs from {low} down to {high}; give the lower bound first")
    if df is not None:
        _counted(df, 1, "degrees of freedom")
    share = (1 + level / 100) / 2
    critical = float(_stats().norm.ppf(share) if df is None else _stats().t.ppf(share, df))
    return (high - low) / (2 * critical)


def sd_from_interval(low: float, high: float, n: int, level: float = 95) -> float:
    """SD of one group from the confidence interval of its mean: √n × (high - low) / (2 × t). Section 6.5.2.2.

    Student's t with n - 1 degrees of freedom, which comes to the normal value (3.92 for 95 %) in large groups.
    """
    _counted(n, 2)
    return sd_from_se(se_from_interval(low, high, level, n - 1), n)


def t_from_p(p: float, df: int) -> float:
    """The size of t that has this two-sided p value. Section 6.5.2.3.

    `p < 0.05` may be taken as 0.05, which gives an SD on the large side; `not significant` cannot be converted.
    """
    if not 0 < p < 1:
        raise ValueError(f"a p value of {p}; give the figure between 0 and 1 (of `<0.001` the limit, 0.001)")
    _counted(df, 1, "degrees of freedom")
    return float(_stats().t.isf(p / 2, df))


def t_of_95(df: int) -> float:
    """The t value of a 95 % interval with this many degrees of freedom."""
    return t_from_p(0.05, df)


def se_from_t(difference: float, t: float) -> float:
    """Standard error of a difference of means from its t value: |difference| / |t|. Section 6.5.2.3."""
    if t == 0 or difference == 0:
        raise ValueError("a difference or a t value of 0 does not tell how much people vary")
    return abs(difference / t)


def se_from_p(difference: float, p: float, n: int, control_n: int) -> float:
    """Standard error of a difference of means from the p value of a t test between two groups. Section 6.5.2.3."""
    _counted(n, 1)
    _counted(control_n, 1)
    return se_from_t(difference, t_from_p(p, n + control_n - 2))


def sd_from_difference(se: float, n: int, control_n: int) -> float:
    """The SD both groups are taken to share, from the standard error of their difference: SE / √(1/n + 1/n'). Section 6.5.2.3."""
    _counted(n, 1)
    _counted(control_n, 1)
    _not_negative(se, "standard error")
    return se / math.sqrt(1 / n + 1 / control_n)


def from_iqr(q1: float, median: float, q3: float, n: int) -> MeanSd:
    """Mean (Luo, equation 15) and SD (Wan, equation 16) from the median and the quartiles. Section 6.5.2.5.

    For large groups the SD is about (q3 - q1) / 1.35. Both hold for figures that are about normal; a median is often printed
    because they are not.
    """
    _counted(n, 4)
    _rising(q1, median, q3)
    mean = (0.7 + 0.39 / n) * (q1 + q3) / 2 + (0.3 - 0.39 / n) * median
    return MeanSd(mean, (q3 - q1) / (2 * float(_stats().norm.ppf((0.75 * n - 0.125) / (n + 0.25)))))


def from_range(lowest: float, median: float, highest: float, n: int) -> MeanSd:
    """Mean (Luo) and SD (Wan) from the median and the range. Section 6.5.2.6 advises against it: a range tells of two people.

    Use it only where nothing else is printed, and say so.
    """
    _counted(n, 2)
    _rising(lowest, median, highest)
    weight = 4 / (4 + n**0.75)
    mean = weight * (lowest + highest) / 2 + (1 - weight) * median
    return MeanSd(mean, (highest - lowest) / (2 * float(_stats().norm.ppf((n - 0.375) / (n + 0.25)))))


def sd_of_change(baseline_sd: float, final_sd: float, correlation: float) -> float:
    """SD of the change from baseline: √(SDb² + SDf² - 2 × r × SDb × SDf). Section 6.5.2.8.

    The correlation is hardly ever printed: take it from a similar study (`correlation_of_change`), say which, and try others.
    """
    _not_negative(baseline_sd, "standard deviation")
    _not_negative(final_sd, "standard deviation")
    if not -1 <= correlation <= 1:
        raise ValueError(f"a correlation of {correlation}; it lies between -1 and 1")
    return math.sqrt(max(0.0, baseline_sd**2 + final_sd**2 - 2 * correlation * baseline_sd * final_sd))


def correlation_of_change(baseline_sd: float, final_sd: float, change_sd: float) -> float:
    """Correlation of baseline and final value from a study that prints all three SDs. Section 6.5.2.8."""
    if min(baseline_sd, final_sd) <= 0:
        raise ValueError("a standard deviation of 0 or less has no correlation")
    found = (baseline_sd**2 + final_sd**2 - change_sd**2) / (2 * baseline_sd * final_sd)
    if not -1 <= found <= 1:
        raise ValueError(f"these standard deviations give a correlation of {found:.3g}; compare them with the paper")
    return found


def events_from_percent(percent: float, n: int, decimals: int = 0) -> int:
    """The number of people behind a printed percentage. Section 6.4.1.

    Raises when no whole number of people, or more than one, rounds to `percent` at that many decimals.
    """
    _counted(n, 1)
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} %; give a percentage between 0 and 100")
    half = 0.5 * 10**-decimals
    near = round(percent * n / 100)
    fit = [k for k in range(max(0, near - 2), min(n, near + 2) + 1) if abs(100 * k / n - percent) <= half + 1e-9]
    if not fit:
        raise ValueError(f"no number of people among {n} is {percent} %; compare the percentage and n with the paper")
    if len(fit) > 1 or half * n / 100 > 1:
        raise ValueError(f"{percent} % of {n} people may be several numbers; a percentage with more decimals is needed")
    return fit[0]


def percent_from_events(events: int, n: int) -> float:
    """Events as a percentage of n."""
    _counted(n, 1)
    if not 0 <= events <= n:
        raise ValueError(f"{events} events among {n} people; events lie between 0 and n")
    return 100 * events / n


def combined(first: Group, *others: Group) -> Group:
    """Groups joined into one, as if they had never been apart, one after the other. Section 6.5.2.10, table 6.5.a."""
    made = first
    for other in others:
        _counted(min(made.n, other.n), 1)
        n = made.n + other.n
        mean = (made.n * made.mean + other.n * other.mean) / n
        within = (made.n - 1) * made.sd**2 + (other.n - 1) * other.sd**2
        between = made.n * other.n / n * (made.mean - other.mean) ** 2
        made = Group(n, mean, math.sqrt((within + between) / (n - 1)))
    return made


def _counted(n: int, least: int, what: str = "people") -> None:
    if n < least:
        raise ValueError(f"{n} {what}; at least {least} are needed")


def _not_negative(value: float, what: str) -> None:
    if value < 0:
        raise ValueError(f"a {what} of {value}; it cannot be below 0")


def _rising(low: float, middle: float, high: float) -> None:
    if not low <= middle <= high:
        raise ValueError(f"{low}, {middle}, {high} do not rise; give the lower end, the median and the upper end")
