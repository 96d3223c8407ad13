"""Likeness: titles such as the base rests on come first, and the reason names the words."""

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.screen import likeness, screen
from kb.screen.likeness import FEWEST, MOST, Likeness
from tests.screen.conftest import article


@pytest.fixture(scope="module")
def like(base: KnowledgeBase) -> Likeness:
    found = Likeness.to(one.title for one in base.references.values() if one.type == "article")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("Intradermal tranexamic acid in melasma", "Tranexamic acid in cardiac surgery with bypass"),
        ("Platelet-rich plasma in androgenetic alopecia", "Platelet-rich plasma in rotator cuff repair in dogs"),
        ("Hyaluronic acid filler of the nasolabial fold", "Hyaluronic acid synthesis by streptococci in a fermenter"),
        ("Botulinum toxin for forehead wrinkles", "Botulinum toxin for dyssynergic defaecation"),
    ],
)
def test_what_the_field_writes_about_comes_first(like: Likeness, more: str, less: str) -> None:
    ours, theirs = like.points(more), like.points(less)
    assert ours[0][0] > 0
    assert ours[0][0] > sum(points for points, _ in theirs)


def test_the_reason_names_the_words_that_count_most(like: Likeness) -> None:
    ((points, reason),) = like.points("Melasma treated by microneedling in Brazil")
    assert 0 < points <= MOST
    assert reason.startswith("like the titles of references.bib (")
    assert "melasma" in reason
    assert "microneedling" in reason
    ((points, reason),) = like.points("Photosynthesis of wheat under drought: nitrogen in leaves")
    assert -MOST <= points < 0
    assert reason.startswith("unlike the titles of references.bib (")


def test_a_long_title_wins_nothing_by_its_length(like: Likeness) -> None:
    short = like.points("Melasma: a randomised trial")[0][0]
    padded = like.points("Melasma: a randomised trial of some other things which nobody in this place has ever heard")
    assert short > sum(points for points, _ in padded)


def test_words_that_nobody_counted_say_nothing(like: Likeness) -> None:
    assert like.points("Qwertzuiop asdfghjkl") == []
    assert like.points("") == []


def test_a_base_with_few_papers_has_no_words_of_its_own() -> None:
    assert Likeness.to(["Melasma and tranexamic acid"] * (FEWEST - 1)) is None
    assert Likeness.to(["Melasma and tranexamic acid"] * FEWEST) is not None


def test_a_word_of_one_paper_is_no_proof() -> None:
    """Once in a hundred titles of ours, or in all of them: the second weighs more."""
    rare = Likeness.to(["Melasma and keratin", *["Melasma and collagen"] * (FEWEST - 1)])
    assert rare is not None
    assert rare.weights["keratin"] < rare.weights["collagen"] < rare.weights["melasma"]


def test_the_background_is_whole() -> None:
    papers, words = likeness.background()
    assert papers > 50_000
    assert max(words.values()) < papers
    assert words["patient"] > words["melasma"] > 0


def test_the_list_is_in_that_order(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "some.xml"
    path.write_text(
        article("Tranexamic acid and bruising in dental extraction of haemophiliacs", pmid="990001001")
        + article("Intradermal tranexamic acid for melasma: randomised split-face trial", pmid="990001002")
    )
    first, *_ = screen(base, [str(path)]).candidates
    assert first.entry.fields["pmid"] == "990001002"
    assert any(reason.words.startswith("like the titles of references.bib") for reason in first.weighed.reasons)
