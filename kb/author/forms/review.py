"""The page of notebook 6: what changed, what is wrong, what is due; then version, date, notes and the snapshot."""

from __future__ import annotations

import json
import os
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import ipywidgets as w

from kb.author import me, start
from kb.author.folder import BusyError, find_root
from kb.author.forms.again import looks_again, seen
from kb.author.forms.beside import read_beside
from kb.author.forms.desk import button
from kb.author.forms.layouts import wide
from kb.author.forms.style import note, style
from kb.author.forms.suited import form_of
from kb.author.release import NotReleasableError, ReleaseSession
from kb.author.session import Session, UnreadableError
from kb.author.stamp import Stamp
from kb.author.target import Target
from kb.diff import RevisionError
from kb.diff.words import lines, release_notes

if TYPE_CHECKING:
    from kb.problems import Problem

MOST_DOORS = 24
"""Records whose forms are offered at once; after mending some, another check offers the next."""
MOST_DUE = 8
"""Reviews listed at once; the rest are folded, so that what releases stays near."""
MOST = 60
"""Problems listed at once; the rest stand in the Data Docs."""
_Compared = tuple[str, str, str, str]
"""The last release, the changes since then, the version they ask for, and notes."""
_WORDS = {"critical": "To mend before a release", "warning": "To look at", "info": "To know"}


