"""The page of notebook 1: drop files or paste identifiers, see what would be done with each entry, bring them in."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from kb.author import me
from kb.author.folder import BusyError, find_root
from kb.author.forms.desk import WIDE, button
from kb.author.forms.style import note, style
from kb.author.references import DamagedError, ReferenceSession
from kb.literature import Entry, Match, Plan
from kb.model.terms import Design

_ACTIONS = [("add as new", "add"), ("complete the stored one", "merge"), ("leave out", "skip")]


class ReferenceDesk:
    """`box` is what the notebook shows."""

    def __init__(self, root: Path | str | None = None, session: ReferenceSession | None = None) -> None:
        root = find_root(root)
        self.session = session or ReferenceSession(root, me.name(root))
        self.notice = w.HTML()
        self.upload = w.FileUpload(
            accept=".bib,.ris,.nbib,.xml,.txt",
            multiple=True,
            description="Files (.bib, .ris, .nbib, .xml)",
            layout=w.Layout(width="auto"),
        )
        self.upload.observe(lambda change: self._dropped(change["new"]), "value")
        self.pasted = w.Textarea(
            value=self.session.pasted,
            rows=3,
            placeholder="DOIs or PMIDs, any way they are parted",
            description="Paste",
            layout=WIDE,
        )
        self.pasted.observe(lambda change: self._typed(str(change["new"])), "value")
        self.ask = button("Look these up", self._look_up)
        self.rows = w.VBox()
        self.author = w.Text(description="Your name *", value=self.session.author, layout=WIDE)
        self.message = w.Text(
            description="Why", value=self.session.message, placeholder="e.g. trials of tranexamic acid", layout=WIDE
        )
        self.author.observe(lambda change: self._who(), "value")
        self.message.observe(lambda change: self._who(), "value")
        self.save_button = button("Bring these in", self.save, primary=True)
        self.save_button.disabled = True
        self.discard_button = button("Begin again", self._discard)
        foot = w.VBox([self.author, self.message, w.HBox([self.save_button, self.discard_button])])
        self.box = w.VBox([style(), self.notice, self.upload, self.pasted, self.ask, self.rows, foot])
        self.box.add_class("kb-form")
        if self.session.restored:
            self._tell(
                f"Here is what was brought on {self.session.restored.typed_at:%Y-%m-%d at %H:%M} and not saved yet."
            )
        self.show()

    def _tell(self, text: str, tone: str = "") -> None:
        self.notice.value = note(escape(text), tone)

    def _dropped(self, files: Any) -> None:
        for file in files:
            self.session.take_file(str(file["name"]), bytes(file["content"]))
        self.show()

    def _typed(self, text: str) -> None:
        self.session.pasted = text
        self.session.keep()

    def _who(self) -> None:
        self.session.author, self.session.message = self.author.value, self.message.value
        self.session.keep()

    def _look_up(self) -> None:
        self._tell("Asking Crossref, Europe PMC and PubMed …")
        self.session.look_up(self.pasted.value)
        self.notice.value = ""
        self.show()

    def show(self) -> None:
        """List every entry with what would be done with it."""
        rows: list[Any] = [
            w.HTML(note(f"<b>{escape(s.name)}</b> {escape(s.trouble)}", "bad"))
            for s in self.session.sources
            if s.trouble
        ]
        try:
            plans = self.session.plans()
        except DamagedError as error:
            self._tell(f"references.bib has problems, so nothing can be brought in: {error}", "bad")
            return
        rows += [self._row(planned) for planned in plans]
        self.rows.children = tuple(rows)
        self.save_button.disabled = not any(not p.entry.refused for p in plans)

    def _row(self, planned: Plan) -> w.Widget:
        entry = planned.entry
        head = w.HTML(f"<b>{escape(entry.label)}</b><br><span class='kb-quiet'>{escape(_cited(entry))}</span>")
        if entry.refused:
            return w.VBox([head, w.HTML(_refused(entry))])
        choice = self.session.chosen(planned)
        options = [a for a in _ACTIONS if a[1] != "merge" or planned.matches]
        action = w.ToggleButtons(options=options, value=choice.action.value)
        key = w.Text(value=choice.key or "", description="Key", layout=w.Layout(width="280px"))
        design = w.Dropdown(
            options=[(d.value.replace("-", " "), d.value) for d in Design],
            value=(choice.design or entry.design or Design.NOT_STATED).value,
            description="Design",
        )
        match = planned.matches[0] if planned.matches else None
        takes = {
            f.field: w.Checkbox(value=f.field in choice.take, description=f"take {f.field}", indent=False)
            for f in _differing(match)
        }

        def chosen(_: Any) -> None:
            stored = action.value == "merge" and match is not None
            target = match.reference.key if stored and match else key.value
            take = tuple(name for name, tick in takes.items() if tick.value) if stored else ()
            self.session.choose(entry, str(action.value), target, None if stored else str(design.value), take)

        for widget in (action, key, design, *takes.values()):
            widget.observe(chosen, "value")
        told = [w.HTML(f"<span class='kb-quiet'>{escape(planned.reason)}</span>"), w.HTML(_mended(entry))]
        if match is not None:
            told += [w.HTML(_side_by_side(match)), w.HBox(list(takes.values()), layout=w.Layout(flex_flow="row wrap"))]
        return w.VBox([head, *told, action, w.HBox([key, design])], layout=w.Layout(margin="0 0 14px 0"))

    def save(self) -> None:
        """Bring the entries in and tell what was done with each."""
        try:
            report, problem = self.session.save()
        except (ValueError, OSError, BusyError, DamagedError) as error:
            self._tell(f"Not saved; what you brought is kept. {error}", "bad")
            return
        me.remember(self.session.root, self.session.author)
        lines = [f"{o.outcome}: {o.key or o.entry.label}{' (' + o.said + ')' if o.said else ''}" for o in report.done]
        refused = report.keys("refused")
        text = "<br>".join(escape(line) for line in lines) + (f"<br>{escape(problem)}" if problem else "")
        self.notice.value = note(
            f"{'Saved.' if report.changed else 'Nothing had to be saved.'}<br>{text}", "bad" if refused else "good"
        )
        self.pasted.value = ""
        self.upload.value = ()
        self.message.value = ""
        self.show()

    def _discard(self) -> None:
        self.session.discard()
        self.pasted.value = ""
        self.notice.value = ""
        self.show()


def _cited(entry: Entry) -> str:
    fields = entry.fields
    people = ", ".join(str(a) for a in fields.get("authors", [])[:3])
    parts = [
        people,
        fields.get("journal"),
        fields.get("year"),
        fields.get("doi"),
        fields.get("pmid") and f"PMID {fields['pmid']}",
    ]
    where = f"{entry.source}:{entry.line}" if entry.line else entry.source
    return " · ".join(str(p) for p in (*parts, where) if p)


def _refused(entry: Entry) -> str:
    wrong = [p for p in entry.problems if p.severity == "critical"]
    return "".join(
        f'<div class="kb-wrong" role="alert">Left out: {escape(p.field)} {escape(p.message)}; {escape(p.cure)}</div>'
        for p in wrong
    )


def _mended(entry: Entry) -> str:
    return "".join(
        f'<div class="kb-{"advice" if p.severity == "warning" else "quiet"}">{escape(p.field)}: {escape(p.message)}; {escape(p.cure)}</div>'
        for p in entry.problems
    )


def _differing(match: Match | None) -> list[Any]:
    return [f for f in match.fields if f.verdict.value in {"new field", "conflict"}] if match else []


def _side_by_side(match: Match) -> str:
    rows = "".join(
        f"<tr><td>{escape(f.field)}</td><td>{escape(f.stored)}</td><td>{escape(f.found)}</td><td>{escape(f.verdict.value)}</td></tr>"
        for f in match.fields
    )
    sure = "It is there already" if match.certain else "It may be there already"
    return (
        f"<div>{sure}: <b>{escape(match.reference.key)}</b> ({escape(', '.join(match.reasons))})</div>"
        f'<table class="kb-table"><tr><th></th><th>stored</th><th>brought</th><th></th></tr>{rows}</table>'
    )
