"""Small choices of the readers: names of two letters, pages given once or twice, years in two places, braces round words."""

from __future__ import annotations

import pytest

from kb.literature import refworks
from kb.literature.entry import Entry
from kb.literature.lookup import look_up
from kb.literature.pages import pages
from kb.literature.people import read_people


@pytest.mark.parametrize(
    ("values", "families"),
    [
        (["L", "i", "W", "u"], []),
        (["A", "B", "C", "Low, Ada"], []),
        (["L", "i", "W"], ["L", "i", "W"]),
        (["A", "B", "Li", "Wu"], ["A", "B", "Li", "Wu"]),
        (["Li", "Wu", "Xu", "Bo"], ["Li", "Wu", "Xu", "Bo"]),
    ],
)
def test_authors_of_one_letter_each_are_no_names_and_those_of_two_are(values: list[str], families: list[str]) -> None:
    reading = read_people(values)
    assert [author.family for author in reading.authors] == families
    assert any("one letter to a line" in said for said in reading.told) is not bool(families)


def read(*lines: str) -> Entry:
    text = "\n".join(("RT Journal Article", "ID 1", "A1 Low,Ada", "T1 A trial of needles", *lines, ""))
    (entry,) = refworks.read(text, "export.txt")
    return entry


@pytest.mark.parametrize(
    ("first", "last", "pages"),
    [
        ("12", "20", "12-20"),
        ("12", "12", "12"),
        ("12", "", "12"),
        ("", "20", "20"),
        ("12", "12-20", "12-20"),
        ("12-20", "20", "12-20"),
        ("e12", "e20", "e12-e20"),
    ],
)
def test_pages_of_refworks_are_a_range_where_two_are_given(first: str, last: str, pages: str) -> None:
    given = [f"{tag} {value}" for tag, value in (("SP", first), ("OP", last)) if value]
    assert read(*given).fields["pages"] == pages


@pytest.mark.parametrize(
    ("given", "year"), [(["YR 2020", "FD 2019 May"], 2020), (["FD 2019 May"], 2019), (["YR 2020"], 2020), ([], None)]
)
def test_the_year_of_refworks_is_its_own_or_else_that_of_its_date(given: list[str], year: int | None) -> None:
    assert read(*given).fields.get("year") == year


@pytest.mark.parametrize(
    ("typed", "kept", "warned"),
    [
        ("Effects of {PRP} on hair", "Effects of PRP on hair", False),
        (r"Effects of {\"o} and {PRP}", "Effects of ö and PRP", True),
        (r"Skin \& hair", "Skin & hair", True),
    ],
)
def test_braces_round_a_word_go_in_silence_and_latex_is_told(typed: str, kept: str, warned: bool) -> None:
    entry = Entry("x", "ris")
    entry.put("title", typed)
    assert entry.fields["title"] == kept
    assert bool(entry.problems) is warned


@pytest.mark.parametrize("length", [79, 80, 81, 500])
def test_what_is_no_identifier_is_repeated_up_to_eighty_letters(length: int) -> None:
    found = look_up("x" * length)
    assert found.status == "refused"
    assert found.reason.startswith(f"'{'x' * min(length, 80)}' is not a DOI")


def test_two_names_on_the_only_line_may_be_two_persons_and_among_others_they_are_one() -> None:
    asked = "may be two persons"
    assert any(asked in said for said in read_people(["Low Ada, High Bo"]).told)
    for others in (["Wu, Xi"], ["Wu, Xi", "Bo, Yi"]):
        assert not any(asked in said for said in read_people(["Low Ada, High Bo", *others]).told)


@pytest.mark.parametrize(
    ("printed", "full"),
    [
        ("686-93", "686-693"),
        ("S12-8", "S12-S18"),
        ("e12-15", "e12-e15"),
        ("137-137", "137"),
        ("S12-T8", "S12-T8"),
        ("S12-T18", "S12-T18"),
        ("93-86", "93-86"),
        ("12a-15b", "12a-15b"),
        ("12-12a", "12-12a"),
    ],
)
def test_a_shortened_range_is_written_out_and_one_that_runs_down_or_mixes_letters_stays(
    printed: str, full: str
) -> None:
    assert pages(printed) == full
