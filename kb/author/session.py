"""One author at work on one record: draft, checks, save, conflicts, history. No widgets.

A session remembers the record as it was when it was opened. Saving compares that with the file as it is now, alone with
the files: unchanged, the record is written; changed by others, their changes are merged in field by field, and where both
changed the same field nothing is written until the author has chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from kb.atomic import write_text
from kb.author import checks, drafts
from kb.author.checks import FieldProblem
from kb.author.folder import now, writing
from kb.author.history import GitError, History, State, in_the_way
from kb.author.merge import Conflict, Merge, three_way
from kb.author.target import Target, head
from kb.author.typed import cleaned, normal
from kb.author.workbench import Workbench
from kb.diff.fields import ABSENT, Change, changes, same
from kb.diff.fields import Path as FieldPath
from kb.formulary import write
from kb.formulary.yamltext import parse, read_text
from kb.knowledge import KnowledgeBase
from kb.problems import Problem


class UnreadableError(Exception):
    """The file on disk cannot be read, so nothing may be written into it; `problems` say where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Saved:
    """The record is on disk. `taken` are changes of others that were merged in; `note` says what git could not do."""

    commit: str = ""
    taken: list[Change] = field(default_factory=list)
    note: str = ""
    changed: bool = True


@dataclass
class Refused:
    """Nothing was written; the draft is kept. `problems` say what to mend first."""

    problems: list[FieldProblem]


@dataclass
class Conflicted:
    """Nothing was written: others changed the same fields. `merge.conflicts` holds both versions of each."""

    merge: Merge
    theirs: dict[str, Any] | None

    @property
    def conflicts(self) -> list[Conflict]:
        return self.merge.conflicts


@dataclass(frozen=True)
class RecordState:
    """An earlier state of the record, and what it changed against the state before it."""

    state: State
    values: dict[str, Any] | None
    changed: list[Change]


