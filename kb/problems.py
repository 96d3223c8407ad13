"""What is wrong in a file: one small record that every reader returns and every report prints the same way."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 8_000_000
"""Bytes of a file of records; more is refused before it is read."""

_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})(?: |$)|^={7}$", re.MULTILINE)


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


def unfit(path: Path, file: str) -> Problem | None:
    """Why a path is not to be opened at all: reading a pipe or a device would never end. A missing file is fit."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Problem(file, 1, "", f"cannot be read ({error.strerror})", "check that it may be read")
    if not stat.S_ISREG(state.st_mode):
        what = "a folder" if stat.S_ISDIR(state.st_mode) else "a pipe or a device"
        return Problem(file, 1, "", f"is {what}, not a file", "remove it, or put a plain file in its place")
    if state.st_size > MOST_BYTES:
        message = f"is {state.st_size} bytes long, more than {MOST_BYTES}"
        return Problem(file, 1, "", message, "split it into smaller files")
    return None


def conflict_marks(text: str, file: str) -> Problem | None:
    """The marks of a merge that was not finished, or None."""
    found = list(_CONFLICT.finditer(text))
    kinds = {match[0].strip()[:7] for match in found}
    if "<<<<<<<" not in kinds and ">>>>>>>" not in kinds:
        return None
    line = text.count("\n", 0, found[0].start()) + 1
    blocks = sum(match[0].startswith("<<<<<<<") for match in found)
    message = f"holds the marks of a merge that is not finished ({blocks} {'place' if blocks == 1 else 'places'}, from line {line} on)"
    cure = (
        "at each place keep the lines of one side, or of both, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>; "
        "`git checkout --ours FILE` or `--theirs FILE` takes one side whole"
    )
    return Problem(file, line, "", message, cure)
