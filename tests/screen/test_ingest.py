"""Into Parquet, once: every format, versions and deletions of update files, damage, and what comes out as it went in."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet as pq

from kb.literature import read_any
from kb.screen.engines import DuckDB
from kb.screen.ingest import WORTH_SHARING, Part, ingest, parts_in, worth_sharing
from kb.screen.rows import entry_of
from tests.screen.conftest import ALL, FILES, article


def rows(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [row for part in parts for row in pq.read_table(part.path).to_pylist()]


def standing(parts: Sequence[Part]) -> set[tuple[int, int, str]]:
    """Number, version and title of the rows that count."""
    engine = DuckDB([part.path for part in parts], 1)
    left_out = {(row["part"], row["row"]) for row in engine._left_out.to_pylist()}
    engine.close()
    return {
        (row["pmid"], row["version"], row["title"])
        for row in rows(parts)
        if (row["part"], row["row"]) not in left_out and not row["gone"]
    }


def pubmed(path: Path, *articles: str, deleted: Sequence[int] = ()) -> str:
    gone = "".join(f'<PMID Version="1">{n}</PMID>' for n in deleted)
    text = f"<PubmedArticleSet>{''.join(articles)}<DeleteCitation>{gone}</DeleteCitation></PubmedArticleSet>"
    path.write_bytes(gzip.compress(text.encode()))
    return str(path)


def revised(title: str, pmid: int, day: str, version: int = 1) -> str:
    year, month, date = day.split("-")
    stamp = f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{date}</Day></DateRevised>"
    return article(title, pmid=str(pmid)).replace(
        f"<PMID>{pmid}</PMID><Article>", f'<PMID Version="{version}">{pmid}</PMID>{stamp}<Article PubModel="Print">'
    )


@pytest.mark.parametrize("kind", ["xml", "nbib", "ris", "bib"])
def test_entries_come_out_as_they_went_in(kind: str, tmp_path: Path) -> None:
    source = FILES / f"search.{kind}"
    whole = [entry for entry in read_any("f", source.read_bytes()) if not entry.refused]
    back = [entry_of(row) for row in rows(ingest([str(source)], tmp_path))][
        : len(whole)
    ]  # a damaged one costs read_any the next
    assert [entry.fields for entry in back] == [entry.fields for entry in whole]
    for name in ("abstract", "keywords", "headings", "publication_types", "notices", "design", "declared"):
        assert [getattr(entry, name) for entry in back] == [getattr(entry, name) for entry in whole], name


def test_the_quick_way_reads_what_the_careful_reader_reads(tmp_path: Path) -> None:
    """Articles with `<Article PubModel>` go the quick way; a comment in the last one sends the block the careful way."""
    text = "".join(
        [
            revised("A <i>first</i> &lt;one&gt;", 1, "2021-02-03"),
            revised("Ménière é\n   broken over lines", 2, "2021-02-04"),
        ]
    )
    (tmp_path / "quick.xml").write_text(text)
    (tmp_path / "careful.xml").write_text(text + article("<!-- aside -->Third"))
    quick, careful = (ingest([str(tmp_path / f"{name}.xml")], tmp_path / "lib")[0] for name in ("quick", "careful"))
    for one, other in zip(rows([quick]), rows([careful]), strict=False):
        same = ("pmid", "version", "stamp", "year", "doi", "abstract", "place", "keywords")
        assert {name: one[name] for name in same} == {name: other[name] for name in same}
        assert entry_of(one).fields == entry_of(other).fields


def test_damage_is_told_with_its_line(tmp_path: Path) -> None:
    (part,) = ingest(ALL[:1], tmp_path)
    assert (part.read, part.damaged, part.lost) == (4, 1, False)
    assert str(part.skipped[0]).endswith("search.xml:60: is not well-formed XML: mismatched tag in line 61")


def test_a_newer_revision_counts(tmp_path: Path) -> None:
    old = pubmed(tmp_path / "pubmed26n0001.xml.gz", revised("Old", 7, "2020-01-01"), revised("Other", 8, "2020-01-01"))
    new = pubmed(tmp_path / "pubmed26n1300.xml.gz", revised("New", 7, "2026-01-01"))
    assert standing(ingest([new, old], tmp_path / "lib")) == {(7, 1, "New"), (8, 1, "Other")}


def test_the_highest_version_counts(tmp_path: Path) -> None:
    file = pubmed(tmp_path / "a.xml.gz", revised("Second", 7, "2020-01-01", 2), revised("First", 7, "2022-01-01", 1))
    assert standing(ingest([file], tmp_path / "lib")) == {(7, 2, "Second")}


def test_what_pubmed_deletes_is_gone_until_it_comes_back(tmp_path: Path) -> None:
    first = pubmed(tmp_path / "pubmed26n0001.xml.gz", revised("A", 7, "2020-01-01"), revised("B", 8, "2020-01-01"))
    second = pubmed(tmp_path / "pubmed26n1300.xml.gz", revised("C", 9, "2026-01-01"), deleted=[7])
    assert standing(ingest([first, second], tmp_path / "lib")) == {(8, 1, "B"), (9, 1, "C")}
    third = pubmed(tmp_path / "pubmed26n1301.xml.gz", revised("A again", 7, "2026-02-01"))
    parts = ingest([first, second, third], tmp_path / "lib")
    assert standing(parts) == {(7, 1, "A again"), (8, 1, "B"), (9, 1, "C")}


def test_no_file_is_read_twice_unless_it_changed(tmp_path: Path) -> None:
    source, library = tmp_path / "a.xml", tmp_path / "lib"
    source.write_text(article("One"))
    read: list[str] = []
    for _ in range(2):
        ingest([str(source)], library, progress=lambda file, count: read.append(file))
    assert len(read) == 1
    source.write_text(article("One") + article("Two", pmid="990001001"))
    (part,) = ingest([str(source)], library, progress=lambda file, count: read.append(file))
    assert (len(read), part.read) == (2, 2)
    assert [one.read for one in parts_in(library)] == [2]


def test_a_file_that_breaks_off_keeps_what_was_read_and_is_read_again(tmp_path: Path) -> None:
    source = tmp_path / "a.xml.gz"
    source.write_bytes(gzip.compress(article("One").encode())[:-9])
    (part,) = ingest([str(source)], tmp_path / "lib")
    assert part.lost
    assert "breaks off" in part.skipped[0].message
    source.write_bytes(gzip.compress(article("One").encode()))
    assert not ingest([str(source)], tmp_path / "lib")[0].lost


def test_europe_pmc_json(tmp_path: Path) -> None:
    first, second = (entry_of(row) for row in rows(ingest([str(FILES / "europepmc.json")], tmp_path)))
    assert first.fields["title"] == "Intradermal tranexamic acid in melasma: an invented trial"
    assert (first.fields["year"], first.fields["pmid"], first.fields["pages"]) == (2024, "990000041", "1-9")
    assert [str(author) for author in first.fields["authors"]] == ["Nobody Ann", "Someone Bo"]
    assert "Randomized Controlled Trial" in first.publication_types
    assert first.notices[0].kind == "retraction"
    assert "PMID 990000049" in first.notices[0].said
    assert second.declared == ["preprint"]


def test_europe_pmc_xml_and_json_are_one(tmp_path: Path) -> None:
    text = (
        "<responseWrapper><resultList><result><id>990000041</id><source>MED</source><pmid>990000041</pmid>"
        "<title>Intradermal tranexamic acid in melasma</title><pubYear>2024</pubYear></result>"
        "<result><id>2</id><source>MED</source><title>Suspended bridges</title><pubYear>2024</pubYear></result>"
        "</resultList></responseWrapper>"
    )
    (tmp_path / "a.xml").write_text(text)
    found = rows(ingest([str(tmp_path / "a.xml")], tmp_path / "lib"))
    assert [row["title"] for row in found] == ["Intradermal tranexamic acid in melasma", "Suspended bridges"]
    assert found[0]["pmid"] == 990000041


def test_several_files_are_read_side_by_side(tmp_path: Path) -> None:
    assert [part.read for part in ingest(ALL[1:3], tmp_path, cores=2)] == [
        part.read for part in ingest(ALL[1:3], tmp_path / "b", cores=1)
    ]


def test_a_second_process_is_started_for_large_files_only(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(WORTH_SHARING + 1)
    assert not worth_sharing(ALL)
    assert worth_sharing([str(large)])
    assert worth_sharing(["-"]) and worth_sharing([str(tmp_path / "missing.xml")])
