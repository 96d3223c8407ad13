"""The form of one record: fields, problems, preview, save, conflicts, history. What it does, its session does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from kb.author import preview as reader
from kb.author.checks import ADVICE, LINK, SCHEMA, FieldProblem
from kb.author.expectations import broken
from kb.author.fields import Field, fields_of
from kb.author.folder import BusyError, now
from kb.author.forms.later import Later
from kb.author.forms.preview import Preview
from kb.author.forms.style import note
from kb.author.forms.widgets import Group, said
from kb.author.session import Conflicted, RecordState, Refused, Saved, Session, UnreadableError
from kb.author.words import Words
from kb.diff.fields import Change
from kb.diff.words import change_line, value_text

CHECK_AFTER_SECONDS = 0.6
log = logging.getLogger(__name__)


class RecordForm:
    """`box` is what a notebook shows. Subclasses give other widgets to some fields and panels of their own."""

    def __init__(self, session: Session, on_saved: Callable[[], None] = lambda: None) -> None:
        self.session, self.on_saved = session, on_saved
        self._words: Words | None = None
        self._building = False
        self.notice = w.HTML()
        self.status = w.HTML()
        self.expectations = w.HTML()
        self.preview = Preview()
        self.form = w.VBox(layout=w.Layout(flex="0 0 auto"))
        self.conflict = w.VBox()
        self.author = w.Text(description="Your name *", value=session.author, layout=w.Layout(width="98%"))
        self.message = w.Text(
            description="Why *",
            placeholder="what you changed, and why",
            value=session.message,
            layout=w.Layout(width="98%"),
        )
        self.save_button = w.Button(description="Save", button_style="primary", icon="check")
        self.undo_button = w.Button(description="Undo last save", icon="undo")
        self.discard_button = w.Button(description="Discard draft", tooltip="begin again from the saved record")
        self.remove_button = w.Button(
            description="Take it out", tooltip="withdraw this record; undo brings it back", icon="trash"
        )
        self.history_button = w.Button(description="Earlier states", icon="history")
        self.history = w.VBox()
        self.check_later = Later(self.check, CHECK_AFTER_SECONDS)
        self._wire()
        foot = w.VBox(
            [
                self.conflict,
                w.HTML("<h3>Save</h3>"),
                self.author,
                self.message,
                w.HBox(self._buttons(), layout=w.Layout(flex_flow="row wrap")),
                self.status,
                self.expectations,
                self.history,
            ]
        )
        # Fields scroll beside the page they make, so that both are in sight.
        left = w.VBox([self.form], layout=w.Layout(flex="1 1 48%", min_width="420px", height="84vh", overflow="auto"))
        right = w.VBox([*self.panels(), self.preview], layout=w.Layout(flex="1 1 48%", min_width="380px"))
        head = w.HTML(f"<h2>{escape(session.target.title[:1].upper() + session.target.title[1:])}</h2>")
        columns = w.HBox([left, right], layout=w.Layout(align_items="stretch", flex_flow="row wrap"))
        self.box = w.VBox([head, self.notice, columns, foot])
        self.box.add_class("kb-form")
        self.build()
        self._greet()
        self.check()

    # what subclasses change

    def fields(self) -> list[Field]:
        """The fields to show."""
        return fields_of(self.session.target.record_type, without=self.session.target.apart)

    def panels(self) -> list[Any]:
        """Widgets between the fields and the save buttons."""
        return []

    def typed(self) -> dict[str, Any]:
        """The record as the widgets hold it."""
        return self.group.value

    def refresh(self, problems: list[FieldProblem]) -> None:
        """Bring the panels up to date, after a pause in typing."""

    # surroundings of the fields

    @property
    def words(self) -> Words:
        if self._words is None or self._words.base is not self.session.bench.base:
            self._words = Words(self.session.bench.base)
        return self._words

    @property
    def relation(self) -> str:
        return str(self.session.values.get("relation", ""))

    # life

    def _wire(self) -> None:
        self.author.observe(lambda _: self._changed(), "value")
        self.message.observe(lambda _: self._changed(), "value")
        self.save_button.on_click(lambda _: self.save())
        self.undo_button.on_click(lambda _: self._do(self.session.undo, "The last save is undone."))
        self.discard_button.on_click(lambda _: self._discard())
        self.remove_button.on_click(
            lambda _: self._do(self.session.delete, "Taken out. Undo last save brings it back.")
        )
        self.history_button.on_click(lambda _: self.show_history())
        self.session.draft.on_closed = self._closed

    def _buttons(self) -> list[w.Button]:
        found = [self.save_button, self.undo_button, self.discard_button, self.history_button]
        # A whole ingredient is never withdrawn by a button: other records point at it.
        return [*found, self.remove_button] if self.session.target.list else found

    def build(self) -> None:
        """Make the fields anew from the session's values."""
        self._building = True
        try:
            self.group = Group(self.fields(), self.session.values, self._changed, self)
            self.form.children = (self.group.box,)
            self.author.value = self.session.author
            self.message.value = self.session.message
        finally:
            self._building = False

    def _greet(self) -> None:
        told = []
        if self.session.restored:
            when, who = self.session.restored.typed_at, escape(self.session.restored.author or "somebody")
            told.append(
                f"Here is what {who} typed on {when:%Y-%m-%d at %H:%M:%S}, and not saved yet. <b>Discard draft</b> begins again."
            )
        for other in self.session.others():
            who, where = escape(other.author or "somebody"), "in another window" if other.live else "and left"
            told.append(
                f"{who} has typed a version of this record {where} ({other.typed_at:%Y-%m-%d %H:%M}) that is not saved."
            )
        self.notice.value = note("<br>".join(told)) if told else ""

    def _changed(self) -> None:
        if self._building:
            return
        self.session.author, self.session.message = self.author.value, self.message.value
        self.session.replace(self.typed())
        self.status.value = f'<span class="kb-quiet">Draft kept at {now():%H:%M:%S}.</span>'
        self.check_later.call()

    def _closed(self) -> None:
        self.notice.value = note(
            "This record was opened again further down; this form no longer keeps what is typed.", "bad"
        )
        for button in self._buttons():
            button.disabled = True

    def check(self) -> None:
        """Show what is wrong, each problem at its field, and the page as readers will see it."""
        found = self.session.problems()
        self.group.show(found)
        self.refresh(found)
        self.show_preview()
        stops = sum(p.blocks == SCHEMA for p in found)
        later = sum(p.blocks == LINK for p in found)
        advice = sum(p.blocks == ADVICE for p in found)
        told = []
        if stops:
            told.append(f"{stops} to mend before it can be saved")
        if later:
            told.append(f"{later} to mend before it can be released")
        if advice:
            told.append(f"{advice} to weigh")
        if self.session.changed_on_disk and not self.session.is_new:
            told.append("the file was changed meanwhile; saving compares the two")
        self.save_button.tooltip = "; ".join(told) or "nothing is wrong"
        if told:
            self.status.value = f'<span class="kb-quiet">{escape("; ".join(told))}.</span>'

    def show_preview(self) -> None:
        """Render the reader's page with this record in it."""
        base = self.session.with_me()
        waits = base is None
        if base is None:
            if self.preview.html:
                return  # the last page that could be drawn stays
            base = self.session.bench.base
        view, params, anchor = reader.view_of(self.session.target, self.session.clean)
        try:
            page = reader.page(base, view, params)
        except Exception:  # a half-made record may hold what no view expects; typing must go on
            log.exception("the preview of %s could not be drawn", self.session.target.title)
            return
        self.preview.anchor = "" if waits else anchor
        self.preview.html = page

    def save(self) -> None:
        """Save, and say what came of it."""
        self._do(self.session.save, "Saved.")

    def _do(self, action: Callable[[], Saved | Refused | Conflicted | None], done: str) -> None:
        self.conflict.children = ()
        self.expectations.value = ""
        try:
            result = action()
        except (UnreadableError, BusyError, OSError) as error:
            self.status.value = note(f"Not saved; your draft is kept. {escape(str(error))}", "bad")
            return
        if isinstance(result, Refused):
            self.group.show(result.problems)
            told = said([p for p in result.problems if not p.path or p.path[0] not in self.group.nodes])
            count = len(result.problems)
            self.status.value = note(
                f"Not saved; your draft is kept. Mend {'this' if count == 1 else f'these {count}'} first: {told}"
                + said([p for p in result.problems if p.path and p.path[0] in self.group.nodes]),
                "bad",
            )
        elif isinstance(result, Conflicted):
            self._show_conflict(result)
        elif isinstance(result, Saved):
            self._saved(result, done)
        else:
            self.status.value = note("There is nothing to undo.")

    def _saved(self, saved: Saved, done: str) -> None:
        told = [done if saved.changed else "Nothing had changed; the record stands as it was."]
        if saved.taken:
            told.append("Another author's changes were kept too:<br>" + "<br>".join(_line(c) for c in saved.taken))
        if saved.note:
            told.append(escape(saved.note[:1].upper() + saved.note[1:]) + ".")
        left = [p for p in self.session.problems() if p.blocks == LINK]
        if left:
            told.append("It cannot be released until this is mended:" + said(left))
        self.build()
        self.check()
        self.notice.value = ""
        self.status.value = note("<br>".join(told), "good")
        if self.history.children:
            self.show_history()
        self.on_saved()
        self.check_fully()

    def check_fully(self) -> None:
        """Put the record before the expectations as well. They take seconds to start, so typing does not wait for them."""
        base, target = self.session.with_me(), self.session.target
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if base is None:
            return

        def work() -> None:
            try:
                found = broken(base, target)
            except Exception:
                log.exception("the expectations could not be checked")
                return
            loop.call_soon_threadsafe(self._show_expectations, found)

        threading.Thread(target=work, daemon=True).start()

    def _show_expectations(self, found: list[FieldProblem]) -> None:
        stops = [p for p in found if p.blocks == LINK]
        weigh = [p for p in found if p.blocks == ADVICE]
        told = []
        if stops:
            told.append("It is saved, but cannot be released until this is mended:" + said(stops))
        if weigh:
            told.append("To weigh:" + said(weigh))
        self.expectations.value = note(
            "<br>".join(told) or "All expectations on this record hold.", "bad" if stops else "good"
        )

    def _show_conflict(self, conflicted: Conflicted) -> None:
        rows, choices = [], {}
        for conflict in conflicted.conflicts:
            table = (
                '<table class="kb-table"><tr><th>before</th><th>yours</th><th>theirs, saved meanwhile</th></tr><tr>'
                + "".join(
                    f"<td><pre>{escape(value_text(v))}</pre></td>"
                    for v in (conflict.base, conflict.mine, conflict.theirs)
                )
                + "</tr></table>"
            )
            caption = Change(conflict.path, None, None).as_dict()["field"] or "the whole record"
            choice = w.ToggleButtons(options=[("keep mine", "mine"), ("take theirs", "theirs")], value=None)
            choices[conflict.path] = choice
            rows += [w.HTML(f"<b>{escape(caption)}</b>{table}"), choice]
        button = w.Button(description="Save with these choices", button_style="primary", layout=w.Layout(width="auto"))

        def decide(_: Any) -> None:
            chosen = {path: choice.value for path, choice in choices.items()}
            if not all(chosen.values()):
                self.status.value = note("Choose for every field first.", "bad")
                return
            self.session.resolve(conflicted, {path: str(value) for path, value in chosen.items()})
            self.build()
            self.save()

        button.on_click(decide)
        lead = note(
            "Not saved yet: another author changed the same fields meanwhile. Both versions are kept; choose for each field.",
            "bad",
        )
        self.conflict.children = (w.HTML(lead), *rows, button)
        self.status.value = ""

    def _discard(self) -> None:
        self.session.discard()
        self.build()
        self.check()
        self.notice.value = note(
            "The record stands here as it was saved. What you had typed is kept in .authoring/drafts/discarded."
        )

    def show_history(self) -> None:
        """List the earlier states of this record with what each changed."""
        states = self.session.states()
        trouble = self.session.history.trouble
        rows: list[Any] = []
        if trouble:
            rows.append(
                w.HTML(
                    note(
                        f"Git cannot be used here: {escape(trouble)}. States saved from these notebooks are kept all the same."
                    )
                )
            )
        for place, state in enumerate(states):
            rows.append(self._state_row(state, newest=place == 0))
        self.history.children = tuple(rows) or (w.HTML("No earlier state."),)

    def _state_row(self, state: RecordState, newest: bool) -> w.Widget:
        why = state.state.why.splitlines()[0] if state.state.why else ""
        lines = "<br>".join(_line(c) for c in state.changed[:12]) if len(state.changed) < 60 else "the whole record"
        text = f"<b>{state.state.when:%Y-%m-%d %H:%M}</b> {escape(state.state.who)}: {escape(why)}<br><span class='kb-quiet'>{lines}</span>"
        button = w.Button(description="Bring this back", layout=w.Layout(width="auto"), disabled=newest)
        button.on_click(
            lambda _: self._do(lambda: self.session.go_back(state), f"Back to {state.state.when:%Y-%m-%d %H:%M}.")
        )
        return w.HBox([w.HTML(text, layout=w.Layout(flex="1 1 auto")), button])


def _line(change: Change) -> str:
    return escape(change_line(change))
