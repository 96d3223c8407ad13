"""What a reference manager reads at the head of a paper's page: every field of it, and the kind of thing it is."""

import re
from html import unescape
from typing import Any

import pytest

from kb.snapshot import Snapshot
from kb.views import render
from kb.views.paper_head import head
from kb.views.shell import Site, document
from tests.views.markup import Markup

ONE = {
    "citation_title": "title",
    "citation_publication_date": "year",
    "citation_volume": "volume",
    "citation_issue": "issue",
    "citation_doi": "doi",
    "citation_pmid": "pmid",
    "citation_publisher": "publisher",
}


def read(markup: str) -> dict[str, list[str]]:
    """The tags as Zotero and Google Scholar read them: name to contents, in order."""
    found: dict[str, list[str]] = {}
    for name, content in re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', markup):
        found.setdefault(name, []).append(unescape(content))
    return found


def people_in(content: str) -> list[str]:
    """The people that Zotero's translator *Embedded Metadata* takes one author tag for."""
    parts = [part for part in re.split(r"\s*;\s*", content) if part]
    sides = re.split(r"\s*,\s*", content)
    return sides if ";" not in content and len(sides) > 1 and " " in sides[0] and " " in sides[1] else parts


def address(reference: dict[str, Any]) -> str | None:
    doi, pmid = reference["doi"], reference["pmid"]
    known = f"https://doi.org/{doi}" if doi else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None
    return reference["url"] or known


def kind_of(markup: str) -> str:
    """The type of item that Zotero makes of a head: what Open Graph says is a site is a web page, whatever the tags hold."""
    tags = read(markup)
    if '<meta property="og:type" content="website">' in markup:
        return "webpage"
    for name, kind in (("book_title", "bookSection"), ("technical_report_institution", "report")):
        if f"citation_{name}" in tags:
            return kind
    return "journalArticle"


def pages_of(tags: dict[str, list[str]]) -> str | None:
    first, last = tags.get("citation_firstpage"), tags.get("citation_lastpage")
    return None if first is None else "-".join([*first, *(last or [])])


def examples(base: Snapshot) -> dict[str, dict[str, Any]]:
    """Of each type of reference the one of which most is known, with a first and a last page where there is one."""
    best: dict[str, dict[str, Any]] = {}
    for reference in base.document("references").values():
        if reference["type"] not in best or known(reference) > known(best[reference["type"]]):
            best[reference["type"]] = reference
    return best


def known(reference: dict[str, Any]) -> tuple[bool, int]:
    return "-" in (reference["pages"] or ""), sum(map(bool, reference.values()))


@pytest.mark.parametrize("kind", ["article", "incollection", "report", "online", "misc"])
def test_a_page_of_each_type_is_taken_whole(base: Snapshot, kind: str) -> None:
    reference = examples(base)[kind]
    page = render("home", {"paper": [reference["key"]]}, base)
    tags = read(page.head)
    for name, field in ONE.items():
        assert tags.get(name, [None]) == [str(reference[field]) if reference[field] else None], name
    assert pages_of(tags) == reference["pages"]
    assert [whole for name in tags.get("citation_author", []) for whole in people_in(name)] == reference["people"]
    assert tags.get("citation_public_url", []) == [url for url in (address(reference),) if url]
    within = {"incollection": "citation_book_title"}.get(kind, "citation_journal_title")
    assert tags.get(within, [None]) == [reference["journal"]]
    if kind == "article":
        assert {"citation_volume", "citation_issue", "citation_firstpage", "citation_lastpage"} <= tags.keys()
    if kind == "report":
        assert len(tags["citation_technical_report_institution"]) == 1


def test_no_reference_loses_a_field_or_its_place_in_the_journal(base: Snapshot) -> None:
    for key, reference in base.document("references").items():
        tags = read(head(reference))
        assert pages_of(tags) == reference["pages"], key
        assert tags.get("citation_volume", [None]) == [reference["volume"]], key
        assert tags.get("citation_issue", [None]) == [reference["issue"]], key
        assert all(len(values) == 1 for name, values in tags.items() if name != "citation_author"), key


def test_a_family_name_of_two_words_stays_whole(base: Snapshot) -> None:
    people = [p for r in base.document("references").values() for p in r["people"]]
    assert any(", " in name and " " in name.partition(", ")[0] for name in people)
    assert all(name == name.strip(", ") for name in people)


def test_nobody_is_taken_for_two_people_and_no_page_for_a_paper_in_a_journal(base: Snapshot) -> None:
    wanted = {"article": "journalArticle", "incollection": "bookSection", "report": "report"}
    for key, reference in base.document("references").items():
        markup = head(reference)
        assert [p for name in read(markup).get("citation_author", []) for p in people_in(name)] == reference[
            "people"
        ], key
        if not (reference["journal"] and reference["type"] in ("online", "misc")):
            placed = {
                "report": "citation_technical_report_institution" in markup,
                "incollection": reference["journal"],
            }
            kind = wanted.get(reference["type"], "webpage") if placed.get(reference["type"], True) else "webpage"
            assert kind_of(markup) == kind, key


def test_this_site_is_not_named_as_the_journal_of_a_paper(base: Snapshot) -> None:
    site = Site.of("clinician", field=base.field)
    paper = document(render("home", {"paper": ["olsen2002"]}, base), "home", site)
    assert paper.count('property="og:type"') == 1 and "og:site_name" not in paper
    other = document(render("home", {}, base), "home", site)
    assert "og:site_name" in other and "citation_" not in other


def test_no_paper_says_that_a_thing_was_compared_with_itself(base: Snapshot) -> None:
    themselves = [
        f
        for row in base.document("catalogue")
        if row["kind"] in ("ingredient", "technique")
        for f in base.monograph(row["id"])["findings"]
        if f["subject"] == f["object"]
    ]
    assert len(themselves) > 10
    for f in themselves:
        text = " ".join(Markup(render("home", {"paper": [f["reference"]]}, base).html).text.split())
        name = f["subject_name"]
        assert f"{name} two forms compared · " in text, f["id"]
        assert f"{name} compared with · {name}" not in text, f["id"]
