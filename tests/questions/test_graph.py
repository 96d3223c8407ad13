"""The graph and its summary, and the ways through it."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.graph import summary
from tests import whole
from tests.questions.small import base, finding, ingredient, reference

ASSESSMENT = {
    "id": "a-topical-hair-loss",
    "object": "hair-loss",
    "route": "topical",
    "findings": ["a1"],
    "starts": "high",
    "down": [{"reason": "imprecision", "levels": 2, "why": "small"}],
    "certainty": "low",
    "direction": "supports",
    "bottom_line": "May help.",
    "would_change": "A trial.",
}


@pytest.fixture
def small() -> KnowledgeBase:
    findings = [
        finding("a1", "x2020"),
        finding("a2", "y2020", direction="refutes", route="oral"),
        finding("a3", "y2020", "headache", relation="causes"),
    ]
    return base(
        ingredient("a", findings=findings, assessments=[ASSESSMENT]),
        ingredient("b", findings=[finding("b1", "z2020", **{"with": ["a"]})]),
        ingredient("lonely"),
        terms={"indications": [{"id": "hair-loss"}], "adverse-effects": [{"id": "headache"}]},
        references=(reference("x2020"), reference("y2020", "cohort"), reference("z2020")),
    )


def test_a_finding_is_a_node_with_its_citation(small: KnowledgeBase) -> None:
    graph = small.graph
    assert graph.has_edge("a", "a1", "has_finding")
    assert graph.has_edge("a1", "hair-loss", "about")
    assert graph.has_edge("a1", "x2020", "cites")
    assert all({"kind", "name"} <= data.keys() for _, data in graph.nodes(data=True))
    assert graph.nodes["x2020"]["kind"] == "reference"


def test_the_summary_counts_what_stands_behind_each_edge(small: KnowledgeBase) -> None:
    plain = summary(small)
    edge = plain.edges["a", "hair-loss"]
    assert edge["findings"] == 2
    assert edge["directions"] == {"supports": 1, "refutes": 1}
    assert edge["designs"] == {"rct": 1, "cohort": 1}
    assert edge["references"] == ["x2020", "y2020"]
    assert edge["certainty"] == "low"
    assert plain.edges["a", "headache"]["relation"] == "causes"


def test_a_way_is_told_in_sentences_with_citations(small: KnowledgeBase) -> None:
    answer = small.path("a", "hair-loss")
    assert answer["connected"]
    first = answer["paths"][0]
    assert [n["id"] for n in first["nodes"]] == ["a", "hair-loss"]
    told = first["steps"][0]["because"]
    assert [(r["id"], r["references"], r["direction"]) for r in told] == [
        ("a1", ["x2020"], "supports"),
        ("a2", ["y2020"], "refutes"),
        ("b1", ["z2020"], "supports"),
    ]
    assert told[0]["text"] == "What a1 found."


def test_a_paper_and_a_finding_are_ends_as_well(small: KnowledgeBase) -> None:
    (way, *_) = small.path("y2020", "b")["paths"]
    assert [n["id"] for n in way["nodes"]][0::2] == ["y2020", "b"]
    assert {r["id"] for r in way["steps"][0]["because"]} <= {"a2", "a3"}
    assert small.path("a3", "headache")["paths"][0]["steps"][0]["because"][0]["id"] == "a3"


def test_two_of_a_kind_are_connected_by_what_was_found_before_what_they_are() -> None:
    made = base(
        ingredient("one", parents=["class"], findings=[finding("f1", "x2020", "age")]),
        ingredient("two", parents=["class"], findings=[finding("f2", "x2020", "age", route="oral")]),
        ingredient("class"),
        terms={"indications": [{"id": "age"}]},
        references=(reference("x2020"),),
    )
    ways = [[n["id"] for n in way["nodes"]] for way in made.path("one", "two")["paths"]]
    assert ways == [["one", "age", "two"], ["one", "class", "two"]]


def test_a_detour_of_a_way_is_not_told_again() -> None:
    made = base(
        ingredient("one", findings=[finding("f1", "x2020", "thin"), finding("f3", "x2020", "brow")]),
        ingredient("two", findings=[finding("f2", "x2020", "thin")]),
        terms={"indications": [{"id": "thin"}, {"id": "brow", "parents": ["thin"]}]},
        references=(reference("x2020"),),
    )
    assert [[n["id"] for n in w["nodes"]] for w in made.path("one", "two")["paths"]] == [["one", "thin", "two"]]


def test_no_way_is_said_to_be_none(small: KnowledgeBase) -> None:
    assert small.path("a", "lonely") == {"a": "a", "b": "lonely", "connected": False, "paths": []}
    with pytest.raises(KeyError):
        small.path("a", "nowhere")


def test_a_product_is_linked_with_what_it_contains() -> None:
    snapshot = whole.snapshot()
    (way, *_) = snapshot.path("kybella", "deoxycholic-acid")["paths"]
    (step,) = way["steps"]
    assert [(b["kind"], b["text"]) for b in step["because"]] == [("contains", "Kybella contains Deoxycholic acid.")]
    assert step["because"][0]["references"]
    assert {e["relation"] for e in snapshot.neighbours("kybella")} == {"contains"}
