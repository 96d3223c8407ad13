"""Forest plots: effects with their intervals on one axis, and the same as a table (`templates/forest.html.j2`).

Pooled effects come from the base and are only drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.views import words
from kb.views.charts import forest_words
from kb.views.charts.forest_drawing import NARROW, PLOT, WIDE, Drawing, Effect, Pooled, Scale, drawn
from kb.views.charts.forest_words import Sides

if TYPE_CHECKING:
    from kb.questions.shapes import FindingValue, Json, Matters, Page, PooledValue

__all__ = ["MOST_ROWS", "PLOT", "Effect", "Forest", "Pooled", "Sides", "forest", "pooled_plots", "printed_plots"]

MOST_ROWS = 14


NO_SIDES = Sides(None, "", "")
"""For a question that asks the reader which side is good."""


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
    favours: tuple[str, str]
    """What is written at the left and at the right end of the axis."""
    method: str
    """How it was pooled, for those who want to know; folded under the figure."""
    key: list[str]
    """Directions of the findings drawn, whose colours the figure explains."""
    wide: Drawing
    narrow: Drawing
    finding: str = ""
    """What it shows, in a sentence; empty where that is not to be told."""
    sources: tuple[str, ...] = ()
    """What `method` rests on: the papers behind the smallest difference that matters."""

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
    id_: str,
    title: str,
    kind: str,
    unit: str,
    effects: Sequence[Effect],
    pooled: Pooled | None,
    caption: str,
    sides: Sides,
    method: str = "",
) -> Forest:
    """Lay out a plot of `effects` (at least one). `kind` is an effect measure of `kb.model.terms.Measure`."""
    ratio = kind in words.RATIO_KINDS
    shown = list(effects)[:MOST_ROWS]
    if len(effects) > MOST_ROWS:
        caption += f" {words.counted(len(effects) - MOST_ROWS, 'more effect')} in the findings below."
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
    key = [d for d in words.DIRECTION_ORDER if d in {e.direction for e in shown}]
    said = pooled.said if pooled else ""
    told = forest_words.finding(
        sides,
        1 if ratio else 0,
        [(e.low, e.high) for e in effects],
        _intervals(pooled),
        f"{words.say(kind).lower()} {wide.pooled[0]['text']}" if pooled else "",
    )
    return Forest(id_, title, caption, axis, figures, said, sides.ends, method, key, wide, narrow, told)


def _intervals(pooled: Pooled | None) -> list[tuple[float, float]]:
    """The intervals of a pooled effect, the leading one first."""
    if pooled is None:
        return []
    return [(pooled.low, pooled.high), *([pooled.other] if pooled.other else [])]


def pooled_plots(page: Page, short: Mapping[str, str], names: Mapping[str, str]) -> list[Forest]:
    """A plot for each pooled effect of a monograph. `short`: reference key to `Olsen 2002`; `names`: slug to name."""
    plots = []
    for number, p in enumerate(page["pooled"], 1):
        effects = [
            Effect(
                label=" · ".join(filter(None, (short.get(s["reference"], s["reference"]), s.get("trial")))),
                note="worked out from the figures printed" if s["derived"] else "",
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
        forms = _forms(_pooled_figures(p, page)) if p["subject"] == p["object"] else None
        title = f"{words.say(p['concept'])}: {_who(p, names, forms)}, {p['route'].replace('-', ' ')}"
        caption = f"{words.counted(p['k'], 'trial').capitalize()} {_against(p, names, forms)}, pooled."
        if few:
            caption += " Two trials show little of how much trials differ: read the wide interval, too."
        plot = forest(
            f"pooled-{number}", title, p["kind"], p["unit"] or "", effects, pooled, caption,
            _pooled_sides(p, page, names, forms), _method(p, said),
        )  # fmt: skip
        plots.append(replace(plot, sources=tuple(matters["references"]) if (matters := p.get("matters")) else ()))
    return plots


def _method(p: PooledValue, said: str) -> str:
    """How a pooled effect was worked out, in sentences."""
    few = p["k"] == 2
    told = f"{'Random effects' if few else 'Random effects, Hartung-Knapp interval'}. {said}."
    if few:
        told += (
            " One estimate, two intervals: the usual one takes the difference between trials as known;"
            " the Hartung-Knapp interval allows for not knowing it and is very wide."
        )
    if matters := p.get("matters"):
        told += f" {_matters(matters)}"
    if any(s.get("within_person") for s in p["studies"]):
        told += " Sides of one person count here as if they were different people (correlation taken as 0)."
    return told


_READS = {
    "beyond": "the whole interval is larger",
    "may reach it": "the interval holds smaller and larger ones",
    "below": "the whole interval is smaller",
    "cannot tell": "the interval holds no difference as well as one that matters",
}


def _matters(m: Matters) -> str:
    """The smallest difference that matters, and how the interval stands to it."""
    upper = f" to {m['high']:g}" if m["high"] else ""
    told = f"Smallest difference that matters: {m['value']:g}{upper} {m['unit']}; {_READS[m['reads']]}. {m['says']}"
    return words.unit_text(told)


def _pooled_figures(p: PooledValue, page: Page) -> list[Mapping[str, Any]]:
    """The outcomes that were pooled, as the findings of the page record them."""
    studies = {s["finding"] for s in p["studies"]}
    return [
        o
        for f in (*page["findings"], *page["compared_with"])
        if f["id"] in studies
        for o in f["outcomes"]
        if o.get("concept") == p["concept"]
    ]


def _forms(figures: Iterable[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The two forms of one thing that were compared (5% and 2%), first side first; None unless all name the same two."""
    first, second = set(), set()
    for o in figures:
        arm, _, other = (o.get("arm") or "").partition(" vs ")
        if other:
            first.add(arm)
            second.add(other)
        else:
            (first if o.get("role") == "intervention" else second).add(arm)
    return (first.pop(), second.pop()) if len(first) == len(second) == 1 else None


