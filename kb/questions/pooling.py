"""Pooled effects: random effects with Hartung-Knapp intervals, heterogeneity, prediction interval.

Only outcomes that a curator has given the same `concept` are put together, and only when subject, route, object, kind of
effect and unit are the same (or, on different scales, as standardised mean differences), the comparator is of one kind in
all, and each comes from a different trial. The comparator is
inactive; or what every arm was given besides (`background`), so that the contrast is what was added; or, in findings that
compare two treatments, the treatment that is the finding's object. Results of reviews never enter: their trials may be in
the base already.

Sides or periods of one person (`within_person`) enter as if they were different people, that is with a correlation of 0
between them: where the sides of a person resemble each other this gives too wide an interval and too small a weight, never
too narrow a one (Cochrane Handbook, chapter 23).

Methods: Paule-Mandel between-study variance and Hartung-Knapp-Sidik-Jonkman interval as in
statsmodels.stats.meta_analysis.combine_effects; prediction interval of Higgins, Thompson and Spiegelhalter
(J R Stat Soc A 2009;172:137-159) with k - 2 degrees of freedom; log risk ratio and its variance by Greenland and Robins
(Biometrics 1985;41:55-68).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from kb.appraisal.effects import DIFFERENCES, RATIOS, Z95, difference_error, events, log_risk_ratio, mean_error, people
from kb.model import Finding, Outcome
from kb.model.terms import Design, Measure, Relation
from kb.questions.shapes import PooledEffect, PooledStudy
from kb.records import Records

STANDARDISED = "standard deviations"
"""Unit of pooled effects whose trials measured one concept on different scales."""


@dataclass(frozen=True)
class Effect:
    """One trial's contrast, on the scale it is pooled on (log for ratios)."""

    finding: str
    reference: str
    trial: str | None
    estimate: float
    variance: float
    derived: bool
    """True when figures were worked out: events from a percentage, a standard error from an interval or a p value."""
    within_person: bool = False
    standardised: tuple[float, float] | None = None
    """Hedges' g and its variance, where the standard deviations and the numbers of people are known."""


@dataclass(frozen=True)
class Pooled:
    """A pooled effect, back on its natural scale; intervals are 95 %.

    `low` and `high` lead: by Hartung and Knapp with three trials or more, by the normal approximation with two, where the
    Hartung-Knapp interval rests on one degree of freedom and is too wide to tell anything (IntHout et al., BMC Med Res
    Methodol 2014;14:25). Both stand here.
    """

    subject: str
    relation: str
    object: str
    route: str
    background: list[str]
    """What every arm was given besides."""
    concept: str
    kind: str
    unit: str | None
    k: int
    estimate: float
    low: float
    high: float
    wald_low: float
    """Interval by the normal approximation."""
    wald_high: float
    knapp_low: float
    """Interval by Hartung and Knapp."""
    knapp_high: float
    predicted_low: float | None
    predicted_high: float | None
    i_squared: float
    tau_squared: float
    p_heterogeneity: float
    studies: list[PooledStudy]

    def as_dict(self) -> PooledEffect:
        return cast("PooledEffect", asdict(self))


Group = tuple[str, Relation, str, str, tuple[str, ...], str, Measure, str | None]
"""What pooled effects share: subject, relation, object, route, background, concept, kind of effect and unit."""


def effects(base: Records) -> dict[Group, list[Effect]]:
    """Every poolable contrast of the base, grouped by what pooled effects must share."""
    groups: dict[Group, list[Effect]] = defaultdict(list)
    for subject in base.subjects.values():
        for finding in subject.findings:
            if not _of_a_trial(base, finding):
                continue
            if set(finding.co_ingredients) != set(finding.background):
                continue  # other actives that the comparator did not get, too
            concepts: dict[str, list[Outcome]] = defaultdict(list)
            for outcome in finding.outcomes:
                if outcome.concept:
                    concepts[outcome.concept].append(outcome)
            for concept, outcomes in concepts.items():
                found = _contrast(finding, outcomes)
                if found:
                    kind, unit, effect = found
                    background = tuple(sorted(finding.background))
                    about = (subject.id, finding.relation, finding.object, finding.route.value)
                    group = groups[(*about, background, concept, kind, unit)]
                    if all((e.reference, e.trial) != (effect.reference, effect.trial) for e in group):
                        group.append(effect)
    return {**groups, **_across_scales(groups)}


