"""How deep the evidence is: the share with an effect, what keeps a concept from being pooled, what to read next."""

from __future__ import annotations

from typing import Any

from kb.model.finding import NoEffect
from kb.validation.depth import depth
from tests.questions.small import base, finding, ingredient, reference

TERMS = {"indications": [{"id": "scar"}]}


def outcomes(sd: float | None) -> list[dict[str, Any]]:
    return [
        {"measure": "score", "kind": "mean", "concept": "score", "arm": arm, "role": arm, "value": v, "n": 20, "sd": sd}
        | {"unit": "points", "at": "12 weeks"}
        for arm, v in (("intervention", 3.0), ("placebo", 5.0))
    ]


def test_a_comparison_without_a_spread_counts_as_lacking_it_and_is_to_be_read_next() -> None:
    sure = finding("f-sure", object_="scar", reference="one2020", outcomes=outcomes(1.0))
    bare = finding("f-bare", object_="scar", reference="two2021", outcomes=outcomes(None), effect_missing="no-spread")
    assessment = {
        "id": "a-x-scar",
        "object": "scar",
        "route": "not-stated",
        "findings": ["f-sure", "f-bare"],
        "starts": "high",
        "certainty": "high",
        "direction": "supports",
        "bottom_line": "It helps.",
        "would_change": "More.",
    }
    made = base(
        ingredient("a", findings=[sure, bare], assessments=[assessment]),
        references=(reference("one2020"), reference("two2021")),
        terms=TERMS,
    )
    found = depth(made)
    assert (found.comparisons, found.with_effect, found.share) == (2, 1, 50.0)
    assert found.missing == {NoEffect.NO_SPREAD.value: 1}
    assert [r.record for r in found.read_next] == ["f-bare"]
    (near,) = found.near
    assert near.lacks == {"f-bare": "SD", "f-sure": ""}
    (trust,) = found.trust
    assert (trust.findings, trust.with_effect) == (2, 1)


def test_a_review_that_pools_nothing_does_not_lower_the_share_of_what_could_be_read() -> None:
    sure = finding("f-sure", object_="scar", reference="one2020", outcomes=outcomes(1.0))
    told = finding("f-told", object_="scar", reference="two2021", effect_missing="review-not-pooled")
    made = base(
        ingredient("a", findings=[sure, told]),
        references=(reference("one2020"), reference("two2021")),
        terms=TERMS,
    )
    found = depth(made)
    assert (found.share, found.share_of_pooling) == (50.0, 100.0)
    assert found.as_dict()["share_of_pooling"] == 100.0
