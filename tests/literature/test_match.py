"""Whether an entry is there already, and how the two differ."""

from datetime import date
from typing import Any

import pytest

from kb.bibliography import read
from kb.literature import Entry, Verdict, compare, plan
from kb.literature.match import Library, same
from kb.model.reference import Author, Reference
from tests.literature.conftest import ROOT
from tests.literature.conftest import STORED as SMALL

ALL, _ = read(ROOT / "references.bib")
STORED, _ = read(SMALL)
MOFTAH = STORED["moftah2013"]


def entry(**fields: Any) -> Entry:
    return Entry("a.ris", "RIS", 1, "", fields)


def from_stored(reference: Reference = MOFTAH, **changed: Any) -> Entry:
    names = ("type", "title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid")
    fields = {name: getattr(reference, name) for name in names} | changed
    return entry(**{name: value for name, value in fields.items() if value})


def test_every_stored_reference_is_recognised_as_itself() -> None:
    library = Library(ALL)
    for key, reference in ALL.items():
        matches = library.matches(from_stored(reference, url=reference.url, publisher=reference.publisher))
        assert matches[0].reference.key == key
        assert matches[0].certain, key
        assert all(row.verdict is Verdict.SAME for row in matches[0].fields), key


@pytest.mark.parametrize("name", ["doi", "pmid", "pmcid"])
def test_the_same_identifier_is_enough(name: str) -> None:
    stored = STORED["abdelraouf2023"]
    value = getattr(stored, name)
    (match,) = compare(entry(**{name: value.upper() if name == "doi" else value}), STORED)
    assert match.reference.key == "abdelraouf2023"
    assert match.certain
    assert match.score == 100


def test_a_title_with_typing_errors_and_a_year_apart() -> None:
    title = MOFTAH.title.replace("ultrustructural", "ultrastructural").upper() + "."
    (match,) = compare(from_stored(title=title, doi=None, year=2012), STORED)
    assert match.reference.key == "moftah2013"
    assert "a year apart" in match.reasons[0]
    assert not match.certain
    assert match.conflicts == ("year",)


def test_a_title_without_its_subtitle() -> None:
    (match,) = compare(from_stored(title=MOFTAH.title.split(":")[0], doi=None), STORED)
    assert match.reference.key == "moftah2013"
    assert not match.certain


def test_a_title_that_lost_some_words_is_shown_beside_the_one_by_the_same_author_in_the_same_year() -> None:
    shorter = "A mesotherapy using dutasteride in female pattern hair loss: morphometric evaluation"
    (match,) = compare(from_stored(title=shorter, doi=None), STORED)
    assert match.reference.key == "moftah2013"
    assert not match.certain
    assert compare(from_stored(title=shorter, doi=None, year=2014), STORED) == []
    others = [Author(family="Critic", given="A")]
    assert compare(from_stored(title=shorter, doi=None, authors=others), STORED) == []


def test_other_works_do_not_match() -> None:
    assert compare(from_stored(title=MOFTAH.title, doi=None, year=2020), STORED) == []
    assert compare(from_stored(title="Correction to: " + MOFTAH.title, doi="10.9999/correction"), STORED) == []
    assert compare(from_stored(title="Reply", doi=None), STORED) == []
    others = [Author(family="Critic", given="A")]
    assert compare(from_stored(doi="10.9999/reply", authors=others), STORED) == []


def test_one_title_by_one_author_under_two_dois_is_shown_not_merged() -> None:
    """A preprint, or a slip in a DOI."""
    (match,) = compare(from_stored(doi="10.9999/preprint"), STORED)
    assert not match.certain
    assert match.conflicts == ("doi",)


def test_the_same_doi_on_another_title_is_not_certain() -> None:
    (match,) = compare(entry(doi=MOFTAH.doi, title="Something else altogether about feet"), STORED)
    assert not match.certain
    assert match.conflicts == ("title",)


def test_fields_side_by_side() -> None:
    (match,) = compare(from_stored(pmid="999999913", volume="28", journal=None), STORED)
    verdicts = {row.field: row.verdict for row in match.fields}
    assert verdicts["pmid"] is Verdict.NEW
    assert verdicts["volume"] is Verdict.CONFLICT
    assert verdicts["journal"] is Verdict.KEPT
    assert verdicts["doi"] is Verdict.SAME
    assert match.new_fields == ("pmid",)
    row = next(row for row in match.fields if row.field == "volume")
    assert (row.stored, row.found) == ("27", "28")


@pytest.mark.parametrize(
    ("name", "a", "b", "agree"),
    [
        ("journal", "Archives of Dermatological Research", "Arch Dermatol Res", True),
        ("journal", "Dermatologic Surgery", "Dermatologic Therapy", False),
        ("pages", "686-693", "686–93", True),
        ("title", "Fat: a trial of phosphatidylcholine", "FAT - a trial of phosphatidylcholine.", True),
        (
            "title",
            "Effects of minoxidil 2% in women with hair loss",
            "Effects of minoxidil 5% in women with hair loss",
            False,
        ),
        ("doi", "10.1/A", "10.1/a", True),
        ("year", 2013, 2014, False),
        ("authors", [Author(family="Ahmed", given="Khalid")], [Author(family="AHMED", given="K")], True),
        (
            "authors",
            [Author(family="Ahmed", given="K"), Author(family="B")],
            [Author(family="Ahmed"), Author(family="C")],
            False,
        ),
    ],
)
def test_when_two_values_say_the_same(name: str, a: Any, b: Any, agree: bool) -> None:
    assert same(name, a, b) is same(name, b, a) is agree


def test_an_entry_that_repeats_another_of_its_file_is_seen() -> None:
    one = from_stored(doi="10.9999/new", title="A wholly new trial of something in somebody", year=2024)
    two = from_stored(doi="10.9999/NEW", title="A wholly new trial of something in somebody", year=2024)
    plans = plan([one, two], STORED, today=date(2026, 1, 1))
    assert [p.choice.action for p in plans] == ["add", "skip"]
    assert plans[1].matches[0].reference.key == plans[0].choice.key