def _of_a_trial(base: Records, finding: Finding) -> bool:
    """A trial's own paper, or a label that prints the counts of trials which the record names in `trial`."""
    design = base.references[finding.reference].design
    return design.trial or (design is Design.LABEL and finding.trial is not None)


def _across_scales(groups: dict[Group, list[Effect]]) -> dict[Group, list[Effect]]:
    """Concepts that trials measured on different scales, as standardised mean differences (Hedges' g).

    Only where no scale alone has two trials: a difference in the scale's own unit tells more.
    """
    families: dict[tuple[Any, ...], list[tuple[Group, list[Effect]]]] = defaultdict(list)
    for group, found in groups.items():
        if group[6] is Measure.MEAN_DIFFERENCE:
            families[group[:6]].append((group, found))
    joined: dict[Group, list[Effect]] = {}
    for family in families.values():
        single = [e for _, found in family for e in found if e.standardised is not None]
        if len(family) < 2 or any(len(found) > 1 for _, found in family) or len(single) < 2:
            continue
        group = (*family[0][0][:6], Measure.STANDARDISED_MEAN_DIFFERENCE, STANDARDISED)
        joined[group] = [
            replace(e, estimate=e.standardised[0], variance=e.standardised[1], derived=True)
            for e in single
            if e.standardised is not None
        ]
    return joined


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
        o for o in outcomes if o.kind in RATIOS | DIFFERENCES and o.value is not None and _told_exactly(finding, o)
    ]
    if printed:
        against = printed[0].against
        if not _against_named(finding) and not (against and against.inactive):
            return None
        return _printed(finding, printed[0])
    arms = [o for o in outcomes if o.arm]
    control = [o for o in arms if _is_control(finding, o)]
    active = [o for o in arms if o not in control]
    if len(control) != 1 or len(active) != 1:
        return None  # several doses against one control share its people; pooling them would count it twice
    return _dichotomous(finding, active[0], control[0]) or _continuous(finding, active[0], control[0])


def _against_named(finding: Finding) -> bool:
    """Is the comparator a treatment that the group of effects names: the background, or the finding's object?"""
    return bool(finding.background) or finding.relation is Relation.COMPARED_WITH


def _is_control(finding: Finding, outcome: Outcome) -> bool:
    role = outcome.role
    if role is None or outcome.against is not None:
        return False
    return role.compared_with if _against_named(finding) else role.inactive


def _effect(finding: Finding, estimate: float, variance: float, derived: bool) -> Effect:
    return Effect(finding.id, finding.reference, finding.trial, estimate, variance, derived, finding.within_person)


def _told_exactly(finding: Finding, outcome: Outcome) -> bool:
    """Does a printed contrast tell how sure it is: by a 95 % interval, or by a p value and the numbers of people?"""
    if outcome.interval is not None:
        return outcome.interval.level == 95
    return outcome.kind is Measure.MEAN_DIFFERENCE and difference_error(finding, outcome) is not None


def _printed(finding: Finding, outcome: Outcome) -> tuple[Measure, str | None, Effect] | None:
    assert outcome.value is not None
    value = outcome.value
    if outcome.interval is None:
        found = difference_error(finding, outcome)
        return (outcome.kind, outcome.unit, _effect(finding, value, found[0] ** 2, True)) if found else None
    low, high = outcome.interval.low, outcome.interval.high
    if outcome.kind in RATIOS:
        if min(value, low, high) <= 0:
            return None
        value, low, high = math.log(value), math.log(low), math.log(high)
    variance = ((high - low) / (2 * Z95)) ** 2
    derived = outcome.computed is not None
    return (outcome.kind, outcome.unit, _effect(finding, value, variance, derived)) if variance > 0 else None


def _dichotomous(finding: Finding, active: Outcome, control: Outcome) -> tuple[Measure, str | None, Effect] | None:
    a, b = events(finding, active), events(finding, control)
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
        _effect(finding, estimate, variance, derived1 or derived2),
    )


def _continuous(finding: Finding, active: Outcome, control: Outcome) -> tuple[Measure, str | None, Effect] | None:
    variance = 0.0
    for outcome in (active, control):
        error = mean_error(finding, outcome)
        if outcome.value is None or outcome.kind not in {Measure.MEAN, Measure.CHANGE, Measure.PERCENT_CHANGE}:
            return None
        if error is None:
            return None
        variance += error**2
    if active.unit != control.unit or active.kind != control.kind or variance <= 0:
        return None
    assert active.value is not None and control.value is not None
    derived = any(o.computed is not None or o.interval is not None for o in (active, control))
    effect = _effect(finding, active.value - control.value, variance, derived)
    effect = replace(effect, standardised=_hedges(finding, active, control))
    return Measure.MEAN_DIFFERENCE, active.unit, effect