class ReviewDesk:
    """`box` is what the notebook shows. The slow questions are asked by buttons, and by `release` itself."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = find_root(root)
        self.session = ReleaseSession(self.root, me.name(self.root))
        self.head = w.HTML()
        self.changes, self.problems, self.due, self.docs, self.done = (w.HTML() for _ in range(5))
        self.version = w.Text(description="Version *", layout=wide())
        self.day = w.DatePicker(description="Date *", value=date.today())
        self.notes = w.Textarea(description="Notes *", rows=12, layout=wide())
        self.author = w.Text(description="Your name *", value=self.session.session.author, layout=wide())
        for widget in (self.version, self.day, self.notes, self.author):
            widget.observe(lambda _: self._keep(), "value")
        self.eyes = w.HTML()
        self.unchecked = w.Checkbox(
            value=False,
            indent=False,
            layout=wide(),
            description="Release unchecked records all the same; I answer for that by my name",
        )
        self.release_button = button("Release", self.release, primary=True)
        self.doors, self.area = w.VBox(), w.VBox()
        self.box = w.VBox(
            [
                style(),
                looks_again(self.look_again),
                self.head,
                w.HTML("<h3>1. What changed clinically since then</h3>"),
                self.changes,
                w.HTML("<h3>2. What is wrong</h3>"),
                button("Check everything", self.check),
                self.problems,
                self.doors,
                self.area,
                w.HTML("<h3>3. Due for review</h3>"),
                self.due,
                w.HTML("<h3>4. Data Docs</h3>"),
                button("Build the Data Docs", self.build_docs),
                self.docs,
                w.HTML("<h3>5. Checked by a second person</h3>"),
                button("List what is not checked", self.show_unchecked),
                self.eyes,
                w.HTML("<h3>6. Release</h3>"),
                self.version,
                self.day,
                self.notes,
                self.author,
                self.unchecked,
                self.release_button,
                self.done,
            ]
        )
        self.box.add_class("kb-desk")
        self.due.value = '<span class="kb-quiet">Check everything first; what is due is listed here.</span>'
        self._building = False
        self._compared: Stamp | None = None
        """What authors' files looked like when they were last compared with the release."""
        self.changes.value = note("Comparing with the last release; this takes some seconds …")
        read_beside(self._compare, self._show_changes, self._not_compared)

    def look_again(self) -> None:
        """The page came back into sight: compare again, if anybody has saved anything meanwhile."""

        def changed(now: Stamp) -> None:
            if now != self._compared:
                read_beside(self._compare, self._show_changes, self._not_compared)

        read_beside(lambda: seen(self.root), changed, self._not_compared)

    def show_changes(self) -> None:
        """The differences since the last release; they also draft the notes and suggest the version."""
        self._show_changes(self._compare())

    def _compare(self) -> _Compared:
        self._compared = seen(self.root)
        last = self.session.last
        head = f"The last release is {last.version} of {last.date}." if last else "There is no release yet."
        try:
            diff = self.session.diff()
        except RevisionError as error:
            return head, note(escape(str(error))), self.session.next_version(), "First release."
        told = list(lines(diff))
        shown = markdown(told) if told else note("Nothing changed for readers.")
        return head, shown, self.session.next_version(diff), release_notes(diff)

    def _not_compared(self, error: Exception) -> None:
        self.changes.value = note(f"The comparison with the last release failed: {escape(str(error))}", "bad")

    def _show_changes(self, found: _Compared) -> None:
        head, self.changes.value, version, notes = found
        self.head.value = note(escape(head))
        typed = self.session.session.values if self.session.session.restored or self.session.session.is_changed else {}
        self._building = True
        self.version.value = str(typed.get("version") or version)
        self.notes.value = str(typed.get("notes") or notes)
        self._building = False

    def _keep(self) -> None:
        if self._building:
            return
        session = self.session.session
        session.author = self.author.value
        session.replace({"version": self.version.value, "date": str(self.day.value or ""), "notes": self.notes.value})

    def check(self) -> None:
        """Put everything before the schema, the links and the expectations."""
        self.problems.value = note("Checking; this takes some seconds …")
        report = self.session.check()
        self._show_report(report.problems, report.success)

    def _show_report(self, problems: list[Problem], success: bool) -> None:
        verdict = (
            note("Nothing prevents a release.", "good") if success else note("This cannot be released yet.", "bad")
        )
        parts = [verdict]
        for severity, found in groupby(problems, key=lambda p: p.severity):
            listed = list(found)
            rows = "".join(f"<li>{self._link(p)}</li>" for p in listed[:MOST])
            more = f"<p>and {len(listed) - MOST} more; the Data Docs list them all</p>" if len(listed) > MOST else ""
            opened = " open" if severity == "critical" else ""
            parts.append(
                f"<details{opened}><summary>{_WORDS[severity]}: {len(listed)}</summary><ul>{rows}</ul>{more}</details>"
            )
        self.problems.value = "".join(parts)
        self._offer_doors(problems)
        due = [f"<li>{escape(g.record)}: {escape(g.what)}</li>" for g in self.session.due()]
        rest = len(due) - MOST_DUE
        told = f"<ul>{''.join(due[:MOST_DUE])}</ul>"
        if rest > 0:
            told += f"<details><summary>and {rest} more</summary><ul>{''.join(due[MOST_DUE:])}</ul></details>"
        self.due.value = told if due else note("Nothing is due within two months.", "good")

    def _offer_doors(self, problems: list[Problem]) -> None:
        """A button for each record with a problem, the gravest first: its form opens right here."""
        base = self.session.bench.base
        records = dict.fromkeys(p.record for p in problems if p.severity != "info" and p.record)
        found = [(record, target) for record in records if (target := start.target_of(base, record))]
        doors = [self._door(record, target) for record, target in found[:MOST_DOORS]]
        lead = [w.HTML("Open the form of a record to mend it here:")] if doors else []
        self.doors.children = (*lead, w.HBox(doors, layout=w.Layout(flex_flow="row wrap")))
        self.area.children = ()

    def _door(self, record: str, target: Target) -> w.Button:
        def opened() -> None:
            try:
                session = Session.open(self.session.bench, target, self.author.value or me.name(self.root))
            except UnreadableError as error:
                self.area.children = (w.HTML(note(f"This file cannot be read: {escape(str(error))}", "bad")),)
                return
            self.area.children = (form_of(session, self.show_changes).box,)

        return button(record, opened)

    def _link(self, problem: Problem) -> str:
        """What is wrong in words, with a link that opens the file beside the notebook."""
        record = f"<b>{escape(problem.record)}</b> " if problem.record else ""
        place = f"{problem.file}:{problem.line}"
        address = f"{_base_url()}lab/tree/{quote(problem.file)}"
        # Inside JupyterLab the file opens in a tab beside this notebook; elsewhere the address opens it.
        inside = (
            f'data-commandlinker-command="docmanager:open" '
            f"data-commandlinker-args='{escape(json.dumps({'path': problem.file}))}'"
        )
        text = f"{record}{escape(problem.field)}: {escape(problem.message)}; {escape(problem.cure)}"
        return f'{text} <a href="{escape(address)}" target="_blank" rel="noopener" {inside}>{escape(place)}</a>'

    def build_docs(self) -> None:
        """Build Great Expectations' pages and link to them."""
        self.docs.value = note("Building …")
        path = self.session.docs().relative_to(self.root).as_posix()
        if self.session.report:
            self._show_report(self.session.report.problems, self.session.report.success)
        self.docs.value = note(
            f'<a href="{_base_url()}files/{quote(path)}" target="_blank" rel="noopener">Open the Data Docs</a> ({escape(path)})',
            "good",
        )

    def show_unchecked(self) -> None:
        """Records that are new or changed since the last release and that no second person has checked."""
        self.eyes.value = note("Comparing with the last release …")
        work = self.session.work()
        found, counts = work.unchecked, work.count()
        told = "".join(note(escape(line), "bad") for line in work.trouble)
        if not found:
            self.eyes.value = told + note("Everything new or changed was checked by a second person.", "good")
            return
        rows = "".join(
            f"<li>{escape(e.kind)} <b>{escape(e.id)}</b>: {e.stage.value}"
            f"{', assigned to ' + escape(e.notes.assigned) if e.notes.assigned else ''}</li>"
            for e in found[:MOST]
        )
        more = (
            f"<p>and {len(found) - MOST} more; <code>kb review list</code> lists them all</p>"
            if len(found) > MOST
            else ""
        )
        head = f"{len(found)} not checked; {counts['checked']} checked, {counts['released']} as released."
        self.eyes.value = f"{told}{note(head, 'bad')}<details><summary>Which</summary><ul>{rows}</ul>{more}</details>"

    def release(self) -> None:
        """Check, set the release, build the snapshot; say why not when it cannot be done."""
        session = self.session.session
        session.author = self.author.value
        self.done.value = note("Checking …")
        try:
            answers = self.author.value if self.unchecked.value else ""
            made = self.session.release(
                self.version.value.strip(), self.day.value or "", self.notes.value, unchecked_by=answers
            )
        except NotReleasableError as error:
            if self.session.report:
                self._show_report(self.session.report.problems, self.session.report.success)
            self.done.value = note(f"Not released: {escape(str(error))}", "bad")
            return
        except (BusyError, OSError) as error:
            self.done.value = note(f"Not released: {escape(str(error))}", "bad")
            return
        me.remember(self.root, session.author)
        where = made.snapshot.relative_to(self.root).as_posix()
        extra = f"<br>{escape(made.saved.note)}" if made.saved.note else ""
        self.done.value = note(
            f"Release {escape(made.version)} is set and its snapshot built: {escape(where)}.{extra}", "good"
        )


def _base_url() -> str:
    """Where this Jupyter server answers: `/`, or a path of its own on a JupyterHub."""
    return os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/")


def markdown(told: list[str]) -> str:
    """The lines of a clinical diff as HTML, each section folded."""
    parts: list[Any] = []
    opened = False
    for line in told:
        if line.startswith("## "):
            parts.append(f"{'</ul></details>' if opened else ''}<details><summary>{escape(line[3:])}</summary><ul>")
            opened = True
        elif line.startswith("  - "):
            parts.append(f"<li style='margin-left:2em'>{escape(line[4:])}</li>")
        elif line.startswith("- "):
            parts.append(f"<li>{escape(line[2:])}</li>")
        elif line:
            parts.append(f"{'</ul></details>' if opened else ''}<p>{escape(line)}</p>")
            opened = False
    return "".join(parts) + ("</ul></details>" if opened else "")
