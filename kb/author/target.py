"""Where a record stands: its file, the list inside that file, and its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from kb.formulary.swap import is_part, owner_of
from kb.model import (
    Assessment,
    Caution,
    Claim,
    ClaimPage,
    Exposure,
    Finding,
    Ingredient,
    Record,
    SubjectPart,
    Technique,
)
from kb.model.release import Release

KINDS: dict[str, type[Record]] = {
    "ingredient": Ingredient,
    "technique": Technique,
    "exposure": Exposure,
    "finding": Finding,
    "assessment": Assessment,
    "caution": Caution,
    "claim": Claim,
    "release": Release,
}
_LIST = {"finding": "findings", "assessment": "assessments", "caution": "cautions", "claim": "claims"}
_FOLDERS: dict[str, type[Record]] = {
    "ingredients": Ingredient,
    "techniques": Technique,
    "exposures": Exposure,
    "claims": ClaimPage,
}
SCHEMA = {"ingredients": "ingredient", "techniques": "technique", "exposures": "exposure", "claims": "claim-page"}


@dataclass(frozen=True)
class Target:
    """One record of the formulary.

    `kind` is one of KINDS; `file` is relative to the root; `id` is empty for a record that is still to be named.
    A subject's findings and assessments are records of their own and no part of the subject's target.
    """

    kind: str
    file: str
    id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no kind {self.kind!r}; kinds are: {', '.join(KINDS)}")
        if not re.fullmatch(r"formulary/(?:[a-z-]+/(?:[a-z0-9-]+/)?)?[a-z0-9_-]+\.yaml", self.file):
            raise ValueError(
                f"{self.file!r} is not a file of the formulary; write e.g. formulary/ingredients/biotin.yaml"
            )

    @property
    def record_type(self) -> type[Record]:
        return KINDS[self.kind]

    @property
    def list(self) -> str:
        """The field of the file that lists records of this kind; empty when the record is the file."""
        return _LIST.get(self.kind, "")

    @property
    def apart(self) -> tuple[str, ...]:
        """Fields of the file that are no part of this record."""
        return () if self.list or self.kind == "release" else ("findings", "assessments")

    @property
    def folder(self) -> str:
        return self.file.split("/")[1] if self.file.count("/") > 1 else ""

    @property
    def is_part(self) -> bool:
        """Does the file stand in its subject's folder, and hold some of the subject's lists only?"""
        return is_part(self.file)

    @property
    def owner(self) -> str:
        """Id of the subject (or the claim page) whose record this is."""
        return owner_of(self.file)

    @property
    def file_type(self) -> type[Record]:
        return SubjectPart if self.is_part else _FOLDERS.get(self.folder, self.record_type)

    @property
    def key(self) -> str:
        """A name for files about this record."""
        parts = [
            self.file.removeprefix("formulary/").removesuffix(".yaml").replace("/", "."),
            self.kind,
            self.id or "new",
        ]
        return ".".join(parts)

    @property
    def title(self) -> str:
        where = self.owner
        if not self.list:
            return f"{self.kind} {self.id or where}"
        return f"{self.kind} {self.id}" if self.id else f"new {self.kind} of {where}"

    def path(self, document: Any) -> tuple[str | int, ...] | None:
        """Path of the record inside the file's value; None when it is not there."""
        if not isinstance(document, Mapping):
            return None
        if not self.list:
            return ()
        entries = document.get(self.list)
        for place, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, Mapping) and entry.get("id") == self.id and self.id:
                return (self.list, place)
        return None

    def values(self, document: Any) -> dict[str, Any] | None:
        """The record's plain values in the file's value; None when it is not there."""
        path = self.path(document)
        if path is None:
            return None
        value = document
        for step in path:
            value = value[step]
        return {k: deepcopy(v) for k, v in value.items() if k not in self.apart}

    def put(self, document: Any, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """A copy of the file's value that holds `values` as this record; None takes the record out."""
        whole: dict[str, Any] = deepcopy(dict(document)) if isinstance(document, Mapping) else {}
        if not self.list:
            if values is None:
                return {}
            return _in_order(self.file_type, {**values, **{k: whole[k] for k in self.apart if k in whole}})
        entries = whole.setdefault(self.list, [])
        place = self.path(whole)
        if place is not None and values is None:
            del entries[int(place[1])]
        elif place is not None:
            entries[int(place[1])] = dict(values or {})
        elif values is not None:
            entries.append(dict(values))
        if not entries:
            del whole[self.list]
        return _in_order(self.file_type, whole)

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "file": self.file, "id": self.id}

    @classmethod
    def of_subject(cls, kind: str, slug: str) -> Target:
        """The target of an ingredient, a technique or an exposure."""
        return cls(kind, f"formulary/{kind}s/{slug}.yaml", slug)


_SUBJECT = [
    "id",
    "name",
    "kind",
    "synonyms",
    "brands",
    "parents",
    "identifiers",
    "approximate",
    "role",
    "summary",
    "profile",
    "mechanism",
    "evidence_note",
    "findings",
    "assessments",
    "cautions",
    "regulatory",
    "mixing",
    "review",
]


def _in_order(kind: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    """Fields in the order the formulary's files have them; unknown ones last."""
    order = _SUBJECT if "review" in kind.model_fields else [f.alias or name for name, f in kind.model_fields.items()]
    return {name: values[name] for name in [*(n for n in order if n in values), *(n for n in values if n not in order)]}


def head(file: str) -> str:
    """The first line of a new file, from which editors learn its schema."""
    folder = file.split("/")[1] if file.count("/") > 1 else ""
    name = "subject-part" if is_part(file) else SCHEMA.get(folder, "release")
    return f"# yaml-language-server: $schema={'../' * file.count('/')}schema/{name}.json\n"
