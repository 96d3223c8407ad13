"""Words of questions: numbers as printed, routes and windows as a sentence says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.questions.wording import listed as listed

RATIOS = frozenset({"risk-ratio", "odds-ratio", "hazard-ratio"})
DIFFERENCES = frozenset({"mean-difference", "standardised-mean-difference", "risk-difference"})
_ROUTES = {"any": "whatever the route", "not-stated": "route not stated"}


def shown(value: float) -> str:
    """A figure as it was printed, with a true minus."""
    return f"{value:.12g}".replace("-", "\u2212")


def route(word: str) -> str:
    return _ROUTES.get(word, word.replace("-", " "))


def days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def window(value: Mapping[str, Any]) -> str:
    """`from 14 days before the session`, `until 28 days after the session`."""
    before, after = value.get("before"), value.get("after")
    if before is not None and after is not None:
        return f"from {days(before)} before until {days(after)} after the session"
    if before is not None:
        return f"from {days(before)} before the session"
    return f"until {days(after or 0)} after the session"


def sentence(text: str) -> str:
    """With a capital in front and a full stop behind."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?" else ".")


def lower_first(text: str) -> str:
    """For the middle of a sentence; abbreviations and names with capitals inside are left alone."""
    return text if text[1:2].isupper() or text[:1].isdigit() else text[:1].lower() + text[1:]


def strength(caution: Mapping[str, Any]) -> str:
    """How strong a caution's ground is, as a sentence."""
    return f"How strong is this? {sentence(caution['strength'])}"


def disputed(*cautions: Mapping[str, Any]) -> str:
    """What a learner is told beforehand when cautions have evidence against them, or sources that disagree."""
    these = "this caution" if len(cautions) == 1 else "some of these cautions"
    if any(c["evidence_against"] for c in cautions):
        return f"There is evidence against {these} as well as for {'it' if len(cautions) == 1 else 'them'}."
    return f"The sources of {these} disagree." if any(c["sources_disagree"] for c in cautions) else ""
