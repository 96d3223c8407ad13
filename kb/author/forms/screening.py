"""The page of notebook 7: the work list of screening, with the reason of every point, and deciding."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from kb.author import me
from kb.author.folder import BusyError, find_root
from kb.author.forms.desk import button, title
from kb.author.forms.layouts import wide
from kb.author.forms.style import note, style
from kb.author.workbench import Workbench
from kb.author.worklist import WorkList
from kb.screen.candidate import Candidate
from kb.screen.decisions import CRITERIA, FOLDER, Decided
from kb.screen.extras import MissingExtraError

AT_ONCE = 10
"""Records shown at once."""

_CAPTIONS = {Decided.ACCEPT: "Accept", Decided.REJECT: "Reject", Decided.LATER: "Later"}


class ScreeningDesk:
    """`box` is what the notebook shows."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = find_root(root)
        self.bench = Workbench(self.root)
        self.work = WorkList(self.root, me.name(self.root))
        self.place = w.Text(
            description="Where",
            placeholder="a file saved from PubMed, or a folder that kb screen --library has made",
            layout=wide(),
        )
        self.author = w.Text(description="Your name *", value=self.work.author, layout=wide())
        self.author.observe(lambda change: self._who(), "value")
        self.summary, self.notice = w.HTML(), w.HTML()
        self.rows = w.VBox()
        self.out = w.Text(description="To file", value="decisions.ris", layout=wide())
        self.box = w.VBox(
            [
                style(),
                title("1. Which literature?"),
                self.place,
                self.author,
                button("List what is to be read", self.look, primary=True, beside=True),
                title("2. Decide"),
                self.summary,
                self.rows,
                title("3. Hand on"),
                self.out,
                button("Export all decisions as RIS", self.export, beside=True),
                self.notice,
            ]
        )
        self.box.add_class("kb-desk")
        self.show()

    def _who(self) -> None:
        self.work.author = self.author.value

    def _tell(self, text: str, tone: str = "") -> None:
        self.notice.value = note(escape(text), tone)

    def look(self) -> None:
        """Screen what is given and list the candidates that nobody has decided about."""
        self.notice.value = ""
        self.summary.value = note("Reading ...")
        try:
            self.work.look(self.bench.base, self.place.value)
        except (OSError, MissingExtraError) as error:
            self._tell(str(error), "bad")
        self.show()

    def show(self) -> None:
        left, decided = self.work.left, self.work.decisions
        told = [f"<p>{len(left)} to decide; {len(decided.all)} decided so far.</p>"]
        told += [note(escape(str(one)), "bad") for one in decided.unsound]
        told += [
            note(escape(f"{a.key}, which is cited: {a.kind.replace('-', ' ')}: {a.said}"), "bad")
            for a in self.work.result.alarms
            if not a.recorded
        ]
        self.summary.value = "".join(told)
        self.rows.children = tuple(self._row(one) for one in left[:AT_ONCE])

    def _row(self, candidate: Candidate) -> w.Widget:
        """A record with its reasons, the criteria, and one button for each decision."""
        fields = candidate.entry.fields
        number = f"PMID {fields['pmid']}" if fields.get("pmid") else fields.get("doi")
        where = " · ".join(str(part) for part in (fields.get("journal"), fields.get("year"), number) if part)
        points = "".join(f"<li>{escape(reason)}</li>" for reason in candidate.reasons)
        head = w.HTML(
            f"<b>{escape(str(fields['title']))}</b><br><span class='kb-quiet'>{escape(where)}</span>"
            f"<details><summary>{candidate.weighed.score} points, and why</summary><ul>{points}</ul></details>"
        )
        criterion = w.Combobox(
            options=[one for of_kind in CRITERIA.values() for one in of_kind],
            placeholder="criterion",
            description="Because",
            ensure_option=False,
            layout=wide(),
        )
        remark = w.Text(description="Remark", layout=wide())
        buttons = [
            button(caption, lambda kind=kind: self.decide(candidate, kind, criterion.value, remark.value))  # type: ignore[misc]
            for kind, caption in _CAPTIONS.items()
        ]
        card = w.VBox([head, criterion, remark, w.HBox(buttons)], layout=w.Layout(width="98%"))
        card.add_class("kb-card")
        return card

    def decide(self, candidate: Candidate, decision: Decided, criterion: str, remark: str = "") -> None:
        """Save one decision; the record leaves the list and is not asked again."""
        try:
            trouble = self.work.decide(candidate, decision, criterion, remark)
        except (ValueError, BusyError, OSError) as error:
            self._tell(f"Not saved. {error}", "bad")
            return
        me.remember(self.root, self.work.author)
        self._tell(trouble or f"Saved in {FOLDER.as_posix()}.", "bad" if trouble else "good")
        self.show()

    def export(self) -> None:
        """Write all decisions to a file."""
        path: Any = Path(self.out.value.strip() or "decisions.ris").expanduser()
        try:
            count = self.work.export(path if path.is_absolute() else self.root / path)
        except OSError as error:
            self._tell(f"{path}: cannot be written: {error.strerror or error}", "bad")
            return
        self._tell(f"{count} decisions written to {path}.", "good")
