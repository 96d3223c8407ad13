"""The dose under a title and the boxes of a monograph: who may say it, for which route, and what never leads."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from kb.views import dosing


def protocol(dose: str = "0.1 mL per site", **more: Any) -> dict[str, Any]:
    held = {
        "says": "label", "route": "intradermal", "indication_name": None, "dose": dose, "amounts": [{"value": 0.1}],
        "sessions": None, "interval": None, "reference": "adams2001",
    }  # fmt: skip
    return held | more


def box(*protocols: dict[str, Any], anchor: str = "injected", title: str = "Injected into the skin") -> Any:
    return {"anchor": anchor, "title": title, "protocols": list(protocols)}


def led(*boxes: Any) -> str | None:
    dose = dosing.lead(boxes)
    return dose["text"] if dose else None


def test_a_label_leads_with_its_use_its_route_and_its_source() -> None:
    dose = dosing.lead([box(protocol(indication_name="Thin hair", sessions="4"))])
    assert dose is not None
    assert (dose["title"], dose["says"]) == ("Injected into the skin", "A label")
    assert dose["text"] == "Thin hair: 0.1 mL per site; 4\u00a0sessions"
    assert dose["references"] == ["adams2001"]


@pytest.mark.parametrize("says", ["review", "trial", "popular-page"])
def test_only_a_label_or_a_consensus_stands_as_the_dose_under_a_title(says: str) -> None:
    assert led(box(protocol(says=says))) is None
    assert led(box(protocol("2 mL", says=says), protocol("1 mL", says="consensus"))) == "1 mL"


@pytest.mark.parametrize("amounts", [None, []])
def test_a_schedule_without_an_amount_is_no_dose(amounts: list[Any] | None) -> None:
    for says in ("label", "consensus", "trial"):
        assert led(box(protocol("as directed", says=says, amounts=amounts))) is None


def test_a_dose_too_long_for_its_place_is_left_to_its_box_and_never_cut() -> None:
    whole, longer = "x" * dosing.LONGEST_LEAD, "x" * (dosing.LONGEST_LEAD + 1)
    assert dosing.LONGEST_LEAD == 130
    assert led(box(protocol(whole))) == whole
    assert led(box(protocol(longer))) is None
    assert led(box(protocol(longer), protocol("1 mL", says="consensus"))) == "1 mL"
    assert led(box(protocol(whole, indication_name="Acne"))) is None, "the use counts as well"


def test_a_label_goes_before_a_consensus_and_the_fuller_schedule_before_the_barer() -> None:
    consensus = protocol("1 mL", says="consensus", sessions="3", interval="4 weeks")
    assert led(box(consensus, protocol("2 mL"))) == "2 mL"
    barer, fuller = protocol("2 mL", sessions="3"), protocol("4 mL", sessions="3", interval="4 weeks")
    assert led(box(barer, fuller)) == "4 mL; 3\u00a0sessions, 4 weeks apart"
    assert led(box(protocol("2 mL"), protocol("3 mL"))) == "2 mL", "of equals the first stands"


def test_what_is_injected_or_needled_leads_before_the_other_routes_even_from_a_weaker_source() -> None:
    tablet = box(protocol("5 mg"), anchor="oral", title="By mouth")
    assert led(tablet) == "5 mg", "there is nothing else"
    for anchor in ("injected", "needled"):
        assert led(tablet, box(protocol("1 mL", says="consensus"), anchor=anchor)) == "1 mL"
    assert led() is None


def snapshot(*maxima: dict[str, Any]) -> Any:
    return SimpleNamespace(precheck=SimpleNamespace(maxima=list(maxima)))


def studied(route: str, design: str | None = "rct", slug: str = "f") -> dict[str, Any]:
    return {"finding": {"id": slug, "route": route, "design": design}, "how": "", "schedule": "", "followed": ""}


def page(*protocols: dict[str, Any]) -> Any:
    return {"id": "alphanol", "protocols": list(protocols)}


def boxes(shown: Any, rows: Iterable[Any] = (), *maxima: dict[str, Any]) -> dict[str, Any]:
    return {b["anchor"]: b for b in dosing.boxes(shown, rows, snapshot(*maxima))}


def test_a_dose_stands_in_the_box_of_its_own_route() -> None:
    found = boxes(page(protocol("1 mL"), protocol("5 mg", route="oral")), [studied("topical"), studied("oral")])
    assert list(found) == ["injected", "topical", "oral"]
    assert [p["dose"] for p in found["injected"]["protocols"]] == ["1 mL"]
    assert [p["dose"] for p in found["oral"]["protocols"]] == ["5 mg"]
    assert [len(found[a]["studied"]) for a in found] == [0, 1, 1]


def test_a_protocol_that_says_no_dose_and_no_schedule_makes_no_box() -> None:
    assert boxes(page(protocol(""))) == {}
    assert list(boxes(page(protocol("", sessions="4")))) == ["injected"]


def test_a_maximum_is_that_of_this_substance_and_of_its_routes() -> None:
    ours = {"of": "alphanol", "routes": ["topical"]}
    assert boxes(page(), (), ours | {"of": "betanol"}) == {}
    assert {a: b["maxima"] for a, b in boxes(page(), (), ours).items()} == {"topical": [ours]}
    anywhere = {"of": "alphanol", "routes": []}
    told = boxes(page(protocol("5 mg", route="oral")), (), anywhere)
    assert {a: b["maxima"] for a, b in told.items()} == {"injected": [anywhere], "oral": []}


def test_the_box_of_other_routes_repeats_no_maximum_and_keeps_its_own() -> None:
    both = {"of": "alphanol", "routes": ["intradermal", "intramuscular"]}
    own = {"of": "alphanol", "routes": ["intravenous"]}
    told = boxes(page(), (), both, own)
    assert {a: b["maxima"] for a, b in told.items()} == {"injected": [both], "other": [own]}
    two = {"of": "alphanol", "routes": ["intradermal", "topical"]}
    assert {a: b["maxima"] for a, b in boxes(page(), (), two).items()} == {"injected": [two], "topical": [two]}


def test_the_best_designs_are_shown_and_the_rest_is_counted() -> None:
    rows = [studied("oral", d, d or "none") for d in (None, "case-report", "cohort", "rct", "systematic-review")]
    told = boxes(page(), rows)["oral"]
    assert [r["finding"]["id"] for r in told["studied"]] == ["systematic-review", "rct", "cohort"]
    assert told["more"] == 2
    assert [boxes(page(), rows[:n])["oral"]["more"] for n in (3, 4)] == [0, 1]


def test_a_name_is_left_out_when_it_is_a_brand_or_a_slip_of_spelling() -> None:
    known = {"name": "Tranexamic acid", "synonyms": ["Tranexmic acid", "TXA", "Cyklokapron"], "brands": ["Cyklokapron"]}
    assert dosing.names(known) == ["TXA"]  # type: ignore[arg-type]
    assert dosing.names(known | {"brands": []}) == ["TXA", "Cyklokapron"]  # type: ignore[arg-type]
