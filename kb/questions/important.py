"""A difference with its interval against the smallest one that matters, as `formulary/field.yaml` records it.

GRADE calls an interval imprecise that holds both a difference that matters and one that does not (Guyatt and colleagues,
J Clin Epidemiol 2011;64:1283-1293).
"""

from __future__ import annotations

from typing import Literal

from kb.model.field import ImportantDifference
from kb.model.terms import Measure
from kb.questions.shapes import Matters
from kb.records import Records

Reads = Literal["beyond", "may reach it", "below", "cannot tell"]
OPEN: frozenset[Reads] = frozenset({"may reach it", "cannot tell"})
"""What GRADE calls imprecise: the interval holds a difference that matters and one that does not."""


def reads(low: float, high: float, least: float, most: float | None = None) -> Reads:
    """How an interval stands to the smallest difference that matters (`least` to `most`), whichever way it points.

    Beyond: all of it matters. Below: none of it does. May reach it: real, and perhaps large enough. Cannot tell: it holds no
    difference as well as one that matters.
    """
    if low <= 0 <= high:
        return "cannot tell" if max(-low, high) >= least else "below"
    near, far = sorted((abs(low), abs(high)))
    if near >= (most or least):
        return "beyond"
    return "may reach it" if far >= least else "below"


def smallest(base: Records, kind: str, unit: str | None) -> ImportantDifference | None:
    """The smallest difference that matters for differences of this kind and unit; None where none is recorded."""
    if kind != Measure.MEAN_DIFFERENCE.value or unit is None:
        return None
    known = base.formulary.field.important_differences
    return next((d for d in known if d.value is not None and d.unit == unit), None)


def matters(base: Records, kind: str, unit: str | None, low: float, high: float) -> Matters | None:
    """For a page: the smallest difference that matters, what the interval says of it, and where it comes from."""
    found = smallest(base, kind, unit)
    if found is None or found.value is None or found.unit is None:
        return None
    return {
        "name": found.name,
        "value": found.value,
        "high": found.high,
        "unit": found.unit,
        "reads": reads(low, high, found.value, found.high),
        "says": found.says,
        "references": list(found.references),
    }
