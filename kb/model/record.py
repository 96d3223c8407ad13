"""What every record shares: strict fields, a slug, and the place in the files where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
REFERENCE_KEY = r"^[a-z]+(\d{4}|nd)[a-z]*$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=120)]
"""Lower-case words joined by hyphens; names a record for ever and is never reused."""

ReferenceKey = Annotated[str, StringConstraints(pattern=REFERENCE_KEY, max_length=60), "cites"]
"""BibTeX key: family name of the first author (or issuing body and subject), year or `nd` (no date), optional letters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""A sentence or a paragraph in our own words."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
"""A name, a dose, a population: one line."""


Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
"""An answer that is read at a glance."""


class Place(NamedTuple):
    """Where a record or a field stands: path relative to the root, and line counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Part(BaseModel):
    """A piece of a record. Unknown fields are errors, so that a misspelt field is never lost silently."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, str_strip_whitespace=True)


def cited_in(part: Part) -> Iterator[str]:
    """Every reference key in a record and its parts: whatever a field of type `ReferenceKey` holds, wherever it is."""
    for name, keys in _fields(type(part)):
        value = getattr(part, name)
        for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]:
            if isinstance(item, Part):
                yield from cited_in(item)
            elif keys and isinstance(item, str):
                yield item


@cache
def _fields(kind: type[Part]) -> tuple[tuple[str, bool], ...]:
    """The fields of a kind of record, each with whether it holds reference keys."""
    return tuple(
        (name, "cites" in field.metadata or _holds_keys(field.annotation)) for name, field in kind.model_fields.items()
    )


def _holds_keys(annotation: object) -> bool:
    return "cites" in getattr(annotation, "__metadata__", ()) or any(_holds_keys(a) for a in get_args(annotation))


class Record(Part):
    """A part that stands on its own: it knows the file and the line it was read from."""

    _place: Place | None = PrivateAttr(default=None)

    @property
    def place(self) -> Place | None:
        """Where the record was read; `None` for a record made in memory."""
        return self._place

    def __eq__(self, other: object) -> bool:
        """Two records are equal when they say the same, wherever they stand."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]


class Review(Part):
    """When a record was last read against its sources, by whom, and when that is due again."""

    last: date
    by: Line = Field(description="name or initials of the reviewer; a body in small letters names nobody")
    due: date
    of: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{16}$",
        description="fingerprint of what was read, with findings, assessments and cautions; programs write it",
    )

    @property
    def names_a_person(self) -> bool:
        """`Ann Low` and `AL` do, `editorial team` does not."""
        return any(word[:1].isupper() for word in self.by.split())

    @property
    def is_ordered(self) -> bool:
        return self.due > self.last
