"""JSON Schema of every file of the formulary, generated from the record types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter

from kb.model.aftercare import Advice, Change
from kb.model.amount import Maximum
from kb.model.claim import Claim, ClaimPage
from kb.model.derived import DERIVED, Derived
from kb.model.evidence import Assessment, Caution, Correction, LeftOut, Mixing, Protocol, Regulation
from kb.model.field import KnowledgeField
from kb.model.finding import Finding
from kb.model.literature_search import Search
from kb.model.product import Product
from kb.model.reference import Reference
from kb.model.release import MODEL, Release
from kb.model.subject import Exposure, Ingredient, SubjectPart, Technique, Term

_FILES: dict[str, type[BaseModel]] = {
    "ingredient": Ingredient,
    "technique": Technique,
    "exposure": Exposure,
    "subject-part": SubjectPart,
    "product": Product,
    "claim-page": ClaimPage,
    "release": Release,
    "field": KnowledgeField,
}
_LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "vocabulary": ("terms", Term),
    "protocols": ("protocols", Protocol),
    "maxima": ("maxima", Maximum),
    "left-out": ("left_out", LeftOut),
    "corrections": ("corrections", Correction),
    "searches": ("searches", Search),
    "aftercare": ("aftercare", Advice),
    "changes": ("changes", Change),
}


def schemas() -> dict[str, str]:
    """Schema name (the file's stem in `schema/`) to the text of its JSON Schema (draft 2020-12)."""
    found = {name: model.model_json_schema() for name, model in _FILES.items()}
    for name, (key, model) in _LISTS.items():
        inner = TypeAdapter(list[model]).json_schema()  # type: ignore[valid-type]
        definitions = inner.pop("$defs", {})
        found[name] = {
            "$defs": definitions,
            "type": "object",
            "properties": {key: inner},
            "required": [key],
            "additionalProperties": False,
        }
    return {name: _text(name, schema) for name, schema in found.items()}


_RECORDS: dict[str, type[BaseModel]] = {
    "ingredients": Ingredient,
    "techniques": Technique,
    "exposures": Exposure,
    "terms": Term,
    "findings": Finding,
    "assessments": Assessment,
    "cautions": Caution,
    "mixing": Mixing,
    "regulatory": Regulation,
    "protocols": Protocol,
    "products": Product,
    "maxima": Maximum,
    "searches": Search,
    "aftercare": Advice,
    "changes": Change,
    "claims": Claim,
    "pages": ClaimPage,
    "references": Reference,
    "corrections": Correction,
    "left_out": LeftOut,
}
_OWNERS = dict.fromkeys(("findings", "assessments", "cautions", "mixing", "regulatory"), "subject")
_OWNERS |= {"claims": "page", "terms": "vocabulary"}


def record_schemas() -> dict[str, dict[str, Any]]:
    """Kind of record to the JSON Schema (draft 2020-12) of one record as `kb export json` writes it."""
    found = {}
    for kind, model in _RECORDS.items():
        schema = model.model_json_schema(by_alias=True)
        if kind in _OWNERS:
            schema["properties"] = {_OWNERS[kind]: {"type": "string"}, **schema["properties"]}
            schema["required"] = [_OWNERS[kind], *schema.get("required", [])]
        for part, derived in DERIVED.items():
            at = schema if part is model else schema.get("$defs", {}).get(part.__name__)
            if at is not None:
                at["properties"]["parsed"] = _parsed(derived)
        found[kind] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": kind}
    return found


def _parsed(derived: tuple[Derived, ...]) -> dict[str, Any]:
    """The schema of what stands beside the print of a record or part."""
    types = {"text": "string", "number": "number"}
    return {
        "type": "object",
        "description": "what the words are read into",
        "properties": {d.name: {"type": types[d.type], "description": d.description} for d in derived},
        "additionalProperties": False,
    }


def _text(name: str, schema: dict[str, Any]) -> str:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:mesotherapy-kb:{MODEL}:{name}",
        "title": name,
    }
    return (
        json.dumps({**head, **{k: v for k, v in schema.items() if k != "title"}}, ensure_ascii=False, indent=1) + "\n"
    )
