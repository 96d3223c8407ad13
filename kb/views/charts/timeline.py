"""The days to keep clear around a session, one bar per alert that has a window.

Days are spaced evenly whatever lies between them: a window of two days and one of six months both stay readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from kb.views.charts.labels import short, svg_text, text_width, wrapped

_MARGIN = 46
_STEP = 96
_LEAST_WIDTH = 330
_TOP, _ROW, _BAR = 34, 44, 12


class Bar(NamedTuple):
    """One window: `first` (0 or below) and `last` (0 or above) in days from the session."""

    label: str
    first: int
    last: int
    severity: str


def day_name(day: int) -> str:
    return "Session" if day == 0 else f"Day {'−' if day < 0 else '+'}{abs(day)}"


def timeline(bars: Sequence[Bar]) -> Markup | None:
    """The drawing, or None when no alert has a window. Its words stand again in the list beside it."""
    if not bars:
        return None
    days = sorted({0, *(b.first for b in bars), *(b.last for b in bars)})
    longest = max(text_width(b.label) for b in bars)
    width = max(_LEAST_WIDTH, 2 * _MARGIN + _STEP * (len(days) - 1), min(longest + 8, 640))
    step = (width - 2 * _MARGIN) / max(len(days) - 1, 1)
    x_of = {day: _MARGIN + i * step for i, day in enumerate(days)}
    height = _TOP + _ROW * len(bars) + 8
    parts = [
        Markup(
            '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-labelledby="timeline-t">'
            '<title id="timeline-t">{title}</title>'
        ).format(w=short(width), h=short(height), title=_title(bars))
    ]
    for day, x in x_of.items():
        parts.append(svg_text(day_name(day), x, 14, "t-mid t-bold" if day == 0 else "t-mid t-muted"))
    for i, bar in enumerate(bars):
        parts.append(_row(bar, _TOP + i * _ROW, x_of, width))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _row(bar: Bar, y: float, x_of: dict[int, float], width: float) -> Markup:
    """The label on a line of its own, so that nothing crosses it; under it the bar on its track of days."""
    left, right = x_of[bar.first], x_of[bar.last]
    top = short(y + 20)
    track = Markup(f'<rect class="track" x="0" y="{top}" width="{short(width)}" height="{_BAR + 4}" rx="3"/>')
    ticks = Markup("").join(
        Markup(
            f'<line class="{"session-line" if day == 0 else "day-line"}" x1="{short(x)}" x2="{short(x)}" y1="{top}"'
            f' y2="{short(y + 24 + _BAR)}"/>'
        )
        for day, x in x_of.items()
    )
    mark = Markup('<rect class="mark" data-tone="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(
        bar.severity, short(left), short(y + 22), short(max(right - left, 4)), _BAR
    )
    return svg_text(wrapped(bar.label, width - 8, lines=1)[0], 2, y + 14) + track + mark + ticks


def _title(bars: Sequence[Bar]) -> str:
    said = []
    for bar in bars:
        ends = [day_name(d).lower() for d in (bar.first, bar.last)]
        said.append(f"{bar.label}: {ends[0]} to {ends[1]}")
    return "Days to keep clear. " + "; ".join(said)
