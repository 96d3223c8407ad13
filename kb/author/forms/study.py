"""The form of a finding: with the effect and the direction its figures give, as they are typed."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as w

from kb.appraisal import rules
from kb.appraisal.effects import Contrast, computed_direction, contrasts
from kb.author.checks import FieldProblem
from kb.author.fields import Field
from kb.author.forms.record import RecordForm
from kb.model import Finding

_ORDER = (
    "reference",
    "relation",
    "object",
    "route",
    "technique",
    "with",
    "direction",
    "dose",
    "trial",
    "population",
    "n",
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
    "risk_of_bias",
    "basis",
    "seen_at",
    "doubt",
    "note",
    "id",
)


class StudyForm(RecordForm):
    """A finding, its fields in the order in which a paper is read."""

    def panels(self) -> list[Any]:
        self.effects = w.HTML()
        return [w.HTML("<h3>What the figures say</h3>"), self.effects]

    def fields(self) -> list[Field]:
        return sorted(super().fields(), key=lambda f: _ORDER.index(f.name) if f.name in _ORDER else len(_ORDER))

    def refresh(self, problems: list[FieldProblem]) -> None:
        base = self.session.with_me()
        record_id = self.session.target.id or self.session.clean.get("id", "")
        finding = base.findings.get(str(record_id)) if base else None
        self.effects.value = effects_html(finding)


def effects_html(finding: Finding | None) -> str:
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
    lines = [f'<table class="kb-table"><tr><th>Outcome</th><th>Arms</th><th>Effect</th><th></th></tr>{rows}</table>']
    direction = computed_direction(finding)
    if direction is not None:
        lines.append(
            f"By its figures alone: <b>{escape(direction.value)}</b> (whether more is better, only you can tell)."
        )
    lines += [
        f'<div class="kb-advice" role="alert">{escape(message)}</div>'
        for message in filter(None, [rules.direction(finding)])
    ]
    return "".join(lines)


def _row(contrast: Contrast) -> str:
    arms = f"{contrast.active} vs {contrast.control}" if contrast.control else contrast.active
    clear = "excludes no difference" if contrast.clear else "includes no difference"
    origin = "as printed" if contrast.printed else "computed"
    cells = (contrast.measure, arms, f"{contrast} · {origin}", clear)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
