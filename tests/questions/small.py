"""A small base made in memory, for questions whose answer can be worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.formulary import Formulary
from kb.knowledge import KnowledgeBase
from kb.model import Ingredient, Reference, Technique, Term

REVIEW = {"last": "2026-11-22", "by": "test", "due": "2027-11-22"}


def ingredient(slug: str, **more: Any) -> Ingredient:
    role = {"value": "principal", "why": "test"}
    return Ingredient.model_validate(
        {"id": slug, "name": slug.title(), "kind": "drug", "role": role, "review": REVIEW} | more
    )


def technique(slug: str, **more: Any) -> Technique:
    return Technique.model_validate({"id": slug, "name": slug.title(), "review": REVIEW} | more)


def finding(slug: str, reference: str = "smith2020", object_: str = "hair-loss", **more: Any) -> dict[str, Any]:
    return {
        "id": slug,
        "reference": reference,
        "relation": "treats",
        "object": object_,
        "direction": "supports",
        "route": "topical",
        "basis": "abstract",
        "seen_at": "https://example.org",
        "summary": f"What {slug} found.",
    } | more


def caution(slug: str, trigger: str, severity: str = "caution", **more: Any) -> dict[str, Any]:
    texts = {"action": "Ask first.", "why": "It bleeds.", "strength": "One label."}
    return {"id": slug, "trigger": trigger, "severity": severity, "references": ["smith2020"]} | texts | more


def reference(key: str, design: str = "rct") -> Reference:
    value = {
        "key": key,
        "type": "article",
        "design": design,
        "title": f"Paper {key}",
        "seen_at": ["page"],
        "verified_on": "2026-11-22",
    }
    return Reference.model_validate(value)


def base(
    *subjects: Ingredient | Technique,
    terms: dict[str, list[dict[str, Any]]] | None = None,
    references: tuple[Reference, ...] = (),
) -> KnowledgeBase:
    records = Formulary()
    for subject in subjects:
        (records.ingredients if isinstance(subject, Ingredient) else records.techniques)[subject.id] = subject  # type: ignore[index]
    for vocabulary, values in (terms or {}).items():
        for value in values:
            term = Term.model_validate({"name": value["id"].replace("-", " ").title()} | value)
            records.vocabularies[vocabulary][term.id] = term
    listed = references or (reference("smith2020"),)
    return KnowledgeBase(Path(), records, {r.key: r for r in listed}, [])
