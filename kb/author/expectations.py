"""One record before the expectations of `validation/suites`, by Great Expectations itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.author.checks import ADVICE, LINK, FieldProblem
from kb.author.target import Target
from kb.knowledge import KnowledgeBase

_TABLES = {
    "finding": ("findings", "outcomes"),
    "assessment": ("assessments",),
    "caution": ("cautions",),
    "claim": ("claims",),
    "ingredient": ("ingredients", "regulatory", "mixing", "cautions"),
    "technique": ("techniques", "regulatory", "cautions"),
}
"""Kind of record to the tables in which it has rows."""


def broken(base: KnowledgeBase, target: Target) -> list[FieldProblem]:
    """The expectations this record of `base` breaks: those that keep it from being released, then those to weigh.

    Takes some seconds the first time, while Great Expectations starts.
    """
    import pandas as pd

    from kb.validation.columns import table
    from kb.validation.run import run
    from kb.validation.suites import read_suites

    wanted = _TABLES.get(target.kind, ())
    suites = [s for s in read_suites(base.root) if s.table in wanted]
    today = pd.Timestamp.today().normalize()
    tables = {s.table: _rows(table(base, s.table, today), target) for s in suites}
    suites = [
        s.model_copy(update={"expectations": [e for e in s.expectations if not e.expect.startswith("expect_table_")]})
        for s in suites
        if len(tables[s.table])  # what is expected of a whole table says nothing of one record
    ]
    told = [p for outcome in run(suites, tables) for p in outcome.problems if p.severity != "info"]
    told.sort(key=lambda p: p.severity != "critical")
    fields = {info.alias or name for name, info in target.record_type.model_fields.items()}
    return [  # a column that is worked out for the expectation alone is no name that an author knows
        FieldProblem(
            (p.field,) if p.field in fields else (), p.message, p.cure, LINK if p.severity == "critical" else ADVICE
        )
        for p in told
    ]


def _rows(frame: Any, target: Target) -> Any:
    """The rows that speak of this record."""
    record_id = target.id or Path(target.file).stem
    for column in ("finding", "id") if target.list else ("id", "subject"):
        if column in frame.columns:
            return frame[frame[column] == record_id]
    return frame.iloc[0:0]
