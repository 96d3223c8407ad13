"""Between what an author types and what a record holds.

A form keeps text exactly as typed, so that a half-written figure survives a crash. `cleaned` makes plain values of it:
empty fields go, figures become numbers where their field holds a number, and what is no number stays text, for the
record type to refuse in the right place.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from kb.formulary.write import plain
from kb.model import Record

_COMMA = re.compile(r"[-+]?(\d+,\d{1,2}|0,\d+)")
"""A decimal comma that can mean nothing else: `4,8`, `0,125`. `4,800` may be four thousand, so it is asked about."""
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def cleaned(kind: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as they would stand in the file, from values as typed."""
    fields = {f.alias or name: f.annotation for name, f in kind.model_fields.items()}
    out = {name: _clean(fields.get(name), value) for name, value in values.items()}
    return {name: value for name, value in out.items() if not _empty(value)}


def _clean(annotation: Any, value: Any) -> Any:
    inner = unwrapped(annotation)
    if isinstance(value, Mapping):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return cleaned(inner, value)
        return {str(k).strip(): v.strip() if isinstance(v, str) else v for k, v in value.items() if not _empty(v)}
    if isinstance(value, list):
        of = next((unwrapped(a) for a in get_args(inner)), None) if get_origin(inner) is list else None
        items = [_clean(of, item) for item in value]
        return [item for item in items if not _empty(item)]
    if isinstance(value, str):
        text = value.strip()
        figure = text.replace("−", "-")
        if inner is float and _COMMA.fullmatch(figure):
            figure = figure.replace(",", ".")
        if inner in (int, float) and _NUMBER.fullmatch(figure):
            number = float(figure)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        return text
    return value


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def unwrapped(annotation: Any) -> Any:
    """The type behind `Annotated[...]` and `... | None`; of a union of one and many, the list."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            options = [a for a in get_args(annotation) if a is not type(None)]
            lists = [a for a in options if get_origin(unwrapped(a)) is list]
            annotation = (lists or options)[0]
        else:
            return annotation


def normal(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The one way to write these values when they make a record; as they are when they do not."""
    try:
        return plain(kind.model_validate(dict(values)))
    except ValidationError:
        return dict(values)
