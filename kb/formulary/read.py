"""The formulary folder to records, with every problem of every file at once.

A subject's file may be accompanied by a folder of its name: each file in it (a part) holds lists of the subject's findings,
assessments, cautions, mixing or regulatory records, so that two people who each add one touch different files. The lists of
a vocabulary, the protocols and what was left out may be spread over a folder in the same way; searches stand in a folder.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kb.formulary.validate import validate
from kb.formulary.yamltext import Document, parse, read_text
from kb.model import (
    Advice,
    Caution,
    Change,
    Claim,
    ClaimPage,
    Correction,
    Exposure,
    Ingredient,
    KnowledgeField,
    LeftOut,
    Maximum,
    Product,
    Protocol,
    Record,
    Release,
    Search,
    Subject,
    SubjectPart,
    Technique,
    Term,
)
from kb.model.record import SLUG
from kb.model.release import MODEL
from kb.model.terms import Direction
from kb.problems import Problem

PARTS = ("findings", "assessments", "cautions", "regulatory", "mixing", "contents", "nothing_found")
"""The lists of a subject that its parts may hold."""

VOCABULARIES = ("indications", "adverse-effects", "conditions", "substances", "topics", "jurisdictions")

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Subject)

MIXED = "mixed"
"""The direction that version 2 of the record types had for what `kb.model.terms.Direction.divided` tells apart."""


_ID = re.compile(r"^\s*(?:- )?id:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)


def misnamed(file: str, line: int, record_id: str) -> Problem:
    """The problem of a file that is not named after its record."""
    stem = Path(file).stem
    also = f", or set id: {stem}" if re.fullmatch(SLUG, stem) else ""
    cure = f"rename the file to {record_id}.yaml{also}"
    return Problem(file, line, "id", f"{record_id!r} is not the file's name", cure, record_id)


@dataclass
class Formulary:
    """Everything that stands in `formulary/`, by id, in the order of the files."""

    ingredients: dict[str, Ingredient] = dataclasses.field(default_factory=dict)
    techniques: dict[str, Technique] = dataclasses.field(default_factory=dict)
    exposures: dict[str, Exposure] = dataclasses.field(default_factory=dict)
    vocabularies: dict[str, dict[str, Term]] = dataclasses.field(default_factory=lambda: {v: {} for v in VOCABULARIES})
    protocols: dict[str, Protocol] = dataclasses.field(default_factory=dict)
    products: dict[str, Product] = dataclasses.field(default_factory=dict)
    maxima: dict[str, Maximum] = dataclasses.field(default_factory=dict)
    pages: dict[str, ClaimPage] = dataclasses.field(default_factory=dict)
    left_out: list[LeftOut] = dataclasses.field(default_factory=list)
    corrections: dict[str, Correction] = dataclasses.field(default_factory=dict)
    searches: dict[str, Search] = dataclasses.field(default_factory=dict)
    aftercare: dict[str, Advice] = dataclasses.field(default_factory=dict)
    changes: dict[str, Change] = dataclasses.field(default_factory=dict)
    release: Release | None = None
    field: KnowledgeField = dataclasses.field(default_factory=KnowledgeField)
    files: list[str] = dataclasses.field(default_factory=list)
    mixed: set[str] = dataclasses.field(default_factory=set)
    """Findings and assessments of an older form whose direction was *mixed*: `kb.migrate.directions` tells them apart."""
    unread: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    """File of which something could not be read, to the ids that stand in it: they are there, though unknown here."""

    @property
    def subjects(self) -> Iterator[Subject]:
        yield from self.ingredients.values()
        yield from self.techniques.values()
        yield from self.exposures.values()

    @property
    def product_cautions(self) -> list[Caution]:
        return [c for p in self.products.values() for c in p.cautions]

    @property
    def claims(self) -> Iterator[Claim]:
        for page in self.pages.values():
            yield from page.claims


def _model_of(root: Path) -> int:
    """The version of the record types the files are written for; the present one where there is no release."""
    path = root / "formulary" / "release.yaml"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else f"model: {MODEL}"
    found = re.search(r"^model:\s*(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 1


def _told_apart(value: object) -> set[str]:
    """Ids of the findings and assessments that were *mixed*; they are taken for *outcomes differ* until more is known."""
    lists = [value.get(name) for name in ("findings", "assessments")] if isinstance(value, dict) else []
    mixed = [
        r
        for found in lists
        if isinstance(found, list)
        for r in found
        if isinstance(r, dict) and r.get("direction") == MIXED
    ]
    for record in mixed:
        record["direction"] = Direction.OUTCOMES_DIFFER.value
    return {str(record.get("id")) for record in mixed}


def _other_model(document: Document, model: int) -> Problem:
    """Older files can be read, but lack what newer ones say; newer files may hold what this program does not know."""
    line = document.line(("model",))
    message = f"these files are written for version {model} of the record types, this program for {MODEL}"
    if model > MODEL:
        return Problem(document.file, line, "model", message, "install the newer program")
    return Problem(document.file, line, "model", message, "run `kb migrate`", severity="warning")


def read(root: Path) -> tuple[Formulary, list[Problem]]:
    """Read `root/formulary`; records that cannot be read are left out and told as problems, the others stand.

    Links between records are not looked at here: see `kb.formulary.links`.
    """
    reader = _Reader(root)
    formulary = reader.formulary
    if not (root / "formulary").is_dir():
        return formulary, [Problem("formulary", 1, "", "is not there", "run kb in the folder that holds `formulary/`")]
    reader.subjects("ingredients", Ingredient, formulary.ingredients)
    reader.subjects("techniques", Technique, formulary.techniques)
    reader.subjects("exposures", Exposure, formulary.exposures)
    for name in VOCABULARIES:
        reader.spread(f"vocabulary/{name}", "terms", Term, formulary.vocabularies[name])
    reader.spread("protocols", "protocols", Protocol, formulary.protocols)
    reader.files("products", Product, formulary.products)
    for path in sorted((root / "formulary" / "maxima").glob("*.yaml")):
        reader.listed(f"maxima/{path.name}", "maxima", Maximum, formulary.maxima)
    reader.pages()
    reader.listed("corrections.yaml", "corrections", Correction, formulary.corrections)
    for file in ("left-out.yaml", *reader.inside("left-out")):
        formulary.left_out += [record for _, record in reader.entries(file, "left_out", LeftOut)]
    reader.spread("searches", "searches", Search, formulary.searches)
    reader.spread("aftercare", "aftercare", Advice, formulary.aftercare)
    reader.spread("changes", "changes", Change, formulary.changes)
    reader.release()
    reader.field()
    reader.strangers()
    return formulary, reader.problems


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.formulary = Formulary()
        self.problems: list[Problem] = []
        self.older = _model_of(root) < 3

    def document(self, path: Path) -> Document | None:
        file = path.relative_to(self.root).as_posix()
        self.formulary.files.append(file)
        text, problems = read_text(path, file)
        document = None
        if text is not None:
            document, problems = parse(text, file)
        self.problems += problems
        if document is None:
            self.formulary.unread[file] = {path.stem, *_ID.findall(text or "")}
        else:
            self.problems += document.doubts
            if self.older:
                self.formulary.mixed |= _told_apart(document.value)
        return document

    def record(self, kind: type[R], document: Document, path: tuple[str | int, ...] = ()) -> R | None:
        record, problems = validate(kind, document, path)
        self.problems += problems
        if record is None:
            self.hold_back(document)
        return record

    def hold_back(self, document: Document) -> None:
        """Remember the ids of a file of which something could not be read."""
        ids = self.formulary.unread.setdefault(document.file, {Path(document.file).stem})
        waiting = [document.value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                ids |= {value["id"]} if isinstance(value.get("id"), str) else set()
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value

    def unreached(self, folder: Path) -> None:
        """The parts of a subject whose own file could not be read: they wait for it, and are no strangers."""
        for path in sorted(folder.glob("*.yaml")):
            if document := self.document(path):
                self.hold_back(document)

    def subjects(self, folder: str, kind: type[S], into: dict[str, S]) -> None:
        for path in sorted((self.root / "formulary" / folder).glob("*.yaml")):
            document = self.document(path)
            record = self.record(kind, document) if document else None
            if document is None or record is None:
                self.unreached(path.with_suffix(""))
                continue
            if record.id != path.stem:
                self.problems.append(misnamed(document.file, document.line(("id",)), record.id))
            into[path.stem] = record
            self.parts(path.with_suffix(""), record)

    def parts(self, folder: Path, subject: Subject) -> None:
        """What the files in the subject's own folder add to its lists."""
        if not folder.is_dir():
            return
        for path in sorted(folder.glob("*.yaml")):
            document = self.document(path)
            part = self.record(SubjectPart, document) if document else None
            if document is None or part is None:
                continue
            for name in PARTS:
                added = getattr(part, name)
                if name in type(subject).model_fields:
                    getattr(subject, name).extend(added)
                elif added:
                    line, cure = document.line((name,)), "only ingredients have it; remove it"
                    self.problems.append(Problem(document.file, line, name, "is not expected here", cure, subject.id))

    def files(self, folder: str, kind: type[Product], into: dict[str, Product]) -> None:
        """Records that have a file of their own, named after their id."""
        for path in sorted((self.root / "formulary" / folder).glob("*.yaml")):
            document = self.document(path)
            record = self.record(kind, document) if document else None
            if document is None or record is None:
                continue
            if record.id != path.stem:
                self.problems.append(misnamed(document.file, document.line(("id",)), record.id))
            into[record.id] = record

    def pages(self) -> None:
        for path in sorted((self.root / "formulary" / "claims").glob("*.yaml")):
            document = self.document(path)
            record = self.record(ClaimPage, document) if document else None
            if record is not None:
                self.formulary.pages[record.id] = record

    def entries(self, name: str, key: str, kind: type[R]) -> Iterator[tuple[Document, R]]:
        """The records listed under `key` in a file; a missing file is an empty list."""
        path = self.root / "formulary" / name
        document = self.document(path) if path.exists() else None
        if document is None or document.value is None:
            return
        if not isinstance(document.value, dict) or not isinstance(document.value.get(key), list):
            problem = Problem(
                document.file, 1, key, f"does not hold a list called `{key}`", f"start the file with `{key}:`"
            )
            self.problems.append(problem)
            return
        for other in document.value.keys() - {key}:
            line = document.line((other,))
            self.problems.append(
                Problem(document.file, line, other, "is not expected here", f"the file holds `{key}` only")
            )
        for i in range(len(document.value[key])):
            record = self.record(kind, document, (key, i))
            if record is not None:
                yield document, record

    def listed(self, name: str, key: str, kind: type[R], into: dict[str, R]) -> None:
        for document, record in self.entries(name, key, kind):
            record_id: str = record.id  # type: ignore[attr-defined]
            if record_id in into:
                line = record.place.line if record.place else 1
                first = into[record_id].place
                cure = f"it already stands at {first}; give it another id, or merge the two"
                self.problems.append(Problem(document.file, line, "id", f"{record_id!r} stands twice", cure, record_id))
            into[record_id] = record

    def spread(self, name: str, key: str, kind: type[R], into: dict[str, R]) -> None:
        """The list in `name`.yaml, then those in the files of the folder `name`."""
        for file in (f"{name}.yaml", *self.inside(name)):
            self.listed(file, key, kind, into)

    def inside(self, folder: str) -> list[str]:
        """The YAML files of a folder of the formulary, as paths relative to it."""
        return [f"{folder}/{path.name}" for path in sorted((self.root / "formulary" / folder).glob("*.yaml"))]

    def release(self) -> None:
        path = self.root / "formulary" / "release.yaml"
        document = self.document(path) if path.exists() else None
        if document is not None:
            self.formulary.release = release = self.record(Release, document)
            if release is not None and release.model != MODEL:
                self.problems.append(_other_model(document, release.model))

    def field(self) -> None:
        path = self.root / "formulary" / "field.yaml"
        document = self.document(path) if path.exists() else None
        found = self.record(KnowledgeField, document) if document is not None else None
        if found is not None:
            self.formulary.field = found

    def strangers(self) -> None:
        """A file nobody reads is a record an author believes to be in the base."""
        known = set(self.formulary.files)
        for path in sorted((self.root / "formulary").rglob("*")):
            file = path.relative_to(self.root).as_posix()
            if path.is_file() and file not in known and not path.name.startswith("."):
                cure = (
                    "move it to ingredients/, techniques/, exposures/ (or the folder of a subject there), claims/, "
                    "products/, maxima/, protocols/, searches/, aftercare/, changes/, left-out/ or vocabulary/, with the ending .yaml"
                )
                self.problems.append(Problem(file, 1, "", "is read by nothing", cure))
