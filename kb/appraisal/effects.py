"""Effects worked out from the arms of one study, and whether a finding's direction agrees with its figures.

Formulas: log risk ratio with variance 1/a - 1/n1 + 1/c - 1/n2 (Katz et al., Biometrics 1978;34:469-474; the same as
Greenland and Robins, Biometrics 1985;41:55-68, for one table); log odds ratio with variance 1/a + 1/b + 1/c + 1/d (Woolf,
Ann Hum Genet 1955;19:251-253); difference of means with variance sd1^2/n1 + sd2^2/n2 (Cochrane Handbook for Systematic
Reviews of Interventions, chapter 6). Intervals are 95 %, by the normal approximation. A table with an empty cell gives no
ratio: a correction would be a figure that no reader could trace.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.model import Finding, Outcome
from kb.model.terms import ArmRole, Direction, Measure, Relation

Z95 = 1.959964
RATIOS = frozenset({Measure.RISK_RATIO, Measure.ODDS_RATIO, Measure.HAZARD_RATIO})
DIFFERENCES = frozenset({Measure.MEAN_DIFFERENCE, Measure.STANDARDISED_MEAN_DIFFERENCE, Measure.RISK_DIFFERENCE})
_BY_FIGURE = {Relation.TREATS, Relation.CAUSES}

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


def _printed(finding: Finding) -> Iterator[Contrast]:
    for o in finding.outcomes:
        if o.kind in RATIOS | DIFFERENCES and o.value is not None and o.interval is not None:
            low, high, level = o.interval.low, o.interval.high, o.interval.level
            printed = o.computed is None
            yield Contrast(o.measure, o.kind, o.arm or "", "", o.value, low, high, o.unit, printed, level)


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
    if active.events is not None and control.events is not None:
        for kind, formula in ((Measure.RISK_RATIO, log_risk_ratio), (Measure.ODDS_RATIO, log_odds_ratio)):
            found = formula(active.events, n1, control.events, n2)
            if found:
                yield _made(names, kind, found, None)
    elif active.kind in {Measure.MEAN, Measure.CHANGE} and None not in (
        active.value,
        active.sd,
        control.value,
        control.sd,
    ):
        assert active.value is not None and control.value is not None
        assert active.sd is not None and control.sd is not None
        found = mean_difference(active.value, active.sd, n1, control.value, control.sd, n2)
        if found:
            yield _made(names, Measure.MEAN_DIFFERENCE, found, active.unit)


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
    printed = re.search(r"(>|≥|<|≤|=)?\s*(\d*\.?\d+(?:[eE]-?\d+)?)", p or "")
    if not printed or printed[1] in {">", "≥"}:
        return False
    value = float(printed[2])
    return value <= 0.05 if printed[1] == "<" else value < 0.05


def _shown(value: float) -> str:
    """Three significant digits, as papers print effects."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
