"""What a notebook shows before a form: what is unfinished, what to open, what to begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from kb.author import drafts, me
from kb.author.fields import WORD, Field
from kb.author.folder import find_root
from kb.author.forms.again import looks_again
from kb.author.forms.beside import loop_runs, read_beside
from kb.author.forms.later import Later, settled
from kb.author.forms.layouts import LABEL_WIDTH
from kb.author.forms.record import RecordForm
from kb.author.forms.style import note, style
from kb.author.forms.suited import form_of
from kb.author.forms.widgets import SUGGEST_AFTER_SECONDS, WordField
from kb.author.session import Session, UnreadableError
from kb.author.target import Target
from kb.author.words import NoWords, Words
from kb.author.workbench import Workbench

READING = "Reading the formulary; what is suggested below comes in a moment. You can type already."


class Desk:
    """A page of one task. Subclasses say which records it is about and what can be chosen.

    The page stands before the formulary is read, which takes seconds: suggestions and lists follow.
    """

    kinds: tuple[str, ...] = ()
    """Kinds of records whose unfinished drafts this page picks up."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = find_root(root)
        self.bench = Workbench(self.root)
        self.form: RecordForm | None = None
        self.area = w.VBox()
        self.notice = w.HTML()
        self.unfinished = w.VBox()
        self._words: Words | None = None
        self._word_fields: list[WordField] = []
        self.waits = not self.bench.is_read and not any(k.mine for k in self._drafts()) and loop_runs()
        again = looks_again(self.look_again)
        self.box = w.VBox([style(), again, self.unfinished, w.VBox(self.chooser()), self.notice, self.area])
        self.box.add_class("kb-desk")
        self.pick_up()
        if self.waits:
            self.notice.value = note(READING)
            read_beside(lambda: self.bench.base, lambda _: self._read(), lambda _: self._read())

    def _read(self) -> None:
        """The files are read, or cannot be, of which whoever asks for them next is told: suggest for what was typed meanwhile."""
        self.waits = False
        if READING in self.notice.value:
            self.notice.value = ""
        with self.one_look():
            for field in self._word_fields:
                field.suggest()
            self.listed()

    def listed(self) -> None:
        """Bring up to date what can be chosen: once the files are read, after a save, and when others have saved."""

    def look_again(self) -> None:
        """The page came back into sight: bring in what was saved elsewhere."""

        def read() -> None:
            self._read()
            self._list_unfinished()

        if not self.waits:
            read_beside(lambda: self.bench.base, lambda _: read(), lambda _: read())

    def chooser(self) -> list[Any]:
        """The widgets with which a record is chosen or begun."""
        raise NotImplementedError

    def form_for(self, session: Session) -> RecordForm:
        """The form of a session."""
        return form_of(session, self._saved)

    # surroundings of the choosing fields

    @property
    def words(self) -> Words:
        if self.waits and not self.bench.is_read:
            return NoWords()
        if self._words is None or self._words.base is not self.bench.base:
            self._words = Words(self.bench.base)
        return self._words

    @property
    def relation(self) -> str:
        return ""

    def one_look(self) -> AbstractContextManager[None]:
        """Inside, the files are looked at once."""
        return self.bench.one_look()

    def word(self, caption: str, *vocabularies: str, changed: Callable[[], None] = lambda: None) -> WordField:
        """A field to choose a word of these vocabularies with."""
        later = Later(changed, SUGGEST_AFTER_SECONDS)
        made = WordField(Field(caption.lower(), caption, WORD, words=vocabularies), "", later.call, self)
        self._word_fields.append(made)
        return made

    # opening

    def open(self, target: Target, start: Mapping[str, Any] | None = None, draft_key: str = "") -> None:
        """Show the form of a record; what was typed in the form before stays as a draft."""
        try:
            session = Session.open(self.bench, target, me.name(self.root), start, draft_key)
        except UnreadableError as error:
            self.notice.value = note(f"This file cannot be read: {escape(str(error))}", "bad")
            self._offer_choice(target)
            return
        self.notice.value = ""
        self.form = self.form_for(session)
        self.area.children = (self.form.box,)
        self._list_unfinished()

    def _offer_choice(self, target: Target) -> None:
        """A file with the marks of a merge: its fields are decided right here, then the record opens."""
        from kb.author.forms.unmerged import choice
        from kb.author.unmerged import unmerged

        if target.file not in unmerged(self.root):
            return

        def done(told: str) -> None:
            self.open(target)
            self.notice.value = note(escape(told), "good")

        self.area.children = tuple(choice(self.root, target.file, lambda: me.name(self.root), done))

    def pick_up(self) -> None:
        """Go on where work was broken off: the newest draft nobody is at work on opens by itself."""
        left = [k for k in self._drafts() if k.mine]
        if left:
            self._go_on(left[0])
        else:
            self._list_unfinished()

    def _go_on(self, kept: drafts.Kept) -> None:
        self.open(Target(**kept.state["target"]), draft_key=kept.key)

    def _drafts(self) -> list[drafts.Kept]:
        return [k for kind in self.kinds for k in drafts.listed(self.root, kind)]

    def _list_unfinished(self) -> None:
        mine = self.form.session.draft.path if self.form else None
        rows: list[Any] = []
        for kept in self._drafts():
            if kept.path == mine or not kept.mine:
                continue
            button = w.Button(description="Go on with it", layout=w.Layout(width="auto"))
            button.on_click(lambda _, kept=kept: self._go_on(kept))
            what = kept.state["values"].get("id") or kept.state["target"]["file"]
            told = f"Unfinished since {kept.typed_at:%Y-%m-%d %H:%M}: <b>{escape(str(what))}</b>"
            rows.append(w.HBox([button, w.HTML(told)]))
        self.unfinished.children = tuple(rows)

    def _saved(self) -> None:
        assert self.form is not None
        me.remember(self.root, self.form.session.author)
        self._list_unfinished()
        with self.one_look():
            self.listed()

    def say(self, text: str, tone: str = "bad") -> None:
        self.notice.value = note(escape(text), tone)


def title(text: str) -> w.HTML:
    """A heading over some fields."""
    return w.HTML(f"<h3>{escape(text)}</h3>")


def button(caption: str, action: Callable[[], None], primary: bool = False, beside: bool = False) -> w.Button:
    """A button that does one thing; `beside` puts it in line with the fields above it."""
    margin = f"2px 0 2px {LABEL_WIDTH + 8}px" if beside else "2px"
    made = w.Button(
        description=caption,
        button_style="primary" if primary else "",
        layout=w.Layout(width="auto", align_self="flex-start", margin=margin),
    )
    act = settled(action)
    made.on_click(lambda _: act())
    return made
