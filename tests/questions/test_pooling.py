"""Pooling: figures worked out by hand, and what is never put together."""

from __future__ import annotations

import math
from typing import Any

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.pooling import effects, pool
from kb.questions.shapes import PooledEffect, PooledStudy
from tests.questions.small import base, finding, ingredient, reference

TERMS = {"indications": [{"id": "hair-loss"}]}


def trial(key: str, events: tuple[int, int], n: tuple[int, int], **more: Any) -> dict[str, Any]:
    outcomes = [
        {"measure": "response", "kind": "count", "concept": "response", "arm": arm, "role": r, "events": e, "n": size}
        for arm, r, e, size in zip(("drug", "placebo"), ("intervention", "placebo"), events, n, strict=True)
    ]
    return finding(f"{key}-drug-hair-loss", key, outcomes=outcomes, comparator="placebo") | more


def of(*trials: dict[str, Any], designs: dict[str, str] | None = None) -> KnowledgeBase:
    keys = {t["reference"] for t in trials}
    references = tuple(reference(k, (designs or {}).get(k, "rct")) for k in sorted(keys))
    return base(ingredient("drug", findings=list(trials)), terms=TERMS, references=references)


def test_the_log_risk_ratio_and_its_variance_are_greenland_and_robins() -> None:
    ((_, found),) = effects(of(trial("a2020", (30, 15), (100, 100)))).items()
    assert found[0].estimate == pytest.approx(math.log(2.0))
    assert found[0].variance == pytest.approx(1 / 30 - 1 / 100 + 1 / 15 - 1 / 100)


def test_like_trials_pool_to_their_common_ratio_without_heterogeneity() -> None:
    (pooled,) = pool(of(*(trial(k, (40, 20), (100, 100)) for k in ("a2020", "b2020", "c2020"))))
    assert pooled.k == 3
    assert pooled.estimate == pytest.approx(2.0)
    assert pooled.i_squared == 0
    assert pooled.low < pooled.wald_low < 2 < pooled.wald_high < pooled.high
    assert pooled.predicted_low is not None
    assert pooled.predicted_low <= pooled.low
    assert sum(s["weight"] for s in pooled.studies) == pytest.approx(100, abs=0.2)


def test_trials_that_disagree_show_heterogeneity() -> None:
    (pooled,) = pool(
        of(
            trial("a2020", (80, 20), (200, 200)),
            trial("b2020", (22, 20), (200, 200)),
            trial("c2020", (60, 20), (200, 200)),
        )
    )
    assert pooled.i_squared > 70
    assert pooled.p_heterogeneity < 0.05
    assert pooled.low < 1 < pooled.high


def test_a_printed_percent_counts_with_the_number_in_its_arm_and_is_marked_as_derived() -> None:
    outcomes = [
        {
            "measure": "r",
            "kind": "percent",
            "concept": "response",
            "arm": a,
            "role": r,
            "value": v,
            "unit": "percent of patients",
            "n": 50,
        }
        for a, r, v in (("drug", "intervention", 40.0), ("saline", "placebo", 20.0))
    ]
    ((_, found),) = effects(of(finding("a2020-drug", "a2020", outcomes=outcomes))).items()
    assert found[0].estimate == pytest.approx(math.log(2.0))
    assert found[0].derived


def test_what_is_not_comparable_is_never_pooled() -> None:
    sound = trial("a2020", (40, 20), (100, 100))
    others = {
        "a review's result": (trial("b2020", (40, 20), (100, 100)), {"b2020": "meta-analysis"}),
        "an active comparator": (
            trial("b2020", (40, 20), (100, 100), comparator="finasteride")
            | {"outcomes": [o | {"role": o["role"].replace("placebo", "active")} for o in sound["outcomes"]]},
            {},
        ),
        "a preparation with other actives": (trial("b2020", (40, 20), (100, 100), **{"with": ["biotin"]}), {}),
        "another route": (trial("b2020", (40, 20), (100, 100), route="oral"), {}),
        "another concept": (
            trial("b2020", (40, 20), (100, 100)) | {"outcomes": [o | {"concept": "other"} for o in sound["outcomes"]]},
            {},
        ),
        "the same trial twice": (trial("a2020", (40, 20), (100, 100)) | {"id": "a2020-again"}, {}),
        "a zero cell": (trial("b2020", (40, 0), (100, 100)), {}),
        "two doses against one control": (
            trial("b2020", (40, 20), (100, 100))
            | {"outcomes": [*sound["outcomes"], sound["outcomes"][0] | {"arm": "drug, double dose"}]},
            {},
        ),
    }
    for why, (other, designs) in others.items():
        assert pool(of(sound, other, designs=designs)) == [], why


