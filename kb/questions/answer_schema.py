"""JSON Schemas of what others read by program: pages and the pre-procedure check's answer, generated from their types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from kb.questions.answer import Answer
from kb.questions.shapes import SHAPES

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The text of `schema/precheck-answer.json` (draft 2020-12)."""
    return _text({"$schema": _DRAFT, "title": "precheck-answer"}, TypeAdapter(Answer).json_schema(mode="serialization"))


def schemas() -> dict[str, str]:
    """Schema name (the file's stem in `schema/`) to its text: the answer, and each shape of a page.

    `x-stability` says what others may rely on: `stable` keys stay, with their meaning, until deprecated for a release.
    """
    found = {"precheck-answer": schema()}
    for name, (shape, stability) in SHAPES.items():
        head = {"$schema": _DRAFT, "title": name, "x-stability": stability}
        found[name] = _text(head, TypeAdapter(shape).json_schema(mode="serialization"))
    return found


def _text(head: dict[str, Any], value: dict[str, Any]) -> str:
    rest = {k: v for k, v in value.items() if k != "title"}
    return json.dumps(head | rest, ensure_ascii=False, indent=1) + "\n"
