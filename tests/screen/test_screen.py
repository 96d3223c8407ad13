"""From files to the ranked list: who is in it, who is not, in which order."""

import random
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.literature import read_any
from kb.model.reference import Reference
from kb.model.terms import Design
from kb.screen import Filters, Screening, screen
from kb.screen.export import as_bibtex, as_csv
from tests.screen.conftest import ALL, article


@pytest.fixture(scope="module")
def whole(base: KnowledgeBase) -> Screening:
    return screen(base, ALL)


def titles(result: Screening) -> list[str]:
    return [str(one.entry.fields["title"]) for one in result.candidates]


def test_who_is_found(whole: Screening) -> None:
    assert whole.read == 8
    assert whole.found == len(whole.candidates) == 7
    assert whole.damaged == len(whole.skipped) == 3
    assert not any("bridges" in title for title in titles(whole))
    assert [one.rank for one in whole.candidates] == list(range(1, 8))
    scores = [one.weighed.score for one in whole.candidates]
    assert scores == sorted(scores, reverse=True)
    assert any(title.startswith("Intradermal tranexamic acid") for title in titles(whole)[:3])
    assert titles(whole)[-1].startswith(("A comment", "Dutasteride"))


def test_what_is_said_of_each(whole: Screening) -> None:
    by_pmid = {one.entry.fields.get("pmid"): one for one in whole.candidates}
    first = by_pmid["990000001"].as_dict()
    assert (
        first["subjects"][:2] == ["intradermal-injection", "tranexamic-acid"] or "tranexamic-acid" in first["subjects"]
    )
    assert first["objects"][0] == "melasma"
    assert {"erythema", "bruising"} <= set(first["objects"])
    assert (first["design"], first["design_from"]) == ("rct", "as the record itself says")
    assert (first["file"], first["place"]) == (ALL[0], 4)
    assert any(pair["object"] == "melasma" for pair in first["pairs"])
    assert by_pmid["990000002"].weighed.retracted
    assert by_pmid["990000003"].design is Design.ANIMAL
    assert by_pmid["990000012"].weighed.score < by_pmid["990000011"].weighed.score
    assert by_pmid["990000011"].design is Design.COHORT


def test_damage_is_told_with_file_and_line(whole: Screening) -> None:
    told = [str(one).replace(str(Path(ALL[0]).parent) + "/", "") for one in whole.skipped]
    assert told[0] == "search.xml:60: is not well-formed XML: mismatched tag in line 61"
    assert told[1].startswith("search.ris:10: title: is missing")
    assert told[2].startswith("search.bib:12: entry: ")


def test_the_order_does_not_hang_on_the_files(base: KnowledgeBase, whole: Screening) -> None:
    files = list(ALL)
    for seed in range(3):
        random.Random(seed).shuffle(files)
        again = screen(base, files)
        assert [one.as_dict() for one in again.candidates] == [one.as_dict() for one in whole.candidates]


def test_the_best_are_kept(base: KnowledgeBase, whole: Screening, tmp_path: Path) -> None:
    few = screen(base, ALL, limit=1)
    assert titles(few) == titles(whole)[:1]
    assert few.found == 7
    path = tmp_path / "many.xml"
    path.write_text(
        "".join(
            article(f"Dutasteride in melasma, {n}", pmid=str(10**8 + n), year=str(1990 + n % 37)) for n in range(200)
        )
    )
    many = screen(base, [str(path)], limit=3)
    assert many.found == 200
    assert [one.entry.fields["year"] for one in many.candidates] == [2026, 2026, 2026]


