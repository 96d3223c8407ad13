"""The hand-out of the small formulary: what a patient is told, in whose order, and what must not be left out."""

from __future__ import annotations

from typing import Any

import pytest

from kb.snapshot import Snapshot
from kb.views import handout, render
from tests.views.markup import Markup

RATED = "alphanol-intradermal-thin-hair"


def harm(name: str, route: str = "intradermal", **more: Any) -> dict[str, Any]:
    held = {
        "object": name, "object_name": name, "route": route, "direction": "supports", "band": "common",
        "percent": 5, "events": None, "n": None, "arm": "", "reference": "adams2001",
    }  # fmt: skip
    return held | more


def page(*items: dict[str, Any], group: str = "local", **more: Any) -> Any:
    return {"harms": [{"group": group, "items": list(items)}], "regulatory": []} | more


def line(**more: Any) -> Any:
    return {"down": [], "rests_on": [], "route": "intradermal"} | more


def test_a_rated_treatment_has_its_page_and_without_one_all_are_offered(snapshot: Snapshot) -> None:
    shown = render("handout", {"assessment": [RATED]}, snapshot)
    assert (shown.status, shown.title) == (200, "Alphanol for thin hair: for patients")
    assert "It may help." in Markup(shown.html).text
    offered = Markup(render("handout", {}, snapshot).html)
    assert f"handout?assessment={RATED}" in offered.links()
    assert [name for name in ("Thin hair", "Thin brow", "Alphanol") if name in offered.text] == [
        "Thin hair",
        "Alphanol",
    ]


@pytest.mark.parametrize(
    "asked", ["nonesuch", "alphanol", "brown2002-alphanol-bruising", "alphanol-pregnancy", "alphanol-trial"]
)
def test_what_is_no_rating_has_no_hand_out(snapshot: Snapshot, asked: str) -> None:
    shown = render("handout", {"assessment": [asked]}, snapshot)
    assert (shown.status, shown.title) == (404, "Not found")


def test_the_harms_are_those_seen_and_counted_on_this_route_the_most_frequent_first() -> None:
    items = [
        harm("itch", percent=4), harm("pain", percent=8), harm("nausea", "oral"), harm("scar", direction="refutes"),
        harm("rash", "any", percent=2), harm("haze", "not-stated", percent=1), harm("ache", percent=None),
    ]  # fmt: skip
    told = handout.harms(page(*items), "intradermal")
    assert [(h["name"], h["figure"]) for h in told] == [("pain", "8%"), ("itch", "4%"), ("rash", "2%"), ("haze", "1%")]
    many = page(*(harm(str(n), percent=50 - n) for n in range(9)))
    assert [h["name"] for h in handout.harms(many, "intradermal")] == ["0", "1", "2", "3", "4", "5"]


def test_a_serious_harm_seen_this_way_is_told_here_and_one_seen_another_way_there_and_none_twice() -> None:
    items = [
        harm("blindness"), harm("stroke", "oral"), harm("death", "any"), harm("blindness", "oral"),
        harm("cancer", direction="refutes"), harm("sepsis", direction="insufficient"),
    ]  # fmt: skip
    grave = page(*items, group="rare-serious")
    assert handout.serious(grave, "intradermal", here=True) == ["blindness", "death", "sepsis"]
    assert handout.serious(grave, "intradermal", here=False) == ["stroke"]
    for here in (True, False):
        assert handout.serious(page(*items), "intradermal", here=here) == [], "a harm of another group is not serious"


def caution(trigger: str, severity: str = "contraindicated", *routes: str) -> dict[str, Any]:
    return {"trigger_name": trigger, "severity": severity, "routes": list(routes), "subject": "x", "subject_name": "X"}


def test_a_patient_is_asked_for_what_speaks_against_the_treatment_given_this_way() -> None:
    own = [
        caution("Gout", "avoid"), caution("Sun", "caution"), caution("Tea", "inform"), caution("Pregnancy"),
        caution("Ulcer", "contraindicated", "oral"), caution("Nickel", "avoid", "intradermal", "oral"),
        caution("Fever", "avoid", "any"), caution("Pregnancy", "avoid"),
    ]  # fmt: skip
    held: Any = {"cautions": own, "inherited_cautions": [caution("Lupus")]}
    assert handout.tell(held, "intradermal") == ["Pregnancy", "Lupus", "Gout", "Nickel", "Fever"]
    assert handout.tell(held, "oral") == ["Pregnancy", "Ulcer", "Lupus", "Gout", "Nickel", "Fever"]


