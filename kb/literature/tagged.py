"""Files of tagged lines (`TI  - A title`), as RIS and MEDLINE write them, taken apart into records.

Libraries for RIS stop at the first line they do not expect, and keep neither the place nor the text of a record; an
author needs both, and the sound records of a damaged file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class TaggedRecord:
    """One record: its values in the order of the file, the line it starts on (from 1), and its text."""

    line: int
    values: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    closed: bool = False

    @property
    def original(self) -> str:
        return "\n".join(self.lines).rstrip()

    def all(self, *tags: str) -> list[str]:
        """Values of the tags that are not empty, in the order of the file."""
        return [value for tag, value in self.values if tag in tags and value]

    def first(self, *tags: str) -> str:
        """The first value of the first of the tags that has one, or `""`."""
        return next((found[0] for tag in tags if (found := self.all(tag))), "")


def read_records(text: str, line_of: re.Pattern[str], start: str, end: str | None = None) -> Iterator[TaggedRecord]:
    """Records of a text, one at a time.

    `line_of` matches a tagged line with groups `tag` and `value`; a `start` tag opens a record, an `end` tag closes it
    (None: a blank line before a further tag does). Tags above the start tag of a record belong to it.
    Lines without a tag continue the value before them; text outside
    records is passed over.
    """
    record: TaggedRecord | None = None
    blank = False
    parts: list[str] = []

    def finish_value() -> None:
        if record and record.values and parts:
            tag, value = record.values[-1]
            record.values[-1] = (tag, " ".join([value, *parts]).strip())
        parts.clear()

    for number, line in enumerate(text.split("\n"), 1):
        match = line_of.match(line)
        if match:
            finish_value()
            tag, value = match["tag"].upper(), _value_of(match)
            if tag == end:
                if record:
                    record.lines.append(line)
                    record.closed = True
                    yield record
                record = None
                continue
            if record and ((tag == start and not _goes_on(record, tag, end)) or (end is None and blank)):
                yield record
                record = None
            if record is None:
                record = TaggedRecord(number)
            record.lines.append(line)
            record.values.append((tag, value))
            blank = False
        elif record:
            record.lines.append(line)
            if line.strip():
                parts.append(line.strip())
                blank = False
            else:
                blank = True
    finish_value()
    if record:
        yield record


def _value_of(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups.get("value") or groups.get("glued") or "").strip()


def _goes_on(record: TaggedRecord, start: str, end: str | None) -> bool:
    """Whether a start tag belongs to the record before it: some programs write a few tags above it, some write it twice."""
    begun = [tag == start for tag, _ in record.values]
    return end is not None and (not any(begun) or all(begun))
