"""The parts of monographs and indications: order of harms and protocols, doses by label, evidence of other pages."""

from __future__ import annotations

from typing import Any

import pytest

from kb.snapshot import Snapshot
from kb.views import indication, render, sections


def harm(name: str, band: str, percent: float | None = None, **more: Any) -> dict[str, Any]:
    held = {"object": name, "object_name": name, "band": band, "percent": percent, "events": None, "n": None}
    return held | {"subject": "x", "subject_name": "X", "direction": "supports"} | more


def test_harms_stand_by_frequency_within_a_band_too() -> None:
    items = [
        harm("bruise", "very common", 26.5),
        harm("swelling", "very common", events=448, n=513),
        harm("itch", "very common"),
        harm("nerve", "common", 4),
        harm("scar", "frequency unknown"),
    ]
    page = {"id": "x", "kind": "ingredient", "harms": [{"group": "local", "title": "Local", "items": items}]}
    told = sections.harms(page)[0]["entries"]
    assert [e["id"] for e in told] == ["swelling", "bruise", "itch", "nerve", "scar"]


def test_each_harm_of_a_treatment_is_told_once_in_the_order_given() -> None:
    twice = [harm("a", "common"), harm("b", "common"), harm("a", "rare")]
    assert [(h["object"], h["band"]) for h in indication.unique(twice)] == [("a", "common"), ("b", "common")]


RATED = {"subject": "alphanol", "object": "thin-hair", "route": "oral"}
LABEL = {
    "says": "label", "indication": "thin-hair", "route": "oral", "ingredients": [{"id": "alphanol"}],
    "dose": "1 mg", "interval": "daily", "reference": "adams2001",
}  # fmt: skip


def test_a_label_is_told_with_what_it_is_about() -> None:
    assert sections.labelled(RATED, [LABEL]) == [{"text": "1 mg; daily", "reference": "adams2001"}]


@pytest.mark.parametrize(
    "other",
    [
        {"route": "intradermal"},
        {"indication": "thin-brow"},
        {"says": "popular-page"},
        {"ingredients": [{"id": "betanol"}]},
        {"dose": None, "interval": None},
    ],
    ids=str,
)
def test_a_dose_for_something_else_is_never_told_as_that_of_a_label(other: dict[str, Any]) -> None:
    assert sections.labelled(RATED, [LABEL | other]) == []


def test_labels_stand_before_trials_and_popular_pages_last() -> None:
    ordered = sections.protocols([{"says": s} for s in ("popular-page", "trial", "review", "consensus", "label")])
    assert [p["says"] for p in ordered] == ["label", "consensus", "review", "trial", "popular-page"]


def test_evidence_kept_on_another_page_is_told_in_its_own_words(snapshot: Snapshot) -> None:
    caution = {"evidence_for": ["clark2003-alphanol-pregnancy"], "evidence_against": []}
    found = sections.cited_findings([caution], {}, snapshot)
    assert found["clark2003-alphanol-pregnancy"]["summary"] == "What clark2003-alphanol-pregnancy found"


def test_claims_that_are_all_shown_need_no_link_to_all(snapshot: Snapshot) -> None:
    html = render("ingredient", {"ingredient": ["alphanol"]}, snapshot).html
    assert 'id="claims"' in html
    assert ">All 2" not in html
