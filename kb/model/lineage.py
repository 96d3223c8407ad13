"""The one walk up to broader things, and which cautions are inherited on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from kb.model.terms import Severity

T = TypeVar("T")


def lineage(start: str, above: Callable[[str], Iterable[str]]) -> list[str]:
    """`start` and everything broader, the nearest first, each once; `above` gives the next broader things of one.

    A ring of parents ends where it began.
    """
    line = [start]
    for slug in line:
        line += [other for other in dict.fromkeys(above(slug)) if other not in line]
    return line


def inherited(own: Iterable[T], broader: Iterable[T], read: Callable[[T], tuple[str, Severity]]) -> list[T]:
    """Those of `broader` (cautions, the nearest first) that still say something beside `own` and the nearer ones.

    `read` gives trigger and severity. One is left out when a nearer one with the same trigger is as grave.
    """
    gravest: dict[str, int] = {}
    for caution in own:
        trigger, severity = read(caution)
        gravest[trigger] = min(severity.rank, gravest.get(trigger, len(Severity)))
    found = []
    for caution in broader:
        trigger, severity = read(caution)
        if severity.rank < gravest.get(trigger, len(Severity)):
            gravest[trigger] = severity.rank
            found.append(caution)
    return found
