"""Where the marks and words of a forest plot stand: ratios on a logarithmic axis, a layout for wide screens, one for phones."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.views import words

PLOT = (356.0, 640.0)
"""Left and right edge of the plot on a wide screen, in the units of the viewBox."""
_LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Layout:
    """The frame of a plot, in units of the viewBox; rows are as high as their wrapped words need."""

    width: float
    plot: tuple[float, float]
    head: float
    foot: float
    most_label: int
    """Characters of a line of a row's name, in bold; `most_note` of the smaller words under it."""
    most_note: int
    stacked: bool
    """Words stand above the marks, not beside them."""


WIDE = Layout(820.0, PLOT, 30.0, 58.0, 44, 52, False)
NARROW = Layout(344.0, (10.0, 334.0), 26.0, 72.0, 24, 50, True)
"""For a phone: words above the marks, so that neither has to shrink."""
_LABEL_LINE, _NOTE_LINE, _GAP, _MARKS = 15.0, 13.0, 12.0, 18.0
"""Height of a line of either kind, the room between rows, and that of the marks under stacked words."""


@dataclass(frozen=True)
class Effect:
    """One line of a forest plot; `note` says what was measured, in whom and when. Bounds are of its interval."""

    label: str
    note: str
    estimate: float
    low: float
    high: float
    reference: str | None = None
    direction: str | None = None
    weight: float | None = None
    derived: bool = False
    credible: bool = False
    """The interval is a credible one, of a network or another Bayesian analysis."""
    level: float = 95

    @property
    def interval(self) -> str:
        """What kind of interval it is: `95% CI`."""
        return f"{words.number(self.level)}% {'CrI' if self.credible else 'CI'}"


@dataclass(frozen=True)
class Pooled:
    """The pooled effect under the lines, with its prediction interval when there is one."""

    estimate: float
    low: float
    high: float
    predicted_low: float | None
    predicted_high: float | None
    said: str
    """Heterogeneity, for the caption."""
    other: tuple[float, float] | None = None
    """The interval of the normal approximation, drawn beside the other one when they tell different stories."""


@dataclass(frozen=True)
class Drawing:
    """The geometry of a plot in one layout."""

    width: float
    height: float
    null: float
    ticks: list[tuple[float, str]]
    rows: list[dict[str, Any]]
    pooled: list[dict[str, Any]]
    middle: float
    foot: float
    """Where the rows end and the words under the axis begin."""
    left: float = 0.0
    """The left edge of the plot; the right one is as far from the middle."""


def drawn(layout: Layout, effects: Sequence[Effect], pooled: Pooled | None, scale: Scale) -> Drawing:
    mixed = len({e.interval for e in effects}) > 1
    top = layout.head
    rows = []
    for effect in effects:
        row = _row(effect, scale, top, layout, mixed)
        rows.append(row)
        top += row["height"]
    diamonds = _diamonds(pooled, scale, top, layout) if pooled else []
    height = top + sum(d["height"] for d in diamonds) + layout.foot
    ticks = [(round(scale.x(t), 1), words.number(t)) for t in scale.ticks()]
    null = round(scale.x(scale.none), 1)
    return Drawing(
        layout.width, height, null, ticks, rows, diamonds, sum(layout.plot) / 2, height - layout.foot, layout.plot[0]
    )


def _diamonds(pooled: Pooled, scale: Scale, top: float, layout: Layout) -> list[dict[str, Any]]:
    """The pooled effect; twice, with the name of each interval, when there is another interval beside it."""
    several = pooled.other is not None
    drawn = [("Pooled", "usual interval" if several else "", pooled.low, pooled.high)]
    if pooled.other:
        drawn.append(("The same, wide interval", "Hartung-Knapp interval", *pooled.other))
    found = []
    for place, (label, note, low, high) in enumerate(drawn):
        frame = _words_at(top, label, note, layout)
        at, top = frame["y"], top + frame["height"]
        points = ((low, at), (pooled.estimate, at - 8), (high, at), (pooled.estimate, at + 8))
        predict = None
        if place == 0 and pooled.predicted_low is not None and pooled.predicted_high is not None:
            predict = (round(scale.x(pooled.predicted_low), 1), round(scale.x(pooled.predicted_high), 1))
        found.append(
            {
                **frame,
                "label": label,
                "note": note,
                "points": " ".join(f"{scale.x(v):.1f},{py:.1f}" for v, py in points),
                "hollow": place > 0,
                "text": _text(pooled.estimate, low, high, worked_out=True),
                "predict": predict,
                "predicted": (
                    f"{words.rounded(pooled.predicted_low)} to {words.rounded(pooled.predicted_high)}"
                    if predict and pooled.predicted_low is not None and pooled.predicted_high is not None
                    else ""
                ),
            }
        )
    return found


