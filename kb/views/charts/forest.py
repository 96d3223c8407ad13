"""Forest plots: effects with their intervals on one axis, and the same as a table (`templates/forest.html.j2`).

Pooled effects come from the base and are only drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.views import words
from kb.views.charts.forest_drawing import NARROW, PLOT, WIDE, Drawing, Effect, Pooled, Scale, drawn

__all__ = ["MOST_ROWS", "PLOT", "Effect", "Forest", "Pooled", "forest", "pooled_plots", "printed_plots"]

MOST_ROWS = 14


@dataclass(frozen=True)
class Forest:
    """What the template draws: texts, and the geometry for a wide and for a narrow screen."""

    id: str
    title: str
    caption: str
    axis: str
    figures: str
    """Head of the column of figures: `Effect (95% CI)`."""
    said: str
    wide: Drawing
    narrow: Drawing

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.wide.rows

    @property
    def pooled(self) -> list[dict[str, Any]]:
        return self.wide.pooled

    @property
    def height(self) -> float:
        return self.wide.height

    @property
    def null(self) -> float:
        return self.wide.null

    @property
    def ticks(self) -> list[tuple[float, str]]:
        return self.wide.ticks


def forest(
    id_: str, title: str, kind: str, unit: str, effects: Sequence[Effect], pooled: Pooled | None, caption: str
) -> Forest:
    """Lay out a plot of `effects` (at least one). `kind` is an effect measure of `kb.model.terms.Measure`."""
    ratio = kind in words.RATIO_KINDS
    shown = list(effects)[:MOST_ROWS]
    low, high = min(e.low for e in shown), max(e.high for e in shown)
    if pooled:
        # A pooled interval of very few trials may be so wide that the trials themselves would shrink to a dot.
        least, most = (low / 4, high * 4) if ratio else (low - (high - low), high + (high - low))
        if pooled.low < least or pooled.high > most:
            caption += " The widest interval runs beyond the axis; its figures stand beside it."
        low, high = min(low, max(pooled.low, least)), max(high, min(pooled.high, most))
    axis = f"{words.say(kind)}{f', {words.unit_text(unit)}' if unit else ''}"
    intervals = {e.interval for e in shown}
    figures = f"Effect ({next(iter(intervals))})" if len(intervals) == 1 else "Effect and interval"
    wide, narrow = (drawn(layout, shown, pooled, Scale(low, high, ratio, layout.plot)) for layout in (WIDE, NARROW))
    return Forest(id_, title, caption, axis, figures, pooled.said if pooled else "", wide, narrow)


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
        said = f"I² {words.rounded(p['i_squared'])}%, p for heterogeneity {words.rounded(p['p_heterogeneity'])}"
        few = p["k"] == 2
        other = (p["knapp_low"], p["knapp_high"]) if few else None
        pooled = Pooled(p["estimate"], p["low"], p["high"], p["predicted_low"], p["predicted_high"], said, other)
        link = "against" if p["relation"] == "compared-with" else "for"
        who = f"{names.get(p['subject'], p['subject'])} {link} {names.get(p['object'], p['object'])}"
        title = f"{words.say(p['concept'])}: {who}, {p['route'].replace('-', ' ')}"
        method = "random effects" if few else "random effects, Hartung-Knapp interval"
        against = _against(p, names)
        caption = f"Pooled from {words.counted(p['k'], 'trial')} {against}: {method}. {said}."
        if few:
            caption += (
                " One estimate, two intervals: two trials can hardly show how much trials differ. The usual interval"
                " takes that as known; the Hartung-Knapp interval allows for it and is very wide."
            )
        if any(s.get("within_person") for s in p["studies"]):
            caption += " Sides of one person count here as if they were different people (correlation taken as 0)."
        plots.append(forest(f"pooled-{number}", title, p["kind"], p["unit"] or "", effects, pooled, caption))
    return plots


def _against(pooled: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if pooled["background"]:
        given = " and ".join(names.get(b, b) for b in pooled["background"])
        return f"that add it to {given}, against {given} alone"
    if pooled["relation"] == "compared-with":
        return f"against {names.get(pooled['object'], pooled['object'])}"
    return "against an inactive comparator"


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
                credible=bool(interval.get("credible")),
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
