"""The appraisal form: the body of evidence beside GRADE's reasons; the certainty moves as they are ticked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets as w

from kb.appraisal import starting_level
from kb.appraisal.effects import contrasts
from kb.author.weighing import computed_certainty, with_certainty
from kb.author.checks import FieldProblem
from kb.author.fields import Field, fields_of
from kb.author.forms.record import RecordForm
from kb.author.forms.widgets import Changed, Group, make, said
from kb.base import KnowledgeBase
from kb.model import Finding
from kb.model.terms import DownReason, UpReason

_MARKS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very low": "⊕◯◯◯"}
_LAST = "bottom_line"
_CUSTOM = {"findings", "starts", "down", "up", "certainty", _LAST}


class Reasons:
    """GRADE's reasons to tick, each with its levels and why."""

    def __init__(self, caption: str, names: list[str], given: Any, changed: Changed) -> None:
        held = {str(r.get("reason")): r for r in given or [] if isinstance(r, Mapping)}
        self.rows: dict[str, tuple[w.Checkbox, w.Dropdown, w.Text]] = {}
        self.problems = w.HTML()
        shown: list[Any] = [w.HTML(f"<b>{escape(caption)}</b>"), self.problems]
        for name in names:
            reason = held.get(name, {})
            tick = w.Checkbox(
                value=name in held, description=name.replace("-", " "), indent=False, layout=w.Layout(width="190px")
            )
            levels = w.Dropdown(
                options=[("1 level", 1), ("2 levels", 2)],
                value=2 if str(reason.get("levels", 1)) == "2" else 1,
                layout=w.Layout(width="100px"),
            )
            # The reason is said beside the tick, for people who hear the form rather than see it.
            levels.tooltip = f"levels for {name}"
            why = w.Text(value=str(reason.get("why", "")), placeholder="why", layout=w.Layout(flex="1 1 auto"))
            why.tooltip = f"why {name}"
            for widget in (tick, levels, why):
                widget.observe(lambda _: changed(), "value")
            self.rows[name] = (tick, levels, why)
            shown.append(w.HBox([tick, levels, why]))
        self.box = w.VBox(shown)

    @property
    def value(self) -> list[dict[str, Any]]:
        return [
            {"reason": name, "levels": levels.value, "why": why.value}
            for name, (tick, levels, why) in self.rows.items()
            if tick.value
        ]

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said(problems)


class Evidence:
    """The findings on this subject and indication, ticked when the assessment rests on them."""

    def __init__(self, base: KnowledgeBase, subject: str, values: Mapping[str, Any], changed: Changed) -> None:
        self._changed = changed
        self.problems = w.HTML()
        self.box = w.VBox()
        self.fill(base, subject, values)

    def fill(self, base: KnowledgeBase, subject: str, values: Mapping[str, Any]) -> None:
        """List what there is for the question; what is ticked stays ticked."""
        chosen = list(values.get("findings") or [])
        found = body_of_evidence(base, subject, str(values.get("object", "")), str(values.get("route", "")))
        listed = [f for f in found if f.id not in chosen]
        known = [base.findings[f] for f in chosen if f in base.findings]
        self.unknown = [f for f in chosen if f not in base.findings]
        self.ticks: dict[str, w.Checkbox] = {}
        rows: list[Any] = [w.HTML("<b>Body of evidence</b>"), self.problems]
        for finding in [*known, *listed]:
            tick = w.Checkbox(
                value=finding.id in chosen, description=finding.id, indent=False, layout=w.Layout(width="auto")
            )
            tick.observe(lambda _: self._changed(), "value")
            self.ticks[finding.id] = tick
            rows += [tick, w.HTML(_evidence_html(base, finding), layout=w.Layout(margin="0 0 6px 24px"))]
        if not self.ticks:
            rows.append(
                w.HTML(
                    '<span class="kb-quiet">No finding on this subject, indication and route yet; record a study first.</span>'
                )
            )
        self.box.children = tuple(rows)

    @property
    def value(self) -> list[str]:
        return [*(f for f, tick in self.ticks.items() if tick.value), *self.unknown]

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said(problems)


def body_of_evidence(base: KnowledgeBase, subject: str, object_: str, route: str) -> list[Finding]:
    """Findings of benefit of the subject on the object, those by the route first; findings on comparisons come last."""
    record = base.subjects.get(subject)
    if record is None:
        return []
    about = [f for f in record.findings if f.object == object_ or f.relation.value == "compared-with"]
    return sorted(about, key=lambda f: (f.object != object_, f.route.value != route))


