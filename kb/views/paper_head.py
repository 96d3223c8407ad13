"""What machines read at the head of a paper's page: the tags from which reference managers take it, and schema.org."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.questions.shapes import ReferenceValue


def head(reference: ReferenceValue) -> str:
    """`citation_*` meta tags (as Zotero and Google Scholar read them) and JSON-LD of a reference; absent fields stay out.

    Zotero takes whatever has a title for a paper in a journal, and the name of the site for that journal: what is neither a
    paper nor a chapter nor a report is said to be a page (`og:type`), and no site is named (`kb/views/shell.py`).
    """
    first, _, last = (reference.get("pages") or "").partition("-")
    kind, within = reference.get("type"), reference.get("journal")
    people = [_whole(author) for author in reference.get("people") or _named(reference)]
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
        ("citation_public_url", reference.get("url") or _same_as(reference)),
    ]
    told = within or (kind == "report" and _institution(reference))
    page = "website" if kind != "article" and not told else "article"
    lines = [f'<meta property="og:type" content="{page}">']
    lines += [f'<meta name="{name}" content="{html.escape(str(value))}">' for name, value in tags if value]
    value = json.dumps(_schema_org(reference), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return "\n".join([*lines, f'<script type="application/ld+json">{value}</script>'])


def _schema_org(reference: ReferenceValue) -> dict[str, Any]:
    told = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle" if reference.get("journal") else "CreativeWork",
        "name": reference.get("title"),
        "author": [{"@type": "Person", "name": a} for a in _named(reference)],
        "datePublished": str(reference["year"]) if reference.get("year") else None,
        "isPartOf": {"@type": "Periodical", "name": reference["journal"]} if reference.get("journal") else None,
        "sameAs": _same_as(reference),
    }
    return {key: value for key, value in told.items() if value}


def _same_as(reference: ReferenceValue) -> str | None:
    doi, pmid = reference.get("doi"), reference.get("pmid")
    return f"https://doi.org/{doi}" if doi else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def _whole(author: str) -> str:
    """Zotero takes a name with blanks on both sides of its comma for two people, unless a semicolon ends it."""
    family, comma, given = author.partition(", ")
    return f"{author};" if comma and " " in family and " " in given else author


def _institution(reference: ReferenceValue) -> str | None:
    """Who put out a report: its publisher, else the body that is its first author. It tells a report from a paper."""
    written = zip(reference.get("people") or (), reference.get("authors") or (), strict=False)
    bodies = [name for name, plain in written if name == plain]  # of a person the one has a comma, the other has none
    return reference.get("publisher") or (bodies[0] if bodies else None)


def _named(reference: ReferenceValue) -> list[str]:
    """The authors with names; `et al.` at the end of a list cut short would be taken for a person."""
    return [author for author in reference.get("authors") or () if author != "et al."]
