"""Where a question stops: a word that fits too many conditions, a search that tries no further, an amount of nothing we list."""

from __future__ import annotations

from typing import Any

import pytest

from kb.questions import ways
from kb.questions.precheck import Precheck
from kb.questions.search import Index
from tests.questions.small import base, caution, finding, ingredient


def arrhythmias(number: int) -> Precheck:
    kinds = [
        {"id": f"kind-{n}", "name": f"Kind{n} arrhythmia", "synonyms": ["!!!"] if n == 0 else []} for n in range(number)
    ]
    return Precheck.of(base(ingredient("a"), terms={"conditions": kinds}))


def test_a_word_of_few_conditions_is_all_of_them_and_of_many_none() -> None:
    few, many = (arrhythmias(n).check(["a"], None, ["arrhythmia"]) for n in (2, 40))
    assert {m.id for g in few.given for m in g.means if g.role == "condition"} == {"kind-0", "kind-1"}
    assert [u.said for u in many.unresolved] == ["arrhythmia"]


def test_a_misspelt_name_is_near_whatever_other_names_there_are() -> None:
    assert "Kind0 arrhythmia" in arrhythmias(1).resolver.near("kind0 arrhytmia", "condition")


def test_ways_are_tried_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    hop = ways.Hop(1.0, (), (("a", "broader"),))
    net = ways.Network({"a": {"b": hop}, "b": {"a": hop}}, {})
    assert [way for _, way in ways.shortest(net, "a", "b")] == [["a", "b"]]
    monkeypatch.setattr(ways, "_MOST_TRIES", 1)
    assert list(ways.shortest(net, "a", "b")) == []


def test_amounts_of_what_is_no_ingredient_here_are_not_compared_with_a_plan() -> None:
    def amount(value: float, **more: str) -> dict[str, Any]:
        return {"value": value, "unit": "mg", **more}

    found = [finding("a1", amounts=[amount(2.0), amount(3.0, of="b"), amount(9.0, of="elsewhere")])]
    studied = Precheck.of(base(ingredient("a", findings=found), ingredient("b"))).studied
    assert {slug: [s["value"] for s in rows] for slug, rows in studied.items()} == {"a": [2.0], "b": [3.0]}


def test_an_allergy_stands_beside_what_else_speaks_against_the_part() -> None:
    terms = {"conditions": [{"id": "keloid"}, {"id": "asthma"}]}
    made = ingredient("alphanol", cautions=[caution("c1", "keloid"), caution("c2", "asthma")])
    check = Precheck.of(base(made, terms=terms))
    answer = check.check(["alphanol"], None, ["keloid", "asthma", "allergic to alphanol"])
    assert {a.caution for a in answer.alerts if not a.allergen} == {"c1", "c2"}
    assert [a.subject for a in answer.alerts if a.allergen] == ["alphanol"]


def test_two_slips_do_not_lead_from_one_short_medicine_to_another() -> None:
    index = Index.of(base(terms={"substances": [{"id": "vistaril", "name": "Vistaril"}]}))
    assert [hit.id for hit in index.search("vistarel")] == ["vistaril"]
    assert index.search("vistabel") == []
