"""The bubble of one cell of the evidence map.

Size says how many findings, colour, shape and sign say the direction, and the row of four dots says the certainty,
so that nothing hangs on colour alone.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

from markupsafe import Markup

from kb.model.terms import Certainty, Direction
from kb.views.charts.labels import short

SIGNS = {d.value: d.mark for d in Direction}
LEVELS = {level.value: level.level for level in Certainty}
SIDE = 46
_CENTRE_X, _CENTRE_Y, _DOTS_Y = 23, 18, 40.5
_LARGEST = 15.0


def radius(findings: int) -> float:
    """Pixels, growing with the square root of the number of findings so that areas compare; 12 and more look alike."""
    return min(_LARGEST, 4 + 3.2 * sqrt(max(findings, 1)))


@cache
def bubble(direction: str, findings: int, certainty: str | None) -> Markup:
    """The drawing, hidden from screen readers: the link around it carries the words."""
    return Markup(
        f'<svg width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}" aria-hidden="true">'
        f"{_shape(direction if direction in SIGNS else 'insufficient', radius(findings))}{_dots(certainty)}</svg>"
    )


def _shape(direction: str, r: float) -> str:
    x, y = _CENTRE_X, _CENTRE_Y
    tone = f'data-tone="{Direction(direction).tone}"'
    side = r * 0.9
    if direction == "refutes":
        at = f'x="{short(x - side)}" y="{short(y - side)}" width="{short(2 * side)}" height="{short(2 * side)}"'
        shape = f'<rect class="mark" {tone} {at} rx="2"/>'
    elif Direction(direction).divided:
        reach = r * 1.12
        points = f"{x},{short(y - reach)} {short(x + reach)},{y} {x},{short(y + reach)} {short(x - reach)},{y}"
        shape = f'<polygon class="mark" {tone} points="{points}"/>'
    elif direction == "insufficient":
        shape = f'<circle class="mark-hollow" {tone} cx="{x}" cy="{y}" r="{short(r - 1)}"/>'
    else:
        shape = f'<circle class="mark" {tone} cx="{x}" cy="{y}" r="{short(r)}"/>'
    hollow = ' class="on-hollow"' if direction == "insufficient" else ""
    return f'{shape}<text x="{x}" y="{y + 4.5}"{hollow}>{SIGNS[direction]}</text>'


def _dots(certainty: str | None) -> str:
    """Four dots, as many full as GRADE has plus signs; a dash when nobody has assessed the certainty."""
    level = LEVELS.get(certainty or "")
    if level is None:
        return f'<line class="no-dots" x1="18" x2="28" y1="{_DOTS_Y}" y2="{_DOTS_Y}"/>'
    return "".join(
        f'<circle class="{"dot" if i < level else "dot dot-open"}" cx="{12.5 + 7 * i}" cy="{_DOTS_Y}" r="2.4"/>'
        for i in range(4)
    )
