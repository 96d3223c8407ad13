"""Files as they are exported, in every format: each entry read, mended or refused, with its place and its text."""

import pytest

from kb.bibliography import read, to_entry
from kb.literature import Entry, compare, read_any
from kb.literature.match import Verdict
from kb.model.terms import Design
from tests.literature.conftest import FILES, ROOT, STORED

ALL, _ = read(ROOT / "references.bib")
REFERENCES, _ = read(STORED)


def entries(name: str) -> list[Entry]:
    return read_any(name, (FILES / name).read_bytes())


def said(entry: Entry, severity: str) -> set[str]:
    return {problem.field for problem in entry.problems if problem.severity == severity}


@pytest.mark.parametrize(
    ("name", "position", "key"),
    [
        ("export.bib", 0, "moftah2013"),
        ("export.bib", 1, "ablon2004"),
        ("export.ris", 0, "abdelraouf2023"),
        ("export.ris", 1, "abdidezfouli2023"),
        ("pubmed-set.nbib", 0, "ahmed2025"),
        ("pubmed-set.nbib", 1, "abdelraouf2023"),
        ("pubmed-set.xml", 0, "abdidezfouli2023"),
    ],
)
def test_an_exported_entry_says_what_we_have_stored(name: str, position: int, key: str) -> None:
    entry = entries(name)[position]
    match = compare(entry, REFERENCES)[0]
    assert match.reference.key == key
    assert match.certain
    assert not entry.refused
    assert {row.field: (row.stored, row.found) for row in match.fields if row.verdict is Verdict.CONFLICT} == {}


@pytest.mark.parametrize(
    ("name", "refused"),
    [("export.bib", [3, 4]), ("export.ris", [3]), ("pubmed-set.nbib", [3]), ("pubmed-set.xml", [2])],
)
def test_damaged_entries_are_refused_one_by_one(name: str, refused: list[int]) -> None:
    listed = entries(name)
    assert [position for position, entry in enumerate(listed) if entry.refused] == refused
    for position in refused:
        problem = next(p for p in listed[position].problems if p.severity == "critical")
        assert problem.file == name
        assert problem.line == listed[position].line > 0
        assert problem.cure


@pytest.mark.parametrize("name", ["export.bib", "export.ris", "pubmed-set.nbib", "pubmed-set.xml"])
def test_each_entry_keeps_its_place_and_its_text(name: str) -> None:
    lines = (FILES / name).read_text().split("\n")
    for entry in entries(name):
        first = entry.original.split("\n")[0]
        assert first in lines[entry.line - 1]
        assert entry.original in "\n".join(lines)
        title = entry.fields.get("title", "")
        assert title[14:26].lower() in entry.original.lower()


def test_mending_is_told() -> None:
    moftah, ablon, nothing, *_, last = entries("export.bib")
    assert moftah.fields["pages"] == "686-693"
    assert said(moftah, "warning") == {"pages"}
    assert moftah.key == ""  # Moftah_2013 is no key of ours
    assert "month" not in moftah.fields
    assert said(ablon, "warning") == {"title", "doi"}
    assert ablon.key == "ablon2004"
    assert ablon.authors_cut
    assert ablon.fields["year"] == 2004
    assert "doi" not in nothing.fields
    assert {"doi", "year"} <= said(nothing, "warning")
    assert [(a.family, a.body) for a in nothing.fields["authors"]] == [
        ("Perković-Vukčević", False),
        ("The Invented Study Group", True),
    ]
    assert [a.family for a in last.fields["authors"]] == ["Smith", "Jones"]
    assert "url" not in last.fields


def test_ris_dialects() -> None:
    strict, loose, body, _ = entries("export.ris")
    assert strict.fields["pages"] == "1763-1770"
    assert "url" not in strict.fields  # it was the DOI's address
    assert loose.fields["title"].endswith("reduction: A systematic review")
    assert loose.fields["pmid"] == "36875487"
    assert loose.fields["pmcid"] == "PMC9978326"
    assert loose.fields["doi"] == "10.3389/fendo.2023.1087614"
    assert body.fields["type"] == "report"
    assert body.fields["authors"][0].body
    assert "year" not in body.fields
    assert "ER" in said(body, "info")


def test_pubmed_notices_designs_and_bodies() -> None:
    for name in ("pubmed-set.nbib", "pubmed-set.xml"):
        retracted = next(entry for entry in entries(name) if entry.fields.get("pmid") == "999999991")
        assert retracted.notice is not None
        assert retracted.notice.kind == "retraction"
        assert "999999992" in retracted.notice.said
        assert "notice" in said(retracted, "warning")
        assert retracted.design is Design.RCT
        assert retracted.fields["pages"] == "100-107"
        assert retracted.fields["authors"][-1].body
        assert retracted.fields["authors"][0].given.endswith(", Jr")
        assert retracted.seen_at == [f"https://pubmed.ncbi.nlm.nih.gov/999999991/ (file {name})"]
    assert entries("pubmed-set.nbib")[0].design is Design.META_ANALYSIS
    assert entries("pubmed-set.nbib")[1].design is None
    assert "Invntor" not in str(entries("pubmed-set.xml")[1].fields)
    assert "631 participants" in entries("pubmed-set.nbib")[0].abstract


def test_our_own_form_comes_back_as_it_went() -> None:
    for key, reference in ALL.items():
        (entry,) = read_any("ours.bib", to_entry(reference))
        assert not entry.refused, key
        assert entry.key == key
        assert entry.design is reference.design
        assert entry.seen_at == reference.seen_at
        again = entry.reference(key, today=reference.verified_on)
        changed = {n for n in type(again).model_fields if getattr(again, n) != getattr(reference, n)}
        assert changed <= {"pages", "note", "url"}, (key, changed)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"\x00\x01\x02\x00\x00\x00PK", "not a text file"),
        (b"<!DOCTYPE html><html><body>PMC</body></html>", "web page"),
        (b"Dear colleague, please find enclosed", "in a format that cannot be read"),
        (b'{"title": "x"}', "no reference of CSL-JSON"),
        ("\ufeff".encode("utf-16"), "empty"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_reason(data: bytes, says: str) -> None:
    (entry,) = read_any("file", data)
    assert entry.refused
    assert says in entry.problems[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "TY  - JOUR\r\nTI  - A trial in Málaga\r\nAU  - Núñez, Óscar\r\nPY  - 2020\r\nER  - \r\n"
    (entry,) = read_any("a.ris", text.encode(encoding))
    assert entry.fields["authors"][0].family == "Núñez"
    assert entry.fields["title"] == "A trial in Málaga"
    assert ("file" in said(entry, "info")) is (encoding == "cp1252")


def test_latin_1_xml_says_so_itself() -> None:
    text = (
        (FILES / "pubmed-set.xml")
        .read_text()
        .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        .replace("Hosseinpour", "Müller")
    )
    entry = read_any("a.xml", text.encode("latin-1"))[0]
    assert entry.fields["authors"][1].family == "Müller"
