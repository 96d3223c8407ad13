"""One file of the formulary held otherwise than on disk: for checks and previews of what is not saved yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from kb.formulary.read import PARTS, Formulary
from kb.model import (
    ClaimPage,
    Correction,
    Exposure,
    Ingredient,
    KnowledgeField,
    Maximum,
    Product,
    Protocol,
    Record,
    Release,
    Subject,
    Technique,
    Term,
)
from kb.model.subject import SubjectPart


def with_file(formulary: Formulary, file: str, records: Sequence[Record]) -> Formulary:
    """A formulary that shares everything with the given one but the records of `file` (relative to the root).

    Raises TypeError for records that no file of the formulary holds.
    """
    one = records[0]
    if isinstance(one, SubjectPart):
        one = _with_part(formulary, file, one)
    elif isinstance(one, Subject):
        one = _with_other_files(formulary, file, one)
    if isinstance(one, Ingredient):
        return replace(formulary, ingredients={**formulary.ingredients, owner_of(file): one})
    if isinstance(one, Technique):
        return replace(formulary, techniques={**formulary.techniques, owner_of(file): one})
    if isinstance(one, Exposure):
        return replace(formulary, exposures={**formulary.exposures, owner_of(file): one})
    if isinstance(one, ClaimPage):
        return replace(formulary, pages=_others(formulary.pages, file) | {one.id: one})
    if isinstance(one, KnowledgeField):
        return replace(formulary, field=one)
    if isinstance(one, Release):
        return replace(formulary, release=one)
    by_id: dict[str, Any] = {str(getattr(r, "id", "")): r for r in records}
    if isinstance(one, Term):
        name = owner_of(file)
        terms = _others(formulary.vocabularies[name], file) | by_id
        return replace(formulary, vocabularies={**formulary.vocabularies, name: terms})
    if isinstance(one, Protocol):
        return replace(formulary, protocols=_others(formulary.protocols, file) | by_id)
    if isinstance(one, Product):
        return replace(formulary, products=_others(formulary.products, file) | by_id)
    if isinstance(one, Maximum):
        return replace(formulary, maxima=_others(formulary.maxima, file) | by_id)
    if isinstance(one, Correction):
        return replace(formulary, corrections=_others(formulary.corrections, file) | by_id)
    raise TypeError(f"{type(one).__name__} has no place in the formulary")


def is_part(file: str) -> bool:
    """Does the file stand in the folder of its subject or vocabulary?"""
    return len(PurePosixPath(file).parts) == 4


def owner_of(file: str) -> str:
    """Id of the subject, page or vocabulary that a file belongs to: its own name, or that of the folder it is a part of."""
    path = PurePosixPath(file)
    return path.parts[2] if is_part(file) else path.stem


def _others(records: Mapping[str, Any], file: str) -> dict[str, Any]:
    return {key: r for key, r in records.items() if not (r.place and r.place.file == file)}


def _with_part(formulary: Formulary, file: str, part: SubjectPart) -> Subject:
    """The subject with what its part `file` holds taken from `part`."""
    subject = next(s for s in formulary.subjects if s.id == owner_of(file))
    lists = {name: [*_elsewhere(subject, name, file), *getattr(part, name)] for name in _lists(subject)}
    return subject.model_copy(update=lists)


def _with_other_files(formulary: Formulary, file: str, header: Subject) -> Subject:
    """The subject as its own file says, with what its parts hold."""
    before = next((s for s in formulary.subjects if s.id == owner_of(file)), None)
    if before is None:
        return header
    lists = {name: [*getattr(header, name), *_elsewhere(before, name, file)] for name in _lists(header)}
    return header.model_copy(update=lists)


def _lists(subject: Subject) -> list[str]:
    return [name for name in PARTS if name in type(subject).model_fields]


def _elsewhere(subject: Subject, name: str, file: str) -> list[Record]:
    return [r for r in getattr(subject, name) if not (r.place and r.place.file == file)]