def _evidence_html(base: KnowledgeBase, finding: Finding) -> str:
    reference = base.references.get(finding.reference)
    design = reference.design.value if reference else "design unknown"
    n = f", n = {finding.n}" if finding.n is not None else ""
    effects = "; ".join(str(c) for c in contrasts(finding)[:2])
    bias = f"risk of bias {finding.risk_of_bias.value.replace('-', ' ')}"
    head = (
        f"{design}{n} · {finding.route.value} · {finding.direction.value} · {bias}{' · ' + effects if effects else ''}"
    )
    return f'<span class="kb-quiet">{escape(head)}</span><br>{escape(finding.summary)}'


class AppraisalForm(RecordForm):
    """An assessment. The certainty is never typed; the bottom line opens when everything else is there."""

    def build(self) -> None:
        self._building = True
        try:
            values, subject = self.session.values, self.subject
            plain = [f for f in super().fields() if f.name not in _CUSTOM]
            self.group = Group(plain, {k: v for k, v in values.items() if k not in _CUSTOM}, self._changed, self)
            self.evidence = Evidence(self.session.bench.base, subject, values, self._changed)
            starts = next(f for f in super().fields() if f.name == "starts")
            self.starts = make(starts, values.get("starts"), self._changed, self)
            self.start_hint = w.HTML(layout=w.Layout(margin="0 0 0 180px"))
            self.down = Reasons(
                "Reasons to rate down", [r.value for r in DownReason], values.get("down"), self._changed
            )
            self.up = Reasons("Reasons to rate up", [r.value for r in UpReason], values.get("up"), self._changed)
            self.certainty = w.HTML()
            last = next(f for f in super().fields() if f.name == _LAST)
            self.bottom_line = make(last, values.get(_LAST), self._changed, self)
            custom = {
                "findings": self.evidence,
                "starts": self.starts,
                "down": self.down,
                "up": self.up,
                "bottom_line": self.bottom_line,
            }
            self.group.nodes |= custom
            self.group.box.children = (
                *self.group.box.children,
                self.evidence.box,
                self.starts.box,
                self.start_hint,
                self.down.box,
                self.up.box,
                self.certainty,
                self.bottom_line.box,
            )
            self.form.children = (self.group.box,)
            self.author.value, self.message.value = self.session.author, self.session.message
        finally:
            self._building = False
        self._asked = self._question()
        self._weigh()

    @property
    def subject(self) -> str:
        return self.session.target.file.rpartition("/")[2].removesuffix(".yaml")

    def refresh(self, problems: list[FieldProblem]) -> None:
        """Another indication or route has another body of evidence."""
        asked = self._question()
        if asked != self._asked:
            self._asked = asked
            self.evidence.fill(self.session.bench.base, self.subject, self.group.value)
            self._weigh()

    def _question(self) -> tuple[str, str]:
        values = self.group.value
        return str(values.get("object", "")), str(values.get("route", ""))

    def fields(self) -> list[Field]:
        return fields_of(self.session.target.record_type)

    def typed(self) -> dict[str, Any]:
        return with_certainty(self.group.value)

    def _changed(self) -> None:
        if not self._building:
            self._weigh()
        super()._changed()

    def _weigh(self) -> None:
        """The certainty and the starting level that follow from what is ticked now."""
        base = self.session.bench.base
        values = self.group.value
        now = computed_certainty(str(values.get("starts", "")), values.get("down"), values.get("up"))
        shown = f"{_MARKS[now]} {now} certainty" if now else "not known yet: choose where it starts"
        self.certainty.value = f'<div class="kb-big" role="status">{shown}</div>'
        designs = [
            base.references[f.reference].design
            for f in (base.findings.get(i) for i in self.evidence.value)
            if f and f.reference in base.references
        ]
        self.start_hint.value = (
            f'<span class="kb-quiet">These studies start at {starting_level(designs).value}.</span>' if designs else ""
        )
        ready = bool(
            now
            and self.evidence.value
            and values.get("direction")
            and all(r["why"].strip() for r in (*self.down.value, *self.up.value))
        )
        line = self.bottom_line.widget
        line.disabled = not ready and not line.value
        line.placeholder = (
            "one sentence"
            if ready
            else "written last: first the findings, the start, every reason's why and the direction"
        )
