"""What the record types allow at a path of a file."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kb.formulary.places import FileKind
from kb.formulary.yamltext import Path_


@dataclass(frozen=True)
class Spot:
    """What may stand at a path: the types of a value, the field it belongs to, and the record type of that field."""

    types: tuple[Any, ...]
    owner: type[BaseModel] | None = None
    name: str = ""
    info: FieldInfo | None = None

    @property
    def model(self) -> type[BaseModel] | None:
        """The record type when a record stands here."""
        return next((t for t in self.types if isinstance(t, type) and issubclass(t, BaseModel)), None)

    @property
    def is_list(self) -> bool:
        return any(get_origin(t) is list for t in self.types)

    @property
    def words(self) -> list[str]:
        """The closed list of values, when there is one."""
        for kind in self.types:
            if isinstance(kind, type) and issubclass(kind, Enum):
                return [str(member.value) for member in kind]
            if kind is bool:
                return ["true", "false"]
        return []


def spot(kind: FileKind, path: Path_) -> Spot | None:
    """What stands at `path` of a file, None when the path leads nowhere."""
    if kind.key:
        if not path:
            return Spot(())
        if path[0] != kind.key:
            return None
        here = Spot((list[kind.record],), None, kind.key)  # type: ignore[name-defined]
        path = path[1:]
    else:
        here = Spot((kind.record,))
    for step in path:
        following = inside(here, step)
        if following is None:
            return None
        here = following
    return here


def inside(here: Spot, step: str | int) -> Spot | None:
    """What stands in a field of the record, or in an entry of the list, that stands here."""
    if isinstance(step, int):
        inner = [t for kind in here.types if get_origin(kind) is list for t in get_args(kind)]
        return Spot(tuple(_plain(inner)), here.owner, here.name, here.info) if inner else None
    owner = here.model
    info = fields(owner).get(step) if owner else None
    if info is None:
        return None
    return Spot(tuple(_plain([info.annotation])), owner, step, info)


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a record by the name they have in the files."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _plain(kinds: Iterable[Any]) -> list[Any]:
    """The types without `Annotated`, unions and None."""
    out: list[Any] = []
    for kind in kinds:
        if get_origin(kind) is Annotated:
            out += _plain(get_args(kind)[:1])
        elif get_origin(kind) in (Union, types.UnionType):
            out += _plain(get_args(kind))
        elif kind is not type(None):
            out.append(kind)
    return out
