"""What a forest plot shows, in one sentence: which side the intervals favour, and how many include no difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.views import words

Interval = tuple[float, float]
OPEN = "includes no difference"


class Ends(NamedTuple):
    """The two sides of a plot: which way its figures favour the first (`higher` or `lower`), and what each is called."""

    better: str | None
    first: str
    second: str


def side(interval: Interval, null: float, ends: Ends) -> str:
    """`Favours minoxidil`; empty when the interval includes no difference, or ends in it."""
    low, high = interval
    if low <= null <= high:
        return ""
    return ends.first if (low > null) == (ends.better == "higher") else ends.second


def finding(ends: Ends, null: float, rows: Sequence[Interval], pooled: Sequence[Interval], figure: str) -> str:
    """One sentence, from the intervals alone; empty where which side is good is not recorded, or not to be told.

    `pooled` are the intervals of the pooled effect, the leading one first; `figure` its figures as they stand in the plot.
    """
    if ends.better is None or not ends.first:
        return ""
    if pooled:
        lead, *others = [side(interval, null, ends) for interval in pooled]
        if not lead:
            return f"Neither side shown better: {figure} pooled, which {OPEN}."
        doubt = f"; the wide interval {OPEN}" if others and others[0] != lead else ""
        return f"{lead}: {figure} pooled{doubt}."
    told = [side(interval, null, ends) for interval in rows]
    if len(told) == 1:
        return f"{told[0]}." if told[0] else f"Neither side shown better: the interval {OPEN}."
    counts = [(ends.first, told.count(ends.first)), (ends.second, told.count(ends.second))]
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
