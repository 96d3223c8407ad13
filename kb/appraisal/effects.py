"""Effects worked out from the arms of one study, and whether a finding's direction agrees with its figures.

Formulas: log risk ratio with variance 1/a - 1/n1 + 1/c - 1/n2 (Katz et al., Biometrics 1978;34:469-474; the same as
Greenland and Robins, Biometrics 1985;41:55-68, for one table); log odds ratio with variance 1/a + 1/b + 1/c + 1/d (Woolf,
Ann Hum Genet 1955;19:251-253); difference of means with variance sd1^2/n1 + sd2^2/n2 (Cochrane Handbook for Systematic
Reviews of Interventions, chapter 6). Intervals are 95 %, by the normal approximation. A table with an empty cell gives no
ratio, for a correction would be a figure that no reader could trace; it gives a difference of risks with Newcombe's hybrid
score interval (Stat Med 1998;17:873-890, method 10). A difference of means printed with a p value and no interval gets its
standard error from that p (Handbook 6.5.2.3; of `<0.001` the limit is taken, which makes the interval too wide, never too
narrow).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.appraisal.convert import events_from_percent, sd_from_interval, se_from_p, se_from_t, t_from_p, t_of_95
from kb.model import Finding, Outcome
from kb.model.printed import p_value
from kb.model.printed import unit as unit_of
from kb.model.terms import ArmRole, Direction, Measure, Relation

Z95 = 1.959964
RATIOS = frozenset({Measure.RISK_RATIO, Measure.ODDS_RATIO, Measure.HAZARD_RATIO})
DIFFERENCES = frozenset({Measure.MEAN_DIFFERENCE, Measure.STANDARDISED_MEAN_DIFFERENCE, Measure.RISK_DIFFERENCE})
_BY_FIGURE = {Relation.TREATS, Relation.CAUSES}
_CONTINUOUS = {Measure.MEAN, Measure.CHANGE, Measure.PERCENT_CHANGE}
_COUNTED = re.compile(
    r"(the )?(\w+ )?(\w+ )?(patients|people|persons|subjects|participants|completers|women|men|cases|lesions"
    r"|keloids|patches|sides|knees|children|adults)\b"
)
"""Populations of which a percentage counts units of randomisation, so that events can be worked out; `percent of hairs` does not."""

_MANY = 100
"""Groups of at least so many, where missing results were often imputed: a percentage need not be a whole number of people."""

Estimate = tuple[float, float]
"""A point estimate and its variance; for ratios both are on the log scale."""


@dataclass(frozen=True)
class Contrast:
    """One arm against another: the effect with its interval, printed in the paper or worked out from the arms."""

    measure: str
    kind: Measure
    active: str
    control: str
    estimate: float
    low: float
    high: float
    unit: str | None
    printed: bool
    level: float = 95

    @property
    def null(self) -> float:
        """The value that means no difference."""
        return 1.0 if self.kind in RATIOS else 0.0

    @property
    def clear(self) -> bool:
        """Does the interval exclude no difference?"""
        return not self.low <= self.null <= self.high

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit and self.kind not in RATIOS else ""
        figures = f"{_shown(self.estimate)}{unit} ({self.level:g}% CI {_shown(self.low)} to {_shown(self.high)})"
        return f"{self.kind.value.replace('-', ' ')} {figures}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "kind": self.kind.value,
            "active": self.active,
            "control": self.control,
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "printed": self.printed,
            "clear": self.clear,
        }


def log_risk_ratio(events: int, n: int, control_events: int, control_n: int) -> Estimate | None:
    """Log risk ratio and variance; None when a cell is empty or everyone had the event."""
    if min(events, control_events) <= 0 or events > n or control_events > control_n:
        return None
    variance = 1 / events - 1 / n + 1 / control_events - 1 / control_n
    return (math.log((events / n) / (control_events / control_n)), variance) if variance > 0 else None


def log_odds_ratio(events: int, n: int, control_events: int, control_n: int) -> Estimate | None:
    """Log odds ratio and variance; None when a cell is empty."""
    cells = (events, n - events, control_events, control_n - control_events)
    if min(cells) <= 0:
        return None
    a, b, c, d = cells
    return math.log(a * d / (b * c)), sum(1 / cell for cell in cells)


def mean_difference(
    mean: float, sd: float, n: int, control_mean: float, control_sd: float, control_n: int
) -> Estimate | None:
    """Difference of two means and its variance; None when an arm is empty or nothing varies."""
    if min(n, control_n) <= 0:
        return None
    variance = sd**2 / n + control_sd**2 / control_n
    return (mean - control_mean, variance) if variance > 0 else None


def people(finding: Finding, outcome: Outcome) -> int | None:
    """The denominator of an outcome: its own n, or that of its arm."""
    return outcome.n if outcome.n is not None else next((a.n for a in finding.arms if a.name == outcome.arm), None)


def contrasts(finding: Finding) -> list[Contrast]:
    """Every contrast of the finding: as printed, and as its arms give it."""
    return [*_printed(finding), *_computed(finding)]


def events(finding: Finding, outcome: Outcome) -> tuple[int, int, bool] | None:
    """Events, people, and whether the events were worked out from a printed percentage; None when they cannot be told."""
    n = people(finding, outcome)
    if n is None or n == 0:
        return None
    if outcome.events is not None:
        return outcome.events, n, False
    if outcome.kind is not Measure.PERCENT or outcome.value is None or outcome.high is not None:
        return None
    printed = unit_of(outcome.unit) if outcome.unit else None
    if printed is None or printed.ucum != "%" or not _COUNTED.match(printed.population or ""):
        return None
    decimals = len(f"{outcome.value:g}".partition(".")[2])
    try:
        return events_from_percent(outcome.value, n, decimals), n, True
    except ValueError:
        # Of many people a rounded percentage may be several counts, and with imputed values none: the nearest is taken.
        # In a small group a percentage that no count gives is not of these people.
        near = round(outcome.value * n / 100)
        fits = abs(100 * near / n - outcome.value) <= 0.5 * 10**-decimals + 1e-9
        return (near, n, True) if fits or n >= _MANY else None


def mean_error(finding: Finding, outcome: Outcome) -> float | None:
    """Standard error of an arm's mean or mean change: printed, or from its SD or its interval with the number of people."""
    n = people(finding, outcome)
    if outcome.se is not None:
        return outcome.se
    if not n:
        return None
    if outcome.sd is not None:
        return outcome.sd / math.sqrt(n)
    if outcome.interval is not None and not outcome.interval.credible and n >= 2:
        low, high, level = outcome.interval.low, outcome.interval.high, outcome.interval.level
        return sd_from_interval(low, high, n, level) / math.sqrt(n)
    return None


