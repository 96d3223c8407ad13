"""The appraisal form: the body of evidence beside GRADE's reasons; the certainty moves as they are ticked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets as w

from kb.appraisal import starting_levels
from kb.appraisal.effects import contrasts
from kb.author.checks import FieldProblem
from kb.author.forms.layouts import beside
from kb.author.forms.record import RecordForm
from kb.author.forms.widgets import Changed, Group, make, said
from kb.author.weighing import computed_certainty, with_certainty
from kb.bibliography.cite import short
from kb.knowledge import KnowledgeBase
from kb.model import Finding
from kb.model.terms import Certainty, DownReason, UpReason

_LAST = ("in_short", "bottom_line")
_CUSTOM = {"findings", "starts", "down", "up", "certainty", *_LAST}


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
        ticked = [reason["reason"] for reason in self.value]
        named = [
            FieldProblem((ticked[p.path[0]], *p.path[1:]), p.message, p.cure, p.blocks)
            if p.path and isinstance(p.path[0], int) and p.path[0] < len(ticked)
            else p
            for p in problems
        ]
        self.problems.value = said(named, {name: name.replace("-", " ") for name in ticked})


class Evidence:
    """The findings on this subject and indication, ticked when the assessment rests on them."""

    def __init__(self, base: KnowledgeBase, subject: str, values: Mapping[str, Any], changed: Changed) -> None:
        self._changed = changed
        self.problems = w.HTML()
        self.box = w.VBox()
        self.fill(base, subject, values)

    def fill(self, base: KnowledgeBase, subject: str, values: Mapping[str, Any], effects: bool = False) -> None:
        """List what there is for the question; what is ticked stays ticked. Computing effects takes a moment longer."""
        self.complete = effects
        chosen = list(values.get("findings") or [])
        found = body_of_evidence(base, subject, str(values.get("object", "")), str(values.get("route", "")))
        listed = [f for f in found if f.id not in chosen]
        known = [base.findings[f] for f in chosen if f in base.findings]
        self.unknown = [f for f in chosen if f not in base.findings]
        self.ticks: dict[str, w.Checkbox] = {}
        ticked = f"{len(known)} of {len(known) + len(listed)} findings are ticked; the assessment rests on them."
        rows: list[Any] = [w.HTML(f'<span class="kb-quiet">{ticked}</span>'), self.problems]
        for finding in [*known, *listed]:
            tick = w.Checkbox(
                value=finding.id in chosen,
                description=_about(base, finding),
                tooltip=finding.id,
                indent=False,
                layout=w.Layout(width="98%"),
            )
            tick.observe(lambda _: self._changed(), "value")
            self.ticks[finding.id] = tick
            rows += [tick, w.HTML(_evidence_html(base, finding, effects), layout=w.Layout(margin="0 0 8px 22px"))]
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


def _about(base: KnowledgeBase, finding: Finding) -> str:
    """`Budamakuntla 2013: supports, for Melasma`"""
    reference = base.references.get(finding.reference)
    named = short(reference) if reference else finding.reference
    relation = "against" if finding.relation.value == "compared-with" else "for"
    return f"{named}: {finding.direction.value}, {relation} {base.name(finding.object)}"


def _evidence_html(base: KnowledgeBase, finding: Finding, effects: bool) -> str:
    reference = base.references.get(finding.reference)
    told = [reference.design.value.replace("-", " ") if reference else "design unknown"]
    told += [f"n = {finding.n}"] if finding.n is not None else []
    told += [finding.route.value.replace("-", " "), f"risk of bias {finding.risk_of_bias.value.replace('-', ' ')}"]
    told += [str(c) for c in contrasts(finding)[:2]] if effects else []
    return f'<span class="kb-quiet">{escape(" · ".join(told))}</span><br>{escape(finding.summary)}'


class AppraisalForm(RecordForm):
    """An assessment. The certainty is never typed; the bottom line and its short form open when everything else is there.

    The body of evidence stands beside the reasons, with the reader's page behind a tab of its own.
    """

    def panels(self) -> list[w.Widget]:
        self.certainty = w.HTML()
        return [self.certainty]

    def side(self) -> list[w.Widget]:
        self.evidence_box = w.VBox()
        page = w.VBox([self.page_note, self.preview], layout=w.Layout(height="100%"))
        return [*self.panels(), w.Tab([self.evidence_box, page], titles=["Body of evidence", "Reader's page"])]

    def fill(self) -> None:
        values, shown = self.session.values, {f.name: f for f in self.fields()}
        plain = [f for name, f in shown.items() if name not in _CUSTOM]
        self.group = Group(plain, {k: v for k, v in values.items() if k not in _CUSTOM}, self._changed, self)
        self.evidence = Evidence(self.session.bench.base, self.subject, values, self._changed)
        self.starts = make(shown["starts"], values.get("starts"), self._changed, self)
        self.start_hint = w.HTML(layout=beside())
        down, up = ([r.value for r in reasons] for reasons in (DownReason, UpReason))
        self.down = Reasons("Reasons to rate down", down, values.get("down"), self._changed)
        self.up = Reasons("Reasons to rate up", up, values.get("up"), self._changed)
        self.in_short, self.bottom_line = (make(shown[n], values.get(n), self._changed, self) for n in _LAST)
        question = self.group.box.children
        self.group.nodes |= {
            "findings": self.evidence,
            "starts": self.starts,
            "down": self.down,
            "up": self.up,
            "in_short": self.in_short,
            "bottom_line": self.bottom_line,
        }
        reasons = [
            self.starts.box,
            self.start_hint,
            self.down.box,
            self.up.box,
            self.in_short.box,
            self.bottom_line.box,
        ]
        self.group.box.children = (*question, *reasons)
        self.form.children = (self.group.box,)
        self.evidence_box.children = (self.evidence.box,)
        self._asked = self._question()
        self._weigh()

    @property
    def subject(self) -> str:
        return self.session.target.owner

    def refresh(self, problems: list[FieldProblem]) -> None:
        """Another indication or route has another body of evidence; the effects come after the fields, too."""
        asked = self._question()
        if asked != self._asked or not self.evidence.complete:
            self._asked = asked
            self.evidence.fill(self.session.bench.base, self.subject, self.group.value, effects=True)
            self._weigh()

    def relevant(self, problems: list[FieldProblem]) -> list[FieldProblem]:
        """The certainty has no field: it is missing only while the level it starts at is."""
        return [p for p in problems if p.path != ("certainty",) or p.message != "is missing"]

    def _question(self) -> tuple[str, str]:
        values = self.group.value
        return str(values.get("object", "")), str(values.get("route", ""))

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
        down, up = self.down.value, self.up.value
        now = computed_certainty(str(values.get("starts", "")), values.get("down"), values.get("up"))
        shown = f"{Certainty(now).marks} {now} certainty" if now else "Certainty not known yet: choose where it starts"
        steps = [f"starts {values['starts']}"] if values.get("starts") else []
        steps += [
            f"{sign}{r['levels']} {r['reason'].replace('-', ' ')}" for sign, rs in (("−", down), ("+", up)) for r in rs
        ]
        told = f'<div class="kb-quiet">{escape(", ".join(steps))}</div>'
        self.certainty.value = f'<div class="kb-big" role="status">{shown}</div>{told}'
        designs = [
            base.references[f.reference].design
            for f in (base.findings.get(i) for i in self.evidence.value)
            if f and f.reference in base.references
        ]
        levels = " or ".join(level.value for level in starting_levels(designs))
        self.start_hint.value = f'<span class="kb-quiet">These studies start at {levels}.</span>' if designs else ""
        ready = bool(
            now and self.evidence.value and values.get("direction") and all(r["why"].strip() for r in (*down, *up))
        )
        waits = "written last: first the findings, the start, every reason's why and the direction"
        for line, asked in (
            (self.in_short.widget, "the answer in a few words"),
            (self.bottom_line.widget, "one sentence"),
        ):
            line.disabled = not ready and not line.value
            line.placeholder = asked if ready else waits
