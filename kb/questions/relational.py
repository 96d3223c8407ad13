"""Every record as rows that join: a table a kind of record, a table a list inside a record.

The tables are derived from the record types, so a field that a record type gains is a column or a table here at once.
A list of words becomes `<table>_<field>` with one row an entry; a list of parts becomes a table with the part's own columns;
a single part becomes columns with its name in front. What the words of a part are read into (`kb.model.derived`) follows as
columns of their own. `position` counts entries from 1, in the order of the record.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kb.model import (
    Advice,
    Assessment,
    Caution,
    Change,
    Claim,
    ClaimPage,
    Correction,
    Exposure,
    Finding,
    Identifiers,
    Ingredient,
    LayWords,
    LeftOut,
    Maximum,
    Mixing,
    Product,
    Protocol,
    Reference,
    Regulation,
    Search,
    Subject,
    Technique,
    Term,
)
from kb.model.derived import DERIVED
from kb.records import Records, kinds

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """A column: `type` is one of text, integer, number, boolean, date; `refers` is `table.column` for a key of another table."""

    name: str
    type: str
    description: str = ""
    refers: str = ""


@dataclass
class Table:
    """A table with its rows; `key` names the columns that tell a row apart."""

    name: str
    key: tuple[str, ...]
    columns: list[Column]
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    title: str = ""


_RECORDS: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("ingredients", Ingredient, "Substances of the cocktail"),
    ("techniques", Technique, "Ways of getting substances, or energy, into the skin"),
    ("exposures", Exposure, "What the patient brings along that studies are about"),
    ("terms", Term, "Vocabulary: indications, adverse effects, conditions, medicines, topics, jurisdictions"),
    ("findings", Finding, "One study's result on one question, figures as printed"),
    ("assessments", Assessment, "The body of evidence for subject, route and indication, graded"),
    ("cautions", Caution, "Contraindications, precautions and interactions"),
    ("mixing", Mixing, "What is known about two things in one syringe"),
    ("regulatory", Regulation, "Regulatory status by jurisdiction, route and use"),
    ("protocols", Protocol, "Schedules with who says so"),
    ("products", Product, "Products that a clinician holds in the hand, with their declared composition"),
    ("maxima", Maximum, "How much may be given, with who says so"),
    ("searches", Search, "Systematic searches on record"),
    ("aftercare", Advice, "What to do after a session and in an emergency, with who says so"),
    ("changes", Change, "What changed in the world: warnings, bans, laws, approvals"),
    ("claims", Claim, "What popular pages say, with a verdict"),
    ("pages", ClaimPage, "The popular pages"),
    ("references", Reference, "The literature"),
    ("corrections", Correction, "What sources had wrong, with the right"),
    ("left_out", LeftOut, "What was left out, with the reason"),
)
_OWNED = ("findings", "assessments", "cautions", "mixing", "regulatory")
"""Lists of a subject that have a table of their own above; so have the claims of a page."""

_SINGULAR = {
    "ingredients": "ingredient", "techniques": "technique", "exposures": "exposure", "terms": "term", "findings": "finding",
    "assessments": "assessment", "cautions": "caution", "mixing": "mixing", "regulatory": "regulatory",
    "protocols": "protocol", "claims": "claim", "pages": "page", "references": "reference", "corrections": "correction",
    "left_out": "left_out", "things": "thing", "products": "product", "searches": "search", "maxima": "maximum",
    "aftercare": "aftercare", "changes": "change",
}  # fmt: skip

_REFERS = {
    "reference": "references.key", "references": "references.key", "findings": "findings.id", "evidence_for": "findings.id",
    "evidence_against": "findings.id", "contradicts": "claims.id", "page": "pages.id", "subject": "things.id",
    "object": "things.id", "trigger": "things.id", "other": "things.id", "technique": "things.id", "with": "things.id",
    "ingredients": "things.id", "indication": "things.id", "parents": "things.id", "same_as": "things.id",
    "jurisdiction": "things.id",
}  # fmt: skip
"""Field to the key it holds; `things` lists every id that a field may name, with its kind and name."""


def tables(base: Records) -> list[Table]:
    """Every table, parents before children, rows in the order of the files; the same base gives the same rows."""
    found: dict[str, Table] = {"things": _things(base)}
    for name, model, title in _RECORDS:
        layout = _Layout(model, refers=name != "left_out")  # what was left out is named as its source named it
        keyed = "key" if "key" in model.model_fields else "id" if "id" in model.model_fields else ""
        owner = _owner(name)
        head = [Column(owner, "text", "what it is recorded for", _owner_refers(owner))] if owner else []
        key = (keyed,) if keyed else (owner, "position")
        if name == "terms":
            head, key = [Column("vocabulary", "text", "the vocabulary it belongs to")], ("vocabulary", "id")
        if not keyed:
            head.append(Column("position", "integer", "order within its list, from 1"))
            key = (owner, "position") if owner else ("position",)
        table = found.setdefault(name, Table(name, key, [*head, *layout.columns()], title=title))
        for lead, record in _records(base, name):
            number = (len([r for r in table.rows if not owner or r[0] == lead[0]]) + 1,) if not keyed else ()
            table.rows.append((*lead, *number, *layout.values(record)))
            values = dict(zip((c.name for c in table.columns), table.rows[-1], strict=True))
            at = {
                _SINGULAR[name] if k in ("id", "key") else f"{name}_position" if k == "position" else k: values[k]
                for k in key
            }
            _children(found, name, record, at)
    return [t for t in found.values() if t.rows]


def _things(base: Records) -> Table:
    columns = [
        Column("id", "text", "the name of the thing in every other table"),
        Column("kind", "text", "its leading kind"),
        Column("name", "text", "what people call it"),
    ]
    rows: list[tuple[Value, ...]] = [
        (slug, all_kinds[0], base.name(slug)) for slug, all_kinds in sorted(kinds(base).items())
    ]
    return Table("things", ("id",), columns, rows, "Everything a record may name, with its leading kind")


def _owner(name: str) -> str:
    return {"findings": "subject", "assessments": "subject", "cautions": "subject", "mixing": "subject",
            "regulatory": "subject", "claims": "page"}.get(name, "")  # fmt: skip


def _owner_refers(owner: str) -> str:
    return {"subject": "things.id", "page": "pages.id"}[owner]


def _records(base: Records, name: str) -> Iterator[tuple[tuple[Value, ...], BaseModel]]:
    """The records of a table, each with the values of its leading columns."""
    if name == "terms":
        for vocabulary, terms in base.formulary.vocabularies.items():
            yield from (((vocabulary,), term) for term in terms.values())
    elif name == "claims":
        for page in base.formulary.pages.values():
            yield from (((page.id,), claim) for claim in page.claims)
    elif name in _OWNED:
        for subject in base.subjects.values():
            yield from (((subject.id,), record) for record in getattr(subject, name, ()))
    else:
        source: Any = {
            "pages": base.formulary.pages,
            "corrections": base.formulary.corrections,
            "left_out": base.formulary.left_out,
        }.get(name)
        if source is None:
            source = getattr(base, name)
        yield from (((), record) for record in (source.values() if isinstance(source, Mapping) else source))


def _is_apart(model: type[BaseModel], name: str) -> bool:
    return (issubclass(model, Subject) and name in _OWNED) or (model is ClaimPage and name == "claims")


class _Layout:
    """Columns of a record type: its plain fields, and those of single parts with their name in front."""

    def __init__(self, model: type[BaseModel], refers: bool = True) -> None:
        self.fields = list(_plain_fields(model))
        self.derived = DERIVED.get(model, ())
        self.refers = _REFERS if refers else {}

    def columns(self) -> list[Column]:
        printed = [Column(f.name, f.type, f.description, self.refers.get(f.path[-1], "")) for f in self.fields]
        return [*printed, *(Column(d.name, d.type, f"read from the print: {d.description}") for d in self.derived)]

    def values(self, record: BaseModel) -> tuple[Value, ...]:
        printed = tuple(_value(_at(record, f.path)) for f in self.fields)
        return (*printed, *(d.read(record) for d in self.derived))


@dataclass(frozen=True)
class _Field:
    name: str
    path: tuple[str, ...]
    type: str
    description: str


def _plain_fields(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[_Field]:
    for name, info in model.model_fields.items():
        if not before and _is_apart(model, name):
            continue
        kind, many = _kind(info.annotation)
        if many or kind is Identifiers:
            continue
        path = (*before, name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _plain_fields(kind, path)
        else:
            yield _Field("_".join((*before, info.alias or name)), path, _type(kind), info.description or "")


def _children(found: dict[str, Table], name: str, record: BaseModel, at: Mapping[str, Value]) -> None:
    """Rows of the lists inside a record, in tables named after record and field. `at` are its key columns and values."""
    for field_name, info in type(record).model_fields.items():
        if _is_apart(type(record), field_name):
            continue
        value = getattr(record, field_name)
        table = f"{name}_{info.alias or field_name}"
        if isinstance(value, Identifiers):
            columns = [Column("scheme", "text", "code system"), Column("code", "text")]
            _add(found, table, at, columns, [(scheme, code) for scheme, code in value])
        elif isinstance(value, LayWords):
            _add(found, table, at, [Column("language", "text", "ISO 639-1"), Column("word", "text")], [*value.pairs()])
        elif isinstance(value, list):
            _of_list(found, table, at, info, field_name, value)
        elif isinstance(value, BaseModel):
            _children(found, table, value, at)


def _of_list(
    found: dict[str, Table], table: str, at: Mapping[str, Value], info: FieldInfo, field_name: str, value: list[Any]
) -> None:
    kind, _ = _kind(info.annotation)
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        refers = _REFERS.get(info.alias or field_name, "")
        name = _SINGULAR[refers.split(".")[0]] if refers and not refers.startswith("things") else "value"
        name = f"{name}_listed" if name in at else name
        column = Column(name, _type(kind), info.description or "", refers)
        _add(found, table, at, [column], [(_value(v),) for v in value])
        return
    layout = _Layout(kind)
    _add(found, table, at, layout.columns(), [layout.values(part) for part in value])
    for number, part in enumerate(value, 1):
        _children(found, table, part, {**at, f"{field_name}_position": number})


def _add(
    found: dict[str, Table], name: str, at: Mapping[str, Value], columns: list[Column], rows: list[tuple[Value, ...]]
) -> None:
    if name not in found:
        keys = [Column(k, _type(type(v)), "", _PARENTS.get(k, "")) for k, v in at.items()]
        position = Column("position", "integer", "order within its list, from 1")
        key = (*at, "position")
        found[name] = Table(name, key, [*keys, position, *columns], title=f"{name.replace('_', ' ')}: one row an entry")
    found[name].rows += [(*at.values(), number, *row) for number, row in enumerate(rows, 1)]


_PARENTS = {
    singular: f"{table}.{'key' if table == 'references' else 'id'}"
    for table, singular in _SINGULAR.items()
    if table not in ("terms", "mixing", "regulatory", "left_out")
}


def _kind(annotation: Any) -> tuple[Any, bool]:
    """The plain type of an annotation, and whether it is a list of it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        kinds = [_kind(a) for a in inner]
        return kinds[0][0], any(many for _, many in kinds)
    if origin is list:
        return _kind(get_args(annotation)[0])[0], True
    return annotation, False


def _type(kind: Any) -> str:
    for python, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (date, "date")):
        if isinstance(kind, type) and issubclass(kind, python):
            return name
    return "text"


def _at(record: BaseModel, path: tuple[str, ...]) -> Any:
    value: Any = record
    for step in path:
        value = None if value is None else getattr(value, step)
    return value


def _value(value: Any) -> Value:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return value  # type: ignore[no-any-return]