def risk_difference(events: int, n: int, control_events: int, control_n: int) -> tuple[float, float, float]:
    """Difference of two risks and its 95 % interval by Newcombe's hybrid score method, in percentage points."""
    first, control = events / n, control_events / control_n
    (l1, u1), (l2, u2) = _wilson(events, n), _wilson(control_events, control_n)
    low = first - control - math.hypot(first - l1, u2 - control)
    high = first - control + math.hypot(u1 - first, control - l2)
    return 100 * (first - control), 100 * low, 100 * high


def _wilson(events: int, n: int) -> tuple[float, float]:
    share, z = events / n, Z95
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    margin = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - margin, middle + margin


def _printed(finding: Finding) -> Iterator[Contrast]:
    for o in finding.outcomes:
        if o.kind not in RATIOS | DIFFERENCES or o.value is None:
            continue
        if o.interval is not None:
            low, high, level = o.interval.low, o.interval.high, o.interval.level
            printed = o.computed is None
            yield Contrast(o.measure, o.kind, o.arm or "", "", o.value, low, high, o.unit, printed, level)
        elif o.kind is Measure.MEAN_DIFFERENCE:
            found = difference_error(finding, o)
            if found is not None:
                error, df = found
                margin = error * (Z95 if df is None else t_of_95(df))
                low, high = o.value - margin, o.value + margin
                yield Contrast(o.measure, o.kind, o.arm or "", "", o.value, low, high, o.unit, False)


