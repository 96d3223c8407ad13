"""GRADE in the making: the certainty follows from the start and the reasons that are ticked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.model.terms import Certainty


def computed_certainty(starts: str, down: Any, up: Any) -> str | None:
    """The certainty these values give (rule: `kb.appraisal.certainty`); None while they are not complete."""
    if starts not in list(Certainty):
        return None
    level = Certainty(starts).level
    try:
        level -= sum(int(reason.get("levels", 1) or 1) for reason in down or [])
        level += sum(int(reason.get("levels", 1) or 1) for reason in up or [])
    except (ValueError, TypeError, AttributeError):
        return None
    return Certainty.of_level(level).value


def with_certainty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The assessment with the certainty its own reasons compute."""
    made = dict(values)
    computed = computed_certainty(str(made.get("starts", "")), made.get("down"), made.get("up"))
    if computed is not None:
        made["certainty"] = computed
    return made
