"""The comparison: the same rows for every column, and nothing that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from kb.snapshot import Snapshot
from kb.views import compare_rows, render
from tests.views.markup import Markup

ITEMS: list[list[str]] = [
    [],
    ["alphanol"],
    ["alphanol", "betanol"],
    ["alphanol", "alphanol"],
    ["alphanol", "betanol", "needling"],
    ["alphanol", "nonesuch", "needling", "thin-hair"],
    ['"><script>alert(1)</script>', "{{191*7}}"],
]


def show(snapshot: Snapshot, *items: str) -> Markup:
    page = render("compare", {"item": list(items)}, snapshot)
    assert page.status == 200
    return Markup(page.html)


@pytest.mark.parametrize("items", ITEMS, ids=str)
def test_the_page_is_whole_and_safe(snapshot: Snapshot, hostile_snapshot: Snapshot, items: list[str]) -> None:
    for held in (snapshot, hostile_snapshot):
        page = render("compare", {"item": items}, held)
        markup = Markup(page.html)
        assert markup.faults == []
        assert markup.count("h1") == 1
        assert "1337" not in page.html


def test_every_row_has_a_cell_for_every_item(snapshot: Snapshot) -> None:
    page = show(snapshot, "alphanol", "betanol", "needling")
    labels = [a["data-label"] for tag, a in page.tags if tag == "td" and "colspan" not in a]
    assert labels
    assert all(labels[i : i + 3] == ["Alphanol", "Betanol", "Needling"] for i in range(0, len(labels), 3))


def test_the_rows_hold_what_was_studied_harms_cautions_and_regulation(snapshot: Snapshot) -> None:
    text = show(snapshot, "alphanol", "needling").text
    for words in (
        "It may thicken thin hair.", "Low certainty", "1% solution", "4\u00a0sessions, every 2\u00a0weeks", "6 of 40 (15%)",
        "Pregnancy", "Off label", "Atlantis", "1 mm", "at most 12\u00a0weeks",
    ):  # fmt: skip
        assert words in text


def test_what_only_one_was_studied_for_stands_apart(snapshot: Snapshot) -> None:
    page = show(snapshot, "alphanol", "needling")
    assert "None was studied for more than one of them" in page.text
    assert "Studied for only one of these (1)" in page.text


def test_unknown_items_and_a_fifth_one_are_told_of(snapshot: Snapshot) -> None:
    assert "no ingredient or technique “nonesuch”" in show(snapshot, "alphanol", "nonesuch").text
    assert "no ingredient or technique “pregnancy”" in show(snapshot, "alphanol", "pregnancy").text
    assert "Add a second item to compare Alphanol with" in show(snapshot, "alphanol").text


def test_a_column_can_be_left_out_while_two_remain(snapshot: Snapshot) -> None:
    assert "compare?item=alphanol&item=needling" in show(snapshot, "alphanol", "betanol", "needling").links()
    assert not any(link.startswith("compare?item=") for link in show(snapshot, "alphanol", "betanol").links())


def test_what_is_chosen_stands_first_in_the_form_in_the_order_of_the_columns(snapshot: Snapshot) -> None:
    for items in (["betanol", "alphanol"], ["alphanol", "betanol"]):
        page = show(snapshot, *items)
        options = [a for tag, a in page.tags if tag == "option"]
        assert [a["value"] for a in options[:2]] == items
        assert ["selected" in a for a in options] == [True, True] + [False] * (len(options) - 2)
        assert len({a["value"] for a in options}) == len(options)


def test_a_trial_of_the_very_two_that_are_compared_is_told() -> None:
    trial = {
        "id": "a-b", "relation": "compared-with", "subject": "alphanol", "subject_name": "Alphanol", "object": "betanol",
        "object_name": "Betanol", "route": "not-stated", "n": 40,
    }  # fmt: skip
    of = {"alphanol": [trial], "betanol": [], "needling": []}
    pages: dict[str, Any] = {slug: {"id": slug, "findings": found, "compared_with": []} for slug, found in of.items()}
    pages["betanol"]["compared_with"] = [trial]
    (row,) = compare_rows._direct([pages["alphanol"], pages["betanol"]])
    assert (row["label"], row["title"]) == ("Alphanol against betanol", "Route not stated, 40 people")
    assert compare_rows._direct([pages["betanol"], pages["alphanol"], pages["needling"]]) == [row]
    assert compare_rows._direct([pages["alphanol"], pages["needling"]]) == []
    assert compare_rows._direct([]) == []


def test_the_larger_of_two_trials_comes_first_and_a_form_against_itself_is_none() -> None:
    def trial(slug: str, n: int | None, other: str = "betanol") -> dict[str, Any]:
        return {
            "id": slug, "relation": "compared-with", "subject": "alphanol", "subject_name": "Alphanol", "object": other,
            "object_name": other.title(), "route": "topical", "n": n,
        }  # fmt: skip

    found = [trial("small", 10), trial("untold", None), trial("large", 90), trial("itself", 200, "alphanol")]
    pages: list[Any] = [
        {"id": "alphanol", "findings": found, "compared_with": []},
        {"id": "betanol", "findings": [], "compared_with": []},
    ]
    assert [r["title"] for r in compare_rows._direct(pages)] == ["Topical, 90 people", "Topical, 10 people", "Topical"]
