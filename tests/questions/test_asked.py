"""A search that is a question is answered, with papers; a list of look-alikes is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.compile import ensure
from kb.questions.asked import answers, read
from kb.snapshot import Snapshot, open_snapshot

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot(ensure(ROOT))


@pytest.mark.parametrize(
    ("text", "kind", "about"),
    [
        ("minoxidil pregnancy", "caution", {"minoxidil", "pregnancy"}),
        ("is minoxidil safe in breastfeeding?", "caution", {"minoxidil", "breastfeeding"}),
        ("Rogaine side effects", "harms", {"minoxidil"}),
        ("PRP vs minoxidil", "compared", {"platelet-rich-plasma", "minoxidil"}),
        ("vitamin C minoxidil mix", "mixing", {"ascorbic-acid", "minoxidil"}),
        ("lidocaine maximum dose", "maxima", {"lidocaine"}),
        ("how many sessions PRP hair loss", "doses", {"platelet-rich-plasma"}),
        ("apixaban microneedling", "caution", {"microneedling", "apixaban"}),
        ("Kybella approved", "status", {"deoxycholic-acid"}),
        ("microneedling acne scars", "evidence", {"microneedling", "acne-scar"}),
        ("Botox hair loss", "evidence", {"botulinum-toxin-a", "hair-loss"}),
        ("Moftah 2013", "paper", {"moftah2013"}),
        ("10.1111/j.1468-3083.2012.04535.x", "paper", {"moftah2013"}),
        ("https://doi.org/10.1111/j.1468-3083.2012.04535.x", "paper", {"moftah2013"}),
    ],
)
def test_the_first_card_answers(snapshot: Snapshot, text: str, kind: str, about: set[str]) -> None:
    first = answers(text, snapshot)[0]
    assert (first.kind, set(first.about)) == (kind, about)
    assert first.records
    if kind != "mixing":
        assert first.references


def test_the_gravest_caution_stands_first(snapshot: Snapshot) -> None:
    card = answers("finasteride pregnant", snapshot)[0]
    assert card.records[0]["severity"] == "contraindicated"


@pytest.mark.parametrize(
    "text", ["sertralyne bananas", "bitcoin", "Germany weather", "zzyzx", "", "   ", "10.5555/nothing-here"]
)
def test_nothing_is_answered_by_likeness(snapshot: Snapshot, text: str) -> None:
    assert answers(text, snapshot) == []


def test_words_that_name_nothing_are_kept_apart(snapshot: Snapshot) -> None:
    reading = read("minoxidil frobnicate", snapshot)
    assert [n.id for n in reading.subjects] == ["minoxidil"] and reading.rest == ["frobnicate"]


def test_trials_of_two_things_are_those_that_compared_them(snapshot: Snapshot) -> None:
    card = answers("tranexamic acid vs hydroquinone", snapshot)[0]
    assert card.kind == "compared"
    assert all({f["subject"], f["object"]} == {"tranexamic-acid", "hydroquinone"} for f in card.records)
