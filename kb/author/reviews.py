"""Two pairs of eyes: who extracted a record, who checked it, what they read otherwise, and what is still to talk about.

What people say of a record stands in `reviews/<kind>/<id>.yaml` in the repository. Readings and comments have ids, so that two
branches join. A check holds for the record as it was then: after a change the record is extracted again and wants another check.
What the last release holds counts as released.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml.error import YAMLError

from kb.atomic import write_text
from kb.author.folder import now, writing
from kb.author.history import GitError, History, in_the_way
from kb.author.slugs import renamed
from kb.formulary.write import dump, load, merge, plain
from kb.formulary.yamltext import parse, read_text
from kb.knowledge import KnowledgeBase
from kb.model import Record
from kb.model.record import Line, Part, Text

FOLDER = "reviews"
APART = ("findings", "assessments", "cautions", "review")
"""Fields of a subject that are records of their own, or say when it was last read."""
KINDS = ("subject", "finding", "assessment", "caution", "claim", "protocol", "product")


class Stage(StrEnum):
    """How far a record has come."""

    DRAFT = "draft"
    EXTRACTED = "extracted"
    DISPUTED = "disputed"  # the second reader read something otherwise
    CHECKED = "checked"
    RELEASED = "released"

    @property
    def caption(self) -> str:
        return self.value.capitalize()


class ReviewError(Exception):
    """It cannot be noted so; the message says why and what to do."""


class Otherwise(Part):
    """One field that the second reader read otherwise."""

    field: Line = Field(description="field of the record, e.g. `outcomes[0].events`")
    recorded: Any = Field(None, description="what the record said")
    read: Any = Field(None, description="what the second reader read")


class Reading(Part):
    """One person's reading of a record, as it stood then."""

    id: Line
    who: Line
    when: Line
    stage: Stage
    digest: Line = Field(description="of the record as it was read")
    note: Text | None = None
    otherwise: list[Otherwise] = Field(default_factory=list)


class Comment(Part):
    """A remark on a field; resolved when somebody says so."""

    id: Line
    who: Line
    when: Line
    field: Line | None = None
    says: Text
    resolved_by: Line | None = None
    resolved_on: Line | None = None
    answer: Text | None = None

    @property
    def is_open(self) -> bool:
        return self.resolved_by is None


class Notes(Record):
    """Everything people said of one record."""

    record: Line
    kind: Line
    assigned: Line | None = Field(None, description="who is to deal with it next")
    readings: list[Reading] = Field(default_factory=list)
    comments: list[Comment] = Field(default_factory=list)

    @property
    def open_comments(self) -> list[Comment]:
        return [c for c in self.comments if c.is_open]


Renamings = Sequence[tuple[str, str]]
"""Old and new slug of each renaming, the first one first."""


def records(base: KnowledgeBase) -> Iterator[tuple[str, str, Record]]:
    """(kind, id, record) of everything that is read by a second person."""
    for subject in base.subjects.values():
        yield "subject", subject.id, subject
    for kind, known in (
        ("finding", base.findings),
        ("assessment", base.assessments),
        ("caution", base.cautions),
        ("claim", base.claims),
        ("protocol", base.protocols),
        ("product", base.formulary.products),
    ):
        for record_id, record in known.items():
            yield kind, record_id, record


def digest(kind: str, record: Record, renamings: Renamings = ()) -> str:
    """A short fingerprint of what a record says, whatever its file looks like; as it reads after `renamings` of slugs."""
    values = {k: v for k, v in plain(record).items() if kind != "subject" or k not in APART}
    # Whether sources disagree is a code that `kb migrate` derives; a record is not another one for it.
    values = {k: v for k, v in values.items() if k != "sources_disagree"}
    for old, new in renamings:
        values, _ = renamed(values, old, new)
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def digests(base: KnowledgeBase, renamings: Renamings = ()) -> dict[str, str]:
    """`kind/id` to the fingerprint of every record of the base."""
    return {key(kind, i, renamings): digest(kind, record, renamings) for kind, i, record in records(base)}


def key(kind: str, record_id: str, renamings: Renamings = ()) -> str:
    """`kind/id`, after `renamings` of slugs."""
    for old, new in renamings:
        record_id = new if record_id == old else record_id
    return f"{kind}/{record_id}"