def _who(p: PooledValue, names: Mapping[str, str], forms: tuple[str, str] | None) -> str:
    """What was held against what, or given for what."""
    subject = names.get(p["subject"], p["subject"])
    if forms:
        return f"{forms[0]} against {forms[1]}"
    if p["subject"] == p["object"]:
        return f"one form of {subject} against another"
    link = {"compared-with": "against", "causes": "and"}.get(p["relation"], "for")
    return f"{subject} {link} {words.inside(names.get(p['object'], p['object']))}"


def _pooled_sides(p: PooledValue, page: Page, names: Mapping[str, str], forms: tuple[str, str] | None) -> Sides:
    """The ends of a pooled plot: what its trials have recorded of the concept that was pooled."""
    better = {o["better"] for o in _pooled_figures(p, page) if o.get("better")}
    known = better.pop() if len(better) == 1 else None
    if p["relation"] != "compared-with":
        return Sides(known, _favours(p["subject"], names))
    return (
        _between(known, forms)
        if p["subject"] == p["object"]
        else Sides(known, _favours(p["subject"], names), _favours(p["object"], names))
    )


def _between(better: str | None, forms: tuple[str, str] | None) -> Sides:
    """The ends of a plot that holds two forms of one thing against each other."""
    first, second = forms or ("the first named", "the second named")
    return Sides(better, f"Favours {first}", f"Favours {second}")


def _favours(slug: str, names: Mapping[str, str]) -> str:
    return f"Favours {words.inside(names.get(slug, slug))}"


def _against(pooled: PooledValue, names: Mapping[str, str], forms: tuple[str, str] | None) -> str:
    if pooled["background"]:
        given = " and ".join(words.inside(names.get(b, b)) for b in pooled["background"])
        return f"that add it to {given}, against {given} alone"
    if pooled["subject"] == pooled["object"]:
        return f"of {_who(pooled, names, forms)}"
    if pooled["relation"] == "compared-with":
        return f"against {words.inside(names.get(pooled['object'], pooled['object']))}"
    return "against an inactive comparator"


