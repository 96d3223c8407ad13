"""The page of notebook 8: find and change over many records, or a table out to a spreadsheet and back. Seen first, then made."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

import ipywidgets as w

from kb.author import me
from kb.author.bulk import (
    KINDS,
    BulkError,
    Edit,
    apply,
    columns,
    find_and_change,
    table_in,
    table_out,
    workbook_text,
)
from kb.author.folder import BusyError, find_root
from kb.author.forms.beside import read_beside
from kb.author.forms.desk import button, title
from kb.author.forms.drop import Drop
from kb.author.forms.layouts import wide
from kb.author.forms.style import note, style
from kb.author.forms.widgets import LABEL
from kb.author.workbench import Workbench
from kb.author.workbook import workbook_out
from kb.diff.words import counted

MOST = 200
"""Changes listed at once."""
_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


class BulkDesk:
    """`box` is what the notebook shows; `edits` are the changes on show, which one button makes."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = find_root(root)
        self.bench = Workbench(self.root)
        self.edits: list[Edit] = []
        self.kind = w.Dropdown(
            options=[(k.capitalize(), k) for k in KINDS], description="Records", style=LABEL, layout=wide()
        )
        self.field = w.Combobox(
            description="Field", placeholder="dose, outcomes.unit ...", ensure_option=False, style=LABEL, layout=wide()
        )
        self.find = w.Text(description="Find", style=LABEL, layout=wide())
        self.change = w.Text(description="Change to", style=LABEL, layout=wide())
        self.whole = w.Checkbox(value=False, description="Only where the field says exactly this", layout=wide())
        self.author = w.Text(description="Your name *", value=me.name(self.root), style=LABEL, layout=wide())
        self.why = w.Text(description="Reason *", placeholder="what is changed, and why", style=LABEL, layout=wide())
        self.files, self.seen, self.notice = w.HTML(), w.HTML(), w.HTML()
        self.make = button("Make these changes", self._make, primary=True, beside=True)
        self.drop = Drop(
            self.arrived,
            caption="Drop the changed table here, or click to choose: .xlsx, .csv",
            accept=".xlsx,.csv,.tsv",
        )
        self.kind.observe(lambda _: self._chosen(), "value")
        find = [
            self.field,
            self.find,
            self.change,
            self.whole,
            button("Show what would change", self.look, beside=True),
        ]
        table = [button("Take the table out", self.give, beside=True), self.files, self.drop]
        foot = [self.author, self.why, self.make, self.notice]
        self.box = w.VBox(
            [
                style(),
                self.kind,
                title("1. Find and change"),
                *find,
                title("Or a table, out and back"),
                *table,
                title("2. Look at every change"),
                self.seen,
                title("3. Make them"),
                *foot,
            ]
        )
        self.box.add_class("kb-desk")
        self._chosen()

    def _offered(self, kind: str, fields: Iterable[str]) -> None:
        """The fields of this kind, unless another has been chosen meanwhile."""
        if kind == self.kind.value:
            self.field.options = tuple(fields)

    def _unread(self, error: Exception) -> None:
        self.notice.value = note(f"The records could not be read: {escape(str(error))}", "bad")

    def _chosen(self) -> None:
        kind = str(self.kind.value)
        read_beside(lambda: columns(self.bench, kind), lambda found: self._offered(kind, found), self._unread)
        self.files.value = ""
        self._show([])
        self.seen.value = '<span class="kb-quiet">Nothing is to be changed yet.</span>'

    def look(self) -> None:
        """List what find and change would do."""
        self._try(
            lambda: find_and_change(
                self.bench,
                str(self.kind.value),
                self.field.value,
                self.find.value,
                self.change.value,
                whole=self.whole.value,
            )
        )

    def give(self) -> None:
        """Offer the table of the chosen kind as files; nothing is written into the checkout."""
        kind = str(self.kind.value)
        text = table_out(self.bench, kind)
        made = {"xlsx": workbook_out(text), "csv": ("\ufeff" + text).encode()}
        self.files.value = " ".join(
            f'<a class="kb-task" download="{kind}s.{ending}" href="data:{_TYPES[ending]};base64,{base64.b64encode(data).decode()}">'
            f"{kind}s.{ending}</a>"
            for ending, data in made.items()
        ) + note("Save one of the two, change it, and drop it below. Columns and rows you leave out stay as they are.")

    def arrived(self, name: str, data: bytes) -> None:
        """A table came back."""
        self._try(lambda: table_in(self.bench, str(self.kind.value), workbook_text(name, data)))

    def _try(self, found: Callable[[], list[Edit]]) -> None:
        self.notice.value = ""
        try:
            self._show(found())
        except BulkError as error:
            self._show([])
            self.seen.value = note(escape(str(error)), "bad")

    def _show(self, edits: list[Edit]) -> None:
        self.edits = edits
        self.make.disabled = not edits
        rows = "".join(f"<li>{escape(str(edit))}</li>" for edit in edits[:MOST])
        more = f"<p>and {len(edits) - MOST} more</p>" if len(edits) > MOST else ""
        records = len({edit.target.id for edit in edits})
        head = (
            f"{counted(len(edits), 'change')} in {counted(records, 'record')}; nothing is changed yet."
            if edits
            else "Nothing would change."
        )
        self.seen.value = f"{note(head)}<ul>{rows}</ul>{more}"

    def _make(self) -> None:
        try:
            done = apply(self.bench, self.edits, self.why.value, self.author.value)
        except BulkError:
            self.notice.value = note("Write your name and the reason first.", "bad")
            return
        except (BusyError, OSError) as error:
            self.notice.value = note(f"Not everything was saved: {escape(str(error))}", "bad")
            return
        me.remember(self.root, self.author.value)
        told = [
            f"{counted(len(done.written), 'file')} changed.",
            *done.notes,
            *(f"Left as it was: {line}" for line in done.refused),
        ]
        self._show([])
        self.seen.value = ""
        self.notice.value = note("<br>".join(map(escape, told)), "bad" if done.refused else "good")
