"""Citations that readers see and copy."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from kb.bibliography import read_text, short, to_entry, vancouver
from kb.bibliography.cite import bibtex, initials
from kb.model.reference import Author, Notice, Reference
from tests.bibliography.generated_references import REFERENCES


def reference(**fields: Any) -> Reference:
    usual: dict[str, Any] = {
        "key": "moftah2013",
        "type": "article",
        "design": "rct",
        "title": "Mesotherapy in hair loss",
        "authors": [Author(family="Moftah", given="Noha"), Author(family="Abd-Elaziz", given="G. H.")],
        "journal": "J Eur Acad Dermatol Venereol",
        "year": 2013,
        "volume": "27",
        "issue": "6",
        "pages": "686-693",
        "seen_at": ["https://a.org"],
        "verified_on": date(2026, 11, 2),
    }
    return Reference.model_validate(usual | fields)


def test_an_article() -> None:
    cited = vancouver(reference(doi="10.1111/x", pmid="22540889", pmcid="PMC1"))
    assert cited == (
        "Moftah N, Abd-Elaziz GH. Mesotherapy in hair loss. J Eur Acad Dermatol Venereol. 2013;27(6):686-693. "
        "doi: 10.1111/x. PMID: 22540889. PMCID: PMC1."
    )


def test_only_what_was_seen() -> None:
    cited = vancouver(reference(authors=[], year=None, volume=None, issue=None, pages=None, journal=None, pmid="1"))
    assert cited == "Mesotherapy in hair loss. [date unknown]. PMID: 1."


@pytest.mark.parametrize(
    ("count", "cut", "end"), [(6, False, "F6 X."), (7, False, "F6 X, et al."), (2, True, "F2 X, et al.")]
)
def test_six_authors_are_named(count: int, cut: bool, end: str) -> None:
    authors = [Author(family=f"F{number}", given="X") for number in range(1, count + 1)]
    assert vancouver(reference(authors=authors, authors_cut=cut, title="T")).split(" T. ")[0].endswith(end)


def test_a_body_and_a_web_page() -> None:
    body = [Author(family="Swissmedic", body=True)]
    cited = vancouver(
        reference(type="online", authors=body, title="A warning", url="https://s.ch/x", journal=None, year=2024)
    )
    assert cited.startswith("Swissmedic. A warning [Internet]. 2024")
    assert cited.endswith("Available from: https://s.ch/x [cited 2026 Nov 2].")


def test_a_question_keeps_its_mark() -> None:
    assert " hair loss? J Eur" in vancouver(reference(title="Is it hair loss?"))


def test_a_retraction_shows() -> None:
    assert vancouver(reference(notice=Notice(kind="retraction", said="10.1/x, May 2020"))).endswith(
        "[Retracted: 10.1/x, May 2020.]"
    )


@pytest.mark.parametrize(
    ("given_names", "letters"),
    [
        ("Óscar M.", "ÓM"), ("Jean-Luc", "JL"), ("H. C.", "HC"), ("H.C.", "HC"), ("MS", "MS"), ("Wilson W S", "WWS"),
        ("Lucio, Jr.", "L Jr"), ("Ángel", "Á"), ("Li", "L"), ("Aparecida Machado de", "AMD"),
    ],
)  # fmt: skip
def test_initials(given_names: str, letters: str) -> None:
    assert initials(given_names) == letters


@pytest.mark.parametrize(
    ("families", "cut", "text"),
    [
        (["Moftah"], False, "Moftah 2013"),
        (["Moftah"], True, "Moftah et al. 2013"),
        (["Moftah", "Ali"], False, "Moftah & Ali 2013"),
        (["Moftah", "Ali", "Sy"], False, "Moftah et al. 2013"),
        ([], False, "moftah2013"),
    ],
)
def test_the_short_form(families: list[str], cut: bool, text: str) -> None:
    assert short(reference(authors=[Author(family=family) for family in families], authors_cut=cut)) == text


def test_the_bibtex_to_copy_reads_back() -> None:
    entry = bibtex(reference(title="5% & more", doi="10.1111/x_y"))
    assert entry == to_entry(reference(title="5% & more", doi="10.1111/x_y"))
    references, problems = read_text(entry)
    assert not problems
    assert references["moftah2013"].title == "5% & more"


@given(REFERENCES)
def test_every_reference_can_be_cited(any_reference: Reference) -> None:
    cited = vancouver(any_reference)
    assert any_reference.title in cited
    assert short(any_reference)
