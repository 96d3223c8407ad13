"""What a form needs to know of each field of a record type, read off the type itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from kb.author.typed import unwrapped
from kb.model.record import Slug, Text

LINE, TEXT, NUMBER, WHOLE, YES_NO, CHOICE, DAY = "line", "text", "number", "whole number", "yes or no", "choice", "date"
WORD, PART, LIST, PAIRS = "word", "part", "list", "pairs"

CAPTIONS = {
    "as_of": "As of",
    "by": "By",
    "co_ingredients": "Together with",
    "parents": "Belongs to",
    "computed": "Computed, not printed",
    "contradicts": "Contradicts claims",
    "from": "From (as printed)",
    "follow_up_weeks": "Follow-up",
    "i_squared": "I²",
    "icd10": "ICD-10",
    "icd11": "ICD-11",
    "in_short": "Answer in one line",
    "id": "Id (short name)",
    "interval": "Interval",
    "interval_weeks": "Session gap",
    "n": "People (n)",
    "p": "p value",
    "pubchem_cid": "PubChem CID",
    "rxcui": "RxNorm",
    "sd": "SD",
    "se": "SE",
    "seen_at": "Seen at",
    "with": "Together with",
    "would_change": "Would change this",
    "publication_bias": "Are trials missing?",
    "cas": "CAS",
    "unii": "UNII",
    "chebi": "ChEBI",
    "drugbank": "DrugBank",
    "atc": "ATC",
    "mesh": "MeSH",
    "regulatory": "Regulatory status",
    "hpo": "HPO",
    "snomed": "SNOMED CT",
    "doid": "Disease Ontology",
}
ONE = {
    "atc": "ATC code",
    "contradicts": "claim",
    "evidence_against": "finding against it",
    "evidence_for": "finding for it",
    "hpo": "HPO term",
    "icd10": "ICD-10 code",
    "icd11": "ICD-11 code",
    "mixing": "mixture",
    "parents": "broader one",
    "regulatory": "regulation",
    "seen_at": "page",
    "snomed": "SNOMED CT code",
    "with": "other active",
}
"""Lists to what one of their entries is called, where it is not the caption without its s."""
UNITS = {
    "follow_up_weeks": "weeks",
    "interval_weeks": "weeks",
    "before_days": "days",
    "after_days": "days",
    "percent": "%",
    "i_squared": "%",
    "level": "%",
}
WRITTEN = frozenset({("Review", "of")})
"""Fields that programs write and nobody types."""
_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Finding", "reference"): ("references",),
    ("Finding", "technique"): ("techniques",),
    ("Finding", "with"): ("ingredients", "techniques", "substances"),
    ("Finding", "object"): ("relation",),
    ("Outcome", "concept"): ("concepts",),
    ("Outcome", "unit"): ("units",),
    ("Assessment", "object"): ("indications", "adverse-effects"),
    ("Assessment", "technique"): ("techniques",),
    ("Assessment", "findings"): ("findings",),
    ("Caution", "trigger"): ("conditions", "substances"),
    ("Caution", "evidence_for"): ("findings",),
    ("Caution", "evidence_against"): ("findings",),
    ("Regulation", "jurisdiction"): ("jurisdictions",),
    ("Mixing", "other"): ("ingredients", "substances"),
    ("Ingredient", "parents"): ("ingredients",),
    ("Technique", "parents"): ("techniques",),
    ("Claim", "subject"): ("everything",),
    ("Claim", "object"): ("everything",),
    ("Claim", "relation"): ("claim-relations",),
    ("Claim", "topic"): ("claim-topics",),
    ("Claim", "findings"): ("findings",),
    ("Claim", "contradicts"): ("claims",),
}
"""Record type and field to the vocabularies its words come from. `relation`: they depend on the finding's relation."""


@dataclass(frozen=True)
class Field:
    """One field of a form. `inner` is the field of a list's entries; `part` the type of a nested part."""

    name: str
    caption: str
    kind: str
    required: bool = False
    help: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    part: type[BaseModel] | None = None
    inner: Field | None = None

    @property
    def one(self) -> str:
        """What one entry of a list is called: `outcome` of Outcomes."""
        return ONE.get(self.name, self.caption.lower().removesuffix("s"))


def fields_of(kind: type[BaseModel], without: tuple[str, ...] = ()) -> list[Field]:
    """The fields of a record type or a part of one, in the order of the type."""
    found = []
    for name, info in kind.model_fields.items():
        key = info.alias or name
        if key in without or (kind.__name__, key) in WRITTEN:
            continue
        found.append(_field(kind, key, info.annotation, info.metadata, info.is_required(), info.description or ""))
    return found


def field_at(kind: type[BaseModel] | None, path: Iterable[str | int]) -> Field | None:
    """The field of a record type at a path (a number stands for an entry of a list); None where there is none."""
    field: Field | None = None
    for step in path:
        if isinstance(step, int):
            field = field.inner if field else None
            continue
        field = next((f for f in fields_of(kind) if f.name == step), None) if kind else None
        inner = field.inner if field and field.inner else field
        kind = inner.part if inner else None
    return field


def _field(
    owner: type[BaseModel], name: str, annotation: Any, metadata: list[Any], required: bool, help_: str
) -> Field:
    caption = CAPTIONS.get(name, name.replace("_", " ").capitalize())
    base: dict[str, Any] = {"name": name, "caption": caption, "required": required, "help": help_}
    base["unit"] = UNITS.get(name, "")
    inner = unwrapped(annotation)
    if get_origin(inner) is list:
        of = get_args(inner)[0]
        return Field(
            **base, kind=LIST, inner=_field(owner, name, of, list(getattr(of, "__metadata__", ())), True, help_)
        )
    if get_origin(inner) is dict:
        return Field(**base, kind=PAIRS)
    if isinstance(inner, type):
        if issubclass(inner, BaseModel):
            return Field(**base, kind=PART, part=inner)
        if issubclass(inner, Enum):
            return Field(**base, kind=CHOICE, choices=tuple(str(member.value) for member in inner))
        if issubclass(inner, bool):
            return Field(**base, kind=YES_NO)
        if issubclass(inner, int):
            return Field(**base, kind=WHOLE)
        if issubclass(inner, float):
            return Field(**base, kind=NUMBER)
        if issubclass(inner, date):
            return Field(**base, kind=DAY)
    words = _WORDS.get((owner.__name__, name), ("references",) if name == "references" else ())
    if words:
        return Field(**base, kind=WORD, words=words)
    return Field(**base, kind=TEXT if _is_long(annotation, metadata) else LINE)


def _is_long(annotation: Any, metadata: list[Any]) -> bool:
    """Is it a paragraph (`Text`) rather than a line?"""
    of_text = next(m.max_length for m in getattr(Text, "__metadata__", ()) if hasattr(m, "max_length"))
    given = [*metadata, *(m for a in (annotation, *get_args(annotation)) for m in getattr(a, "__metadata__", ()))]
    return any((getattr(m, "max_length", 0) or 0) >= of_text for m in given)


__all__ = ["Field", "Slug", "field_at", "fields_of"]
