"""Search forgives what people type: a slip in one word of a longer name, a plural, an accent."""

from __future__ import annotations

import pytest

from kb.questions.search import Index
from tests.questions.small import base, ingredient

TERMS = {
    "adverse-effects": [{"id": "injection-site-nodule", "lay_terms": ["lump"]}, {"id": "hair-shedding"}],
    "conditions": [{"id": "thrombocytopenia"}],
}


@pytest.fixture(scope="module")
def index() -> Index:
    plasma = ingredient("platelet-rich-plasma", synonyms=["PRP", "Plaquettes enrichies"])
    return Index.of(base(plasma, ingredient("acid-x"), terms=TERMS))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("platlet", "platelet-rich-plasma"),
        ("enrichiés", "platelet-rich-plasma"),
        ("nodules", "injection-site-nodule"),
        ("Lump", "injection-site-nodule"),
        ("hair sheding", "hair-shedding"),
        ("hairshedding", "hair-shedding"),
        ("throm bocytopenia", "thrombocytopenia"),
    ],
)
def test_a_slip_in_one_word_still_finds_the_longer_name(index: Index, typed: str, first: str) -> None:
    assert [hit.id for hit in index.search(typed)][:1] == [first]


@pytest.mark.parametrize("typed", ["platlet hair", "thrombocytopenea and plateles"])
def test_several_words_each_with_a_slip_find_what_each_means(index: Index, typed: str) -> None:
    found = [hit.id for hit in index.search(typed)]
    assert "platelet-rich-plasma" in found
    assert len(found) == 2


@pytest.mark.parametrize("typed", ["acyd", "zzzzzz", "  ", "laser"])
def test_a_short_or_strange_word_is_not_bent_into_something_else(index: Index, typed: str) -> None:
    assert index.search(typed) == []


def test_the_name_itself_goes_before_one_that_only_holds_a_like_word() -> None:
    made = Index.of(base(ingredient("nodule"), terms=TERMS))
    assert [hit.id for hit in made.search("nodules")] == ["nodule", "injection-site-nodule"]


MEDICINES = {
    "substances": [
        {"id": "tetracycline"},
        {"id": "lidocaine"},
        {"id": "procaine"},
        {"id": "minoxidil", "brands": ["Rogaine"]},
        {"id": "ibuprofen"},
        {"id": "hydroxychloroquine"},
    ],
}


@pytest.fixture(scope="module")
def medicines() -> Index:
    return Index.of(base(terms=MEDICINES))


@pytest.mark.parametrize("typed", ["sertraline", "clonidine", "lamotrigine", "prilocain", "zolpidem"])
def test_a_medicine_is_not_found_for_another_that_only_looks_alike(medicines: Index, typed: str) -> None:
    assert medicines.search(typed) == []


def test_under_a_name_typed_exactly_nothing_stands_by_likeness(medicines: Index) -> None:
    assert [hit.id for hit in medicines.search("Rogaine")] == ["minoxidil"]


def test_a_hit_says_whether_it_bears_the_name_or_only_looks_like_it(medicines: Index) -> None:
    def alike(typed: str) -> list[bool]:
        return [hit.alike for hit in medicines.search(typed)]

    assert alike("lidocaine") == alike("Rogaine") == alike("lidocaine hydrochloride") == [False]
    assert alike("lidocane") == alike("lido") == alike("hydroxichloroquin") == [True]


def test_a_part_of_a_designation_is_no_name() -> None:
    terms = {"conditions": [{"id": "tuberculosis", "lay_terms": ["TB"]}], "substances": [{"id": "vitamin-b12"}]}
    made = Index.of(base(terms=terms))
    assert made.search("TB-500") == made.search("tb 500") == made.search("TB-4") == []
    assert [hit.id for hit in made.search("TB treatment")] == ["tuberculosis"]
    assert [hit.id for hit in made.search("vitamin-B12 injection")] == ["vitamin-b12"]


def test_a_short_name_is_not_the_beginning_of_another_word() -> None:
    terms = {"substances": [{"id": "egf"}], "conditions": [{"id": "egfr-low"}, {"id": "egf-lack"}]}
    assert [hit.id for hit in Index.of(base(terms=terms)).search("EGF")] == ["egf", "egf-lack"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("lidocane", "lidocaine"), ("ibuprofin", "ibuprofen"), ("hydroxichloroquin", "hydroxychloroquine")],
)
def test_a_slip_of_the_keyboard_finds_the_medicine(medicines: Index, typed: str, first: str) -> None:
    assert [hit.id for hit in medicines.search(typed)] == [first]
