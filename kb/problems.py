"""What is wrong in a file: one small record that every reader returns and every report prints the same way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file, with the way to mend it.

    `file` is relative to the root of the base; `line` counts from 1 (0: the file as a whole); `field` is the field's
    path inside the record (`authors[2].family`), or the record's kind when the whole record is meant; `record` is the
    slug, key or id of the record, where there is one; `severity` is `critical`, `warning` or `info`.
    """

    file: str
    line: int
    field: str
    message: str
    cure: str
    record: str = ""
    severity: str = "critical"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}; {self.cure}"


class BadData(Exception):
    """The files hold errors that must be mended first; `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems
