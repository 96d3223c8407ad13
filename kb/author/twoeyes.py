"""What people do about a record besides writing it: check it, read it otherwise, comment, assign; and the lists of all that."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author import reviews
from kb.author.folder import authoring, now
from kb.author.history import GitError, History, run_git
from kb.author.reviews import Comment, Notes, Otherwise, Reading, ReviewError, Stage, same_person, signed
from kb.author.slugs import renaming
from kb.diff.fields import ABSENT, Change, dotted
from kb.knowledge import KnowledgeBase
from kb.model import Assessment, Finding, Record
from kb.model.release import MODEL
from kb.model.terms import Direction


@dataclass(frozen=True)
class Entry:
    """One record of the work list."""

    kind: str
    id: str
    subject: str
    stage: Stage
    notes: Notes

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"

    def of(self, who: str) -> bool:
        return bool(self.notes.assigned) and same_person(self.notes.assigned or "", who)


@dataclass
class Work:
    """Every record with its stage. `trouble` names files of `reviews` that cannot be read."""

    entries: list[Entry]
    trouble: list[str] = field(default_factory=list)

    @property
    def unchecked(self) -> list[Entry]:
        return [e for e in self.entries if e.stage in (Stage.DRAFT, Stage.EXTRACTED, Stage.DISPUTED)]

    def count(self) -> dict[str, int]:
        return {stage.value: sum(e.stage is stage for e in self.entries) for stage in Stage}

    def mine(self, who: str) -> list[Entry]:
        """Records assigned to a person, those they are asked about, the disputed ones first."""
        found = [e for e in self.entries if e.of(who) or _asked(e, who)]
        return sorted(found, key=lambda e: (e.stage is not Stage.DISPUTED, e.kind, e.id))


def _asked(entry: Entry, who: str) -> bool:
    """Did they extract what is disputed, or comment on what is still open?"""
    names = [r.who for r in entry.notes.readings] + [c.who for c in entry.notes.comments]
    took_part = any(same_person(name, who) for name in names)
    return took_part and (entry.stage is Stage.DISPUTED or bool(entry.notes.open_comments))


def work(root: Path, base: KnowledgeBase) -> Work:
    """The stage of every record of the base, by what was said and what the last release holds."""
    released = released_digests(root)
    said, trouble = reviews.everything(root)
    entries = []
    for kind, record_id, record in reviews.records(base):
        key = f"{kind}/{record_id}"
        notes = said.get(key) or Notes.model_construct(record=record_id, kind=kind, readings=[], comments=[])
        stage = reviews.stage_of(said.get(key), reviews.digest(kind, record), released.get(key, ()))
        subject = base.subject_of.get(record_id, record_id if kind == "subject" else "")
        entries.append(Entry(kind, record_id, subject, stage, notes))
    return Work(entries, trouble)


def released_digests(root: Path) -> dict[str, list[str]]:
    """`kind/id` to the fingerprints it had in the last release; kept on disk, since reading a release takes seconds.

    A second one is that of the record with the codes `kb migrate` has derived since, and where it was *mixed* there is one for
    each way of telling that apart: they change nothing of its content.

    Without git, or before the first release, nothing is released.
    """
    from kb.diff.revisions import RevisionError, at_revision, last_release
    from kb.migrate.codes import complete

    commit = last_release(root)
    if commit is None:
        return {}
    since = renamings(root, commit)
    mark = "".join(f"-{hashlib.sha256(repr(since).encode()).hexdigest()[:12]}" for _ in since[:1])
    place = authoring(root, "cache") / f"released-{commit[:12]}-{MODEL}{mark}.json"
    try:
        held = json.loads(place.read_text(encoding="utf-8"))
        return {str(k): list(v) for k, v in held.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        pass
    try:
        with at_revision(root, commit) as before:
            plain = reviews.digests(before, since)
            complete(before.formulary)
            found = {key: [plain[key], value] for key, value in reviews.digests(before, since).items()}
            for key, values in _told_apart(before, since).items():
                found[key] += values
    except RevisionError:
        return {}
    with contextlib.suppress(OSError):  # the next look takes as long as this one
        write_text(place, json.dumps(found))
    return found


def renamings(root: Path, commit: str) -> list[tuple[str, str]]:
    """Old and new slug of what was renamed since a commit, the first one first."""
    try:
        log = run_git(root, "log", "--reverse", "--format=%s", f"{commit}..HEAD")
    except GitError:
        return []
    return [pair for line in log.splitlines() if (pair := renaming(line))]


def _told_apart(before: KnowledgeBase, since: reviews.Renamings) -> dict[str, list[str]]:
    """The fingerprints of what was *mixed* in an older form, with each direction it may have been told apart into."""
    found: dict[str, list[str]] = {}
    for direction in (d for d in Direction if d.divided):
        for kind, record_id, record in reviews.records(before):
            if record_id in before.formulary.mixed and isinstance(record, Finding | Assessment):
                record.direction = direction
                key = reviews.key(kind, record_id, since)
                found.setdefault(key, []).append(reviews.digest(kind, record, since))
    return found


def writers(root: Path, record: Record, record_id: str, most: int = 60) -> list[str]:
    """Who wrote the record as it stands, the last one first: those of the newest states in which it changed."""
    from kb.author.start import LISTS
    from kb.formulary.yamltext import parse

    if record.place is None:
        return []
    found: list[str] = []
    before: Any = None
    for state in reversed(History(root).states(record.place.file, most)):
        document, _ = parse(state.text, record.place.file)
        here = _within(state.in_names_of_today(document.value) if document else None, record_id, LISTS)
        if here != before and here is not None:
            found.append(state.who)
        before = here
    return list(dict.fromkeys(reversed(found)))


def _within(value: Any, record_id: str, lists: Iterable[str]) -> Any:
    if not isinstance(value, dict):
        return None
    if value.get("id") == record_id:
        return {k: v for k, v in value.items() if k not in reviews.APART}
    for name in lists:
        for entry in value.get(name) or []:
            if isinstance(entry, dict) and entry.get("id") == record_id:
                return entry
    return None


class Desk:
    """What is said of one record. Every action writes the file of its notes and commits it."""

    def __init__(self, root: Path, base: KnowledgeBase, record_id: str) -> None:
        self.root, self.base, self.id = root, base, record_id
        self.kind, self.record = reviews.find(base, record_id)
        self.notes = reviews.read(root, self.kind, record_id)
        self.told = ""
        """What git could not do about the last action; empty when it took it."""

    @property
    def digest(self) -> str:
        return reviews.digest(self.kind, self.record)

    @property
    def stage(self) -> Stage:
        released = released_digests(self.root).get(f"{self.kind}/{self.id}", ())
        return reviews.stage_of(self.notes, self.digest, released)

    @property
    def extracted_by(self) -> list[str]:
        """Who wrote it, the last one first: from the history, and from readings that say so."""
        said = [r.who for r in self.notes.readings if r.stage in (Stage.EXTRACTED, Stage.DRAFT)]
        return list(dict.fromkeys([*writers(self.root, self.record, self.id), *said]))

    @property
    def checks(self) -> list[Reading]:
        """Checks of the record as it stands."""
        return [r for r in self.notes.readings if r.stage is Stage.CHECKED and r.digest == self.digest]

    @property
    def dispute(self) -> Reading | None:
        """The reading that says otherwise, while nobody has settled it."""
        here = [r for r in self.notes.readings if r.digest == self.digest]
        return here[-1] if here and here[-1].stage is Stage.DISPUTED else None

    def mark(self, who: str, stage: Stage, note: str = "", otherwise: Iterable[Change] = ()) -> Reading:
        """Note a reading. Raises ReviewError when a check is by the one who wrote the record."""
        name = signed(who)
        wrote = self.extracted_by[:1] if stage in (Stage.CHECKED, Stage.DISPUTED) else []
        if any(same_person(name, one) for one in wrote):
            raise ReviewError(f"{wrote[0]} wrote {self.id} as it stands; another person checks it")
        if stage is Stage.CHECKED and self.notes.open_comments:
            count = len(self.notes.open_comments)
            said, what = ("comment is", "it") if count == 1 else ("comments are", "them")
            raise ReviewError(f"{count} {said} open on {self.id}; resolve {what} first")
        fields = [Otherwise(field=dotted(c.path), recorded=_shown(c.old), read=_shown(c.new)) for c in otherwise]
        if stage is Stage.DISPUTED and not fields and not note.strip():
            raise ReviewError("say what you read otherwise: change the field in the form, or write a note")
        reading = Reading(
            id=reviews.fresh_id(name),
            who=name,
            when=reviews.moment(),
            stage=stage,
            digest=self.digest,
            note=note.strip() or None,
            otherwise=fields,
        )
        self.notes.readings = [*self.notes.readings, reading]
        if stage is Stage.CHECKED and same_person(self.notes.assigned or "", name):
            self.notes.assigned = None
        self._put(f"{stage.caption}: {self.id}", name)
        return reading

    def settle(self, who: str, note: str) -> Reading:
        """Say that the record stays as it is after a dispute, and why: it is extracted again and wants a check."""
        if not note.strip():
            raise ReviewError("say why the record stays as it is")
        return self.mark(who, Stage.EXTRACTED, note)

    def comment(self, who: str, says: str, field_: str = "") -> Comment:
        """Add a remark on a field. Raises ReviewError when nothing is said."""
        if not says.strip():
            raise ReviewError("write the comment first")
        name = signed(who)
        made = Comment(
            id=reviews.fresh_id(name), who=name, when=reviews.moment(), field=field_.strip() or None, says=says
        )
        self.notes.comments = [*self.notes.comments, made]
        self._put(f"Comment on {self.id}{': ' + made.field if made.field else ''}", name)
        return made

    def resolve(self, who: str, comment_id: str, answer: str = "") -> None:
        """Close a comment. Raises ReviewError for one that is not there or closed."""
        found = next((c for c in self.notes.comments if c.id == comment_id), None)
        if found is None or not found.is_open:
            raise ReviewError(f"no open comment of {self.id} has the id {comment_id!r}")
        found.resolved_by, found.resolved_on = signed(who), reviews.moment()
        found.answer = answer.strip() or None
        self._put(f"Resolve a comment on {self.id}", found.resolved_by)

    def assign(self, who: str, to: str) -> None:
        """Say who deals with it next; nobody, when `to` is empty."""
        self.notes.assigned = " ".join(to.split()) or None
        self._put(f"Assign {self.id} to {self.notes.assigned or 'no one'}", signed(who))

    def _put(self, why: str, who: str) -> None:
        self.told = reviews.put(self.root, self.notes, why, who)


def _shown(value: Any) -> Any:
    return None if value is ABSENT else value


def release_unchecked(root: Path, version: str, by: str, unchecked: list[Entry]) -> str:
    """Note which records an editor released without a second reader; what git could not do, in a sentence."""
    values = {
        "version": version,
        "when": now().date().isoformat(),
        "by": signed(by),
        "unchecked": [e.key for e in unchecked],
    }
    file = f"{reviews.FOLDER}/releases/{version}.yaml"
    return reviews.keep_file(root, file, values, f"Release {version} with {len(unchecked)} records unchecked", by)
