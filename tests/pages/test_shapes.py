"""Pages have the shape their schema promises: every key, no other key, values of the type that stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kb.questions.answer_schema import schemas
from kb.questions.shapes import SHAPES
from kb.snapshot import Snapshot

ROOT = Path(__file__).parents[2]


def exact(schema: Any) -> Any:
    """The schema with no key allowed that it does not name."""
    if isinstance(schema, list):
        return [exact(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: exact(inner) for key, inner in schema.items()}
    return found | {"additionalProperties": False} if "properties" in found and found.get("type") == "object" else found


def sample(snapshot: Snapshot) -> Iterator[str]:
    """The fullest page of each kind, and every fortieth."""
    rows = sorted(snapshot.document("catalogue"), key=lambda row: -row["findings"])
    yield from {row["kind"]: row["id"] for row in reversed(rows)}.values()
    yield from (row["id"] for row in rows[::40])


def test_every_page_has_the_keys_of_its_schema_and_no_others(base: Snapshot) -> None:
    validator = jsonschema.Draft202012Validator(exact(json.loads(schemas()["page"])))
    wrong = {slug: e.message[:200] for slug in sample(base) for e in validator.iter_errors(base.monograph(slug))}
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_each_schema_says_whether_others_may_rely_on_it_and_is_the_one_in_the_folder(name: str) -> None:
    text = schemas()[name]
    assert json.loads(text)["x-stability"] in {"stable", "unstable"}
    assert (ROOT / "schema" / f"{name}.json").read_text(encoding="utf-8") == text, "run `kb schema`"
