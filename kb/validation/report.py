"""`check`: the schema, the links, what trainees are shown, the expectations and the coverage, as one report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kb.knowledge import load
from kb.problems import Problem
from kb.validation.coverage import Gap, coverage
from kb.validation.depth import Depth, depth


@dataclass
class Report:
    """Everything known to be wrong or missing. `success` is False as soon as one problem is critical."""

    problems: list[Problem] = field(default_factory=list)
    evaluated: int = 0
    failed: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    depth: Depth | None = None

    @property
    def success(self) -> bool:
        return not any(p.severity == "critical" for p in self.problems)

    def count(self, severity: str) -> int:
        return sum(p.severity == severity for p in self.problems)

    def as_dict(self) -> dict[str, Any]:
        keys = ("severity", "file", "line", "record", "field", "message", "cure")
        return {
            "success": self.success,
            "problems": [{k: getattr(p, k) for k in keys} for p in self.problems],
            "expectations": {"evaluated": self.evaluated, "failed": self.failed},
            "tables": self.tables,
            "coverage": [g.as_dict() for g in self.gaps],
            "evidence": self.depth.as_dict() if self.depth else None,
        }


FILE = Path("build") / "validation.json"


def store(report: Report, root: Path, today: pd.Timestamp | None = None) -> Path:
    """Keep the outcome beside the snapshot, for the About page: counts, the work list's head, and what it was run on."""
    from kb.atomic import write_text
    from kb.snapshot.fingerprint import content_hash

    today = today or pd.Timestamp.today().normalize()
    value = {
        "date": str(today.date()),
        "content": content_hash(root),
        "success": report.success,
        "counts": {level: report.count(level) for level in ("critical", "warning", "info")},
        "expectations": {"evaluated": report.evaluated, "failed": report.failed},
        "tables": report.tables,
        "gaps": [g.as_dict() for g in report.gaps[:25]],
        "gaps_in_all": len(report.gaps),
    }
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    return path


def check(root: Path, today: pd.Timestamp | None = None, docs: Path | None = None) -> Report:
    """Check everything under `root`; with `docs`, build the Data Docs into that folder as well.

    Raises ValueError only when a suite itself is not well formed.
    """
    from kb.learning.read import read as read_learning
    from kb.validation.columns import table
    from kb.validation.run import run
    from kb.validation.suites import read_suites

    today = today or pd.Timestamp.today().normalize()
    base = load(root, strict=False)
    report = Report(problems=[*base.problems, *read_learning(root, base.references)[1]])
    suites = read_suites(root)
    tables = {suite.table: table(base, suite.table, today) for suite in suites}
    report.tables = {name: len(frame) for name, frame in tables.items()}
    for outcome in run(suites, tables, docs):
        report.evaluated += outcome.evaluated
        report.failed += outcome.failed
        report.problems += outcome.problems
    order = {"critical": 0, "warning": 1, "info": 2}
    report.problems.sort(key=lambda p: (order[p.severity], p.file, p.line, p.field))
    report.depth = depth(base)
    report.gaps = coverage(base, today)
    return report
