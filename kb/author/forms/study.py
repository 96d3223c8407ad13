"""The form of a finding: with the effect and the direction its figures give, as they are typed."""

from __future__ import annotations

import math
from html import escape
from textwrap import shorten
from typing import Any

import ipywidgets as w

from kb.appraisal import rules
from kb.appraisal.effects import RATIOS, Contrast, computed_direction, contrasts
from kb.author.checks import FieldProblem
from kb.author.fields import Field
from kb.author.forms import widgets
from kb.author.forms.armnames import ArmNames
from kb.author.forms.outcomes import OutcomesField
from kb.author.forms.record import RecordForm
from kb.author.forms.riskofbias import RiskOfBiasField
from kb.model import Finding
from kb.model.terms import Design

_ORDER = (
    "reference",
    "relation",
    "object",
    "route",
    "technique",
    "with",
    "background",
    "direction",
    "dose",
    "amounts",
    "trial",
    "population",
    "n",
    "within_person",
    "arms",
    "comparator",
    "sessions",
    "interval_weeks",
    "follow_up_weeks",
    "outcomes",
    "effect_missing",
    "frequency",
    "summary",
    "limitations",
    "appraisals",
    "risk_of_bias",
    "basis",
    "seen_at",
    "doubt",
    "note",
    "id",
)


widgets.SPECIAL |= {"outcomes": OutcomesField, "appraisals": RiskOfBiasField}


class StudyForm(RecordForm):
    """A finding, its fields in the order in which a paper is read."""

    def typed(self) -> dict[str, Any]:
        """The record as the widgets hold it; the risk of bias follows from its domains, once all are judged."""
        made, judged = self.group.value, self.group.nodes.get("appraisals")
        if judged is not None and judged.overall:
            self.group.nodes["risk_of_bias"].widget.value = made["risk_of_bias"] = judged.overall
        return made

    def fill(self) -> None:
        super().fill()
        self.arm_names = ArmNames(self.group.nodes)

    def _changed(self) -> None:
        if self._building:
            return
        self._building = True  # what follows the names of the arms is no change of its own
        try:
            self.arm_names.follow()
        finally:
            self._building = False
        super()._changed()

    def panels(self) -> list[Any]:
        self.effects = w.HTML()
        return [w.HTML("<h3>What the figures say</h3>"), self.effects]

    def fields(self) -> list[Field]:
        return sorted(super().fields(), key=lambda f: _ORDER.index(f.name) if f.name in _ORDER else len(_ORDER))

    def refresh(self, problems: list[FieldProblem]) -> None:
        base = self.session.with_me()
        record_id = self.session.target.id or self.session.clean.get("id", "")
        finding = base.findings.get(str(record_id)) if base else None
        self.effects.value = effects_html(finding, base.design_of(finding) if base and finding else None)


def effects_html(finding: Finding | None, design: Design | None = None) -> str:
    """The contrasts of a finding, and whether its direction agrees with them."""
    if finding is None:
        return '<span class="kb-quiet">Computed as soon as the record can be read.</span>'
    found = contrasts(finding)
    if not found:
        return (
            '<span class="kb-quiet">Nothing to compute yet: give two arms the same outcome with events and n, '
            "or means with SD and n, and each its role (intervention, placebo, active ...).</span>"
        )
    rows = "".join(_row(c) for c in found)
    lines = [
        forest(found),
        f'<table class="kb-table"><tr><th>Outcome</th><th>Arms</th><th>Effect</th><th></th></tr>{rows}</table>',
    ]
    direction = computed_direction(finding)
    if direction is not None:
        lines.append(
            f"By its figures alone: <b>{escape(direction.value)}</b> (whether more is better, only you can tell)."
        )
    lines += [
        f'<div class="kb-advice" role="alert">{escape(message)}</div>'
        for message in filter(None, [rules.direction(finding, design)])
    ]
    return "".join(lines)


def forest(found: list[Contrast]) -> str:
    """The first effects as rows of a forest plot, ratios on a log axis and differences on a plain one; the table below has the figures."""
    kinds = {c.kind for c in found[:1]}
    rows = [c for c in found if c.kind in kinds][:6]
    ratio = rows[0].kind in RATIOS
    if ratio and min(c.low for c in rows) <= 0:
        return ""
    scale = math.log if ratio else float
    ends = [scale(x) for c in rows for x in (c.low, c.high)] + [0.0]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return 8 + 244 * (value - low) / span

    lines = []
    for place, c in enumerate(rows):
        y = 12 + 18 * place
        middle = x(scale(c.estimate))
        lines.append(
            f'<line x1="{x(scale(c.low)):.1f}" x2="{x(scale(c.high)):.1f}" y1="{y}" y2="{y}" stroke="currentColor"/>'
            f'<rect x="{middle - 4:.1f}" y="{y - 4}" width="8" height="8" fill="currentColor"/>'
            f'<text x="262" y="{y + 4}" font-size="12" fill="currentColor">{escape(shorten(c.measure, 56, placeholder=" …"))}</text>'
        )
    height = 18 * len(rows) + 8
    told = escape("; ".join(f"{c.measure}: {c}" for c in rows))
    none = f'<line x1="{x(0.0):.1f}" x2="{x(0.0):.1f}" y1="2" y2="{height - 2}" stroke="currentColor" stroke-dasharray="3 3"/>'
    return f'<svg role="img" aria-label="{told}" width="100%" viewBox="0 0 640 {height}" height="{height}">{none}{"".join(lines)}</svg>'


def _row(contrast: Contrast) -> str:
    arms = f"{contrast.active} vs {contrast.control}" if contrast.control else contrast.active
    clear = "excludes no difference" if contrast.clear else "includes no difference"
    origin = "as printed" if contrast.printed else "computed"
    cells = (contrast.measure, arms, f"{contrast} · {origin}", clear)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