def find(base: KnowledgeBase, record_id: str) -> tuple[str, Record]:
    """Kind and record of an id. Raises ReviewError for an id nobody has, naming the nearest."""
    from kb.formulary.validate import nearest

    known = {i: (kind, record) for kind, i, record in records(base)}
    if record_id not in known:
        near = nearest(record_id, set(known))
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ReviewError(f"no record has the id {record_id!r}{hint}")
    return known[record_id]


def path_of(root: Path, kind: str, record_id: str) -> Path:
    return root / FOLDER / f"{kind}s" / f"{record_id}.yaml"


def read(root: Path, kind: str, record_id: str) -> Notes:
    """What was said of a record; nothing, when there is no file. Raises ReviewError for a file that cannot be read."""
    path = path_of(root, kind, record_id)
    if not path.exists():
        return Notes(record=record_id, kind=kind)
    return _read(path, path.relative_to(root).as_posix())


def _read(path: Path, file: str) -> Notes:
    text, problems = read_text(path, file)
    document = None
    if text is not None:
        document, problems = parse(text, file)
    if document is None:
        raise ReviewError(str(problems[0]))
    try:
        return Notes.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ReviewError(
            f"{file}: {where}: {first['msg']}; mend it by hand, or bring back an earlier state"
        ) from error


def everything(root: Path) -> tuple[dict[str, Notes], list[str]]:
    """`kind/id` to what was said of it, and the files that cannot be read, each in a sentence."""
    found: dict[str, Notes] = {}
    trouble: list[str] = []
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        if path.parent.name == "releases":
            continue
        try:
            notes = _read(path, path.relative_to(root).as_posix())
        except ReviewError as error:
            trouble.append(str(error))
            continue
        found[f"{notes.kind}/{notes.record}"] = notes
    return found, trouble


def put(root: Path, notes: Notes, why: str, author: str) -> str:
    """Write what was said and commit that one file; what git could not do, in a sentence. Raises OSError, BusyError."""
    file = path_of(root, notes.kind, notes.record).relative_to(root).as_posix()
    return keep_file(root, file, plain(notes), why, author)


def keep_file(root: Path, file: str, values: dict[str, Any], why: str, author: str) -> str:
    """Write a file of the folder `reviews` and commit it alone; what git could not do, in a sentence."""
    path = root / file
    with writing(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            document = load(path.read_text(encoding="utf-8") if path.exists() else "")
        except (YAMLError, TypeError) as error:
            raise ReviewError(f"{file}: is not valid YAML; run `kb check`") from error
        merge(document, values)
        write_text(path, dump(document))
        try:
            History(root).commit(file, why, author)
        except GitError as error:
            return f"kept in {file}, though git could not take it: {in_the_way(error)}"
    return ""


def signed(who: str) -> str:
    """The name, without blanks around it. Raises ReviewError when there is none."""
    name = " ".join(who.split())
    if not name:
        raise ReviewError("no name is given; write your name (--author)")
    return name


def same_person(a: str, b: str) -> bool:
    return " ".join(a.split()).casefold() == " ".join(b.split()).casefold()


def fresh_id(who: str) -> str:
    """An id that no other branch gives: day, name, four letters of chance."""
    name = re.sub(r"[^a-z0-9]+", "-", who.lower()).strip("-")[:20] or "somebody"
    return f"{now():%Y%m%d}-{name}-{uuid.uuid4().hex[:6]}"


def moment() -> str:
    return now().isoformat(timespec="minutes")


def stage_of(notes: Notes | None, fingerprint: str, released: Collection[str]) -> Stage:
    """How far a record has come, from what was said of it as it stands and from its fingerprints in the last release."""
    here = [r for r in (notes.readings if notes else []) if r.digest == fingerprint]
    last = here[-1].stage if here else None
    if last in (Stage.DISPUTED, Stage.DRAFT):
        return last
    if fingerprint in released:
        return Stage.RELEASED
    return Stage.CHECKED if any(r.stage is Stage.CHECKED for r in here) else Stage.EXTRACTED


class Releases(Record):
    """What an editor released without a second reader, and said so."""

    version: Line
    when: date
    by: Line
    unchecked: list[Line] = Field(default_factory=list, description="`kind/id` of each")
