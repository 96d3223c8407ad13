"""*Read an interval*: does a printed effect with its 95 % interval exclude no difference? Decided by the figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, digest
from kb.learning.wording import DIFFERENCES, RATIOS, listed, lower_first, shown
from kb.questions.search import fold

Value = Mapping[str, Any]

_RELATIONS = {"treats", "compared-with", "causes"}
KIND_WORDS = {
    "risk-ratio": "risk ratio",
    "odds-ratio": "odds ratio",
    "hazard-ratio": "hazard ratio",
    "mean-difference": "mean difference",
    "standardised-mean-difference": "standardised mean difference",
    "risk-difference": "risk difference",
}
TERM_OF = {
    "risk-ratio": "risk-ratio",
    "odds-ratio": "odds-ratio",
    "mean-difference": "mean-difference",
    "standardised-mean-difference": "standardised-mean-difference",
    "risk-difference": "risk-difference",
}
"""Kind of effect to its term in the glossary."""


def null_of(kind: str) -> float:
    """The value that means no difference."""
    return 1.0 if kind in RATIOS else 0.0


def reading(low: float, high: float, null: float) -> str:
    """`above`, `below` or `inside`: where the whole interval lies, or that no difference is in it."""
    return "above" if low > null else "below" if high < null else "inside"


def readable(finding: Value, outcome: Value) -> bool:
    """Can a learner be asked to read it? A 95 % interval around its estimate that does not end on no difference.

    Figures that carry a note or stand in a doubted finding are left to the page that explains them.
    """
    kind, interval, value = outcome.get("kind"), outcome.get("interval"), outcome.get("value")
    if kind not in RATIOS | DIFFERENCES or value is None or not interval:
        return False
    if interval.get("level", 95) != 95 or interval.get("credible") or outcome.get("note") or finding["doubt"]:
        return False
    low, high, null = interval["low"], interval["high"], null_of(kind)
    if kind in RATIOS and low <= 0:
        return False
    return low < value < high and null not in (low, high) and (outcome.get("at") or "") != "baseline"


def generate(facts: Facts) -> Iterator[Question]:
    seen: set[tuple[Any, ...]] = set()
    for finding in facts.findings.values():
        if finding["relation"] not in _RELATIONS:
            continue
        for outcome in finding["outcomes"]:
            if not readable(finding, outcome):
                continue
            interval = outcome["interval"]
            same = (finding["reference"], outcome["value"], interval["low"], interval["high"])
            if same not in seen and facts.cite([finding["reference"]]):
                seen.add(same)
                yield _question(facts, finding, outcome)


def _question(facts: Facts, finding: Value, outcome: Value) -> Question:
    kind, low, high = outcome["kind"], outcome["interval"]["low"], outcome["interval"]["high"]
    null = null_of(kind)
    place = reading(low, high, null)
    between = f"{shown(low)} to {shown(high)}"
    options = (
        Option("inside", f"No: {shown(null)} lies inside it", place == "inside", _why("inside", place, between, null)),
        Option(
            "above", f"Yes: all of it lies above {shown(null)}", place == "above", _why("above", place, between, null)
        ),
        Option(
            "below", f"Yes: all of it lies below {shown(null)}", place == "below", _why("below", place, between, null)
        ),
    )
    compared = finding["relation"] == "compared-with"
    names = list(dict.fromkeys((facts.name(finding["subject"]), facts.name(finding["object"]))))
    other = listed([names[0], *map(lower_first, names[1:])])
    others = facts.about(finding["subject"], finding["object"])
    named = f"{'an' if kind[0] in 'aeiou' else 'a'} {KIND_WORDS[kind]}"
    meaning = f"For {named} no difference is {shown(null)}. The interval runs from {between}"
    meaning += (
        ", so the figures fit no difference, and a difference either way, as well."
        if place == "inside"
        else ", all on one side of it. How large a difference matters to a patient the interval does not say."
    )
    key = digest(
        finding["id"], outcome["measure"], outcome.get("arm") or "", outcome.get("at") or "", str(outcome["value"])
    )
    return Question(
        id=f"interval-{finding['reference']}-{key}",
        kind="interval",
        field=facts.field(finding["object"], finding["subject"]),
        lead=_lead(names[0], finding, outcome),
        stem="Does this interval exclude no difference?",
        options=options,
        explained=(Point(meaning), Point(finding["summary"], facts.cite([finding["reference"]]))),
        about=tuple(x for x in (finding["subject"], finding["object"]) if x in facts.rows),
        disputed=f"The findings recorded on {'this comparison' if compared else other} do not agree."
        if facts.disputed(others)
        else "",
        data={
            "finding": finding["id"],
            "measure": outcome["measure"],
            "arm": outcome.get("arm"),
            "at": outcome.get("at"),
            "kind": kind,
            "unit": outcome.get("unit"),
            "value": outcome["value"],
            "low": low,
            "high": high,
            "null": null,
            "term": TERM_OF.get(kind),
        },
    )


def _lead(name: str, finding: Value, outcome: Value) -> str:
    """What was compared, measured and when; the subject in front unless the arm names it already."""
    what = ", ".join(filter(None, (outcome.get("arm"), outcome["measure"], outcome.get("at"))))
    lead = what[:1].upper() + what[1:] if fold(what).startswith(fold(name)) else f"{name}: {what}"
    if finding["relation"] == "treats" and fold(finding["object_name"]) not in fold(lead):
        lead += f". For: {lower_first(finding['object_name'])}"
    return lead


def _why(option: str, place: str, between: str, null: float) -> str:
    if option == place:
        return ""
    if place == "inside":
        return f"The interval, {between}, holds {shown(null)} itself."
    return f"The whole interval, {between}, lies {place} {shown(null)}."
