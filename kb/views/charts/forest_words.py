"""The two sides of a forest plot, and what it shows in one sentence: whom the intervals favour, and how many leave it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.views import words

Interval = tuple[float, float]
OPEN = "includes no difference"


@dataclass(frozen=True)
class Sides:
    """Which side of the line of no difference is good for whom."""

    better: str | None
    """`higher` or `lower`: which way the figures of the plot favour the first side; None when it is not recorded."""
    first: str = "Favours treatment"
    second: str = "Favours comparator"

    @property
    def ends(self) -> tuple[str, str]:
        if not (self.first or self.second):
            return "", ""
        if self.better is None:
            return "Which side is better is not recorded", ""
        left, right = (self.second, self.first) if self.better == "higher" else (self.first, self.second)
        return f"← {left}", f"{right} →"


def side(interval: Interval, null: float, sides: Sides) -> str:
    """`Favours minoxidil`; empty when the interval includes no difference, or ends in it."""
    low, high = interval
    if low <= null <= high:
        return ""
    return sides.first if (low > null) == (sides.better == "higher") else sides.second


def finding(sides: Sides, null: float, rows: Sequence[Interval], pooled: Sequence[Interval], figure: str) -> str:
    """One sentence, from the intervals alone; empty where which side is good is not recorded, or not to be told.

    `pooled` are the intervals of the pooled effect, the leading one first; `figure` its figures as they stand in the plot.
    """
    if sides.better is None or not sides.first:
        return ""
    if pooled:
        lead, *others = [side(interval, null, sides) for interval in pooled]
        if not lead:
            return f"Neither side shown better: {figure} pooled, which {OPEN}."
        doubt = f"; the wide interval {OPEN}" if others and others[0] != lead else ""
        return f"{lead}: {figure} pooled{doubt}."
    told = [side(interval, null, sides) for interval in rows]
    if len(told) == 1:
        return f"{told[0]}." if told[0] else f"Neither side shown better: the interval {OPEN}."
    counts = [(sides.first, told.count(sides.first)), (sides.second, told.count(sides.second))]
    parts = [f"{n} of {len(told)} {_verb(n, name)}" for name, n in counts if n]
    left = told.count("")
    if not parts:
        return f"Neither side shown better: all {words.counted(left, 'interval')} include no difference."
    if left:
        parts.append(f"{left} {'includes' if left == 1 else 'include'} no difference")
    return f"{'; '.join(parts)}."


def _verb(n: int, side: str) -> str:
    """`favours minoxidil` of one interval, `favour minoxidil` of several."""
    verb, _, rest = side.partition(" ")
    if verb != "Favours":  # better than before, worse than before
        return f"{'is' if n == 1 else 'are'} {side[:1].lower()}{side[1:]}"
    return f"{'favours' if n == 1 else 'favour'} {rest}"