def test_a_printed_ratio_with_its_interval_enters_as_printed() -> None:
    outcomes = [
        {
            "measure": "RR",
            "kind": "risk-ratio",
            "concept": "response",
            "arm": "drug vs placebo",
            "role": "intervention",
            "against": "placebo",
            "value": 2.0,
            "interval": {"low": 1.0, "high": 4.0},
        }
    ]
    ((_, found),) = effects(of(finding("a2020-drug", "a2020", outcomes=outcomes, comparator="placebo"))).items()
    assert math.exp(found[0].estimate) == pytest.approx(2)
    assert math.sqrt(found[0].variance) == pytest.approx(math.log(4) / (2 * 1.959964))


def added(key: str, gain: float, sd: float = 10.0, **more: Any) -> dict[str, Any]:
    outcomes = [
        {
            "measure": "count",
            "kind": "change",
            "concept": "count",
            "unit": "hairs",
            "arm": a,
            "role": role,
            "value": v,
            "n": 50,
            "sd": sd,
        }
        for a, role, v in (("drug plus biotin", "intervention", 10 + gain), ("biotin", "active", 10.0))
    ]
    return finding(f"{key}-drug", key, outcomes=outcomes, comparator="biotin alone", **{"with": ["biotin"]}) | more


def test_what_is_added_to_the_same_background_is_pooled_as_that() -> None:
    (pooled,) = pool(of(*(added(k, 6.0, background=["biotin"]) for k in ("a2020", "b2020"))))
    assert (pooled.estimate, pooled.background, pooled.kind) == (6.0, ["biotin"], "mean-difference")
    assert pool(of(*(added(k, 6.0) for k in ("a2020", "b2020")))) == []


def test_two_treatments_pool_within_findings_that_compare_them() -> None:
    def compared(key: str) -> dict[str, Any]:
        return added(key, 2.0, relation="compared-with", object="biotin") | {"with": []}

    drugs = ingredient("drug", findings=[compared("a2020"), compared("b2020")])
    (pooled,) = pool(base(drugs, ingredient("biotin"), references=(reference("a2020"), reference("b2020"))))
    assert (pooled.relation, pooled.object, pooled.estimate) == ("compared-with", "biotin", 2.0)


def test_two_trials_lead_with_the_ordinary_interval_and_keep_the_other_beside_it() -> None:
    two = [added("a2020", 4.0, background=["biotin"]), added("b2020", 9.0, background=["biotin"])]
    (pooled,) = pool(of(*two))
    assert (pooled.low, pooled.high) == (pooled.wald_low, pooled.wald_high)
    assert pooled.knapp_low < pooled.low < pooled.high < pooled.knapp_high
    three = [*two, added("c2020", 6.0, background=["biotin"], within_person=True)]
    (pooled,) = pool(of(*three))
    assert (pooled.low, pooled.high) == (pooled.knapp_low, pooled.knapp_high)
    assert [s["within_person"] for s in pooled.studies] == [False, False, True]


def test_a_printed_standard_error_is_used_as_it_is() -> None:
    with_se = added("a2020", 4.0, background=["biotin"])
    for outcome in with_se["outcomes"]:
        outcome["se"] = 3.0
    ((_, found),) = effects(of(with_se)).items()
    assert found[0].variance == pytest.approx(18.0)


def measured(key: str, means: tuple[float, float], sd: float, unit: str) -> dict[str, Any]:
    outcomes = [
        {"measure": "score", "kind": "mean", "concept": "severity", "arm": r, "role": r, "value": m, "sd": sd, "n": 25}
        | {"unit": unit}
        for r, m in zip(("intervention", "placebo"), means, strict=True)
    ]
    return finding(f"{key}-drug-hair-loss", key, outcomes=outcomes, comparator="placebo")


def test_one_concept_on_two_scales_pools_as_a_standardised_difference() -> None:
    (pooled,) = pool(of(measured("a2020", (4.0, 6.0), 4.0, "MASI"), measured("b2020", (8.0, 9.0), 2.0, "mMASI")))
    assert (pooled.kind, pooled.unit, pooled.k) == ("standardised-mean-difference", "standard deviations", 2)
    # Half a standard deviation in each, by Hedges' correction 1 - 3 / (4 x 48 - 1).
    assert pooled.estimate == pytest.approx(-0.5 * (1 - 3 / 191), abs=1e-4)


