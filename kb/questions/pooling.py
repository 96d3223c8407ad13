"""Pooled effects: random effects with Hartung-Knapp intervals, heterogeneity, prediction interval.

Only outcomes that a curator has given the same `concept` are put together, and only when subject, route, object, kind of
effect and unit are the same, the comparator is inactive in all, and each comes from a different trial. Results of reviews
never enter: their trials may be in the base already.

Methods: Paule-Mandel between-study variance and Hartung-Knapp-Sidik-Jonkman interval as in
statsmodels.stats.meta_analysis.combine_effects; prediction interval of Higgins, Thompson and Spiegelhalter
(J R Stat Soc A 2009;172:137-159) with k - 2 degrees of freedom; log risk ratio and its variance by Greenland and Robins
(Biometrics 1985;41:55-68).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from kb.appraisal.effects import DIFFERENCES, INACTIVE, RATIOS, log_risk_ratio, people
from kb.model import Finding, Outcome
from kb.model.terms import Design, Measure
from kb.records import Records

_TRIALS = {Design.RCT, Design.CONTROLLED_TRIAL}


@dataclass(frozen=True)
class Effect:
    """One trial's contrast against an inactive comparator, on the scale it is pooled on (log for ratios)."""

    finding: str
    reference: str
    trial: str | None
    estimate: float
    variance: float
    derived: bool
    """True when events were worked out from a printed percent and the number in the arm."""


@dataclass(frozen=True)
class Pooled:
    """A pooled effect, back on its natural scale; intervals are 95 %."""

    subject: str
    object: str
    route: str
    concept: str
    kind: str
    unit: str | None
    k: int
    estimate: float
    low: float
    high: float
    wald_low: float
    """Interval by the normal approximation, for comparison: with two trials the Hartung-Knapp interval rests on one
    degree of freedom and is very wide (IntHout et al., BMC Med Res Methodol 2014;14:25)."""
    wald_high: float
    predicted_low: float | None
    predicted_high: float | None
    i_squared: float
    tau_squared: float
    p_heterogeneity: float
    studies: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def effects(base: Records) -> dict[tuple[str, str, str, str, Measure, str | None], list[Effect]]:
    """Every poolable contrast of the base, grouped by subject, object, route, concept, kind of effect and unit."""
    groups: dict[tuple[str, str, str, str, Measure, str | None], list[Effect]] = defaultdict(list)
    for subject in base.subjects.values():
        for finding in subject.findings:
            if base.references[finding.reference].design not in _TRIALS or finding.co_ingredients:
                continue
            concepts: dict[str, list[Outcome]] = defaultdict(list)
            for outcome in finding.outcomes:
                if outcome.concept:
                    concepts[outcome.concept].append(outcome)
            for concept, outcomes in concepts.items():
                found = _contrast(finding, outcomes)
                if found:
                    kind, unit, effect = found
                    group = groups[subject.id, finding.object, finding.route.value, concept, kind, unit]
                    if all((e.reference, e.trial) != (effect.reference, effect.trial) for e in group):
                        group.append(effect)
    return groups


def pool(base: Records) -> list[Pooled]:
    """Pooled effects of every group of two or more trials, in a settled order."""
    return [
        _pooled(group, found)
        for group, found in sorted(effects(base).items(), key=lambda item: tuple(map(str, item[0])))
        if len(found) >= 2
    ]


def _contrast(finding: Finding, outcomes: list[Outcome]) -> tuple[Measure, str | None, Effect] | None:
    """The effect of a finding on one concept: printed as a contrast, or worked out from its arms."""
    printed = [
        o
        for o in outcomes
        if o.kind in RATIOS | DIFFERENCES and o.value is not None and o.interval and o.interval.level == 95
    ]
    if printed:
        if not INACTIVE.search(f"{finding.comparator} {printed[0].arm}"):
            return None
        return _printed(finding, printed[0])
    arms = [o for o in outcomes if o.arm]
    inactive = [o for o in arms if INACTIVE.search(o.arm or "")]
    active = [o for o in arms if o not in inactive]
    if len(inactive) != 1 or len(active) != 1:
        return None  # several doses against one control share its people; pooling them would count it twice
    return _dichotomous(finding, active[0], inactive[0]) or _continuous(finding, active[0], inactive[0])


def _printed(finding: Finding, outcome: Outcome) -> tuple[Measure, str | None, Effect] | None:
    assert outcome.value is not None and outcome.interval is not None
    value, low, high = outcome.value, outcome.interval.low, outcome.interval.high
    if outcome.kind in RATIOS:
        if min(value, low, high) <= 0:
            return None
        value, low, high = math.log(value), math.log(low), math.log(high)
    variance = ((high - low) / (2 * 1.959964)) ** 2
    return (
        (outcome.kind, outcome.unit, Effect(finding.id, finding.reference, finding.trial, value, variance, False))
        if variance > 0
        else None
    )


