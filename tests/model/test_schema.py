"""The JSON Schemas in the repository are those of the record types, and they accept what the base holds."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from kb.formulary.yamltext import parse
from kb.model.schema import schemas
from tests import whole

ROOT = Path(__file__).parents[2]


def test_schemas_in_the_repository_are_fresh() -> None:
    for name, text in schemas().items():
        stored = ROOT / "schema" / f"{name}.json"
        assert stored.exists(), f"{stored} is missing; run `kb schema`"
        assert stored.read_text(encoding="utf-8") == text, f"{stored} is stale; run `kb schema`"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_are_valid_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize(
    ("folder", "name"), [("ingredients", "ingredient"), ("techniques", "technique"), ("exposures", "exposure")]
)
def test_files_of_the_formulary_pass_the_schema_an_editor_uses(folder: str, name: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schemas()[name]))
    for path in sorted((ROOT / "formulary" / folder).glob("*.yaml")):
        document, problems = parse(path.read_text(encoding="utf-8"), path.name)
        assert document, problems
        errors = [f"{path.name}: {e.json_path}: {e.message}" for e in validator.iter_errors(document.value)]
        assert not errors, errors[:3]


def test_every_file_names_its_schema_for_the_editor() -> None:
    for path in sorted((ROOT / "formulary").rglob("*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), f"{path}: first line names no schema"
        target = (path.parent / first.split("$schema=")[1].strip()).resolve()
        assert target.is_file(), f"{path}: {target} is not there"


def test_yaml_of_the_suites_is_plain() -> None:
    for path in sorted((ROOT / "validation" / "suites").glob("*.yaml")):
        assert isinstance(whole.table(path), dict)