class Session:
    """See the module. Make one with `Session.open`."""

    def __init__(self, bench: Workbench, target: Target) -> None:
        self.bench, self.target = bench, target
        self.root = bench.root
        self.history = History(self.root)
        self.author = ""
        self.message = ""
        self.values: dict[str, Any] = {}
        """The record as typed; change it through `set` or `replace`."""
        self.opened: dict[str, Any] | None = None
        """The record as it stood in the file when it was opened (or last saved); None for a new one."""
        self.opened_hash = ""
        self.restored: drafts.Kept | None = None
        self.draft: drafts.Draft
        self.listeners: list[Callable[[], None]] = []

    @classmethod
    def open(
        cls,
        bench: Workbench,
        target: Target,
        author: str = "",
        start: Mapping[str, Any] | None = None,
        draft_key: str = "",
    ) -> Session:
        """Open a record, with what was typed and not saved; `start` are the first values of a new record.

        `draft_key` tells several new records of one file apart. Raises UnreadableError when the file cannot be read.
        """
        session = cls(bench, target)
        session.author = author
        document, digest = session._read()
        session.opened, session.opened_hash = session._normal(target.values(document)), digest
        session.values = deepcopy(session.opened) if session.opened is not None else dict(start or {})
        session.draft, session.restored = drafts.start(bench.root, draft_key or target.key)
        if session.restored is not None:
            session._restore(session.restored.state)
            here = session._normal(session.target.values(document))
            if here is not None and same(here, session._normal(session.clean)):
                # The kernel ended between writing the record and forgetting the draft.
                session.opened, session.opened_hash, session.restored = here, digest, None
                session.draft.remove()
        return session

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.values = dict(state["values"])
        self.opened, self.opened_hash = state["opened"], state["opened_hash"]
        self.message = state.get("message", "")
        self.author = state.get("author") or self.author
        if state["target"]["id"] != self.target.id or state["target"]["file"] != self.target.file:
            self.target = Target(**state["target"])

    def state(self) -> dict[str, Any]:
        """Everything that brings this session back."""
        return {
            "target": self.target.as_dict(),
            "values": self.values,
            "opened": self.opened,
            "opened_hash": self.opened_hash,
            "message": self.message,
            "author": self.author,
        }

    def replace(self, values: Mapping[str, Any]) -> None:
        """Take over all values as typed, and keep them as a draft."""
        self.values = dict(values)
        self.keep()

    def set(self, path: FieldPath, value: Any) -> None:
        """Set one field as typed (None or "" empties it)."""
        from kb.diff.fields import put

        here: Any = self.values
        for step, following in pairwise(path):
            if isinstance(here, dict) and step not in here:
                here[step] = [] if isinstance(following, int) else {}
            if isinstance(here, list) and isinstance(step, int):
                here.extend({} for _ in range(step + 1 - len(here)))
            here = (
                next(e for e in here if e.get("id") == step)
                if isinstance(here, list) and isinstance(step, str)
                else here[step]
            )
        put(self.values, path, value)
        self.keep()

    def keep(self) -> None:
        """Keep the draft and tell whoever shows this session."""
        self.draft.keep(self.state())
        for listener in list(self.listeners):
            listener()

    @property
    def is_new(self) -> bool:
        return self.opened is None

    @property
    def clean(self) -> dict[str, Any]:
        """The values as they would stand in the file."""
        return cleaned(self.target.record_type, self.values)

    @property
    def is_changed(self) -> bool:
        """Does it differ from what was opened?"""
        return not same(self._normal(self.clean), self.opened or {})

    def problems(self) -> list[FieldProblem]:
        """What is wrong with the record as typed, each problem at its field."""
        try:
            document, _ = self._read()
        except UnreadableError as error:
            first = error.problems[0]
            return [FieldProblem((), f"{first.file}:{first.line}: {first.message}", first.cure, checks.SCHEMA)]
        return checks.problems(self.bench, self.target, document, self._normal(self.clean))

    def with_me(self) -> KnowledgeBase | None:
        """The base with this record as typed in it, as far as it can be read; None when it cannot."""
        try:
            document, _ = self._read()
        except UnreadableError:
            return None
        values = self._normal(self.clean)
        target = self.target if self.target.id else replace(self.target, id=str(values.get("id", "")))
        base, _, _ = self.bench.with_file(target, target.put(document, values))
        if base is not None:
            # As `kb.base.load` does: a finding without its reference shows nothing anyone could trust.
            for subject in base.formulary.subjects:
                if subject.id == self.target.owner:
                    subject.findings = [f for f in subject.findings if f.reference in base.references]
        return base

    def save(self) -> Saved | Refused | Conflicted:
        """Write the record into its file and into the history.

        Raises UnreadableError when the file on disk is damaged, BusyError when another program does not let go, and
        OSError when the disk takes nothing; in every case the draft is kept.
        """
        self.draft.keep(self.state())
        self.draft.flush()
        mine = self._normal(self.clean)
        refused = self._refused(mine)
        if refused:
            return refused
        self._name(mine)
        self._note_reading(mine)
        with writing(self.root):
            document, _ = self._read()
            theirs = self._normal(self.target.values(document))
            taken: list[Change] = []
            if not same(theirs, self.opened):
                base, there = _or_absent(self.opened), _or_absent(theirs)
                merge = three_way(base, mine, there)
                if merge.conflicts:
                    return Conflicted(merge, theirs)
                mine, taken = self._normal(self.finish(merge.value)), merge.taken
                problems = self._schema(document, mine)
                if problems:  # each side was a record, the two together are none
                    self._rebase(theirs, mine)
                    return Refused(problems)
            saved = self._write(document, mine, theirs)
            saved.taken = taken
        self._done(mine)
        return saved

    def _note_reading(self, mine: dict[str, Any]) -> None:
        """A later day of review says that the subject was read as it stands: keep what it says, as a fingerprint.

        An earlier state that comes back brings the fingerprint it had.
        """
        review = mine.get("review")
        before = (self.opened or {}).get("review") or {}
        if not isinstance(review, dict) or str(review.get("last", "")) <= str(before.get("last", "")):
            return
        if review.get("of") != before.get("of"):
            return
        from kb.formulary.content import fingerprint

        base = self.with_me()
        read = base.subjects.get(self.target.owner or str(mine.get("id", ""))) if base else None
        if read is not None:
            review["of"] = fingerprint(read)

    def delete(self) -> Saved | Refused | Conflicted:
        """Take the record out of its file, unless others have changed it since it was opened. `undo` brings it back."""
        unsigned = self._unsigned()
        if unsigned:
            return unsigned
        with writing(self.root):
            document, _ = self._read()
            theirs = self._normal(self.target.values(document))
            if not same(theirs, self.opened):
                return Conflicted(
                    Merge(None, [], [Conflict((), _or_absent(self.opened), ABSENT, _or_absent(theirs))]), theirs
                )
            saved = self._write(document, None, theirs)
        self.draft.remove()
        self.opened = None
        self.message = ""
        return saved

    def finish(self, values: dict[str, Any]) -> dict[str, Any]:
        """What follows from other fields is worked out anew, never merged: the certainty of an assessment."""
        if self.target.kind == "assessment":
            from kb.author.weighing import with_certainty

            return with_certainty(values)
        return values

    def resolve(self, conflicted: Conflicted, choices: Mapping[FieldPath, str]) -> None:
        """Take the author's choice for every conflict; then `save` again. What others did counts as seen."""
        value = conflicted.merge.resolved(choices)
        if value is None:  # they removed the record, and so it stays
            self.take_theirs()
            return
        # Their version becomes the start of ours. Should the file have changed once more, the next save sees that,
        # because it compares with the version the author was shown.
        self._rebase(conflicted.theirs, value)

    @property
    def changed_on_disk(self) -> bool:
        """Has the file another content than when it was opened? A look at the bytes alone, for a timely hint."""
        try:
            return hashlib.sha256(self._path().read_bytes()).hexdigest() != self.opened_hash
        except OSError:
            return bool(self.opened_hash)

    def take_theirs(self) -> None:
        """Begin again from the file; what was typed is kept among the discarded drafts."""
        self.draft.flush()
        self.draft.discard()
        document, digest = self._read()
        self.opened, self.opened_hash = self._normal(self.target.values(document)), digest
        self.values = deepcopy(self.opened or {})
        self.restored = None
        for listener in list(self.listeners):
            listener()

    discard = take_theirs

    def _set_aside(self) -> None:
        """Before an earlier state takes the form: what is typed there goes to the discarded drafts."""
        if self.is_changed:
            self.draft.keep(self.state())
            self.draft.flush()
            self.draft.discard()

    def close(self) -> None:
        """End the session; an unsaved draft stays and comes back."""
        self.draft.close()

    def others(self) -> list[drafts.Kept]:
        """Unsaved drafts of the same record in other windows or left behind."""
        return drafts.others(self.root, self.draft.key, self.draft)

    def states(self, most: int = 200) -> list[RecordState]:
        """Every earlier state in which this record changed, the newest first."""
        found: list[RecordState] = []
        before: dict[str, Any] | None = None
        for state in reversed(self.history.states(self.target.file, most)):
            document, _ = parse(state.text, self.target.file)
            if document is None:
                continue
            values = self.target.values(state.in_names_of_today(document.value))
            if not same(values, before):
                changed = changes(_or_absent(before), _or_absent(values))
                found.append(RecordState(state, values, changed))
                before = values
        return found[::-1]

    def go_back(self, state: RecordState) -> Saved | Refused | Conflicted:
        """Bring an earlier state of the record back, as a new entry of the history."""
        if state.values is None:
            self.message = self.message or f"Take {self.target.title} out again"
            return self.delete()
        self._set_aside()
        self.values = deepcopy(state.values)
        self.message = f"Bring {self.target.title} back to {state.state.when:%Y-%m-%d %H:%M} ({state.state.who})"
        document, digest = self._read()
        self.opened, self.opened_hash = self._normal(self.target.values(document)), digest
        return self.save()

    def undo(self) -> Saved | Refused | Conflicted | None:
        """Take back the newest entry of this record's history; None when there is nothing before it."""
        found = self.states()
        if not found:
            return None
        now_, before = found[0], found[1] if len(found) > 1 else None
        document, _ = self._read()
        here = self.target.values(document)
        if before is None and here is not None:
            before = RecordState(now_.state, None, [])
        if before is None:
            return None
        self._set_aside()
        self.message = f"Undo: {now_.state.why.splitlines()[0] if now_.state.why else 'last save'}"
        if before.values is None:
            self.opened = self._normal(here)
            return self.delete()
        # What changed since that save (an edit by hand, say) is kept: only what the save did is taken back.
        self.opened = self._normal(now_.values)
        self.values = deepcopy(before.values)
        return self.save()

    # the file

    def _path(self) -> Path:
        return self.root / self.target.file

    def _read(self) -> tuple[Any, str]:
        """The file's plain value and the hash of its bytes; None and "" when there is no file."""
        path = self._path()
        if not path.exists():
            return None, ""
        text, problems = read_text(path, self.target.file)
        document = None
        if text is not None:
            document, problems = parse(text, self.target.file)
        if text is None or document is None:
            raise UnreadableError(problems)
        return document.value, hashlib.sha256(text.encode()).hexdigest()

    def _normal(self, values: dict[str, Any] | None) -> Any:
        return None if values is None else normal(self.target.record_type, values)

    def _name(self, mine: Mapping[str, Any]) -> None:
        """A new record gets its id, and with it its place, when it is first saved."""
        named = str(mine.get("id", ""))
        if self.target.kind != "release" and self.is_new and self.target.id != named:
            file = self.target.file if self.target.list else f"{Path(self.target.file).parent.as_posix()}/{named}.yaml"
            self.target = Target(self.target.kind, file, named)

    def _schema(self, document: Any, mine: Mapping[str, Any]) -> list[FieldProblem]:
        found = checks.problems(self.bench, self.target, document, mine)
        return [p for p in found if p.blocks == checks.SCHEMA]

    def _unsigned(self) -> Refused | None:
        if not self.author.strip():
            return Refused([FieldProblem((), "no author is named", "write your name", checks.SCHEMA)])
        if not self.message.strip():
            return Refused(
                [
                    FieldProblem(
                        (),
                        "the reason for the change is missing",
                        "say in a few words what you changed, and why",
                        checks.SCHEMA,
                    )
                ]
            )
        return None

    def _refused(self, mine: Mapping[str, Any]) -> Refused | None:
        unsigned = self._unsigned()
        if unsigned:
            return unsigned
        if not self.is_new and mine.get("id", self.target.id) != self.target.id:
            cure = f"keep {self.target.id!r}; other records point at it. Make a new record instead"
            return Refused([FieldProblem(("id",), "an id is never changed", cure, checks.SCHEMA)])
        document, _ = self._read()
        found = self._schema(document, mine)
        return Refused(found) if found else None

    def _write(self, document: Any, mine: dict[str, Any] | None, theirs: dict[str, Any] | None) -> Saved:
        """Put the record into the file, check that the file says exactly that, and commit. Called alone with the files."""
        if same(mine, theirs) and mine is not None:
            return Saved(changed=False)
        file, path = self.target.file, self._path()
        # A field the author left alone stays as it is written in the file.
        whole = self.target.put(document, mine)
        note = self._keep_foreign(file)
        copy: Path | None = None
        if not whole and (self.target.is_part or not self.target.list):
            path.unlink(missing_ok=True)
        else:
            old = path.read_text(encoding="utf-8") if path.exists() else head(file)
            text = edited(old, whole)
            self._verify(text, whole)
            path.parent.mkdir(parents=True, exist_ok=True)
            copy = self.history.keep_copy(file, text, self.message.strip(), self.author.strip())
            try:
                write_text(path, text)
            except BaseException:  # the file never held it
                self.history.drop_copy(copy)
                raise
        try:
            commit = self.history.commit(file, self._why(), self.author.strip())
        except GitError as error:
            return Saved("", note=_without_git(str(error)))
        if copy is not None:
            self.history.drop_copy(copy)
        return Saved(commit, note=note)

    def _why(self) -> str:
        lines = self.message.strip().splitlines()
        return f"{lines[0]}\n\n" + "\n".join([*lines[1:], f"Record: {self.target.kind} {self.target.id}".rstrip()])

    def _keep_foreign(self, file: str) -> str:
        """Changes made to the file outside the notebooks become an entry of their own, so that they can be gone back to."""
        if not self._path().exists():
            return ""
        if self.history.trouble:
            self.history.keep_as_found(file)
            return ""
        if not self.history.differs_from_git(file):
            return ""
        try:
            self.history.commit(file, f"Keep changes made by hand to {Path(file).stem}", "edited by hand")
        except GitError as error:
            self.history.keep_as_found(file)
            return _without_git(str(error))
        return ""

    def _verify(self, text: str, expected: Mapping[str, Any]) -> None:
        """The new text must read as exactly the record, or the old file stays."""
        document, problems = parse(text, self.target.file)
        if document is None or not same(document.value, expected):
            raise UnreadableError(
                problems
                or [
                    Problem(self.target.file, 1, "", "would not read back as typed", "report this; nothing was written")
                ]
            )

    def _rebase(self, theirs: dict[str, Any] | None, values: dict[str, Any]) -> None:
        self.opened = theirs
        self.replace(values)

    def _done(self, mine: dict[str, Any]) -> None:
        _, self.opened_hash = self._read()
        self.opened = mine
        self.values = deepcopy(mine)
        self.message = ""
        self.restored = None
        self.draft.remove()
        for listener in list(self.listeners):
            listener()


def _or_absent(values: Any) -> Any:
    return ABSENT if values is None else values


def _without_git(reason: str) -> str:
    return f"saved, and kept in the folder .authoring/history, because git could not take it: {in_the_way(reason)}"


def edited(text: str, whole: Mapping[str, Any]) -> str:
    """The YAML text changed to hold `whole`, with its comments. Raises UnreadableError when it is no YAML."""
    try:
        document = write.load(text)
        comments = text if not document else ""
        write.merge(document, whole)
        return comments + write.dump(document)
    except (YAMLError, TypeError) as error:
        raise UnreadableError(
            [Problem("", 1, "", f"is not valid YAML: {str(error).splitlines()[0]}", "run `kb check`")]
        ) from error


__all__ = ["Conflicted", "RecordState", "Refused", "Saved", "Session", "UnreadableError", "edited", "now"]
