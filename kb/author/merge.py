"""Three-way merge of one record: what I changed, what others changed meanwhile, and where the two collide."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from kb.diff.fields import ABSENT, Change, Path, by_id, has_ids, is_whole, put, same


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed, each in its own way. Any side may be ABSENT."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


@dataclass
class Merge:
    """The outcome. `value` holds mine where there is a conflict; `taken` are the changes of others now in `value`."""

    value: Any
    taken: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def resolved(self, choices: Mapping[Path, str]) -> Any:
        """The value with every conflict decided: `mine` or `theirs` for each path.

        Raises KeyError for a conflict nobody decided, and ValueError for another word than these two.
        """
        value = deepcopy(self.value)
        for conflict in self.conflicts:
            choice = choices[conflict.path]
            if choice not in {"mine", "theirs"}:
                raise ValueError(f"{choice!r} is not a choice; choose `mine` or `theirs`")
            chosen = deepcopy(conflict.mine if choice == "mine" else conflict.theirs)
            if not conflict.path:
                return None if chosen is ABSENT else chosen
            put(value, conflict.path, chosen)
        return value


def three_way(base: Any, mine: Any, theirs: Any) -> Merge:
    """Merge plain values that both came from `base`. ABSENT stands for a record that is not there."""
    merge = Merge(None)
    merge.value = _merge(merge, (), base, mine, theirs)
    return merge


def _merge(merge: Merge, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
    if same(mine, theirs) or same(base, theirs):
        return deepcopy(mine)
    if same(base, mine):
        merge.taken.append(Change(path, base, theirs))
        return deepcopy(theirs)
    if not is_whole(path):
        start = base if base is not ABSENT else type(mine)() if type(mine) is type(theirs) else None
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping) and isinstance(start, Mapping):
            return _keyed(merge, path, start, mine, theirs)
        if isinstance(mine, list) and isinstance(theirs, list) and isinstance(start, list):
            if has_ids(start) and has_ids(mine) and has_ids(theirs):
                return list(_keyed(merge, path, by_id(start), by_id(mine), by_id(theirs)).values())
            if all(isinstance(x, str) for x in [*start, *mine, *theirs]):
                return _words(merge, path, start, mine, theirs)
            if len(start) == len(mine) == len(theirs):
                rows = zip(start, mine, theirs, strict=True)
                return [_merge(merge, (*path, i), b, m, t) for i, (b, m, t) in enumerate(rows)]
    merge.conflicts.append(Conflict(path, base, mine, theirs))
    return deepcopy(mine)


def _keyed(
    merge: Merge, path: Path, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key in [*mine, *(k for k in theirs if k not in mine), *(k for k in base if k not in mine and k not in theirs)]:
        value = _merge(merge, (*path, key), base.get(key, ABSENT), mine.get(key, ABSENT), theirs.get(key, ABSENT))
        if value is not ABSENT:
            merged[key] = value
    return merged


def _words(merge: Merge, path: Path, base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Lists of words (synonyms, references, ids) are sets to their readers: additions and removals of both hold."""
    merge.taken.append(Change(path, base, theirs))
    removed = set(base) - set(theirs)
    return list(dict.fromkeys([*(w for w in mine if w not in removed), *(w for w in theirs if w not in base)]))
