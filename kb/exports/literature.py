"""A reference as reference managers describe it: CSL-JSON, from which RIS and styled citations follow."""

from __future__ import annotations

from typing import Any

from kb.exports.data import Record

_CSL_TYPES = {
    "article": "article-journal", "book": "book", "incollection": "chapter", "online": "webpage", "report": "report",
    "misc": "document",
}  # fmt: skip


def csl(reference: Record) -> dict[str, Any]:
    """The CSL-JSON item (schema csl-data 1.0.2) of a reference; only fields that were seen."""
    item: dict[str, Any] = {
        "id": reference["key"],
        "type": _CSL_TYPES[reference["type"]],
        "title": reference["title"],
        "author": [_person(a) for a in reference.get("authors", [])],
        "container-title": reference.get("journal"),
        "publisher": reference.get("publisher"),
        "volume": reference.get("volume"),
        "issue": reference.get("issue"),
        "page": reference.get("pages"),
        "DOI": reference.get("doi"),
        "PMID": reference.get("pmid"),
        "PMCID": reference.get("pmcid"),
        "URL": reference.get("url"),
        "note": _note(reference),
    }
    if reference.get("year"):
        item["issued"] = {"date-parts": [[reference["year"]]]}
    return {k: v for k, v in item.items() if v not in (None, "", [])}


def _person(author: Record) -> dict[str, str]:
    if author.get("body") or not author.get("given"):
        return {"literal": author["family"]}
    return {"family": author["family"], "given": author["given"]}


def _note(reference: Record) -> str:
    said = [f"design: {reference['design']}"]
    if reference.get("authors_cut"):
        said.append("further authors were not seen")
    notice = reference.get("notice")
    if notice:
        said.append(f"{notice['kind']}: {notice['said']}")
    return "; ".join(said)
