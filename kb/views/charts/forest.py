"""Forest plots: effects with their intervals on one axis, and the same as a table (`templates/forest.html.j2`).

Ratios are drawn on a logarithmic axis. Pooled effects come from the base and are only drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.views import words

WIDTH = 820
PLOT = (356.0, 640.0)
"""Left and right edge of the plot, in the units of the viewBox."""
ROW = 40
HEAD = 30
FOOT = 40
MOST_ROWS = 14
_LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Effect:
    """One line of a forest plot; `note` says what was measured, in whom and when. Bounds are of a 95 % interval."""

    label: str
    note: str
    estimate: float
    low: float
    high: float
    reference: str | None = None
    direction: str | None = None
    weight: float | None = None
    derived: bool = False


@dataclass(frozen=True)
class Pooled:
    """The pooled effect under the lines, with its prediction interval when there is one."""

    estimate: float
    low: float
    high: float
    predicted_low: float | None
    predicted_high: float | None
    said: str
    """Heterogeneity and method, for the caption."""


@dataclass(frozen=True)
class Forest:
    """What the template draws: texts beside geometry in viewBox units."""

    id: str
    title: str
    caption: str
    axis: str
    height: float
    null: float
    ticks: list[tuple[float, str]]
    rows: list[dict[str, Any]]
    pooled: dict[str, Any] | None
    width: float = WIDTH
    middle: float = sum(PLOT) / 2


def forest(
    id_: str, title: str, kind: str, unit: str, effects: Sequence[Effect], pooled: Pooled | None, caption: str
) -> Forest:
    """Lay out a plot of `effects` (at least one). `kind` is an effect measure of `kb.model.terms.Measure`."""
    ratio = kind in words.RATIO_KINDS
    shown = list(effects)[:MOST_ROWS]
    low, high = min(e.low for e in shown), max(e.high for e in shown)
    beyond = ""
    if pooled:
        # A pooled interval of very few trials may be so wide that the trials themselves would shrink to a dot.
        least, most = (low / 4, high * 4) if ratio else (low - (high - low), high + (high - low))
        if pooled.low < least or pooled.high > most:
            beyond = " The pooled interval runs beyond the axis; its figures stand at the right."
        low, high = min(low, max(pooled.low, least)), max(high, min(pooled.high, most))
    scale = _Scale(low, high, ratio)
    rows = [_row(e, scale, HEAD + i * ROW) for i, e in enumerate(shown)]
    base = HEAD + len(shown) * ROW
    diamond = None
    if pooled:
        y = base + ROW / 2
        points = ((pooled.low, y), (pooled.estimate, y - 8), (pooled.high, y), (pooled.estimate, y + 8))
        diamond = {
            "points": " ".join(f"{scale.x(v):.1f},{py:.1f}" for v, py in points),
            "y": y,
            "text": _text(pooled.estimate, pooled.low, pooled.high),
            "predict": (
                (round(scale.x(pooled.predicted_low), 1), round(scale.x(pooled.predicted_high), 1))
                if pooled.predicted_low is not None and pooled.predicted_high is not None
                else None
            ),
            "predicted": (
                f"{words.number(pooled.predicted_low)} to {words.number(pooled.predicted_high)}"
                if pooled.predicted_low is not None
                else ""
            ),
            "said": pooled.said,
        }
        base += ROW
    axis = f"{words.say(kind)}{f', {words.unit_text(unit)}' if unit else ''}"
    null = round(scale.x(1.0 if ratio else 0.0), 1)
    ticks = [(round(scale.x(t), 1), words.number(t)) for t in scale.ticks()]
    return Forest(id_, title, caption + beyond, axis, base + FOOT, null, ticks, rows, diamond)


class _Scale:
    """From an effect to its place on the plot; the line of no effect is always in view."""

    def __init__(self, low: float, high: float, ratio: bool) -> None:
        self.ratio = ratio
        if ratio:
            # A bound of 0 has no place on a logarithmic axis; it is drawn at the edge.
            low, high = math.log(max(min(low, 1.0), 0.01)), math.log(min(max(high, 1.0), 200.0))
        else:
            low, high = min(low, 0.0), max(high, 0.0)
        margin = (high - low) * 0.06 or 1.0
        self.low, self.high = low - margin, high + margin

    def x(self, value: float) -> float:
        v = math.log(max(value, 1e-9)) if self.ratio else value
        share = (min(max(v, self.low), self.high) - self.low) / (self.high - self.low)
        return PLOT[0] + share * (PLOT[1] - PLOT[0])

    def ticks(self) -> list[float]:
        if self.ratio:
            inside = [t for t in _LOG_TICKS if self.low <= math.log(t) <= self.high]
            return inside if len(inside) <= 7 else [t for t in inside if str(t).strip("0.")[:1] == "1"]
        rough = (self.high - self.low) / 5
        power = 10 ** math.floor(math.log10(rough))
        step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
        first = math.ceil(self.low / step)
        return [round(i * step, 10) for i in range(first, math.floor(self.high / step) + 1)]


def _row(effect: Effect, scale: _Scale, top: float) -> dict[str, Any]:
    side = 4.0 + 6.0 * math.sqrt((effect.weight if effect.weight is not None else 25.0) / 100)
    return {
        "label": words.cut(effect.label, 44),
        "note": words.cut(effect.note, 60),
        "full": f"{effect.label}: {effect.note}" if effect.note else effect.label,
        "name": effect.label,
        "what": effect.note,
        "reference": effect.reference,
        "direction": effect.direction,
        "y": top + ROW / 2,
        "x": round(scale.x(effect.estimate), 1),
        "x1": round(scale.x(effect.low), 1),
        "x2": round(scale.x(effect.high), 1),
        "side": round(side, 1),
        "text": _text(effect.estimate, effect.low, effect.high),
        "weight": f"{words.number(effect.weight)}%" if effect.weight is not None else "",
        "derived": effect.derived,
    }


def _text(estimate: float, low: float, high: float) -> str:
    return f"{words.number(estimate)} ({words.number(low)} to {words.number(high)})"


def pooled_plots(page: Mapping[str, Any], short: Mapping[str, str], names: Mapping[str, str]) -> list[Forest]:
    """A plot for each pooled effect of a monograph. `short`: reference key to `Olsen 2002`; `names`: slug to name."""
    plots = []
    for number, p in enumerate(page["pooled"], 1):
        effects = [
            Effect(
                label=" · ".join(filter(None, (short.get(s["reference"], s["reference"]), s.get("trial")))),
                note="events worked out from a printed percent" if s["derived"] else "",
                estimate=s["estimate"],
                low=s["low"],
                high=s["high"],
                reference=s["reference"],
                weight=s["weight"],
                derived=s["derived"],
            )
            for s in p["studies"]
        ]
        said = f"I² {words.number(p['i_squared'])}%, p for heterogeneity {words.number(p['p_heterogeneity'])}"
        pooled = Pooled(p["estimate"], p["low"], p["high"], p["predicted_low"], p["predicted_high"], said)
        who = f"{names.get(p['subject'], p['subject'])} for {names.get(p['object'], p['object'])}"
        title = f"{words.say(p['concept'])}: {who}, {p['route'].replace('-', ' ')}"
        plain = f"{words.number(p['wald_low'])} to {words.number(p['wald_high'])}"
        few = (
            f" Two trials leave the interval one degree of freedom, so it is very wide; by the normal approximation "
            f"it would run from {plain}."
            if p["k"] == 2
            else ""
        )
        caption = (
            f"Pooled from {words.counted(p['k'], 'trial')} against an inactive comparator: random effects, "
            f"Hartung-Knapp interval. {said}.{few}"
        )
        plots.append(forest(f"pooled-{number}", title, p["kind"], p["unit"] or "", effects, pooled, caption))
    return plots


def printed_plots(
    findings: Iterable[Mapping[str, Any]], short: Mapping[str, str], by_subject: bool = False
) -> list[Forest]:
    """Plots of effects as printed that share indication, measure of effect and unit; shown together, never pooled.

    Lines are named by their study, or `by_subject` by what was given.
    """
    groups: dict[tuple[str, str, str], dict[tuple[Any, ...], Effect]] = {}
    for f in findings:
        if f["relation"] not in {"treats", "compared-with"}:
            continue
        for o in f["outcomes"]:
            interval = o.get("interval")
            if o.get("kind") not in words.EFFECT_KINDS or o.get("value") is None or not interval:
                continue
            if interval.get("level", 95) != 95 or not interval["low"] <= o["value"] <= interval["high"]:
                continue
            unit = words.unit_text(o.get("unit")).replace("hairs per ", "hairs/")
            about = f["object_name"] if f["relation"] == "treats" else f"against {f['object_name']}"
            study = short.get(f["reference"], f["reference"])
            told = (study if by_subject else "", o.get("arm"), o["measure"], o.get("at"))
            note = " · ".join(dict.fromkeys(filter(None, told)))
            effect = Effect(
                label=f["subject_name"] if by_subject else study,
                note=note,
                estimate=o["value"],
                low=interval["low"],
                high=interval["high"],
                reference=f["reference"],
                direction=f["direction"],
            )
            same = (f["reference"], o["value"], interval["low"], interval["high"])
            groups.setdefault((about, o["kind"], "" if unit == "SD" else unit), {}).setdefault(same, effect)
    plots: list[Forest] = []
    for (about, kind, unit), effects in groups.items():
        if len(effects) < 2:
            continue
        caption = (
            "Effects as printed, on one axis for reading only. They differ in outcome, comparator or route, "
            "so they are not pooled."
        )
        rows = list(effects.values())
        title = f"{words.say(kind)}{f', {unit}' if unit else ''}: {about}"
        plots.append(forest(f"printed-{len(plots) + 1}", title, kind, unit, rows, None, caption))
    return plots
