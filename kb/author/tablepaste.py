"""Outcomes as a table of a spreadsheet: pasted text to entries of a record, and entries to text. No widgets.

One row an arm (or contrast) and time point; the first row names the columns. Figures stay as typed; what a column means is told by
its head, and a column nobody knows is named, never dropped without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.model.terms import ArmRole, Better, Measure

MOST_ROWS = 400
HEADS = (
    "measure",
    "kind",
    "arm",
    "role",
    "at",
    "n",
    "events",
    "value",
    "sd",
    "se",
    "low",
    "high",
    "unit",
    "p",
    "better",
    "note",
)
"""Columns of the table that is given out, in its order."""
_ALSO: dict[str, tuple[str, ...]] = {
    "measure": ("outcome", "endpoint", "variable", "what"),
    "kind": ("type", "measure type", "statistic"),
    "arm": ("group", "treatment", "arm name", "intervention"),
    "role": ("arm role",),
    "at": ("time", "time point", "timepoint", "week", "weeks", "visit", "follow-up", "when"),
    "n": ("number", "total", "patients", "participants", "people", "n total", "denominator"),
    "events": ("event", "responders", "cases", "number with event"),
    "value": ("mean", "estimate", "effect", "point estimate", "result", "median", "percent", "%"),
    "sd": ("standard deviation", "s.d.", "std", "std dev"),
    "se": ("standard error", "sem", "s.e.", "s.e.m."),
    "low": ("lower", "ci low", "lower ci", "ci lower", "lcl", "95% ci low", "lower 95%", "95% lower"),
    "high": ("upper", "ci high", "upper ci", "ci upper", "ucl", "95% ci high", "upper 95%", "95% upper"),
    "unit": ("units",),
    "p": ("p value", "p-value", "pvalue"),
    "better": ("favours", "better when"),
    "note": ("remark", "comment", "remarks"),
    "interval": ("ci", "95% ci", "95%ci", "confidence interval", "95 % ci"),
    "mean (sd)": ("mean sd", "mean ± sd", "mean±sd", "mean +/- sd"),
    "events/n": ("n/n", "events / n", "n/total", "events/total"),
    "concept": (),
    "baseline": ("before",),
    "against": ("compared with",),
}  # fmt: skip
_NAMED = {alias: name for name, also in _ALSO.items() for alias in (name, *also)}
_CLOSED: dict[str, set[str]] = {
    "kind": {m.value for m in Measure},
    "role": {r.value for r in ArmRole},
    "against": {r.value for r in ArmRole},
    "better": {b.value for b in Better},
}
_FIGURE = r"[-+−]?\d*[.,]?\d+"
_PAIR = re.compile(rf"\(?\s*({_FIGURE})\s*(?:to|–|-|,|;|/|\(|±|\+/-)\s*\(?({_FIGURE})\s*\)?")
_ABSENT = {"", "-", "–", "na", "n/a", "nr", "not reported", "nd"}


@dataclass
class Pasted:
    """Entries as they go into the form; `problems` name row and column; `unknown` are heads nobody knows."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read(text: str) -> Pasted:
    """The outcomes in a pasted table (tabs, semicolons or commas). Never raises on what the text holds."""
    made = Pasted()
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if len(lines) < 2:
        made.problems.append("paste the row with the heads of the columns and at least one row of figures")
        return made
    heads, *rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=_delimiter(lines[0])))
    columns = [_column(head, made) for head in heads]
    if not any(column in columns for column in ("measure", "arm")):
        made.problems.append(
            "no column is called measure (or outcome) or arm (or group); the first row names the columns"
        )
        return made
    if len(rows) > MOST_ROWS:
        made.problems.append(f"{len(rows)} rows; at most {MOST_ROWS} are taken at once")
        return made
    last: dict[str, Any] = {}
    for number, row in enumerate(rows, start=2):
        entry = _entry(number, columns, row, made)
        if not entry:
            continue
        for name in ("measure", "at", "unit", "kind"):  # merged cells of a spreadsheet are empty below the first
            if name not in entry and name in last and name in columns:
                entry[name] = last[name]
        last = entry
        made.rows.append(entry)
    return made


def _delimiter(head: str) -> str:
    return max(("\t", ";", ","), key=head.count) if any(d in head for d in "\t;,") else "\t"


def _column(head: str, made: Pasted) -> str:
    name = " ".join(head.replace("_", " ").split()).casefold().removeprefix("\ufeff")
    found = _NAMED.get(name, "")
    if not found and name:
        made.unknown.append(head.strip())
    return found


def _entry(number: int, columns: list[str], row: list[str], made: Pasted) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for column, cell in zip(columns, row, strict=False):
        text = " ".join(cell.split())
        if not column or text.casefold() in _ABSENT:
            continue
        if column in ("interval", "mean (sd)", "events/n"):
            _pair(number, column, text, entry, made)
        elif column in ("low", "high"):
            entry.setdefault("interval", {})[column] = text
        elif column in _CLOSED:
            _word(number, column, text, entry, made)
        else:
            entry[column] = text.removesuffix("%").strip() if column == "value" else text
    return entry


def _word(number: int, column: str, text: str, entry: dict[str, Any], made: Pasted) -> None:
    word = text.casefold().replace(" ", "-")
    if word in _CLOSED[column]:
        entry[column] = word
    else:
        allowed = ", ".join(sorted(_CLOSED[column]))
        made.problems.append(f"row {number}, {column}: {text!r} is not one of {allowed}")


def _pair(number: int, column: str, text: str, entry: dict[str, Any], made: Pasted) -> None:
    found = _PAIR.fullmatch(text.strip("[]"))
    if found is None:
        made.problems.append(f"row {number}, {column}: {text!r} is not two figures such as `1.2 to 3.4`")
        return
    first, second = found[1].replace("−", "-"), found[2].replace("−", "-")
    if column == "interval":
        entry["interval"] = {"low": first, "high": second}
    elif column == "mean (sd)":
        entry |= {"value": first, "sd": second}
        entry.setdefault("kind", "mean")
    else:
        entry |= {"events": first, "n": second}


def write(outcomes: list[Any]) -> str:
    """Outcomes as a table with tabs, to copy into a spreadsheet; the same table can be pasted back."""
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(HEADS)
    for outcome in outcomes:
        if not isinstance(outcome, Mapping):
            continue
        interval = outcome.get("interval") if isinstance(outcome.get("interval"), Mapping) else {}
        cells = {**outcome, "low": (interval or {}).get("low", ""), "high": (interval or {}).get("high", "")}
        table.writerow(["" if cells.get(h) is None else cells.get(h, "") for h in HEADS])
    return out.getvalue()


def left_out(outcomes: list[Any]) -> list[str]:
    """Fields of outcomes that the table has no column for: they would be lost by taking the table back whole."""
    known = {*HEADS, "interval"}
    return sorted({k for o in outcomes if isinstance(o, Mapping) for k, v in o.items() if k not in known and v})
