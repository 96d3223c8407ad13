"""Bringing references in: what was dropped or pasted, what would be done with each entry, and doing it. No widgets.

What was dropped and pasted, and every choice, is a draft as any other: it comes back after a crash.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.author import drafts
from kb.author.folder import writing
from kb.author.history import GitError, History, in_the_way
from kb.bibliography import read
from kb.literature import Action, Choice, Entry, LookUp, Plan, Report, add, identifiers_in, look_up, plan, read_any
from kb.model.reference import Reference
from kb.problems import Problem

FILE = "references.bib"
LookUpOne = Callable[[str], LookUp]


class DamagedError(Exception):
    """`references.bib` has problems, so nothing may be written into it; `problems` say where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Source:
    """One thing that was brought: a file with its bytes, or an identifier with its answer."""

    name: str
    data: bytes | None = None
    entries: list[Entry] = field(default_factory=list)
    trouble: str = ""
    offline: bool = False


class ReferenceSession:
    """`sources` were dropped or pasted; `plans` says what would be done with each entry; `save` does it."""

    def __init__(self, root: Path, author: str = "", ask: LookUpOne = look_up) -> None:
        self.root, self.author, self.ask = root, author, ask
        self.message = ""
        self.pasted = ""
        self.sources: list[Source] = []
        self.choices: dict[str, dict[str, Any]] = {}
        """Label of an entry to what the author chose: action, key, design, take (see `kb.literature.Choice`)."""
        self.history = History(root)
        self.draft, self.restored = drafts.start(root, "references")
        if self.restored:
            self._restore(self.restored.state)

    def _restore(self, state: dict[str, Any]) -> None:
        self.author, self.message = state.get("author") or self.author, state.get("message", "")
        self.pasted, self.choices = state.get("pasted", ""), state.get("choices", {})
        for held in state.get("files", []):
            data = base64.b64decode(held["data"])
            self.sources.append(Source(held["name"], data, read_any(held["name"], data)))

    def keep(self) -> None:
        """Keep the draft."""
        files = [
            {"name": s.name, "data": base64.b64encode(s.data).decode()} for s in self.sources if s.data is not None
        ]
        state = {
            "target": {"kind": "references", "file": FILE, "id": ""},
            "author": self.author,
            "message": self.message,
            "pasted": self.pasted,
            "choices": self.choices,
            "files": files,
        }
        self.draft.keep(state)

    def take_file(self, name: str, data: bytes) -> Source:
        """Read a file of references (`.bib`, `.ris`, `.nbib`, XML); an entry that cannot be used says why."""
        source = Source(name, data, read_any(name, data))
        self.sources = [s for s in self.sources if s.name != name] + [source]
        self.keep()
        return source

    def look_up(self, pasted: str) -> list[Source]:
        """Ask the public services for every DOI, PMID and PMCID in the text; offline, each says so."""
        self.pasted = pasted
        self.keep()
        wanted, strange = identifiers_in(pasted)
        found = [
            Source(word, trouble="is not a DOI, PMID or PMCID; write 10.1111/jdv.14624 or 22540889") for word in strange
        ]
        for _, identifier in wanted:
            answer = self.ask(identifier)
            entries = [answer.entry] if answer.entry is not None else []
            trouble = "" if entries else f"{answer.status}: {answer.reason}"
            found.append(Source(identifier, None, entries, trouble, offline=not entries and answer.status == "offline"))
        names = {s.name for s in found}
        self.sources = [s for s in self.sources if s.name not in names] + found
        return found

    @property
    def entries(self) -> list[Entry]:
        return [entry for source in self.sources for entry in source.entries]

    def references(self) -> dict[str, Reference]:
        """What is stored now. Raises DamagedError when the file has problems."""
        references, problems = read(self.root / FILE, self.root)
        if any(p.severity == "critical" for p in problems):
            raise DamagedError(problems)
        return references

    def plans(self) -> list[Plan]:
        """What would be done with each entry unless the author chooses otherwise."""
        return plan(self.entries, self.references())

    def choose(
        self, entry: Entry, action: str, key: str | None = None, design: str | None = None, take: tuple[str, ...] = ()
    ) -> None:
        """Say what is to be done with an entry: `add`, `merge` or `skip`."""
        self.choices[_name(entry)] = {"action": action, "key": key, "design": design, "take": list(take)}
        self.keep()

    def chosen(self, planned: Plan) -> Choice:
        """The author's choice for an entry, or what would be done without one."""
        from kb.model.terms import Design

        held = self.choices.get(_name(planned.entry))
        if held is None:
            return planned.choice
        design = Design(held["design"]) if held["design"] else None
        seen = next((m.reference for m in planned.matches if m.reference.key == held["key"]), None)
        merging = held["action"] == Action.MERGE
        return Choice(Action(held["action"]), held["key"], design, frozenset(held["take"]), seen if merging else None)

    def save(self) -> tuple[Report, str]:
        """Bring the entries in, and commit the file. The note says what git could not do.

        Raises ValueError when nobody is named, and what `kb.literature.add` raises; the draft is kept then.
        """
        if not self.author.strip():
            raise ValueError("no author is named; write your name")
        self.keep()
        self.draft.flush()
        plans = self.plans()
        choices = {
            place: self.chosen(planned) for place, planned in enumerate(plans) if _name(planned.entry) in self.choices
        }
        with writing(self.root):
            note = self._keep_foreign()
            report = add(self.root, self.entries, choices)
            if report.changed:
                note = self._commit(report) or note
        self.draft.remove()
        self.sources, self.choices, self.pasted, self.message = [], {}, "", ""
        return report, note

    def _keep_foreign(self) -> str:
        if self.history.trouble or not self.history.differs_from_git(FILE):
            return ""
        try:
            self.history.commit(FILE, "Keep changes made by hand to references.bib", "edited by hand")
        except GitError as error:
            return str(error)
        return ""

    def _commit(self, report: Report) -> str:
        keys = [*report.keys("added"), *report.keys("merged")]
        named = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
        text = (self.root / FILE).read_text(encoding="utf-8")
        why = self.message.strip() or f"Bring in {named}"
        copy = self.history.keep_copy(FILE, text, why, self.author)
        try:
            self.history.commit(FILE, why, self.author.strip())
        except GitError as error:
            return f"saved, and kept in .authoring/history, because git could not take it: {in_the_way(error)}"
        self.history.drop_copy(copy)
        return ""

    def discard(self) -> None:
        """Begin again; what was brought stays among the discarded drafts."""
        self.draft.discard()
        self.sources, self.choices, self.pasted, self.message, self.restored = [], {}, "", "", None


def _name(entry: Entry) -> str:
    """A name under which a choice is found again when the entries are read again."""
    return f"{entry.source}:{entry.line}:{entry.label}"
