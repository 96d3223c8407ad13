"""Risk of bias by RoB 2, ROBINS-I or AMSTAR 2: every domain with its signalling questions, the judgement and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets as w

from kb.appraisal.signalling import ANSWERS, QUESTIONS, leaning, told
from kb.author.checks import FieldProblem
from kb.author.fields import Field
from kb.author.forms.layouts import wide
from kb.author.forms.widgets import LABEL, Changed, Surroundings, said
from kb.model.appraisal import DOMAINS, Domain, Instrument, Judgement, Read

CAPTIONS = {
    Instrument.ROB2: "RoB 2 (randomised trial)",
    Instrument.ROBINS_I: "ROBINS-I (other study with a comparison)",
    Instrument.AMSTAR2: "AMSTAR 2 (review)",
}


class DomainRow:
    """One domain: questions, judgement, reason. The answers stand before the reason in the record."""

    def __init__(self, instrument: Instrument, domain: Domain, value: Mapping[str, Any], changed: Changed) -> None:
        self.domain, self.questions = domain, QUESTIONS[instrument][domain]
        choices = [("—", ""), *((j.value.replace("-", " "), j.value) for j in Judgement)]
        given = str(value.get("judgement") or "")
        if given not in ("", *Judgement):
            choices.append((f"{given} (not allowed)", given))
        name = domain.value.replace("-", " ")
        self.judgement = w.Dropdown(
            options=choices,
            value=given,
            description=name.capitalize(),
            style=LABEL,
            layout=wide(),
        )
        self.why = w.Textarea(value=str(value.get("why") or ""), placeholder="why", rows=2, layout=wide())
        self.lean = w.HTML()
        self.answers: dict[str, Any] = {}
        rows: list[Any] = []
        for question in self.questions:
            answer = w.Dropdown(
                options=[("—", ""), *((a, a) for a in ANSWERS)],
                description=f"{question.number} {question.asks}",
                style={"description_width": "60%"},
                layout=wide(),
            )
            answer.observe(lambda _: self._answered(changed), "value")
            self.answers[question.number] = answer
            rows.append(answer)
        fold = w.Accordion([w.VBox(rows)], titles=["Signalling questions"], layout=wide())
        fold.selected_index = None
        for widget in (self.judgement, self.why):
            widget.observe(lambda _: changed(), "value")
        self.box = w.VBox([self.judgement, fold, self.lean, self.why], layout=w.Layout(margin="0 0 8px 0"))
        self._before = ""

    def _answered(self, changed: Changed) -> None:
        given = {number: str(answer.value) for number, answer in self.answers.items()}
        lean = leaning(self.questions, given)
        self.lean.value = (
            f'<span class="kb-quiet">The answers lean to: {lean.value.replace("-", " ")}. The judgement is yours.</span>'
            if lean
            else ""
        )
        text = told(self.questions, given)
        rest = str(self.why.value).removeprefix(self._before).removeprefix(". ").strip()
        self._before = text
        self.why.value = f"{text}. {rest}" if rest else f"{text}." if text else rest
        changed()

    @property
    def value(self) -> dict[str, Any]:
        made = {"domain": self.domain.value, "judgement": self.judgement.value, "why": self.why.value}
        return {k: v for k, v in made.items() if v}


class Judged:
    """One appraisal by one instrument."""

    def __init__(self, value: Mapping[str, Any], changed: Changed, remove: Any) -> None:
        self.instrument = Instrument(value["instrument"])
        given = {str(d.get("domain")): d for d in value.get("domains") or [] if isinstance(d, Mapping)}
        self.unknown = [
            d
            for d in value.get("domains") or []
            if not isinstance(d, Mapping) or d.get("domain") not in _names(self.instrument)
        ]
        self.basis = w.Dropdown(
            options=[(r.value.replace("-", " "), r.value) for r in Read],
            value=value.get("basis") if value.get("basis") in list(Read) else Read.ABSTRACT.value,
            description="What was read",
            style=LABEL,
            layout=wide(),
        )
        self.basis.observe(lambda _: changed(), "value")
        self.rows = [DomainRow(self.instrument, d, given.get(d.value, {}), changed) for d in DOMAINS[self.instrument]]
        drop = w.Button(icon="trash", tooltip="take this judgement out", layout=w.Layout(width="36px"))
        drop.on_click(lambda _: remove(self))
        head = w.HBox([w.HTML(f"<b>{escape(CAPTIONS[self.instrument])}</b>"), drop])
        self.box = w.VBox([head, self.basis, *(row.box for row in self.rows)])
        self.box.add_class("kb-judged")

    @property
    def value(self) -> dict[str, Any]:
        domains = [*(row.value for row in self.rows), *self.unknown]
        return {"instrument": self.instrument.value, "basis": self.basis.value, "domains": domains}


def _names(instrument: Instrument) -> set[str]:
    return {d.value for d in DOMAINS[instrument]}


class RiskOfBiasField:
    """The field `appraisals` of a finding."""

    def __init__(self, field: Field, value: Any, changed: Changed, _: Surroundings) -> None:
        self.field, self._changed = field, changed
        self.problems, self.rows = w.HTML(), w.VBox()
        self.choice = w.Dropdown(
            options=[(c, i.value) for i, c in CAPTIONS.items()],
            description="Instrument",
            style=LABEL,
            layout=w.Layout(flex="1 1 320px"),
        )
        add = w.Button(description="Judge risk of bias", icon="plus", layout=w.Layout(width="auto"))
        add.on_click(lambda _: self.add())
        self.judged: list[Judged] = []
        self.foreign: list[Any] = []
        """What is no appraisal of a known instrument; it stays as it is."""
        for one in value if isinstance(value, list) else []:
            if isinstance(one, Mapping) and one.get("instrument") in list(Instrument):
                self.judged.append(Judged(one, changed, self._remove))
            else:
                self.foreign.append(one)
        self.fold = w.Accordion([self.rows], titles=["Risk of bias, domain by domain"], layout=wide())
        self.fold.selected_index = None
        self.box = w.VBox([w.HBox([self.choice, add]), self.problems, self.fold])
        self._show_rows()

    def add(self) -> None:
        """Begin a judgement by the chosen instrument, every domain open."""
        self.judged.append(Judged({"instrument": self.choice.value}, self._changed, self._remove))
        self._show_rows()
        self.fold.selected_index = 0
        self._changed()

    def _remove(self, judged: Judged) -> None:
        self.judged.remove(judged)
        self._show_rows()
        self._changed()

    def _show_rows(self) -> None:
        self.rows.children = tuple(j.box for j in self.judged)

    @property
    def value(self) -> list[Any]:
        return [*(j.value for j in self.judged), *self.foreign]

    @property
    def overall(self) -> str:
        """The risk of bias that follows from complete judgements: the worst; empty while something is missing."""
        given = [str(row.judgement.value) for j in self.judged for row in j.rows]
        if not given or not all(given):
            return ""
        if "high" in given:
            return "high"
        return "low" if set(given) == {"low"} else "some-concerns"

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said(problems)

    def reveal(self, _: tuple[str | int, ...]) -> None:
        self.fold.selected_index = 0
