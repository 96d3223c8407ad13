"""What the questions of a program are answered with: the shapes behind the HTTP API and the server for assistants.

What lies inside is typed where it is made: pages and their parts in `kb.questions.shapes`, the check in `kb.questions.answer`; records are
as their JSON Schema has them (`schema/`).
"""

from __future__ import annotations

from typing import Any, TypedDict

from kb.exports.data import Record
from kb.questions.shapes import AssessmentValue


class Release(TypedDict):
    """Which release answers, and under what licence; `content` is the hash of what it was made from."""

    title: str
    release: str
    date: str
    content: str
    licence: str
    licence_address: str
    disclaimer: str


class About(Release):
    records: dict[str, int]
    """How many of each kind."""


class RecordList(TypedDict):
    """A part of the records of a kind: `total` of them, from `offset` on."""

    release: str
    kind: str
    total: int
    offset: int
    records: list[Record]


class OneRecord(TypedDict):
    release: str
    kind: str
    record: Record


class Cited(TypedDict):
    """A paper: its key, how it is cited, and its first address."""

    key: str
    citation: str
    address: str | None


class Whole(TypedDict):
    """The page of one thing; `kb.questions.shapes.Page`, printed."""

    release: str
    page: dict[str, Any]


class Line(TypedDict):
    text: str
    references: list[str]


class AnswerInLines(TypedDict):
    """What a question was understood as, what it is about, and the answer."""

    kind: str
    about: list[str]
    lines: list[Line]


class Found(TypedDict):
    """`left_aside` are words of the question that its answers do not take into account."""

    release: str
    query: str
    answers: list[AnswerInLines]
    left_aside: list[str]
    hits: list[dict[str, Any]]


class Evidence(TypedDict):
    """`answer` is *found* or *no data found*, which is no proof that nothing was studied."""

    release: str
    asked: dict[str, str]
    answer: str
    assessments: list[Record]
    findings: list[Record]
    references: list[Cited]


class Side(TypedDict):
    """One of the things compared."""

    id: str
    kind: str
    name: str
    summary: str | None
    assessments: list[AssessmentValue]


class Compared(TypedDict):
    release: str
    items: list[Side]
    compared_directly: list[Record]
    """Findings that compared two of them."""
    references: list[Cited]


class Checked(TypedDict):
    """The whole answer of the pre-procedure check (`kb.questions.answer.Answer`), and the papers it names."""

    release: str
    answer: dict[str, Any]
    references: list[Cited]
