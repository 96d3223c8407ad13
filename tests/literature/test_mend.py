"""Mending single values; what is right already is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.bibliography import read
from kb.literature import mend
from tests.literature.conftest import ROOT


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("https://doi.org/10.1111/jdv.14624", "10.1111/jdv.14624"),
        ("http://dx.doi.org/10.1111/jdv.14624.", "10.1111/jdv.14624"),
        ("doi: 10.1111/jdv.14624 [doi]", "10.1111/jdv.14624"),
        ("(10.1016/S0140-6736(97)11096-0)", "10.1016/S0140-6736(97)11096-0"),
        ("https://doi.org/10.1002%2Fjdd.123", "10.1002/jdd.123"),
        ("10.1/x", None),
        ("see the journal", None),
    ],
)
def test_dois_lose_resolver_and_punctuation(raw: str, clean: str | None) -> None:
    assert mend.doi(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("686–93", "686-693"),
        ("pp. 137--145", "137-145"),
        ("S12-8", "S12-S18"),
        ("e12-e18", "e12-e18"),
        ("1000 - 7", "1000-1007"),
        ("45-45", "45"),
        ("200-100", "200-100"),
        ("686-93; quiz 694", "686-693; quiz 694"),
        ("n/a-n/a", ""),
        ("1087614", "1087614"),
        ("160-167.e3", "160-167.e3"),
        ("CD012345", "CD012345"),
    ],
)
def test_page_ranges_are_written_in_full(raw: str, clean: str) -> None:
    assert mend.pages(raw) == clean


def test_markup_goes_and_comparisons_stay() -> None:
    assert mend.text("CO<sub>2</sub> laser in <jats:italic>skin</jats:italic> &amp;lt;b&amp;gt;") == "CO2 laser in skin"
    assert mend.text("effects at p < 0.05 and n > 3 of 5-α") == "effects at p < 0.05 and n > 3 of 5-α"
    assert mend.title("A trial.") == "A trial"
    assert mend.title("Is it of any use?") == "Is it of any use?"
    assert mend.title("Fat in the U.S.") == "Fat in the U.S."
    assert mend.title("Safety and Effectiveness of a DEVICE") == "Safety and Effectiveness of a DEVICE"


def test_years_and_numbers_are_found_in_what_surrounds_them() -> None:
    assert [mend.year(y) for y in ("2013 Nov-Dec", "2013/06/01", "c1999.", "in press", "12013")] == [
        2013,
        2013,
        1999,
        None,
        None,
    ]
    assert mend.pmid("PMID: 22540889") == mend.pmid("https://pubmed.ncbi.nlm.nih.gov/22540889/") == "22540889"
    assert mend.pmid("PMC22540889") is None
    assert mend.pmcid("https://pmc.ncbi.nlm.nih.gov/articles/PMC9978326/") == mend.pmcid("pmc9978326.1") == "PMC9978326"
    assert mend.pmcid("9978326") is None
    assert mend.url("javascript:alert(1)") is None


def test_names_fold_to_ascii() -> None:
    assert mend.ascii_letters("Perković-Vukčević") == "perkovicvukcevic"
    assert mend.ascii_letters("Ağaoğlu Øster Straße") == "agaogluosterstrasse"
    assert mend.ascii_letters("王") == ""
    assert mend.fold("5-α-Reductase: <i>Ünal</i>’s") == "5 α reductase unals"


@pytest.mark.parametrize(
    "function", [mend.text, mend.title, mend.doi, mend.pmid, mend.pmcid, mend.year, mend.pages, mend.url, mend.fold]
)
@given(raw=st.text(max_size=300))
def test_mending_never_raises_and_settles(function, raw: str) -> None:
    once = function(raw)
    if isinstance(once, str) and function in (mend.doi, mend.pmid, mend.pmcid, mend.url, mend.fold):
        assert function(once) == once


def test_what_we_store_needs_no_mending() -> None:
    """Fields of references.bib were checked by hand; only clipped page ranges may change."""
    references, _ = read(ROOT / "references.bib")
    for reference in references.values():
        assert mend.title(reference.title) == reference.title, reference.key
        assert reference.doi is None or mend.doi(reference.doi) == reference.doi
        assert reference.pmcid is None or mend.pmcid(reference.pmcid) == reference.pmcid
