"""JSON Schema of the pre-procedure check's answer, generated from its types."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from kb.questions.answer import Answer


def schema() -> str:
    """The text of `schema/precheck-answer.json` (draft 2020-12)."""
    value = TypeAdapter(Answer).json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "precheck-answer"}
    rest = {k: v for k, v in value.items() if k != "title"}
    return json.dumps(head | rest, ensure_ascii=False, indent=1) + "\n"
