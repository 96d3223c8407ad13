"""What people type leads to the right page first: brands, abbreviations, lay words, slips, five languages, papers (searches.yaml)."""

from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.distance import OSA

from kb.questions.asked import answers
from kb.snapshot import Snapshot
from kb.views import render
from tests import whole
from tests.views.markup import Markup

SEARCHES: dict[str, dict[str, Any]] = whole.table(Path(__file__).parent / "searches.yaml")
LEAST = 0.95


def first(base: Snapshot, asked: str) -> str:
    """What stands first on the page of results: the paper that answers, else the best hit."""
    paper = [a for a in answers(asked, base) if a.kind == "paper"]
    if paper:
        return paper[0].about[0]
    hits = base.search(asked, 5)
    return hits[0].id if hits else "nothing"


def test_what_people_type_leads_to_the_right_page_first(base: Snapshot) -> None:
    asked = [
        (word, [ids] if isinstance(ids, str) else ids) for group in SEARCHES.values() for word, ids in group.items()
    ]
    assert len(asked) >= 120
    missed = [f"{word}: {found}" for word, ids in asked if (found := first(base, word)) not in ids]
    assert len(missed) <= (1 - LEAST) * len(asked), missed


def test_every_kind_of_search_does_well_on_its_own(base: Snapshot) -> None:
    for group, held in SEARCHES.items():
        right = sum(first(base, word) in ([ids] if isinstance(ids, str) else ids) for word, ids in held.items())
        assert right >= 0.85 * len(held), group


def test_results_can_be_narrowed_to_one_kind(base: Snapshot) -> None:
    page = render("home", {"q": ["minoxidil"]}, base)
    markup = Markup(page.html)
    assert markup.faults == []
    narrow = [link for link in markup.links() if "kind=" in link]
    assert "./?q=minoxidil&kind=reference" in narrow
    papers = render("home", {"q": ["minoxidil"], "kind": ["reference"]}, base).html
    assert '<section id="reference"' in papers
    assert '<section id="ingredient"' not in papers
    assert 'class="answer' not in papers
    assert "Papers only" in papers or "papers only" in papers
    assert render("home", {"q": ["minoxidil"], "kind": ["nonesuch"]}, base).html == page.html


def test_names_that_only_look_alike_stand_under_a_heading_that_says_so(base: Snapshot) -> None:
    told = "Nothing is recorded under this name; similar names:"
    assert told in render("home", {"q": ["ferinjekt"]}, base).html
    assert told not in render("home", {"q": ["finasteride"]}, base).html
    assert told not in render("home", {"q": ["topical finasteride hair"]}, base).html
    assert "Nothing found for" in render("home", {"q": ["TB-7000"]}, base).html


@pytest.mark.parametrize("typed", ["Vistabel", "Ferinjekt", "Xareltos"])
def test_an_unknown_brand_is_never_taken_for_a_medicine_two_slips_away(base: Snapshot, typed: str) -> None:
    for hit in base.search(typed, 5):
        if hit.kind == "substance":
            assert OSA.distance(hit.matched.casefold(), typed.casefold()) <= 1, hit
