"""How a planned amount lies beside what was studied: studied amounts as marks, the plan as a line."""

from __future__ import annotations

from markupsafe import Markup, escape

from kb.questions.answer import Dose
from kb.questions.doses import figure
from kb.views.charts.labels import short

WIDTH, HEIGHT, LEFT = 420, 56, 12


def doses(dose: Dose) -> Markup | None:
    """The drawing, or None when nothing comparable was studied: the amount first, then the concentration, then the volume."""
    for planned, unit in (
        (dose.amount, dose.unit),
        (dose.concentration, dose.concentration_unit),
        (dose.volume_ml, "mL"),
    ):
        studied = [s for s in dose.studied if s.unit == unit]
        if planned is not None and studied:
            return _drawn(planned, str(unit), [(s.low, s.high) for s in studied], dose.ingredient_name)
    return None


def _drawn(planned: float, unit: str, studied: list[tuple[float, float]], name: str) -> Markup:
    most = max(planned, *(high for _, high in studied)) * 1.08 or 1.0
    scale = (WIDTH - 2 * LEFT) / most

    def at(value: float) -> float:
        return LEFT + value * scale

    low, high = min(s for s, _ in studied), max(h for _, h in studied)
    label = f"{name}: planned {figure(planned)} {unit}; studied {figure(low)} to {figure(high)} {unit}"
    marks = "".join(
        f'<rect class="mark" x="{short(at(a) - 2)}" y="20" width="{short(max(4, (b - a) * scale))}" height="12" rx="2" fill-opacity=".35"/>'
        for a, b in studied
    )
    plan, end = escape(f"plan {figure(planned)} {unit}"), escape(f"{figure(most)} {unit}")
    text_at = short(min(max(at(planned), 60), WIDTH - 60))
    return Markup(
        f'<svg class="doses" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - LEFT}" y1="34" y2="34" stroke="currentColor" stroke-opacity=".4"/>{marks}'
        f'<line class="plan" x1="{short(at(planned))}" x2="{short(at(planned))}" y1="14" y2="38" stroke="currentColor" stroke-width="2"/>'
        f'<text x="{text_at}" y="11" text-anchor="middle" font-size="11" fill="currentColor">{plan}</text>'
        f'<text x="{LEFT}" y="50" font-size="11" fill="currentColor">0</text>'
        f'<text x="{WIDTH - LEFT}" y="50" text-anchor="end" font-size="11" fill="currentColor">{end}</text></svg>'
    )
