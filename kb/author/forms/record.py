"""The form of one record: fields, problems, preview, save, conflicts, history. What it does, its session does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape
from typing import Any

import ipywidgets as w

from kb.author import preview as reader
from kb.author.checks import ADVICE, LINK, FieldProblem
from kb.author.expectations import broken
from kb.author.fields import Field, fields_of
from kb.author.folder import BusyError, now
from kb.author.forms import parts
from kb.author.forms.later import Later, settled
from kb.author.forms.preview import Preview
from kb.author.forms.serial import LOCK
from kb.author.forms.source import Source
from kb.author.forms.style import note
from kb.author.forms.widgets import Group, said
from kb.author.session import Conflicted, RecordState, Refused, Saved, Session, UnreadableError
from kb.author.words import Words
from kb.diff.words import change_line

CHECK_AFTER_SECONDS = 0.6
COMPLETE_AFTER_SECONDS = 0.05
"""The fields are drawn at once; what is worked out for the right-hand side follows."""
_SAVED = "Saved."
_DRAWING = "Drawing the reader's page …"
_PAGE = "What readers will see, drawn anew as you type."
_NO_PAGE_YET = "What readers see now; what you type appears in it as soon as what is marked red is mended."
log = logging.getLogger(__name__)


class RecordForm:
    """`box` is what a notebook shows. Subclasses give other widgets to some fields and panels of their own."""

    def __init__(self, session: Session, on_saved: Callable[[], None] = lambda: None) -> None:
        self.session, self.on_saved = session, on_saved
        self._words: Words | None = None
        self._building = False
        self.head, self.notice, self.page_note = w.HTML(), w.HTML(), w.HTML()
        self.state = w.HTML()
        """That the draft is kept, and what is wrong with it."""
        self.status, self.expectations = w.HTML(), w.HTML()
        """What came of the last button."""
        self.page_note.value = _quiet(_DRAWING)
        self.preview, self.source = Preview(), Source()
        self.form = w.VBox(layout=w.Layout(flex="0 0 auto"))
        self.conflict, self.history = w.VBox(), w.VBox()
        label = {"description_width": "80px"}
        self.message = w.Text(
            description="Reason *",
            placeholder="what you changed, and why",
            style=label,
            layout=w.Layout(flex="3 1 300px"),
        )
        self.author = w.Text(description="Your name *", style=label, layout=w.Layout(flex="1 1 220px"))
        self.save_button = _button("Save", "check", "primary", tip="Ctrl+S")
        self.save_button.add_class("kb-save")
        self.undo_button = _button("Undo last save", "undo")
        self.discard_button = _button("Discard draft", "", tip="begin again from the saved record")
        self.restore_button = _button("Bring back what I had typed", "undo")
        self.remove_button = _button("Withdraw", "trash", tip="withdraw this record; undo brings it back")
        self.history_button = _button("Earlier states", "history")
        self.review_button = _button(
            "Check and comments", "users", tip="second reader, disagreements, comments, assignment"
        )
        self.review = w.VBox()
        self._discarded: dict[str, Any] | None = None
        self.check_later = Later(self._check_and_tell, CHECK_AFTER_SECONDS)
        self._complete_later = Later(self._complete, COMPLETE_AFTER_SECONDS)
        self._wire()
        self.box = self._layout()
        self.build()
        self._greet()
        self.check()

    # what subclasses change

    def fields(self) -> list[Field]:
        """The fields to show: the id last, while it can still be chosen."""
        shown = fields_of(self.session.target.record_type, without=self.session.target.apart)
        ids = [f for f in shown if f.name == "id" and self.session.is_new]
        return [*(f for f in shown if f.name != "id"), *ids]

    def panels(self) -> list[w.Widget]:
        """Widgets above the reader's page."""
        return []

    def side(self) -> list[w.Widget]:
        """What stands beside the fields."""
        return [*self.panels(), self.source, self.page_note, self.preview]

    def typed(self) -> dict[str, Any]:
        """The record as the widgets hold it."""
        return self.group.value

    def relevant(self, problems: list[FieldProblem]) -> list[FieldProblem]:
        """The problems that an author can mend in this form."""
        return problems

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

    def one_look(self) -> AbstractContextManager[None]:
        """Inside, the files are looked at once."""
        return self.session.bench.one_look()

    # life

    def _layout(self) -> w.VBox:
        """The fields scroll beside the page they make; saving stays in sight below both."""
        fields = w.VBox([self.form], layout=w.Layout(flex="1 1 48%", min_width="400px"))
        fields.add_class("kb-fields")
        page = w.VBox(self.side(), layout=w.Layout(flex="1 1 48%", min_width="360px"))
        page.add_class("kb-page")
        columns = w.HBox([fields, page], layout=w.Layout(flex_flow="row wrap"))
        columns.add_class("kb-columns")
        who = w.HBox([self.message, self.author], layout=w.Layout(flex_flow="row wrap", margin="6px 0 0 0"))
        buttons = w.HBox(self._buttons(), layout=w.Layout(flex_flow="row wrap"))
        below = [who, buttons, self.state, self.status, self.conflict, self.expectations, self.review, self.history]
        restore = w.HBox([self.restore_button])
        self.restore_button.layout.display = "none"
        box = w.VBox([self.head, self.notice, restore, columns, *below])
        box.add_class("kb-form")
        return box

    def _wire(self) -> None:
        self.author.observe(lambda _: self._changed(), "value")
        self.message.observe(lambda _: self._changed(), "value")
        removed = "Withdrawn. Undo last save brings it back."
        for button, action in (
            (self.save_button, self.save),
            (self.undo_button, lambda: self._do(self.session.undo, "The last save is undone.")),
            (self.discard_button, self._discard),
            (self.restore_button, self._bring_back_typed),
            (self.remove_button, lambda: self._do(self.session.delete, removed)),
            (self.history_button, self._toggle_history),
            (self.review_button, self._toggle_review),
        ):
            _act(button, action)
        self.session.draft.on_closed = self._closed

    def _buttons(self) -> list[w.Button]:
        found = [self.save_button, self.undo_button, self.discard_button, self.history_button, self.review_button]
        # A whole ingredient is never withdrawn by a button: other records point at it.
        return [*found, self.remove_button] if self.session.target.list else found

    def build(self) -> None:
        """Make the fields anew from the session's values."""
        self._building = True
        try:
            self.head.value = parts.heading(self.session)
            self.captions = {f.name: f.caption for f in self.fields()}
            self.author.value, self.message.value = self.session.author, self.session.message
            with self.one_look():
                self.fill()
        finally:
            self._building = False

    def fill(self) -> None:
        """Make the widgets of the fields."""
        self.group = Group(self.fields(), self.session.values, self._changed, self)
        self.form.children = (self.group.box,)

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
        with self.one_look():
            self.session.replace(self.typed())
        self.status.value = ""  # it answered what was there before
        self.state.value = self._kept()
        self.check_later.call()

    def _kept(self, more: str = "") -> str:
        """Whether what was typed is on disk."""
        if trouble := self.session.draft.trouble:
            told = f"What you type is not kept: {trouble}. Make room on the disk, and do not close this page."
            return note(f"{escape(told)} {escape(more)}", "bad")
        return _quiet((f"Draft kept at {now():%H:%M:%S}. " if self.session.is_changed else "") + more)

    def _closed(self) -> None:
        self.notice.value = note(
            "This record was opened again further down; this form no longer keeps what is typed.", "bad"
        )
        for button in self._buttons():
            button.disabled = True

    def check(self) -> None:
        """Show what is wrong, each problem at its field; then the effects and the page as readers will see it."""
        with self.one_look():
            self._found = self.relevant(self.session.problems())
        self.group.show(self._found)
        told = [parts.summary(self._found, self.captions)]
        if self.session.changed_on_disk and not self.session.is_new:
            told.append("the file was changed meanwhile; saving compares the two")
        wrong = "; ".join(filter(None, told))
        self.save_button.tooltip = wrong or "nothing is wrong"
        wrong = f"{wrong[:1].upper()}{wrong[1:]}." if wrong else ""
        self.state.value = self._kept(wrong)
        self._complete_later.call()

    def _check_and_tell(self) -> None:
        """`check`; an author learns when it cannot be made, instead of trusting what stood there before."""
        try:
            self.check()
        except Exception as error:
            log.exception("%s could not be checked", self.session.target.title)
            self.state.value = note(
                f"{self._kept()} The messages beside the fields are out of date, because this record cannot be checked: "
                f"{escape(type(error).__name__)}: {escape(str(error))}",
                "bad",
            )

    def _complete(self) -> None:
        with self.one_look():
            self.refresh(self._found)
            self.show_preview()

    def show_preview(self) -> None:
        """Render the reader's page with this record in it."""
        base = self.session.with_me()
        told = _NO_PAGE_YET if base is None else _PAGE
        self.page_note.value = _quiet(told)
        waits = base is None
        if base is None:
            if self.preview.html:
                return  # the last page that could be drawn stays
            base = self.session.bench.base
        view, params, anchor = reader.view_of(self.session.target, self.session.clean)
        try:
            page = reader.page_with(base, view, params, "" if waits else anchor)
        except Exception:  # a half-made record may hold what no view expects; typing must go on
            log.exception("the preview of %s could not be drawn", self.session.target.title)
            return
        self.preview.anchor = "" if waits else anchor
        self.preview.html = page

    def save(self) -> None:
        """Save, and say what came of it."""
        self._do(self.session.save, _SAVED)

    def _do(self, action: Callable[[], Saved | Refused | Conflicted | None], done: str) -> None:
        self.conflict.children = ()
        self.expectations.value = ""
        try:
            result = action()
        except (UnreadableError, BusyError, OSError) as error:
            kept = "nothing of it is on disk yet" if self.session.draft.trouble else "your draft is kept"
            self.status.value = note(f"Not saved; {kept}. {escape(str(error))}", "bad")
            return
        if isinstance(result, Refused):
            self._refused(result.problems)
        elif isinstance(result, Conflicted):
            self._show_conflict(result)
        elif isinstance(result, Saved):
            self._saved(result, done)
        else:
            self.status.value = note("There is nothing to undo.")

    def _refused(self, problems: list[FieldProblem]) -> None:
        problems = self.relevant(problems)
        self.group.show(problems)
        first = next((p for p in problems if p.blocks != ADVICE and p.path and p.path[0] in self.group.nodes), None)
        if first is not None:
            self.group.reveal(first.path)
        # What has no field of its own comes first; the rest stands at its field as well.
        ordered = sorted(problems, key=lambda p: bool(p.path) and p.path[0] in self.group.nodes)
        what = "this" if len(problems) == 1 else f"these {len(problems)}"
        told = said(ordered, self.captions)
        self.status.value = note(f"Not saved; your draft is kept. Mend {what} first: {told}", "bad")

    def _saved(self, saved: Saved, done: str) -> None:
        told = [done if saved.changed else "Nothing had changed; the record is as it was."]
        if saved.taken:
            lines = "<br>".join(escape(change_line(c)) for c in saved.taken)
            told.append(f"Another author's changes were kept too:<br>{lines}")
        if saved.note:
            told.append(escape(saved.note[:1].upper() + saved.note[1:]) + ".")
        if saved.changed and done == _SAVED and self.session.target.kind != "release":
            told.append(parts.second_person(self.session.author))
        left = [p for p in self.session.problems() if p.blocks == LINK]
        if left:
            told.append("It cannot be released until this is mended:" + said(left))
        self.build()
        self.check()
        self.notice.value = ""
        self.restore_button.layout.display = "none"
        self.status.value = note("<br>".join(told), "good")
        if self.history.children:
            self.show_history()
        if self.review.children:
            self.show_review()
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
        with LOCK:
            self._say_expectations(found)

    def _say_expectations(self, found: list[FieldProblem]) -> None:
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
        def decide(chosen: dict[Any, str]) -> None:
            self.session.resolve(conflicted, chosen)
            self.build()
            self.save()

        def wait() -> None:
            self.status.value = note("Choose for every field first.", "bad")

        self.conflict.children = tuple(parts.conflict(conflicted, decide, wait))
        self.status.value = ""

    def _discard(self) -> None:
        self._discarded = self.session.values if self.session.is_changed else None
        self.session.discard()
        self.build()
        self.check()
        self.status.value = ""
        kept = " What you had typed is kept in .authoring/drafts/discarded." if self._discarded else ""
        stands = "The form is empty again." if self.session.is_new else "The form shows the record as it was saved."
        self.notice.value = note(f"{stands}{kept}")
        self.restore_button.layout.display = "" if self._discarded else "none"

    def _bring_back_typed(self) -> None:
        if self._discarded is not None:
            self.session.replace(self._discarded)
            self.notice.value, self.restore_button.layout.display = "", "none"
            self.build()
            self.check()

    def show_history(self) -> None:
        """List the earlier states of this record with what each changed."""

        def back(state: RecordState) -> None:
            self._do(lambda: self.session.go_back(state), f"Back to {state.state.when:%Y-%m-%d %H:%M}.")

        self.history.children = (w.HTML(note("Looking through the history …")),)
        self.history.children = tuple(parts.states(self.session, back))

    def _toggle_history(self) -> None:
        if self.history.children:
            self.history.children = ()
        else:
            self.show_history()

    def show_review(self) -> None:
        """Who wrote and who checked this record, what was read otherwise, and the comments on it."""
        from kb.author.forms.twoeyes import panel

        self.review.children = (w.HTML(note("Looking …")),)
        self.review.children = tuple(panel(self))

    def _toggle_review(self) -> None:
        if self.review.children:
            self.review.children = ()
            return
        self.show_review()
        for row in self.review.children:  # the panel may lie below what is in sight
            if isinstance(row, w.HBox) and row.children:
                row.children[0].focus()
                return


def _act(button: w.Button, action: Callable[[], None]) -> None:
    act = settled(action)
    button.on_click(lambda _: act())


def _quiet(text: str) -> str:
    return f'<span class="kb-quiet">{escape(text)}</span>' if text else ""


def _button(caption: str, icon: str, style: str = "", tip: str = "") -> w.Button:
    return w.Button(
        description=caption, icon=icon, button_style=style, tooltip=tip or caption, layout=w.Layout(width="auto")
    )
