"""The page an author begins with: what waits for them, what is unfinished, what is due, the last releases, and the tasks."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import ipywidgets as w

from kb.author import drafts, me
from kb.author.due import changed_most, next_due, reviewer
from kb.author.folder import find_root, now
from kb.author.forms.again import looks_again, seen
from kb.author.forms.beside import read_beside
from kb.author.forms.later import settled
from kb.author.forms.style import note, style
from kb.author.forms.unmerged import choice
from kb.author.history import GitError, run_git
from kb.author.stamp import Stamp
from kb.author.unmerged import unmerged
from kb.author.workbench import Workbench
from kb.diff.words import counted

if TYPE_CHECKING:
    from kb.author.twoeyes import Work
    from kb.knowledge import KnowledgeBase

TASKS = (
    ("1-bring-references-in", "Bring references in"),
    ("2-record-a-study", "Record a study"),
    ("3-edit-an-ingredient-or-technique", "Edit an ingredient or technique"),
    ("4-appraise", "Appraise"),
    ("5-judge-a-claim", "Judge a claim"),
    ("6-review-and-release", "Review and release"),
    ("7-decide-what-to-read", "Decide what to read"),
    ("8-change-many-records", "Change many records"),
)
OPEN = "open comment"
MOST = 20


class LaunchDesk:
    """`box` is what the notebook shows. What needs the whole formulary is read beside it, so that the page stands at once."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = find_root(root)
        self.bench = Workbench(self.root)
        self.author = w.Text(description="Your name", value=me.name(self.root), layout=w.Layout(width="360px"))
        self.mine, self.due, self.merge_rows = w.HTML(), w.HTML(), w.VBox()
        self.unfinished, self.releases = w.HTML(), w.HTML()
        self._seen: Stamp | None = None
        """What authors' files looked like when they were last read for this page."""
        reading = note("Reading the formulary …")
        self.asked, self.read_next = w.HTML(), w.HTML()
        for part in (self.mine, self.asked, self.read_next, self.due):
            part.value = reading
        again = w.Button(description="Look again", icon="refresh", layout=w.Layout(width="auto"))
        press = settled(self.look)
        again.on_click(lambda _: press())
        self.box = w.VBox(
            [
                style(),
                looks_again(self.look_again),
                w.HTML(f'<div class="kb-tasks">{"".join(_task(name, caption) for name, caption in TASKS)}</div>'),
                w.HBox([self.author, again]),
                self.merge_rows,
                w.HTML("<h3>Unfinished drafts</h3>"),
                self.unfinished,
                w.HTML("<h3>My work</h3>"),
                self.mine,
                w.HTML("<h3>Open comments and disagreements</h3>"),
                self.asked,
                w.HTML("<h3>To be read: what was accepted or put off in screening</h3>"),
                self.read_next,
                w.HTML("<h3>Reviews</h3>"),
                self.due,
                w.HTML("<h3>Last releases</h3>"),
                self.releases,
            ]
        )
        self.box.add_class("kb-desk")
        self.look()

    def look(self) -> None:
        """What is quick at once; what needs the whole formulary beside the page, or at once where no loop runs."""
        self._merges()
        self.unfinished.value, self.releases.value = self._drafts(), self._releases()
        who = self.author.value

        def read() -> tuple[str, ...]:
            self._seen = seen(self.root)
            return self._read(who)

        read_beside(read, lambda found: self._show(*found), self._not_read)

    def look_again(self) -> None:
        """The page came back into sight: look, if anybody has saved anything meanwhile."""

        def changed(now_seen: Stamp) -> None:
            if now_seen != self._seen:
                self.look()

        read_beside(lambda: seen(self.root), changed, self._not_read)

    def _not_read(self, error: Exception) -> None:
        self.mine.value = note(f"What waits could not be read: {escape(str(error))}", "bad")

    def _show(self, *found: str) -> None:
        self.mine.value, self.asked.value, self.read_next.value, self.due.value = found

    def _read(self, who: str = "") -> tuple[str, str, str, str]:
        from kb.author.twoeyes import work

        who = who or self.author.value
        base = self.bench.base
        found = work(self.root, base)
        rows = [
            f"<li>{escape(e.kind)} <b>{escape(e.id)}</b>: {e.stage.value}"
            f"{f', {counted(len(e.notes.open_comments), OPEN)}' if e.notes.open_comments else ''}</li>"
            for e in found.mine(who)[:MOST]
        ]
        counts = ", ".join(f"{count} {stage}" for stage, count in found.count().items() if count)
        told = f"<ul>{''.join(rows)}</ul>" if rows else note(f"Nothing is assigned to {escape(who) or 'you'}.")
        told += f'<span class="kb-quiet">All records: {escape(counts)}; not checked: {len(found.unchecked)}.</span>'
        told += "".join(note(escape(line), "bad") for line in found.trouble)
        return told, _asked(found), _to_be_read(self.root, base), _due(self.root, base)

    def _merges(self) -> None:
        """Files that a merge left with marks, each with its choice field by field."""
        rows: list[w.Widget] = []
        for file in unmerged(self.root)[:MOST]:
            rows += choice(self.root, file, lambda: self.author.value, self._decided)
        self.merge_rows.children = tuple(rows)

    def _decided(self, told: str) -> None:
        self._merges()
        self.merge_rows.children = (w.HTML(note(escape(told), "good")), *self.merge_rows.children)

    def _drafts(self) -> str:
        rows = []
        for kept in drafts.listed(self.root)[:MOST]:
            target = kept.state.get("target", {})
            what = kept.state.get("values", {}).get("id") or target.get("id") or target.get("file", "")
            busy = ", open in another window" if kept.live else ""
            rows.append(
                f"<li>{kept.typed_at:%Y-%m-%d %H:%M} {escape(kept.author or 'somebody')}: {escape(str(target.get('kind', '')))} "
                f"<b>{escape(str(what))}</b>{busy}</li>"
            )
        return f"<ul>{''.join(rows)}</ul>" if rows else note("None.")

    def _releases(self) -> str:
        try:
            told = run_git(
                self.root, "log", "-5", "--format=%as %an: %s", "-G^version:", "--", "formulary/release.yaml"
            )
        except GitError as error:
            return note(escape(str(error)))
        rows = "".join(f"<li>{escape(line)}</li>" for line in told.splitlines())
        return f"<ul>{rows}</ul>" if rows else note("There is no release yet.")