def difference_error(finding: Finding, outcome: Outcome) -> tuple[float, int | None] | None:
    """Standard error of a printed difference of means, and the degrees of freedom where it was worked out.

    Printed; or from its SD within people; or from its p value. None when `p` gives no limit (`>0.05`, `not significant`)
    or the number of people in the two arms is not known.
    """
    if outcome.se is not None:
        return (outcome.se, None) if outcome.se > 0 else None
    one = outcome.n or finding.n or 0
    if finding.within_person and outcome.sd and one > 1:
        return outcome.sd / math.sqrt(one), one - 1
    p = p_value(outcome.p).limit if outcome.p else None
    if p is None or not outcome.value or outcome.against is None:
        return None
    if finding.within_person:
        return (se_from_t(outcome.value, t_from_p(p, one - 1)), one - 1) if one > 1 else None
    sizes = [a.n for a in finding.arms if a.n]
    if len(sizes) != 2 or len(finding.arms) != 2:
        return None
    return se_from_p(outcome.value, p, *sizes), sum(sizes) - 2


def _computed(finding: Finding) -> Iterator[Contrast]:
    groups: dict[tuple[Any, ...], list[Outcome]] = defaultdict(list)
    for outcome in finding.outcomes:
        if outcome.arm and outcome.kind not in RATIOS | DIFFERENCES:
            groups[outcome.concept or outcome.measure, outcome.at, outcome.unit, outcome.kind].append(outcome)
    for outcomes in groups.values():
        control = _control(outcomes)
        if control is not None:
            for active in outcomes:
                if active is not control:
                    yield from _pair(finding, active, control)


def _control(outcomes: list[Outcome]) -> Outcome | None:
    """The outcome of the arm the others are held against; None when the record does not tell."""
    if len(outcomes) < 2 or len({o.arm for o in outcomes}) < len(outcomes):
        return None
    for roles in ({ArmRole.PLACEBO, ArmRole.UNTREATED}, {ArmRole.CONTROL}, {ArmRole.ACTIVE}):
        found = [o for o in outcomes if o.role in roles and o.against is None]
        if len(found) == 1:
            return found[0]
    return None


def _pair(finding: Finding, active: Outcome, control: Outcome) -> Iterator[Contrast]:
    n1, n2 = people(finding, active), people(finding, control)
    names = (active.measure, active.arm or "", control.arm or "")
    if n1 is None or n2 is None:
        return
    first, second = events(finding, active), events(finding, control)
    if first is not None and second is not None:
        yield from _of_events(names, first, second)
    elif active.kind in _CONTINUOUS and active.value is not None and control.value is not None:
        one, other = mean_error(finding, active), mean_error(finding, control)
        if one is not None and other is not None and one + other > 0:
            found = active.value - control.value, one**2 + other**2
            yield _made(names, Measure.MEAN_DIFFERENCE, found, active.unit)


def _of_events(
    names: tuple[str, str, str], first: tuple[int, int, bool], second: tuple[int, int, bool]
) -> Iterator[Contrast]:
    table = (*first[:2], *second[:2])
    ratios = [
        (Measure.RISK_RATIO, log_risk_ratio(*table)),
        (Measure.ODDS_RATIO, log_odds_ratio(*table)),
    ]
    for kind, found in ratios:
        if found:
            yield _made(names, kind, found, None)
    if ratios[0][1] is None and table[0] <= table[1] and table[2] <= table[3] and (table[0] or table[2]):
        difference, low, high = risk_difference(*table)
        measure, arm, control = names
        yield Contrast(
            measure, Measure.RISK_DIFFERENCE, arm, control, difference, low, high, "percentage points", False
        )


def _made(names: tuple[str, str, str], kind: Measure, found: Estimate, unit: str | None) -> Contrast:
    estimate, margin = found[0], Z95 * math.sqrt(found[1])
    ends = [estimate, estimate - margin, estimate + margin]
    middle, low, high = (math.exp(x) for x in ends) if kind in RATIOS else ends
    return Contrast(names[0], kind, names[1], names[2], middle, low, high, unit, False)


def computed_direction(finding: Finding) -> Direction | None:
    """What the figures alone say of `treats` or `causes`; None when they do not decide it.

    `supports` when some interval excludes no difference and `insufficient` when none does. Which way round is better
    the figures cannot tell: a clear effect in the wrong direction is for the author to see.
    """
    if finding.relation not in _BY_FIGURE:
        return None
    found = contrasts(finding)
    if not found:
        return None
    return Direction.SUPPORTS if any(c.clear for c in found) else Direction.INSUFFICIENT


def significant(p: str | None) -> bool:
    """Is a p value as printed (`<0.001`, `0.03`, `P = .02`) below 0.05?"""
    return p is not None and p_value(p).significant


def _shown(value: float) -> str:
    """Three significant digits, as papers print effects."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
