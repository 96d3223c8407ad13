"""Which record type a file of the formulary holds, by its path: for those who open one file alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.formulary.read import VOCABULARIES
from kb.model import (
    Advice,
    Change,
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
    SubjectPart,
    Technique,
    Term,
)

_SUBJECTS: dict[str, type[Record]] = {"ingredients": Ingredient, "techniques": Technique, "exposures": Exposure}
_WHOLE: dict[str, type[Record]] = {**_SUBJECTS, "claims": ClaimPage, "products": Product}
"""Folders of files that are one record."""
_ALONE: dict[str, type[Record]] = {"release": Release, "field": KnowledgeField}
_LISTS: dict[str, tuple[type[Record], str]] = {
    "protocols": (Protocol, "protocols"),
    "searches": (Search, "searches"),
    "aftercare": (Advice, "aftercare"),
    "changes": (Change, "changes"),
    "left-out": (LeftOut, "left_out"),
}
"""A file of this name, or a folder of such files, with the list that holds the records."""
_FILES: dict[str, tuple[type[Record], str]] = {**_LISTS, "corrections": (Correction, "corrections")}
_FOLDERS: dict[str, tuple[type[Record], str]] = {**_LISTS, "maxima": (Maximum, "maxima")}


@dataclass(frozen=True)
class FileKind:
    """The record type of a file; `key` names the list that holds its records, empty when the file is one record."""

    record: type[Record]
    key: str
    stem: str


def kind_of(file: str) -> FileKind | None:
    """The kind of a file by its path relative to the root, None when nothing reads it."""
    path = PurePosixPath(file)
    if path.suffix != ".yaml" or path.parts[:1] != ("formulary",):
        return None
    match path.parts[1:-1]:
        case ():
            if path.stem in _ALONE:
                return FileKind(_ALONE[path.stem], "", path.stem)
            return FileKind(*_FILES[path.stem], path.stem) if path.stem in _FILES else None
        case (folder,) if folder in _WHOLE:
            return FileKind(_WHOLE[folder], "", path.stem)
        case (folder,) if folder in _FOLDERS:
            return FileKind(*_FOLDERS[folder], path.stem)
        case (folder, subject) if folder in _SUBJECTS:
            return FileKind(SubjectPart, "", subject)
        case ("vocabulary",) if path.stem in VOCABULARIES:
            return FileKind(Term, "terms", path.stem)
        case ("vocabulary", name) if name in VOCABULARIES:
            return FileKind(Term, "terms", name)
    return None