def test_two_trials_on_one_scale_stay_in_its_unit() -> None:
    trials = (measured(k, (4.0, 6.0), 4.0, "MASI") for k in ("a2020", "b2020"))
    (pooled,) = pool(of(*trials, measured("c2020", (8.0, 9.0), 2.0, "mMASI")))
    assert (pooled.kind, pooled.unit, pooled.k) == ("mean-difference", "MASI", 2)


@pytest.mark.parametrize(("named", "pools"), [("three trials", 1), (None, 0)])
def test_a_label_counts_where_it_names_the_trials_behind_its_counts(named: str | None, pools: int) -> None:
    label = trial("label2020", (20, 10), (100, 100)) | {"trial": named}
    made = of(trial("a2020", (40, 20), (100, 100)), label, designs={"label2020": "label"})
    assert len(pool(made)) == pools


def changed(trial: dict[str, Any], at: int, **more: Any) -> dict[str, Any]:
    """The trial with one outcome changed; a key given as None is left out."""
    outcomes = [dict(o) for o in trial["outcomes"]]
    outcomes[at] = {k: v for k, v in {**outcomes[at], **more}.items() if v is not None}
    return {**trial, "outcomes": outcomes}


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("the arms are in two units", changed(measured("b2020", (4.0, 6.0), 4.0, "MASI"), 1, unit="mMASI")),
        ("one arm is a change, the other an end value", changed(measured("b2020", (4.0, 6.0), 4.0, "MASI"), 1, kind="change")),
        ("the spread of one arm is not printed", changed(measured("b2020", (4.0, 6.0), 4.0, "MASI"), 1, sd=None)),
        ("nothing varies", measured("b2020", (4.0, 6.0), 0.0, "MASI")),
    ],
)  # fmt: skip
def test_arms_that_cannot_be_subtracted_are_not(why: str, other: dict[str, Any]) -> None:
    sound = measured("a2020", (4.0, 6.0), 4.0, "MASI")
    assert sum(len(found) for found in effects(of(sound)).values()) == 1
    assert sum(len(found) for found in effects(of(other)).values()) == 0, why


def printed_ratio(**more: Any) -> dict[str, Any]:
    outcome = {
        "measure": "RR", "kind": "risk-ratio", "concept": "response", "arm": "drug", "role": "intervention", "against": "placebo",
        "value": 2.0, "interval": {"low": 1.0, "high": 4.0},
    }  # fmt: skip
    return finding("a2020-drug", "a2020", outcomes=[outcome | more], comparator="placebo")


def test_a_printed_ratio_enters_only_against_what_does_nothing_and_with_a_95_percent_interval() -> None:
    assert len(effects(of(printed_ratio()))) == 1
    assert not effects(of(printed_ratio(against="active")))
    assert not effects(of(printed_ratio(interval={"low": 1.0, "high": 4.0, "level": 90})))
    assert not effects(of(printed_ratio(interval={"low": 0.0, "high": 4.0})))


def test_a_printed_difference_without_an_interval_enters_by_its_p_and_the_numbers_of_people() -> None:
    outcome = {
        "measure": "count", "kind": "mean-difference", "concept": "count", "unit": "hairs", "arm": "drug", "role": "intervention",
        "against": "placebo", "value": 5.0, "p": "= 0.05",
    }  # fmt: skip
    arms = [{"name": "drug", "n": 30}, {"name": "placebo", "n": 32}]
    told = finding("a2020-drug", "a2020", outcomes=[outcome], comparator="placebo", arms=arms)
    ((_, found),) = effects(of(told)).items()
    assert math.sqrt(found[0].variance) == pytest.approx(
        5.0 / 2.0003, rel=1e-3
    )  # t of p = 0.05 with 60 degrees of freedom
    assert not effects(of({**told, "arms": []}))
    assert not effects(of({**told, "outcomes": [outcome | {"p": "< 0.05"}], "arms": []}))


def test_a_pooled_effect_travels_with_the_keys_that_its_shape_names() -> None:
    (pooled,) = pool(of(*(trial(k, (40, 20), (100, 100)) for k in ("a2020", "b2020", "c2020"))))
    value = pooled.as_dict()
    assert list(value) == list(PooledEffect.__annotations__)
    assert all(list(row) == list(PooledStudy.__annotations__) for row in value["studies"])
