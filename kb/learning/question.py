"""A question with one right answer, the reasons for every option, and the papers behind them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from math import gcd
from typing import Any, TypeVar

KINDS = {
    "claim": "Judge a popular claim",
    "certainty": "Which evidence is more certain?",
    "interval": "Read an interval",
    "harm": "Pick the harm",
    "patient": "Spot the contraindication",
    "stop": "What to stop, and when",
}
"""Kinds of questions and what they are called, in the order in which they are offered."""

T = TypeVar("T")


@dataclass(frozen=True)
class Option:
    """One answer on offer. `about` is the id it speaks of, so that it can be checked against the base and linked."""

    id: str
    text: str
    right: bool
    why: str = ""
    references: tuple[str, ...] = ()
    about: str | None = None


@dataclass(frozen=True)
class Point:
    """One sentence of an explanation with the keys of its references."""

    text: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What a learner is asked. `id` names it for as long as the records it is made from stand.

    `field` is the group of indications it belongs to; `data` holds what a page draws besides the words (the figures of
    an interval, the notes of a patient) and what a check needs; `disputed` says so when findings disagree.
    """

    id: str
    kind: str
    field: str
    stem: str
    options: tuple[Option, ...]
    explained: tuple[Point, ...]
    about: tuple[str, ...]
    lead: str = ""
    disputed: str = ""
    data: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def right(self) -> Option:
        return next(o for o in self.options if o.right)

    @property
    def references(self) -> list[str]:
        """Every key the explanation cites, once."""
        keys = [k for p in self.explained for k in p.references] + [k for o in self.options for k in o.references]
        return list(dict.fromkeys(keys))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Question:
        """The question that `as_dict` wrote, also after a journey through JSON."""
        options = tuple(Option(**{**o, "references": tuple(o["references"])}) for o in value["options"])
        explained = tuple(Point(p["text"], tuple(p["references"])) for p in value["explained"])
        return cls(**{**value, "options": options, "explained": explained, "about": tuple(value["about"])})


def digest(*words: str) -> str:
    """Eight letters that stand for these words, the same for ever."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:8]


def shuffled(items: Iterable[T], seed: str, key: Callable[[T], object] = str) -> list[T]:
    """The items in an order that looks like chance and is always the same for this seed."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}\x1f{key(item)}".encode()).digest())


def by_chance(items: Sequence[T], seed: str) -> Iterator[T]:
    """All items, each once, in an order of its own for every seed; one at a time, so that taking a few costs little."""
    n = len(items)
    if not n:
        return
    chance = int(digest(seed), 16)
    start, step = chance % n, 1 + chance // n % n
    while gcd(step, n) > 1:
        step += 1
    yield from (items[(start + i * step) % n] for i in range(n))
