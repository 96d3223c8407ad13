"""What the expectations on one table found."""

from __future__ import annotations

from dataclasses import dataclass

from kb.problems import Problem


@dataclass
class Outcome:
    """What one suite found: the breaches, and how many expectations ran and failed."""

    table: str
    evaluated: int
    failed: int
    problems: list[Problem]