def test_what_is_known_is_left_out(base: KnowledgeBase, tmp_path: Path) -> None:
    """References of the base itself, as PubMed, by DOI alone, and by title and year alone."""
    asked = screen(base, [str(base.root / "references.bib")], with_known=True, limit=1000)
    some = [
        one for one in asked.candidates if one.known and one.entry.fields.get("doi") and one.entry.fields.get("year")
    ]
    assert len(some) > 20
    lines = []
    for one, fields in zip(some[:3], (("doi",), ("title", "year"), ("pmid",)), strict=True):
        stored: Reference = base.references[one.known or ""]
        title = stored.title if "title" in fields else f"Dutasteride in melasma, found by its {fields[0]}"
        lines.append(f"TY  - JOUR\nTI  - {title}")
        if "doi" in fields:
            lines.append(f"DO  - {(stored.doi or '').upper()}")
        if "pmid" in fields:
            with_pmid = next(r for r in base.references.values() if r.pmid)
            lines.append(f"AN  - PMID: {with_pmid.pmid}")
        lines.append(f"PY  - {stored.year}\nER  - \n")
    path = tmp_path / "known.ris"
    path.write_text("\n".join(lines))
    result = screen(base, [str(path)])
    assert (result.read, result.known, result.found) == (3, 3, 0)
    shown = screen(base, [str(path)], with_known=True)
    assert len(shown.candidates) == 3
    assert all(one.known in base.references for one in shown.candidates)


def test_all_of_the_bibliography_is_known(base: KnowledgeBase) -> None:
    result = screen(base, [str(base.root / "references.bib")])
    assert result.read == len(base.references)
    assert result.known > 100
    assert result.found == 0


def test_a_record_that_stands_twice_is_one(base: KnowledgeBase) -> None:
    copy = screen(base, [ALL[0], ALL[0]])
    assert copy.found == 3
    assert copy.repeated == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(subjects=frozenset({"tranexamic-acid"})), {"990000001"}),
        (Filters(objects=frozenset({"hair-loss"})), {"990000002", "990000003"}),  # androgenetic alopecia is narrower
        (Filters(objects=frozenset({"scar"})), {"990000011"}),
        (Filters(since=2023), {"990000001", "990000002"}),
        (Filters(designs=frozenset({Design.RCT})), {"990000001", "990000002"}),
        (Filters(subjects=frozenset({"minoxidil"}), since=2023), {"990000002"}),
        (Filters(subjects=frozenset({"minoxidil"}), objects=frozenset({"melasma"})), set()),
    ],
)
def test_filters(base: KnowledgeBase, filters: Filters, expected: set[str]) -> None:
    found = screen(base, ALL[:2], filters=filters).candidates
    assert {one.entry.fields["pmid"] for one in found} == expected


def test_bibtex_comes_back_as_it_went(whole: Screening, base: KnowledgeBase) -> None:
    text, left_out = as_bibtex(whole.candidates, base.references)
    assert left_out == []
    assert str(Path(ALL[0]).parent) not in text, "folders of one machine are nobody else's business"
    entries = read_any("out.bib", text)
    assert len(entries) == len(whole.candidates)
    assert not any(entry.refused for entry in entries)
    assert {e.fields["title"] for e in entries} == set(titles(whole))
    assert not {e.key for e in entries} & set(base.references)
    by_doi = {e.fields.get("doi"): e for e in entries}
    assert by_doi["10.5555/invented.1"].design is Design.RCT
    assert by_doi["10.5555/invented.31"].fields["journal"] == "Journal of invented dermatology"
    retracted = next(e for e in entries if e.fields.get("pmid") == "990000002")
    assert retracted.notice is not None


def test_what_makes_no_record_is_told(base: KnowledgeBase) -> None:
    (one,) = screen(base, ALL[2:3]).candidates
    one.entry.fields["year"] = 99
    text, left_out = as_bibtex([one], base.references)
    assert text == ""
    assert left_out[0].startswith(f"{ALL[2]}:1: not written: ")


def test_csv_is_no_formula(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_text("TY  - JOUR\nTI  - =HYPERLINK(1) dutasteride in melasma\nPY  - 2020\nER  - \n")
    text = as_csv(screen(base, [str(path)]).candidates)
    assert "'=HYPERLINK(1)" in text
    assert text.count("\n") == 2


def test_a_file_that_cannot_be_read_costs_only_itself(base: KnowledgeBase, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml.gz"
    bad.write_bytes(b"\x1f\x8b broken")
    result = screen(base, [str(bad), str(tmp_path / "gone.xml"), *ALL])
    assert result.lost == 2
    assert result.found == 7
    assert [one.place for one in result.skipped[:2]] == [0, 0]
