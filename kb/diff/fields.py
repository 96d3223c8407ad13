"""What differs between two records given as plain values, field by field.

A path leads from the record to the field: names of fields, positions in lists, and ids where a list's entries have ids
(`("cautions", "minoxidil-pregnancy", "severity")`). A piece whose figures only make sense together (an outcome, an arm,
an interval, a window, a frequency) is one value: half of one and half of another would be a figure nobody printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

Step = str | int
Path = tuple[Step, ...]

WHOLE = frozenset({"window", "frequency", "interval"})
"""Fields whose parts belong together."""


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent.ABSENT
"""The value of a field that is not there."""


@dataclass(frozen=True)
class Change:
    """One field that differs; `old` or `new` is ABSENT when the field was added or removed."""

    path: Path
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        """For JSON: an absent side is left out."""
        sides = {name: value for name, value in (("old", self.old), ("new", self.new)) if value is not ABSENT}
        return {"field": dotted(self.path), **sides}


def dotted(path: Path) -> str:
    """`outcomes[2]`, `cautions[minoxidil-pregnancy].severity`, as people write it."""
    out = ""
    for place, step in enumerate(path):
        inside = isinstance(step, int) or (place > 0 and _is_id_step(path, place))
        out += f"[{step}]" if inside else f".{step}" if out else str(step)
    return out


_ID_LISTS = frozenset({"findings", "assessments", "cautions", "claims", "terms", "protocols", "corrections"})


def _is_id_step(path: Path, place: int) -> bool:
    return path[place - 1] in _ID_LISTS


def same(a: Any, b: Any) -> bool:
    """Equal as values: 40 and 40.0 are one number, but `true` and 1, or 1 and `"1"`, are not the same."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b)


def has_ids(value: Any) -> bool:
    """Is it a list whose entries are all known by ids, each once?"""
    if not isinstance(value, list) or not all(isinstance(x, Mapping) and isinstance(x.get("id"), str) for x in value):
        return False
    return len({x["id"] for x in value}) == len(value)


def by_id(value: Any) -> dict[str, Any]:
    return {entry["id"]: entry for entry in value}


def is_whole(path: Path) -> bool:
    """Is the value at `path` one that is never taken apart? (see WHOLE)"""
    return bool(path) and (path[-1] in WHOLE or isinstance(path[-1], int))


def changes(old: Any, new: Any, path: Path = ()) -> list[Change]:
    """Every field that differs, in the order of the new record, removed fields last."""
    return list(_changes(old, new, path))


def _changes(old: Any, new: Any, path: Path) -> Iterator[Change]:
    if same(old, new):
        return
    if not is_whole(path):
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _keyed(old, new, path)
            return
        if isinstance(old, list) and isinstance(new, list) and (old or new) and has_ids(old) and has_ids(new):
            yield from _keyed(by_id(old), by_id(new), path)
            return
        if (
            isinstance(old, list)
            and isinstance(new, list)
            and len(old) == len(new)
            and _of_parts(old)
            and _of_parts(new)
        ):
            for place, (was, now) in enumerate(zip(old, new, strict=True)):
                yield from _changes(was, now, (*path, place))
            return
    yield Change(path, old, new)


def _keyed(old: Mapping[str, Any], new: Mapping[str, Any], path: Path) -> Iterator[Change]:
    for key in [*new, *(k for k in old if k not in new)]:
        yield from _changes(old.get(key, ABSENT), new.get(key, ABSENT), (*path, key))


def _of_parts(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(x, Mapping) for x in value)


def put(value: Any, path: Path, new: Any) -> None:
    """Set (or, with ABSENT, remove) the field at `path` inside `value`, which is changed in place."""
    *way, last = path
    for step in way:
        value = _step(value, step)
    if isinstance(value, list) and isinstance(last, str):
        places = [i for i, entry in enumerate(value) if entry.get("id") == last]
        if new is ABSENT:
            for place in reversed(places):
                del value[place]
        elif places:
            value[places[0]] = new
        else:
            value.append(new)
    elif new is ABSENT:
        if isinstance(value, list):
            del value[int(last)]
        else:
            value.pop(last, None)
    else:
        value[last] = new


def get(value: Any, path: Path) -> Any:
    """The value at `path`, or ABSENT."""
    for step in path:
        try:
            value = _step(value, step)
        except (KeyError, IndexError, TypeError, StopIteration):
            return ABSENT
    return value


def _step(value: Any, step: Step) -> Any:
    if isinstance(value, list) and isinstance(step, str):
        return next(entry for entry in value if entry.get("id") == step)
    return value[step]
