"""Every record as plain values, by kind and id: what exports, the API and other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from kb.model.derived import parsed

if TYPE_CHECKING:
    from kb.records import Records

PARTS_OF_SUBJECTS = ("findings", "assessments", "cautions", "mixing", "regulatory")


def records(base: Records) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind to id to record, values as in JSON, empty fields left out.

    What is recorded for a subject stands under its own kind with the subject's id as `subject`; a record without an id of
    its own (a mixing or regulatory record) is numbered after its subject: `biotin-1`.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {
        kind: {key: plain(record, PARTS_OF_SUBJECTS) for key, record in getattr(base, kind).items()}
        for kind in ("ingredients", "techniques", "exposures")
    }
    found["terms"] = {}
    for vocabulary, terms in base.formulary.vocabularies.items():
        for term in terms.values():
            found["terms"][f"{vocabulary}.{term.id}"] = {"vocabulary": vocabulary, **plain(term)}
    for kind in PARTS_OF_SUBJECTS:
        found[kind] = dict(_of_subjects(base, kind))
    found["protocols"] = {key: plain(p) for key, p in base.protocols.items()}
    found["products"] = {key: plain(p) for key, p in base.products.items()}
    found["maxima"] = {key: plain(m) for key, m in base.maxima.items()}
    found["searches"] = {key: plain(s) for key, s in base.searches.items()}
    found["aftercare"] = {key: plain(a) for key, a in base.aftercare.items()}
    found["changes"] = {key: plain(c) for key, c in base.changes.items()}
    found["claims"] = {
        claim.id: {"page": page.id, **plain(claim)} for page in base.formulary.pages.values() for claim in page.claims
    }
    found["pages"] = {page.id: plain(page, ("claims",)) for page in base.formulary.pages.values()}
    found["references"] = {key: plain(r) for key, r in base.references.items()}
    found["corrections"] = {key: plain(c) for key, c in base.formulary.corrections.items()}
    found["left_out"] = {str(n): plain(r) for n, r in enumerate(base.formulary.left_out, 1)}
    return found


def _of_subjects(base: Records, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for subject in base.subjects.values():
        for number, record in enumerate(getattr(subject, kind, ()), 1):
            key = getattr(record, "id", None) or f"{subject.id}-{number}"
            yield key, {"subject": subject.id, **plain(record)}


def plain(record: BaseModel, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """A record as JSON values; fields without a value are left out."""
    dumped = record.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=set(without))
    _add_parsed(record, dumped)
    return {k: v for k, v in dumped.items() if v not in ([], {}, None)}


def _add_parsed(record: BaseModel, values: dict[str, Any]) -> None:
    """Beside the print, as `parsed`, what it is read into: in a finding, its arms and its outcomes."""
    if found := parsed(record):
        values["parsed"] = found
    for name, info in type(record).model_fields.items():
        part, written = getattr(record, name), values.get(info.alias or name)
        if isinstance(part, list) and isinstance(written, list):
            for one, entry in zip(part, written, strict=True):
                if isinstance(one, BaseModel):
                    _add_parsed(one, entry)