def printed_plots(findings: Iterable[FindingValue], short: Mapping[str, str], by_subject: bool = False) -> list[Forest]:
    """Plots of effects as printed that share indication, measure of effect and unit; shown together, never pooled.

    Lines are named by their study, or `by_subject` by what was given.
    """
    groups: dict[tuple[str, ...], list[_Printed]] = {}
    for f in findings:
        if f["relation"] in {"treats", "compared-with"}:
            for o in f["outcomes"]:
                if (found := _printed(f, o, short, by_subject)) is not None:
                    same = groups.setdefault(found.group, [])
                    if all(found.same != other.same for other in same):
                        same.append(found)
    sizes: dict[tuple[str, ...], int] = {}
    for group, rows in groups.items():
        sizes[group[:3]] = sizes.get(group[:3], 0) + len(rows)
    plots: list[Forest] = []
    for (about, kind, unit, better, before), rows in groups.items():
        if sizes[about, kind, unit] < 2:
            continue
        caption = (
            "As printed, side by side for reading only: outcomes, comparators or routes differ, so they are not pooled."
            if len(rows) > 1
            else "As printed."
        )
        title = f"{words.say(kind)}{f', {unit}' if unit else ''}: {about}"
        if better == "lower":
            title += " (lower is better)"
        if before:
            title += ", compared with before treatment"
        effects, shared = _rows(rows)
        if shared:
            caption += f" All rows: {shared}."
        sides = _sides(rows, better, bool(before), by_subject)
        plots.append(forest(f"printed-{len(plots) + 1}", title, kind, unit, effects, None, caption, sides))
    return plots


@dataclass(frozen=True)
class _Printed:
    """One effect as printed, what it may share an axis with, and the words of its row."""

    group: tuple[str, ...]
    same: tuple[Any, ...]
    effect: Effect
    told: tuple[str, str, str]
    """When, what, and in whom it was measured."""
    finding: FindingValue
    against: str


def _printed(f: FindingValue, o: Json, short: Mapping[str, str], by_subject: bool) -> _Printed | None:
    """A row of a plot; None when the outcome is no effect with an interval, or which way is better is not recorded."""
    interval = o.get("interval")
    if o.get("kind") not in words.EFFECT_KINDS or o.get("value") is None or not interval or not o.get("better"):
        return None
    if interval.get("level", 95) != 95 or not interval["low"] <= o["value"] <= interval["high"]:
        return None
    unit = words.unit_text(o.get("unit")).replace("hairs per ", "hairs/")
    about = f["object_name"] if f["relation"] == "treats" else f"against {words.inside(f['object_name'])}"
    if f["relation"] == "compared-with" and f["subject"] == f["object"]:
        about = f"one form of {f['subject_name']} against another"
    study = short.get(f["reference"], f["reference"])
    effect = Effect(
        label=f"{f['subject_name']}, {study}" if by_subject else study,
        note="",
        estimate=o["value"],
        low=interval["low"],
        high=interval["high"],
        reference=f["reference"],
        direction=f["direction"],
        credible=bool(interval.get("credible")),
    )
    before = "before" if o.get("against") == "before" else ""
    return _Printed(
        (about, o["kind"], "" if unit == "SD" else unit, o["better"], before),
        (f["reference"], o["value"], interval["low"], interval["high"]),
        effect,
        (o.get("at") or "", o["measure"], o.get("arm") or ""),
        f,
        o.get("against") or "",
    )


def _rows(rows: Sequence[_Printed]) -> tuple[list[Effect], str]:
    """The effects with what differs between them as their notes, time first; and the words that all of them share."""
    shared = [len(rows) > 1 and len({r.told[part] for r in rows}) == 1 for part in range(3)]
    effects = [
        replace(r.effect, note=" · ".join(t for t, same in zip(r.told, shared, strict=True) if t and not same))
        for r in rows
    ]
    return effects, ", ".join(t for t, same in zip(rows[0].told, shared, strict=True) if t and same)


_COMPARATORS = {"placebo": "Favours placebo or sham", "untreated": "Favours no treatment"}


def _sides(rows: Sequence[_Printed], better: str, before: bool, by_subject: bool) -> Sides:
    """The ends of a plot of printed effects. An effect runs from the treatment of its finding to what it was held against."""
    if before:
        return Sides(better, "Better than before", "Worse than before")
    against = {r.against for r in rows}
    second = _COMPARATORS.get(against.pop(), "Favours comparator") if len(against) == 1 else "Favours comparator"
    subjects = {r.finding["subject_name"] for r in rows}
    first = "Favours treatment" if by_subject or len(subjects) > 1 else f"Favours {words.inside(subjects.pop())}"
    if rows[0].finding["relation"] == "compared-with":
        if any(r.finding["subject"] == r.finding["object"] for r in rows):
            return _between(better, _forms({"arm": r.told[2]} for r in rows))
        second = f"Favours {words.inside(rows[0].finding['object_name'])}"
    return Sides(better, first, second)
