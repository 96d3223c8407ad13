"""Answers to a question as plain lines, for doors that draw nothing: a text and the keys of its papers each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kb.questions.asked import Answered

Value = Mapping[str, Any]
Line = tuple[str, list[str]]


def lines(answer: Answered) -> Iterator[Line]:
    """One line for each record of the answer, in its order."""
    say = _SAY.get(answer.kind, _summary)
    for row in answer.records:
        yield say(row), list(row.get("references") or filter(None, [row.get("reference")]))


def _summary(row: Value) -> str:
    return str(row["summary"])


def _route(row: Value) -> str:
    return "" if row["route"] in (None, "any", "not-stated") else f", {row['route'].replace('-', ' ')}"


def _caution(row: Value) -> str:
    return f"{row['severity'].upper()}, {row['subject_name']} and {row['trigger_name']}: {row['action']} {row['why']}"


def _bottom_line(row: Value) -> str:
    head = f"{row['subject_name']} for {row['object_name']}{_route(row)}"
    return f"{head} ({row['direction']}, {row['certainty']} certainty): {row['bottom_line']}"


def _finding(row: Value) -> str:
    return f"{row['subject_name']}, {row['object_name']}{_route(row)} ({row['direction']}): {row['summary']}"


def _harm(row: Value) -> str:
    often = "looked for, not found" if row["direction"] == "refutes" else row["band"]
    return f"{row['object_name']}{_route(row)}, {often}: {row['summary']}"


def _dose(row: Value) -> str:
    asked = ("dose", "depth", "sessions", "interval")
    parts = [f"{k}: {row[k]}" for k in asked if row[k]] or ["dose, depth, sessions and interval are not stated"]
    says = str(row["says"]).replace("-", " ")
    return f"{row['indication_name'] or row['indication']}{_route(row)}, according to {says}: {'; '.join(parts)}"


def _mixing(row: Value) -> str:
    return f"{row['a_name']} with {row['b_name']}, {row['compatibility'].replace('-', ' ')}: {row['summary']}"


def _status(row: Value) -> str:
    return f"{row['jurisdiction_name']}, {row['status'].replace('-', ' ')}: {row['use']} ({row['as_of']})"


def _product(row: Value) -> str:
    return f"{row['name']}: {', '.join(p['name'] for p in row['parts'])}"


def _care(row: Value) -> str:
    stage = str(row["stage"]).replace("-", " ")
    dose = f" ({row['dose']})" if row.get("dose") else ""
    return f"{stage.capitalize()}: {row['text']}{dose}"


_SAY: dict[str, Callable[[Value], str]] = {
    "care": _care,
    "caution": _caution,
    "evidence": _bottom_line,
    "treatments": _bottom_line,
    "findings": _finding,
    "said": _finding,
    "compared": _finding,
    "harms": _harm,
    "doses": _dose,
    "mixing": _mixing,
    "status": _status,
    "product": _product,
    "paper": lambda row: str(row["citation"]),
    "meaning": lambda row: " ".join(filter(None, [f"{row['name']}: {row['text']}", row["note"]])),
    "nothing": lambda row: str(row["text"]),
}
