"""Below a form: the second reader's check, what was read otherwise, comments on fields, and who deals with it next."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

import ipywidgets as w

from kb.author import me
from kb.author.fields import Field
from kb.author.folder import BusyError
from kb.author.forms import parts
from kb.author.forms.later import settled
from kb.author.forms.style import note, tag
from kb.author.reviews import Comment, Reading, ReviewError, Stage
from kb.author.session import Session
from kb.author.twoeyes import Desk
from kb.diff.fields import Path as FieldPath
from kb.diff.fields import changes
from kb.diff.words import field_name, value_text

_TONE = {Stage.CHECKED: "good", Stage.RELEASED: "good", Stage.DISPUTED: "bad"}
_STEP = re.compile(r"\[([^\]]+)\]|([^.\[\]]+)")


class Form(Protocol):
    """The form the panel stands below."""

    session: Session
    author: Any
    message: Any
    status: Any

    def fields(self) -> list[Field]: ...
    def build(self) -> None: ...
    def check(self) -> None: ...
    def show_review(self) -> None: ...


def stage_tag(stage: Stage) -> str:
    """The stage in a frame."""
    return tag(stage.caption, _TONE.get(stage, ""))


def path_of(dotted: str) -> FieldPath:
    """`outcomes[0].events` to the path it was made from."""
    steps = [inside or name for inside, name in _STEP.findall(dotted)]
    return tuple(int(step) if step.isdigit() else step for step in steps)


def panel(form: Form) -> list[w.Widget]:
    """The widgets of the panel for the record of a form."""
    if form.session.is_new:
        return [w.HTML(note("Save the record first; then another person can check it."))]
    try:
        return Panel(form).children
    except (ReviewError, OSError) as error:
        return [w.HTML(note(escape(str(error)), "bad"))]


class Panel:
    """See the module."""

    def __init__(self, form: Form) -> None:
        self.form, self.session = form, form.session
        base = self.session.bench.base
        self.desk = Desk(self.session.root, base, self.session.target.id or self.session.target.owner)
        self.said = w.HTML()
        wide = w.Layout(flex="3 1 320px")
        self.note = w.Text(description="Your note", placeholder="what you compared, or why", layout=wide)
        self.to = w.Text(description="Assign to", placeholder="name", layout=w.Layout(flex="1 1 220px"))
        self.to.value = self.desk.notes.assigned or ""
        names = [(field.caption, field.name) for field in form.fields()]
        self.field = w.Dropdown(
            options=[("the record", ""), *names], description="On", layout=w.Layout(flex="0 0 280px")
        )
        self.text = w.Text(description="Comment", placeholder="what is to talk about", layout=wide)
        self.children = self._children()

    def _children(self) -> list[w.Widget]:
        buttons = [
            self._button("Checked against the source", self._check, "check"),
            self._button("I read it otherwise", self._dispute, "not-equal"),
            self._button("Finished: ask for a check", lambda: self._mark(Stage.EXTRACTED), ""),
            self._button("Not finished: draft", lambda: self._mark(Stage.DRAFT), ""),
        ]
        assign = [self.to, self._button("Assign", lambda: self.desk.assign(self.who, self.to.value), "user")]
        add = [self.field, self.text, self._button("Add comment", self._comment, "comment")]
        rows: list[w.Widget] = [w.HTML(self._head()), _row([self.note, *buttons]), _row(assign)]
        if self.desk.dispute:
            rows += self._dispute_table(self.desk.dispute)
        rows += [w.HTML("<b>Comments</b>"), *(self._comment_row(c) for c in self.desk.notes.comments), _row(add)]
        return [*rows, self.said]

    @property
    def who(self) -> str:
        return self.form.author.value or me.name(self.session.root)

    def _head(self) -> str:
        desk = self.desk
        wrote = ", ".join(desk.extracted_by) or "an unknown author"
        told = [f"{stage_tag(desk.stage)} Written by {escape(wrote)}."]
        told += [
            f"Checked by {escape(r.who)} on {escape(r.when[:10])}{': ' + escape(r.note) if r.note else ''}."
            for r in desk.checks
        ]
        if not desk.checks and desk.stage is Stage.EXTRACTED:
            told.append("No second person has checked it as it stands.")
            told += [parts.second_person(name, panel="") for name in desk.extracted_by[:1]]
        older = [r for r in desk.notes.readings if r.digest != desk.digest]
        told += [
            f'<span class="kb-quiet">{escape(r.when[:10])} {escape(r.who)}: {r.stage.value}, of an earlier wording</span>'
            for r in older[-3:]
        ]
        return f'<div role="status">{"<br>".join(told)}</div>'

    def _button(self, caption: str, action: Callable[[], object], icon: str) -> w.Button:
        button = w.Button(description=caption, icon=icon, tooltip=caption, layout=w.Layout(width="auto"))

        def act() -> None:
            try:
                action()
            except (ReviewError, BusyError) as error:
                self.said.value = note(escape(str(error)), "bad")
                return
            except OSError as error:
                self.said.value = note(f"Nothing was noted: {escape(error.strerror or str(error))}", "bad")
                return
            me.remember(self.session.root, self.who)
            self.form.show_review()
            if self.desk.told:
                self.form.status.value = note(escape(self.desk.told))

        press = settled(act)
        button.on_click(lambda _: press())
        return button

    def _mark(self, stage: Stage) -> None:
        self._nothing_typed()
        self.desk.mark(self.who, stage, self.note.value)

    def _check(self) -> None:
        self._mark(Stage.CHECKED)

    def _nothing_typed(self) -> None:
        if self.session.is_changed:
            raise ReviewError(
                "the form holds changes that are not saved; save or discard them, or press *I read it otherwise*"
            )

    def _dispute(self) -> None:
        """What was typed goes into the reading, and the record stays as it was saved."""
        read = self.session._normal(self.session.clean)
        self.desk.mark(self.who, Stage.DISPUTED, self.note.value, changes(self.session.opened, read))
        self.form.session.discard()
        self.form.build()
        self.form.check()

    def _dispute_table(self, reading: Reading) -> list[w.Widget]:
        """Both readings side by side, with the way to take either."""
        rows = "".join(
            f"<tr class='kb-differs'><td>{escape(field_name(path_of(o.field)))}</td><td><pre>{escape(value_text(o.recorded))}</pre></td>"
            f"<td><pre>{escape(value_text(o.read))}</pre></td></tr>"
            for o in reading.otherwise
        )
        head = f"<tr><th>Field</th><th>As recorded</th><th>As {escape(reading.who)} read it</th></tr>"
        said = f"<br>{escape(reading.note)}" if reading.note else ""
        table = f"<b>Read otherwise by {escape(reading.who)}, {escape(reading.when[:10])}</b>{said}"
        if rows:
            table += f'<table class="kb-table">{head}{rows}</table>'
        take = self._button(f"Take what {reading.who} read", lambda: self._take(reading), "check")
        keep = self._button("Keep as recorded (say why in the note)", self._keep, "")
        return [w.HTML(table), _row([take, keep] if rows else [keep])]

    def _keep(self) -> None:
        self.desk.settle(self.who, self.note.value)

    def _take(self, reading: Reading) -> None:
        """Put the second reading into the form; it is saved like any other change."""
        for one in reading.otherwise:
            self.session.set(path_of(one.field), one.read)
        self.form.build()
        self.form.message.value = f"As {reading.who} read it"
        self.form.check()

    def _comment(self) -> None:
        self.desk.comment(self.who, self.text.value, str(self.field.value))

    def _comment_row(self, comment: Comment) -> w.Widget:
        where = f" on {escape(field_name(path_of(comment.field)))}" if comment.field else ""
        head = f"<b>{escape(comment.who)}</b>{where}, {escape(comment.when[:10])}: {escape(comment.says)}"
        if not comment.is_open:
            answer = f": {escape(comment.answer)}" if comment.answer else ""
            return w.HTML(
                f"{head}<br><span class='kb-quiet'>resolved by {escape(comment.resolved_by or '')}{answer}</span>"
            )
        answer_field = w.Text(placeholder="answer", layout=w.Layout(flex="1 1 200px"))
        button = self._button("Resolve", lambda: self.desk.resolve(self.who, comment.id, answer_field.value), "check")
        return _row([w.HTML(head), answer_field, button])


def _row(children: list[w.Widget]) -> w.HBox:
    return w.HBox(children, layout=w.Layout(flex_flow="row wrap"))
