"""What machines read at the head of a paper's page: the tags from which reference managers take it, and schema.org."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.questions.shapes import ReferenceValue


def head(reference: ReferenceValue) -> str:
    """`citation_*` meta tags (as Zotero and Google Scholar read them) and JSON-LD of a reference; absent fields stay out."""
    first, _, last = (reference.get("pages") or "").partition("-")
    kind, within = reference.get("type"), reference.get("journal")
    people = reference.get("people") or _named(reference)
    tags = [
        ("citation_title", reference.get("title")),
        *(("citation_author", author) for author in people),
        ("citation_publication_date", reference.get("year")),
        ("citation_book_title" if kind == "incollection" else "citation_journal_title", within),
        ("citation_technical_report_institution", _institution(reference) if kind == "report" else None),
        ("citation_publisher", reference.get("publisher")),
        ("citation_volume", reference.get("volume")),
        ("citation_issue", reference.get("issue")),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_doi", reference.get("doi")),
        ("citation_pmid", reference.get("pmid")),
        ("citation_public_url", reference.get("url")),
    ]
    lines = [f'<meta name="{name}" content="{html.escape(str(value))}">' for name, value in tags if value]
    value = json.dumps(_schema_org(reference), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return "\n".join([*lines, f'<script type="application/ld+json">{value}</script>'])


def _schema_org(reference: ReferenceValue) -> dict[str, Any]:
    doi, pmid = reference.get("doi"), reference.get("pmid")
    told = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle" if reference.get("journal") else "CreativeWork",
        "name": reference.get("title"),
        "author": [{"@type": "Person", "name": a} for a in _named(reference)],
        "datePublished": str(reference["year"]) if reference.get("year") else None,
        "isPartOf": {"@type": "Periodical", "name": reference["journal"]} if reference.get("journal") else None,
        "sameAs": f"https://doi.org/{doi}" if doi else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
    }
    return {key: value for key, value in told.items() if value}


def _institution(reference: ReferenceValue) -> str | None:
    """Who put out a report: its publisher, else the body that is its first author. It tells a report from a paper."""
    bodies = [name for name in reference.get("people") or () if ", " not in name]
    return reference.get("publisher") or (bodies[0] if bodies else None)


def _named(reference: ReferenceValue) -> list[str]:
    """The authors with names; `et al.` at the end of a list cut short would be taken for a person."""
    return [author for author in reference.get("authors") or () if author != "et al."]
