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


def arm(name: str, role: str, value: float, **more: Any) -> dict[str, Any]:
    return {"measure": "hair count", "kind": "change", "arm": name, "role": role, "value": value} | more


def rests_on(*outcomes: dict[str, Any], **more: Any) -> dict[str, Any]:
    finding = {"id": "f", "relation": "treats", "reference": "a", "design": "rct", "n": 90, "outcomes": list(outcomes)}
    return {"rests_on": [finding | more]}


def test_the_control_arm_is_never_dropped_from_an_absolute_effect() -> None:
    doses = [arm(f"dose {n}", "intervention", 10 * n) for n in range(6)]
    told = sections.absolute(rests_on(*doses, arm("active", "active", 56.5), arm("placebo", "placebo", -4.9)))
    assert told is not None
    assert [a["arm"] for a in told["arms"] if a["control"]] == ["placebo", "active"]
    assert "−4.9" in next(a["figure"] for a in told["arms"] if a["arm"] == "placebo")


@pytest.mark.parametrize(
    "words", [{"at": "baseline"}, {"note": "mMASI at baseline"}, {"measure": "mMASI before treatment"}]
)
def test_a_baseline_is_never_shown_as_an_effect(words: dict[str, Any]) -> None:
    arms = (arm("cysteamine", "intervention", 11.68), arm("tranexamic acid", "active", 10.43))
    assert sections.absolute(rests_on(*(a | {"kind": "mean"} | words for a in arms))) is None


def test_a_change_from_baseline_is_an_effect() -> None:
    told = sections.absolute(
        rests_on(
            arm("drug", "intervention", 18, measure="hair density, change from baseline"),
            arm("placebo", "placebo", 4, measure="hair density, change from baseline"),
        )
    )
    assert told is not None and len(told["arms"]) == 2


def test_arms_without_a_control_make_no_absolute_effect() -> None:
    assert sections.absolute(rests_on(arm("1 mg", "intervention", 5), arm("5 mg", "intervention", 9))) is None


def test_arms_of_different_units_are_no_pair() -> None:
    pair = (arm("drug", "intervention", 5, unit="hairs"), arm("placebo", "placebo", 1, unit="percent"))
    assert sections.absolute(rests_on(*pair)) is None


def test_the_outcome_pooled_over_trials_goes_first() -> None:
    first = (arm("drug", "intervention", 1), arm("placebo", "placebo", 0))
    pooled = [a | {"measure": "hair density", "concept": "hair-density"} for a in first]
    told = sections.absolute(rests_on(*first, *pooled))
    assert told is not None and told["what"] == "hair density"


def test_an_effect_of_something_else_or_of_another_route_is_not_shown_for_a_rating() -> None:
    pair = (arm("drug", "intervention", 5), arm("placebo", "placebo", 1))
    contrast = {
        "measure": "hair count", "kind": "mean-difference", "value": 4, "interval": {"low": 2, "high": 6},
        "arm": "drug vs placebo", "role": "intervention", "against": "placebo", "better": "higher",
    }  # fmt: skip
    line = rests_on(*pair, contrast, subject="alphanol", route="oral") | {"subject": "alphanol", "route": "oral"}
    shown = sections.effect(line)
    assert shown is not None and "(higher is better)" in shown["what"]
    assert sections.absolute(line) is not None
    for other in ({"subject": "betanol"}, {"route": "topical"}):
        assert sections.effect(line | other) is None
        assert sections.absolute(line | other) is None


@pytest.mark.parametrize(
    "printed", [{"events": 3}, {"n": 40}, {"events": 3, "n": 0}, {"events": None, "n": None}], ids=str
)
def test_a_harm_of_which_half_a_share_is_printed_stands_after_those_that_were_counted(printed: dict[str, Any]) -> None:
    items = [harm("told", "common", **printed), harm("never", "common", events=0, n=40), harm("once", "common", 2.5)]
    assert [h["object"] for h in sorted(items, key=sections.frequency_order)] == ["once", "told", "never"]
    assert sections.frequency_order(harm("x", "common", **printed))[1] == 0
