"""A caution that holds at some sites is raised there, at their parts, and where the plan names none."""

from __future__ import annotations

from typing import Any

import pytest

from kb.questions.precheck import Precheck
from tests.questions.small import base, caution, ingredient

TERMS: dict[str, list[dict[str, Any]]] = {
    "conditions": [
        {"id": "keloid"},
        {"id": "face", "group": "site"},
        {"id": "glabella", "group": "site", "parents": ["face"]},
        {"id": "scalp", "group": "site"},
    ]
}


@pytest.mark.parametrize(
    ("sites", "raised"),
    [([], True), (["face"], True), (["glabella"], True), (["scalp"], False), (["scalp", "glabella"], True)],
    ids=str,
)
def test_a_caution_of_a_site_is_raised_where_it_may_hold(sites: list[str], raised: bool) -> None:
    check = Precheck.of(base(ingredient("a", cautions=[caution("c", "keloid", sites=["face"])]), terms=TERMS))
    answer = check.check(["a"], None, ["keloid"], sites=sites)
    assert bool(answer.alerts) == raised


def test_a_caution_of_a_part_is_raised_for_the_whole() -> None:
    check = Precheck.of(base(ingredient("a", cautions=[caution("c", "keloid", sites=["glabella"])]), terms=TERMS))
    assert check.check(["a"], None, ["keloid"], sites=["face"]).alerts


def test_the_site_is_asked_for_when_it_decides() -> None:
    check = Precheck.of(base(ingredient("a", cautions=[caution("c", "keloid", "avoid", sites=["face"])]), terms=TERMS))
    asked = {q.about: q for q in check.check(["a"]).ask}
    assert asked["site"].gravest == "avoid"
    assert "site" not in {q.about for q in check.check(["a"], sites=["face"]).ask}
