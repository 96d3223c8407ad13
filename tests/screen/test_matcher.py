"""Words of the base in texts: found wherever they stand as words, and never inside longer ones."""

import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.screen.matcher import Matcher, key, plain
from kb.screen.vocabulary import Sure, Word

TERMS = [
    "tranexamic acid",
    "melasma",
    "platelet-rich plasma",
    "5α-reductase inhibitors",
    "crow's feet",
    "Quincke's oedème",
]
WORDS = [Word(term, (str(place),)) for place, term in enumerate(TERMS)]
MATCHER = Matcher(WORDS)
LETTERS = st.text("bcdfghjklmnpqrtvwxz", min_size=2, max_size=9)
"""No vowels: such words are in no term."""


def found(*terms: str | Word, text: str) -> set[str]:
    words = [Word(term, ("x",)) if isinstance(term, str) else term for term in terms]
    return {word.text for word in Matcher(words).find(text)}


@given(
    before=st.lists(LETTERS, max_size=30),
    after=st.lists(LETTERS, max_size=30),
    word=st.sampled_from(WORDS),
    mark=st.sampled_from([" ", ", ", ". ", " (", "; ", "/", '"', " — "]),
    change=st.sampled_from(
        [str, str.lower, str.upper, str.title, lambda text: text.replace(" ", "-").replace("-", " ")]
    ),
)
def test_a_planted_term_is_found(before: list[str], after: list[str], word: Word, mark: str, change: object) -> None:
    text = " ".join(before) + mark + change(word.text) + mark + " ".join(after)  # type: ignore[operator]
    assert MATCHER.find(text) == {word}


@given(word=st.sampled_from(WORDS), more=LETTERS, front=st.booleans(), rest=st.lists(LETTERS, max_size=9))
def test_a_term_inside_a_longer_word_is_not_found(word: Word, more: str, front: bool, rest: list[str]) -> None:
    text = f"{more}{word.text}" if front else f"{word.text}{more}"
    assert word not in MATCHER.find(" ".join([*rest, text, *rest]))


@given(text=st.text(max_size=300))
def test_any_text_is_survived_and_read_the_same_twice(text: str) -> None:
    assert MATCHER.find(text) == MATCHER.find(text)


@given(terms=st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=7), min_size=1, max_size=8, unique_by=key))
def test_it_finds_what_a_regular_expression_finds(terms: list[str]) -> None:
    text = " ".join([*terms[::2], "x".join(terms), *terms[:1]])
    matcher = Matcher([Word(term, ("x",)) for term in terms])
    assume(not any(term.endswith("s") for term in terms))
    expected = {term for term in terms if re.search(rf"\b{term}s?\b", text)}
    assert {word.text for word in matcher.find(text)} == expected


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("keloid", "Keloids of the ear"),
        ("Keloids", "one keloid"),
        ("abscess", "two abscesses"),
        ("microneedling", "after micro-needling"),
        ("micro-needling", "after microneedling"),
        ("micro-needling", "after micro needling"),
        ("platelet-rich plasma", "platelet rich plasma"),
        ("IGF-1 serum", "IGF1 serum"),
        ("5α-reductase", "5-alpha reductase"),
        ("Juvéderm", "juvederm"),
        ("microinfusão de medicação", "MICROINFUSAO DE MEDICACAO"),
        ("Crow's feet", "crow’s feet"),
    ],
)
def test_spellings(term: str, text: str) -> None:
    assert found(term, text=text) == {term}


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Retin-A", "the retina"),
        ("zinc", "zincate"),
        ("acne", "acneiform"),
        ("iron", "environment"),
        ("scar", "scarcity"),
    ],
)
def test_what_only_looks_like_it(term: str, text: str) -> None:
    assert found(term, text=text) == set()


def test_the_longest_phrase_wins() -> None:
    terms = ("hyaluronic acid", "hyaluronic acid filler", "filler")
    assert found(*terms, text="a hyaluronic acid filler") == {"hyaluronic acid filler"}
    assert found(*terms, text="hyaluronic acid, not filled") == {"hyaluronic acid"}


def test_abbreviations_need_their_capitals() -> None:
    at = Word("AT", ("alopecia-totalis",), Sure.ABBREVIATION)
    prp = Word("PRP", ("platelet-rich-plasma",), Sure.ABBREVIATION)
    assert found(at, text="at last, At first") == set()
    assert found(at, text="TREATED AT HOME") == set(), "where all are capitals they say nothing"
    assert found(prp, text="Two PRPs and a prp") == {"PRP"}


def test_plain_keeps_capitals() -> None:
    assert plain("Ménière, β-carotène, Œdème") == "Meniere,  beta -carotene, Oedeme"
