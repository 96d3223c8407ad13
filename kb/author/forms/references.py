"""The page of notebook 1: drop files or paste identifiers, see what would be done with each entry, bring them in."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from kb.author import me
from kb.author.folder import BusyError, find_root
from kb.author.forms.desk import button, title
from kb.author.forms.drop import Drop
from kb.author.forms.launch import link
from kb.author.forms.layouts import wide
from kb.author.forms.style import note, style, tag
from kb.author.references import DamagedError, ReferenceSession
from kb.literature import Entry, Match, Plan
from kb.literature.match import FieldComparison
from kb.model.terms import Design
from kb.views.words import capital
from kb.views.words import design as design_words

_ACTIONS = [("add as new", "add"), ("complete the stored one", "merge"), ("leave out", "skip")]
_DROP = "Drop files here, or click to choose: PubMed, RIS, BibTeX, EndNote, Web of Science, CSL-JSON, CSV or Excel"
AT_ONCE = 25
"""Entries shown at once; a button shows the next ones."""


class ReferenceDesk:
    """`box` is what the notebook shows."""

    def __init__(self, root: Path | str | None = None, session: ReferenceSession | None = None) -> None:
        root = find_root(root)
        self.session = session or ReferenceSession(root, me.name(root))
        self.notice, self.summary = w.HTML(), w.HTML()
        self.drop = Drop(
            self.arrived, caption=_DROP, accept=".bib,.ris,.nbib,.xml,.enw,.ciw,.json,.csv,.tsv,.xlsx,.txt"
        )
        self.pasted = w.Textarea(
            value=self.session.pasted,
            rows=3,
            placeholder="DOIs or PMIDs, separated by spaces, commas or lines: 10.1111/jdv.14624, 22540889",
            description="Or paste",
            layout=wide(),
        )
        self.pasted.observe(lambda change: self._typed(str(change["new"])), "value")
        self.ask = button("Look these up", self._look_up)
        self.ask.layout.margin = "2px 0 2px 98px"
        self.rows = w.VBox()
        self.more_button = button("Show the next ones", self._more)
        self._shown = AT_ONCE
        self.author = w.Text(description="Your name *", value=self.session.author, layout=wide())
        self.message = w.Text(
            description="Why", value=self.session.message, placeholder="e.g. trials of tranexamic acid", layout=wide()
        )
        self.author.observe(lambda change: self._who(), "value")
        self.message.observe(lambda change: self._who(), "value")
        self.save_button = button("Bring these in", self.save, primary=True)
        self.save_button.add_class("kb-save")
        self.save_button.disabled = True
        self.discard_button = button("Begin again", self._discard)
        bring = [title("1. Bring them"), self.drop, self.pasted, self.ask]
        look = [title("2. Look at each"), self.summary, self.rows, self.more_button]
        foot = [title("3. Save"), self.author, self.message, w.HBox([self.save_button, self.discard_button])]
        self.box = w.VBox([style(), *bring, *look, *foot, self.notice])
        self.box.add_class("kb-desk")
        if self.session.restored:
            again = " Look up the pasted text again; answers already received are kept." if self.session.pasted else ""
            self._tell(
                f"Here is what was brought on {self.session.restored.typed_at:%Y-%m-%d at %H:%M} and not saved yet.{again}"
            )
        self.show()

    def _tell(self, text: str, tone: str = "") -> None:
        self.notice.value = note(escape(text), tone)

    def arrived(self, name: str, data: bytes) -> None:
        """A file was dropped."""
        self.notice.value = ""
        self.session.take_file(name, data)
        self.show()

    def _typed(self, text: str) -> None:
        self.session.pasted = text
        self.session.keep()

    def _who(self) -> None:
        self.session.author, self.session.message = self.author.value, self.message.value
        self.session.keep()

    def _look_up(self) -> None:
        self.notice.value, self.ask.disabled = "", True
        self.summary.value = note("Asking Crossref, Europe PMC and PubMed …")
        try:
            self.session.look_up(self.pasted.value)
        finally:
            self.ask.disabled = False
        self.show()

    def _more(self) -> None:
        self._shown += AT_ONCE
        self.show()

    def show(self) -> None:
        """List every entry with what would be done with it."""
        try:
            plans = self.session.plans()
        except DamagedError as error:
            self._tell(f"references.bib has problems, so nothing can be brought in: {error}", "bad")
            return
        told = [_counted(plans)] if plans else []
        offline = [s.name for s in self.session.sources if s.offline]
        if offline:
            told.append(note(_OFFLINE.format(", ".join(map(escape, offline))), "bad"))
        told += [
            note(f"<b>{escape(s.name)}</b>: {escape(s.trouble)}", "bad")
            for s in self.session.sources
            if s.trouble and not s.offline
        ]
        self.summary.value = "".join(told) or '<span class="kb-quiet">Nothing has been brought yet.</span>'
        self.rows.children = tuple(self._row(planned) for planned in plans[: self._shown])
        left = len(plans) - self._shown
        self.more_button.layout.display = "" if left > 0 else "none"
        self.more_button.description = f"Show the next ones ({left} more, treated as suggested)"
        self.save_button.disabled = not any(not p.entry.refused for p in plans)

    def _row(self, planned: Plan) -> w.Widget:
        entry = planned.entry
        match = planned.matches[0] if planned.matches else None
        head = f"{_tag(entry, match)} <b>{escape(_named(entry))}</b><br><span class='kb-quiet'>{escape(_cited(entry))}</span>"
        told: list[Any] = [w.HTML(head + (_refused(entry) if entry.refused else _mended(entry)))]
        if not entry.refused:
            if match is not None:
                told.append(w.HTML(_side_by_side(match)))
            told += self._choices(planned, match)
        card = w.VBox(told, layout=w.Layout(width="98%"))
        card.add_class("kb-card")
        return card

    def _choices(self, planned: Plan, match: Match | None) -> list[Any]:
        """What to do with an entry, and what belongs to that: key and design of a new one, fields to take over."""
        entry, choice = planned.entry, self.session.chosen(planned)
        action = w.ToggleButtons(
            options=[a for a in _ACTIONS if a[1] != "merge" or match],
            value=choice.action.value,
            style={"button_width": "auto"},
        )
        key = w.Text(value=choice.key or "", description="Key", layout=w.Layout(width="280px"))
        design = w.Dropdown(
            options=[(capital(design_words(d.value)), d.value) for d in Design],
            value=(choice.design or entry.design or Design.NOT_STATED).value,
            description="Design",
        )
        takes = {
            f.field: w.Checkbox(value=f.field in choice.take, description=f"take {f.field}", indent=False)
            for f in _differing(match)
        }
        weigh = w.HTML(_NO_DESIGN)
        of_new = w.HBox([key, design, weigh], layout=w.Layout(flex_flow="row wrap"))
        of_stored = w.HBox(list(takes.values()), layout=w.Layout(flex_flow="row wrap"))

        def shown() -> None:
            of_new.layout.display = "" if action.value == "add" else "none"
            of_stored.layout.display = "" if action.value == "merge" else "none"
            weigh.layout.display = "" if design.value == Design.NOT_STATED.value else "none"

        def chosen(_: Any) -> None:
            shown()
            stored = action.value == "merge" and match is not None
            target = match.reference.key if stored and match else key.value
            take = tuple(name for name, tick in takes.items() if tick.value) if stored else ()
            self.session.choose(entry, str(action.value), target, None if stored else str(design.value), take)

        shown()
        for widget in (action, key, design, *takes.values()):
            widget.observe(chosen, "value")
        return [action, of_new, of_stored]

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
            f"{'Saved.' if report.changed else 'Nothing had to be saved.'}<br>{text}{_next() if report.changed else ''}",
            "bad" if refused else "good",
        )
        self.pasted.value = ""
        self.message.value = ""
        self.show()

    def _discard(self) -> None:
        self.session.discard()
        self.pasted.value = ""
        self.notice.value = ""
        self.show()


_OFFLINE = (
    "No connection: <b>{}</b> could not be looked up. What you pasted is kept; try again later, "
    "or save the records to a file in PubMed and drop it here, which needs no connection."
)


def _counted(plans: list[Plan]) -> str:
    """`5 entries: 1 new, 2 there already, 2 cannot be used.`"""
    refused = sum(p.entry.refused for p in plans)
    known = sum(bool(p.matches) and not p.entry.refused for p in plans)
    counts = [(len(plans) - refused - known, "new"), (known, "there already or alike"), (refused, "cannot be used")]
    told = ", ".join(f"{n} {what}" for n, what in counts if n)
    return f"<p>{len(plans)} {'entry' if len(plans) == 1 else 'entries'}: {told}.</p>"


def _tag(entry: Entry, match: Match | None) -> str:
    if entry.refused:
        return tag("cannot be used", "bad")
    if match is None:
        return tag("new", "good")
    return tag("there already" if match.certain else "may be there already")


_NO_DESIGN = '<div class="kb-advice" role="alert">To weigh: what kind of study is it? Readers see “design not stated” otherwise.</div>'


def _next() -> str:
    return f"<br>Next: {link('2-record-a-study', 'Record a study')}, where these references can be chosen now."


def _named(entry: Entry) -> str:
    """The title; of an entry without one, how it begins."""
    begins = " ".join(entry.original.split())[:90]
    return str(entry.fields.get("title") or begins or entry.label)


def _cited(entry: Entry) -> str:
    fields = entry.fields
    named = fields.get("authors", [])
    people = ", ".join(str(a) for a in named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    issue = f"({fields['issue']})" if fields.get("issue") else ""
    place = f"{fields.get('volume', '')}{issue}{':' if fields.get('pages') else ''}{fields.get('pages', '')}"
    parts = [
        people or "no authors",
        fields.get("type") if fields.get("type") != "article" else "",
        fields.get("journal"),
        fields.get("year"),
        place,
        fields.get("doi"),
        fields.get("pmid") and f"PMID {fields['pmid']}",
    ]
    where = f"{entry.source}, line {entry.line}" if entry.line else entry.source
    return " · ".join(str(p) for p in (*parts, where) if p)


def _refused(entry: Entry) -> str:
    wrong = [p for p in entry.problems if p.severity == "critical"]
    return "".join(
        f'<div class="kb-wrong" role="alert">Left out: {escape(p.field.removeprefix("entry"))} {escape(p.message)}; {escape(p.cure)}</div>'
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
    """What differs, the stored one beside what was brought; what is the same is folded away."""
    sure = "It is there already" if match.certain else "It may be there already"
    head = f"<div>{sure}: <b>{escape(match.reference.key)}</b> ({escape(', '.join(match.reasons))})</div>"
    same = [f for f in match.fields if f.verdict.value == "same"]
    other = [f for f in match.fields if f.verdict.value != "same"]
    folded = f"<details><summary>{len(same)} fields are the same</summary>{_table(same)}</details>" if same else ""
    return head + (_table(other) if other else "") + folded


def _table(fields: list[FieldComparison]) -> str:
    rows = "".join(
        f"<tr{' class=kb-differs' if f.verdict.value == 'conflict' else ''}><td>{escape(f.field)}</td>"
        f"<td>{escape(f.stored)}</td><td>{escape(f.found)}</td><td>{escape(_VERDICTS[f.verdict.value])}</td></tr>"
        for f in fields
    )
    head = "<thead><tr><th></th><th>stored</th><th>brought</th><th></th></tr></thead>"
    return f'<table class="kb-table">{head}{rows}</table>'


_VERDICTS = {"same": "", "new field": "could be added", "conflict": "they differ", "only stored": "stored alone"}
