"""The literature itself: `references.bib` reads clean and is in canonical form."""

from functools import cache
from pathlib import Path

from kb.bibliography import format_bib, read, short, vancouver
from kb.model.reference import Reference

ROOT = Path(__file__).parents[2]
BIB = ROOT / "references.bib"


@cache
def references() -> dict[str, Reference]:
    found, problems = read(BIB, root=ROOT)
    assert not problems, "mend references.bib:\n" + "\n".join(map(str, problems))
    return found


def test_it_reads_clean() -> None:
    assert len(references()) > 400


def test_it_is_canonical() -> None:
    text = BIB.read_text("utf-8")
    assert format_bib(text) == text, "run: kb fmt"


def test_it_is_stored_in_unicode() -> None:
    """Accents are letters, not LaTeX: only characters that LaTeX would read as mark-up are escaped."""
    for number, line in enumerate(BIB.read_text("utf-8").split("\n"), 1):
        for mark in ("\\'", '\\"', "\\`", "\\~", "\\^", "\\c", "\\v", "\\o", "\\l"):
            assert mark not in line, f"references.bib:{number}: write the character itself in UTF-8 (run: kb fmt)"


def test_every_reference_names_the_pages_it_was_seen_on() -> None:
    for reference in references().values():
        named = [
            page for page in reference.seen_at if page.startswith(("http://", "https://", "public reference list "))
        ]
        assert named, f"{reference.key}: name the page in seenat"


def test_every_reference_can_be_opened() -> None:
    closed = [reference.key for reference in references().values() if not reference.links]
    assert not closed, f"give a doi, pmid, pmcid or url: {', '.join(closed)}"


def test_the_year_of_a_key_is_the_year_of_the_source_or_is_explained() -> None:
    for key, reference in references().items():
        if reference.year and str(reference.year) not in key:
            assert reference.note, f"{key}: the year is {reference.year}; explain the key in the note"
            assert "key" in reference.note, f"{key}: the year is {reference.year}; explain the key in the note"


def test_each_can_be_cited() -> None:
    for reference in references().values():
        assert reference.title in vancouver(reference)
        assert short(reference)