def test_what_nobody_knows_names_the_longest_follow_up_or_that_there_was_none() -> None:
    def lasts(*weeks: float | None) -> str:
        told = handout.unknown(line(rests_on=[{"follow_up_weeks": w} for w in weeks]), page(harm("itch")))
        return next(t for t in told if "how long it lasts" in t)

    assert lasts(12, None, 51) == "Nobody knows how long it lasts beyond 51\u00a0weeks. No study went on for longer."
    assert "beyond 1\u00a0year." in lasts(52, 12)
    assert "beyond 2\u00a0years." in lasts(104)
    assert lasts() == lasts(None) == "No study says how long it lasts."


def test_harms_that_nobody_counted_are_no_proof_of_safety() -> None:
    silent = "No study recorded here counted its harms. That does not mean that it is safe."
    assert silent not in handout.unknown(line(), page(harm("itch")))
    assert silent in handout.unknown(line(), page() | {"harms": []})


def test_a_use_without_a_licence_is_told_for_its_own_route() -> None:
    def told(status: str, route: str = "intradermal") -> bool:
        shown = page(regulatory=[{"status": status, "route": route}])
        return any("not licensed" in t for t in handout.unknown(line(), shown))

    assert told("off-label") and told("unapproved") and told("off-label", "any")
    assert not told("approved")
    assert not told("off-label", "oral")


def test_why_it_is_unsure_is_told_once_each() -> None:
    down = [{"reason": r} for r in ("imprecision", "risk-of-bias", "imprecision", "of another kind")]
    told = handout.unknown(line(down=down), page(harm("itch")))
    assert told[:2] == [handout.UNKNOWN["imprecision"], handout.UNKNOWN["risk-of-bias"]]
    assert len(told) == 3


def test_other_treatments_are_those_that_may_help_the_same_problem() -> None:
    def rated(slug: str, subject: str, **more: str) -> dict[str, str]:
        held = {"id": slug, "subject": subject, "subject_name": subject.title(), "object": "thin-hair"}
        return held | {"route": "topical", "certainty": "low", "direction": "supports"} | more

    class Held:
        def monograph(self, slug: str) -> dict[str, Any]:
            assert slug == "thin-hair"
            return {
                "assessments": [
                    rated("own", "alphanol"), rated("b", "betanol"), rated("again", "betanol", certainty="very low"),
                    rated("oral", "betanol", route="oral"), rated("no", "gammanol", direction="refutes"),
                    rated("brow", "deltanol", object="thin-brow"), rated("best", "epsilon", certainty="high"),
                    rated("tablet", "alphanol", route="oral"),
                ]
            }  # fmt: skip

    own: Any = rated("own", "alphanol")
    told = handout.others(own, Held())  # type: ignore[arg-type]
    assert [(o["name"], o["how"], o["helps"]) for o in told] == [
        ("Epsilon", "put on the skin", "It helps."),
        ("Betanol", "put on the skin", "It may help."),
        ("Betanol", "taken by mouth", "It may help."),
        ("Alphanol", "taken by mouth", "It may help."),
    ]


def test_a_difference_between_arms_is_no_arm_and_the_control_ends_the_row() -> None:
    def arm(name: str, figure: str, control: str = "", contrast: bool = False) -> Any:
        return {"arm": name, "figure": figure, "control": control, "contrast": contrast}

    drug, placebo = arm("drug", "60 per 100"), arm("placebo", "20 per 100", "control")
    shown: Any = {"what": "thicker hair", "reference": "x"}
    told = handout.counted(shown | {"arms": [arm("", "40 per 100", contrast=True), drug, placebo]})
    assert told is not None and [a["arm"] for a in told["arms"]] == ["drug", "placebo"]
    for arms in ([placebo, drug], [placebo], [drug, arm("", "20 per 100", "control", contrast=True)]):
        assert handout.counted(shown | {"arms": arms}) is None