class Scale:
    """From an effect to its place on the plot; the line of no effect is always in view."""

    def __init__(self, low: float, high: float, ratio: bool, plot: tuple[float, float] = PLOT) -> None:
        self.ratio, self.plot = ratio, plot
        self.none = 1.0 if ratio else 0.0
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
        return self.plot[0] + share * (self.plot[1] - self.plot[0])

    def ticks(self) -> list[float]:
        if self.ratio:
            inside = [t for t in _LOG_TICKS if self.low <= math.log(t) <= self.high]
            if len(inside) < 3:  # a narrow interval needs marks between the usual ones
                return _evenly(math.exp(self.low), math.exp(self.high))
            return inside if len(inside) <= 7 else [t for t in inside if str(t).strip("0.")[:1] == "1"]
        return _evenly(self.low, self.high)


def _evenly(low: float, high: float) -> list[float]:
    """Round numbers at even steps between the two, about five."""
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return [round(i * step, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _row(effect: Effect, scale: Scale, top: float, layout: Layout, mixed: bool) -> dict[str, Any]:
    side = 4.0 + 6.0 * math.sqrt((effect.weight if effect.weight is not None else 25.0) / 100)
    text = _text(effect.estimate, effect.low, effect.high, worked_out=effect.derived)
    return {
        **_words_at(top, effect.label, effect.note, layout),
        "full": f"{effect.label}: {effect.note}" if effect.note else effect.label,
        "name": effect.label,
        "what": effect.note,
        "reference": effect.reference,
        "direction": effect.direction,
        "x": round(scale.x(effect.estimate), 1),
        "x1": round(scale.x(effect.low), 1),
        "x2": round(scale.x(effect.high), 1),
        "side": round(side, 1),
        "text": f"{text}, {effect.interval}" if mixed else text,
        "weight": f"{words.number(effect.weight)}%" if effect.weight is not None else "",
        "derived": effect.derived,
    }


def _words_at(top: float, label: str, note: str, layout: Layout) -> dict[str, Any]:
    """The whole words of a row, wrapped, and where they, its marks and its figure stand; `height` of the row."""
    names, notes = textwrap.wrap(label, layout.most_label), textwrap.wrap(note, layout.most_note)
    tall = len(names) * _LABEL_LINE + len(notes) * _NOTE_LINE
    height = tall + _GAP + _MARKS if layout.stacked else max(tall + _GAP, 32.0)
    y = top + (height - _GAP / 2 - _MARKS / 2 if layout.stacked else height / 2)
    at = top + _LABEL_LINE if layout.stacked else y - tall / 2 + _LABEL_LINE - 4.0
    lines = []
    for kind, texts in (("t-bold", names), ("t-muted t-small", notes)):
        step = _LABEL_LINE if kind == "t-bold" else _NOTE_LINE
        for text in texts:
            lines.append((kind, text, round(at, 1)))
            at += step
    figure = top + _LABEL_LINE if layout.stacked else y + 4.0
    return {"lines": lines, "y": round(y, 1), "figure_y": round(figure, 1), "height": height}


def _text(estimate: float, low: float, high: float, worked_out: bool = False) -> str:
    """Printed figures stand as printed; those worked out here have three digits."""
    said = words.rounded if worked_out else words.number
    return f"{said(estimate)} ({said(low)} to {said(high)})"