def _asked(found: Work) -> str:
    """Comments that nobody has resolved and readings in dispute, whoever they are for."""
    from kb.author.reviews import Stage

    entries = [e for e in found.entries if e.notes.open_comments or e.stage is Stage.DISPUTED]
    rows = "".join(
        f"<li>{escape(e.kind)} <b>{escape(e.id)}</b>: "
        + escape(
            "; ".join(f"{c.who}: {c.says}" for c in e.notes.open_comments[:3]) or "read otherwise by a second person"
        )
        + "</li>"
        for e in entries[:MOST]
    )
    return f"<ul>{rows}</ul>" if rows else note("Nothing is open.")


def _due(root: Path, base: KnowledgeBase) -> str:
    """What changed most since it was reviewed, then what is due next."""
    changed = changed_most(root, base)
    rows = "".join(
        f"<li>{escape(one.subject.name)}: {counted(one.lines, 'line') if one.lines else 'something'} written since "
        f"{one.subject.review.last} (then read by {escape(reviewer(one.subject))})</li>"
        for one in changed[:MOST]
    )
    more = f'<span class="kb-quiet">and {len(changed) - MOST} more</span>' if len(changed) > MOST else ""
    told = f"<h4>Changed most since the last review</h4><ul>{rows}</ul>{more}" if rows else ""
    today = now().date()
    listed = "".join(
        f"<li>{s.review.due}{' (overdue)' if s.review.due < today else ''}: {escape(s.name)} "
        f"(last read {s.review.last} by {escape(reviewer(s))})</li>"
        for s in next_due(base)[:MOST]
    )
    return f"{told}<h4>Due next</h4><ul>{listed}</ul>"


def _to_be_read(root: Path, base: KnowledgeBase) -> str:
    """Records of the literature that were accepted and are not in the bibliography yet, or were put off."""
    from kb.screen.decisions import Decided, marks, read

    decided = read(root)
    known = {mark for one in base.references.values() for mark in marks(one.model_dump())}
    waiting = [
        one
        for _, one in sorted(decided.all.items(), key=lambda pair: -(pair[1].score or 0))
        if one.decision is Decided.LATER
        or (one.decision is Decided.ACCEPT and not any(mark in known for mark in marks(one.model_dump())))
    ]
    rows = "".join(
        f"<li>{escape(one.title)} ({one.year or 'no year'}): {'accepted' if one.decision is Decided.ACCEPT else 'put off'}, "
        f"{escape(one.criterion)}</li>"
        for one in waiting[:MOST]
    )
    more = f'<span class="kb-quiet">and {len(waiting) - MOST} more</span>' if len(waiting) > MOST else ""
    return (
        f"<ul>{rows}</ul>{more}" if rows else note("Nothing is waiting; <b>Decide what to read</b> lists candidates.")
    )


def _task(name: str, caption: str) -> str:
    """A large link to a task."""
    return link(name, caption, "kb-task")


def link(name: str, caption: str, look: str = "") -> str:
    """A link to the notebook of a task: inside JupyterLab it opens in a tab beside this one."""
    path = f"notebooks/author/{name}.ipynb"
    address = f"{os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '/')}lab/tree/{quote(path)}"
    inside = f'data-commandlinker-command="docmanager:open" data-commandlinker-args=\'{{"path": "{path}"}}\''
    return f'<a class="{look}" href="{escape(address)}" {inside}>{escape(caption)}</a>'