def _hedges(finding: Finding, active: Outcome, control: Outcome) -> tuple[float, float] | None:
    """Hedges' g and its variance (Hedges and Olkin 1985; Cochrane Handbook, section 6.5.1.2); None without SDs or numbers."""
    n1, n2 = people(finding, active), people(finding, control)
    errors = mean_error(finding, active), mean_error(finding, control)
    if not n1 or not n2 or n1 + n2 < 4 or errors[0] is None or errors[1] is None:
        return None
    assert active.value is not None and control.value is not None
    df = n1 + n2 - 2
    spread = math.sqrt(((n1 - 1) * n1 * errors[0] ** 2 + (n2 - 1) * n2 * errors[1] ** 2) / df)
    if spread <= 0:
        return None
    g = (1 - 3 / (4 * df - 1)) * (active.value - control.value) / spread
    return g, (n1 + n2) / (n1 * n2) + g**2 / (2 * (n1 + n2))


def _pooled(group: Group, found: list[Effect]) -> Pooled:
    import numpy as np
    from scipy import stats
    from statsmodels.stats.meta_analysis import combine_effects

    subject, relation, object_, route, background, concept, kind, unit = group
    k = len(found)
    estimates = np.array([e.estimate for e in found])
    variances = np.array([e.variance for e in found])
    result = combine_effects(estimates, variances, method_re="iterated", use_t=True)
    mean = float(result.mean_effect_re)
    back: Callable[[float], float] = math.exp if kind in RATIOS else float
    # An interval narrower than the ordinary one is an artefact of few, alike studies (Rover et al., BMC Med Res Methodol
    # 2015;15:99); the wider of the two standard errors is taken.
    error = max(float(result.sd_eff_w_re_hksj), float(result.sd_eff_w_re))
    knapp = _ends(mean, float(stats.t.ppf(0.975, k - 1)) * error, back)
    wald = _ends(mean, Z95 * float(result.sd_eff_w_re), back)
    low, high = wald if k == 2 else knapp
    tau_squared = max(0.0, float(result.tau2))
    predicted = float(stats.t.ppf(0.975, k - 2)) * math.sqrt(tau_squared + error**2) if k >= 3 else None
    weights = 1 / (variances + tau_squared)
    weights = 100 * weights / weights.sum()
    q = float(result.q)
    studies = [_row(e, float(w), back) for e, w in zip(found, weights, strict=True)]
    return Pooled(
        subject=subject,
        relation=relation.value,
        object=object_,
        route=route,
        background=list(background),
        concept=concept,
        kind=kind.value,
        unit=unit,
        k=k,
        estimate=_round(back(mean)),
        low=low,
        high=high,
        wald_low=wald[0],
        wald_high=wald[1],
        knapp_low=knapp[0],
        knapp_high=knapp[1],
        predicted_low=None if predicted is None else _round(back(mean - predicted)),
        predicted_high=None if predicted is None else _round(back(mean + predicted)),
        i_squared=round(max(0.0, (q - (k - 1)) / q) * 100 if q > 0 else 0.0, 1),
        tau_squared=_round(tau_squared),
        p_heterogeneity=_round(float(stats.chi2.sf(q, k - 1))),
        studies=studies,
    )


def _row(effect: Effect, weight: float, back: Callable[[float], float]) -> PooledStudy:
    """A study of a pooled result: its effect and 95 % interval in the units of the outcome, its weight in percent."""
    half = Z95 * math.sqrt(effect.variance)
    return {
        "finding": effect.finding,
        "reference": effect.reference,
        "trial": effect.trial,
        "estimate": _round(back(effect.estimate)),
        "low": _round(back(effect.estimate - half)),
        "high": _round(back(effect.estimate + half)),
        "weight": round(weight, 1),
        "derived": effect.derived,
        "within_person": effect.within_person,
    }


def _ends(mean: float, margin: float, back: Callable[[float], float]) -> tuple[float, float]:
    return _round(back(mean - margin)), _round(back(mean + margin))


def _round(value: float) -> float:
    """Four significant digits: more would pretend to a precision no trial has."""
    return float(f"{value:.4g}")