def _dichotomous(finding: Finding, active: Outcome, control: Outcome) -> tuple[Measure, str | None, Effect] | None:
    a, b = _events(finding, active), _events(finding, control)
    if a is None or b is None:
        return None
    (x1, n1, derived1), (x2, n2, derived2) = a, b
    ratio = log_risk_ratio(x1, n1, x2, n2)
    if ratio is None:
        return None
    estimate, variance = ratio
    return (
        Measure.RISK_RATIO,
        None,
        Effect(finding.id, finding.reference, finding.trial, estimate, variance, derived1 or derived2),
    )


def _events(finding: Finding, outcome: Outcome) -> tuple[int, int, bool] | None:
    n = people(finding, outcome)
    if outcome.events is not None and n is not None:
        return outcome.events, n, False
    if outcome.kind is Measure.PERCENT and outcome.value is not None and n is not None:
        return round(outcome.value / 100 * n), n, True
    return None


def _continuous(finding: Finding, active: Outcome, control: Outcome) -> tuple[Measure, str | None, Effect] | None:
    variance = 0.0
    for outcome in (active, control):
        n = people(finding, outcome)
        if outcome.value is None or outcome.sd is None or not n or outcome.kind not in {Measure.MEAN, Measure.CHANGE}:
            return None
        variance += outcome.sd**2 / n
    if active.unit != control.unit or active.kind != control.kind or variance <= 0:
        return None
    assert active.value is not None and control.value is not None
    effect = Effect(finding.id, finding.reference, finding.trial, active.value - control.value, variance, False)
    return Measure.MEAN_DIFFERENCE, active.unit, effect


def _pooled(group: tuple[str, str, str, str, Measure, str | None], found: list[Effect]) -> Pooled:
    import numpy as np
    from scipy import stats
    from statsmodels.stats.meta_analysis import combine_effects

    subject, object_, route, concept, kind, unit = group
    k = len(found)
    estimates = np.array([e.estimate for e in found])
    variances = np.array([e.variance for e in found])
    result = combine_effects(estimates, variances, method_re="iterated", use_t=True)
    mean = float(result.mean_effect_re)
    # An interval narrower than the ordinary one is an artefact of few, alike studies (Rover et al., BMC Med Res Methodol
    # 2015;15:99); the wider of the two standard errors is taken.
    error = max(float(result.sd_eff_w_re_hksj), float(result.sd_eff_w_re))
    margin = float(stats.t.ppf(0.975, k - 1)) * error
    tau_squared = max(0.0, float(result.tau2))
    predicted = float(stats.t.ppf(0.975, k - 2)) * math.sqrt(tau_squared + error**2) if k >= 3 else None
    back = math.exp if kind in RATIOS else float
    weights = 1 / (variances + tau_squared)
    weights = 100 * weights / weights.sum()
    q = float(result.q)
    studies = [
        {
            "finding": e.finding,
            "reference": e.reference,
            "trial": e.trial,
            "estimate": _round(back(e.estimate)),
            "low": _round(back(e.estimate - 1.959964 * math.sqrt(e.variance))),
            "high": _round(back(e.estimate + 1.959964 * math.sqrt(e.variance))),
            "weight": round(float(w), 1),
            "derived": e.derived,
        }
        for e, w in zip(found, weights, strict=True)
    ]
    return Pooled(
        subject=subject,
        object=object_,
        route=route,
        concept=concept,
        kind=kind.value,
        unit=unit,
        k=k,
        estimate=_round(back(mean)),
        low=_round(back(mean - margin)),
        high=_round(back(mean + margin)),
        wald_low=_round(back(mean - 1.959964 * float(result.sd_eff_w_re))),
        wald_high=_round(back(mean + 1.959964 * float(result.sd_eff_w_re))),
        predicted_low=None if predicted is None else _round(back(mean - predicted)),
        predicted_high=None if predicted is None else _round(back(mean + predicted)),
        i_squared=round(max(0.0, (q - (k - 1)) / q) * 100 if q > 0 else 0.0, 1),
        tau_squared=_round(tau_squared),
        p_heterogeneity=_round(float(stats.chi2.sf(q, k - 1))),
        studies=studies,
    )


def _round(value: float) -> float:
    """Four significant digits: more would pretend to a precision no trial has."""
    return float(f"{value:.4g}")
