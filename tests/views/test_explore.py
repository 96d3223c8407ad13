"""The graph page: links drawn and listed alike, addresses that reopen, and ways told in sentences with citations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import pytest

from kb.questions import ways
from kb.questions.ways import Hop, Network
from kb.snapshot import Snapshot
from kb.views import explore, neighbourhood, render
from kb.views.charts.graph import Group, Leaf, Root, Thread, narrow, wide
from kb.views.charts.labels import text_width, wrapped
from tests.views.markup import Markup

Params = Mapping[str, list[str]]

ADDRESSES: list[Params] = [
    {},
    {"node": ["alphanol"]},
    {"node": ["alphanol", "thin-hair", "betanol", "needling", "pregnancy"]},
    {"node": ["betanol"]},
    {"node": ["bruising"], "relation": ["nonsense"], "direction": ["nonsense"], "certainty": ["nonsense"]},
    {"node": ["alphanol"], "relation": ["studied-for"], "direction": ["supports"], "certainty": ["low"]},
    {"node": ["alphanol"], "certainty": ["high"]},
    {"a": ["alphanol"], "b": ["pregnancy"]},
    {"a": ["alphanol"], "b": ["alphanol"]},
    {"a": ["betanol"], "b": ["blindness"]},
    {"a": ["alphanol"]},
]


def test_of_two_hundred_names_few_are_looked_up(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a search; an address with two hundred kept the server busy for seconds."""
    asked: list[str] = []
    look_up = explore._resolve
    monkeypatch.setattr(explore, "_resolve", lambda raw, *more: asked.append(raw) or look_up(raw, *more))
    render("explore", {"node": [f"nobody {n}" for n in range(190)]}, snapshot)
    assert len([raw for raw in asked if raw]) == explore.MOST_ROOTS + 1
    shown = render("explore", {"node": ["alphanol"] * 150 + ["thin-hair"]}, snapshot)
    assert "thin-hair" in shown.html, "the same name again and again is one"


def show(snapshot: Snapshot, **params: list[str]) -> Markup:
    page = render("explore", params, snapshot)
    assert page.status == 200
    return Markup(page.html)


@pytest.mark.parametrize("params", ADDRESSES, ids=str)
def test_the_page_is_whole_and_safe(snapshot: Snapshot, hostile_snapshot: Snapshot, params: Params) -> None:
    for held in (snapshot, hostile_snapshot):
        page = render("explore", params, held)
        markup = Markup(page.html)
        assert markup.faults == []
        assert markup.count("h1") == 1
        assert "1337" not in page.html


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "{{191*7}}", "x" * 5000, "\x00", "%"])
def test_hostile_parameters_stay_texts(snapshot: Snapshot, value: str) -> None:
    for params in ({"node": [value]}, {"a": [value], "b": ["alphanol"]}, {"node": ["alphanol"], "relation": [value]}):
        page = render("explore", params, snapshot)
        assert Markup(page.html).faults == []
        assert "1337" not in page.html


def test_what_is_drawn_is_listed(snapshot: Snapshot) -> None:
    page = show(snapshot, node=["alphanol"])
    drawn = {a["aria-label"].split(".")[0] for tag, a in page.tags if tag == "a" and "leaf" in a.get("class", "")}
    assert drawn == {"Thin hair", "Bruising", "Pregnancy", "Aspirin", "Betanol"}
    listed = page.text[page.text.index("The same as a list") :]
    assert all(name in listed for name in drawn)


def test_a_link_says_its_findings_direction_and_certainty(snapshot: Snapshot) -> None:
    page = show(snapshot, node=["alphanol"], relation=["studied-for"])
    labels = {a["aria-label"] for tag, a in page.tags if tag == "a" and "leaf" in a.get("class", "")}
    assert labels == {
        "Thin hair. Studied for, Alphanol: 2\u00a0findings, supports, low certainty. Open its links",
    }


def test_filters_hold(snapshot: Snapshot) -> None:
    assert "No link fits" in show(snapshot, node=["alphanol"], certainty=["moderate"]).text
    assert "No link fits" not in show(snapshot, node=["alphanol"], certainty=["low"]).text
    assert "No link fits" in show(snapshot, node=["alphanol"], direction=["refutes"]).text


def test_links_hold_from_both_ends(snapshot: Snapshot) -> None:
    out = {(k.relation, k.other) for k in neighbourhood.links(snapshot, "alphanol")}
    assert {("studied-for", "thin-hair"), ("causes", "bruising"), ("cautions", "aspirin"), ("mixing", "betanol")} <= out
    assert ("studied-with", "alphanol") in {(k.relation, k.other) for k in neighbourhood.links(snapshot, "thin-hair")}
    assert ("caused-by", "alphanol") in {(k.relation, k.other) for k in neighbourhood.links(snapshot, "bruising")}
    assert ("cautioned", "alphanol") in {(k.relation, k.other) for k in neighbourhood.links(snapshot, "aspirin")}


def test_names_synonyms_and_typos_find_their_node(snapshot: Snapshot) -> None:
    for said in ("Alphanol", "alphabrand", "alphanoll", "expecting"):
        assert "data-announce" in render("explore", {"node": [said]}, snapshot).html
    page = render("explore", {"node": ["zzzzqq"]}, snapshot)
    assert page.status == 404
    assert "Nothing here is called “zzzzqq”" in Markup(page.html).text


def test_four_things_at_most_are_drawn(snapshot: Snapshot) -> None:
    page = show(snapshot, node=["alphanol", "thin-hair", "betanol", "needling", "pregnancy"])
    assert "Four things at most" in page.text
    assert len({a["aria-label"] for tag, a in page.tags if a.get("class") == "root"}) == 4


def test_why_is_told_with_the_caution_and_its_papers(snapshot: Snapshot) -> None:
    page = show(snapshot, a=["alphanol"], b=["aspirin"])
    assert "Directly" in page.text
    assert "Alphanol has a caution about Aspirin: What to do about aspirin." in page.text
    assert "#ref-clark2003" in page.links()


def test_a_way_through_a_finding_cites_it(snapshot: Snapshot) -> None:
    page = show(snapshot, a=["bruising"], b=["thin-hair"])
    assert "Through Alphanol" in page.text
    assert "What brown2002-alphanol-bruising found" in page.text
    assert "Harm: Alphanol · Bruising." in page.text  # what was asked, not what would be claimed
    assert "#ref-brown2002" in page.links()


def test_no_connection_is_said_and_not_taken_for_none(snapshot: Snapshot) -> None:
    assert (
        "That describes what is recorded here, not what is true." in show(snapshot, a=["betanol"], b=["blindness"]).text
    )


def hop(cost: float = 2.0) -> Hop:
    return Hop(cost, ("f",), ())


def network(*edges: tuple[str, str, float], kinds: dict[str, str] | None = None) -> Network:
    hops: dict[str, dict[str, Hop]] = {}
    for u, v, cost in edges:
        hops.setdefault(u, {})[v] = hops.setdefault(v, {})[u] = hop(cost)
    return Network(hops, kinds or {})


def test_ways_come_shortest_first_without_loops_and_end() -> None:
    net = network(
        ("a", "m", 1), ("m", "b", 1), ("a", "n", 2), ("n", "b", 2), ("m", "n", 1), ("a", "b", 9), ("x", "y", 1)
    )
    found = list(islice(ways.shortest(net, "a", "b"), 50))
    assert found[0][1] == ["a", "m", "b"]
    assert [cost for cost, _ in found] == sorted(cost for cost, _ in found)
    assert all(len(set(way)) == len(way) for _, way in found)
    assert {tuple(way) for _, way in found} == {
        ("a", "b"), ("a", "m", "b"), ("a", "n", "b"), ("a", "m", "n", "b"), ("a", "n", "m", "b"),
    }  # fmt: skip
    assert list(ways.shortest(net, "a", "y")) == []
    assert list(ways.shortest(net, "a", "nowhere")) == []


def test_a_topic_explains_less_than_a_thing() -> None:
    net = network(("a", "t", 1), ("t", "b", 1), ("a", "m", 1.5), ("m", "b", 1.5), kinds={"t": "topic"})
    assert next(iter(ways.shortest(net, "a", "b")))[1] == ["a", "m", "b"]


def test_the_network_of_a_snapshot_holds_findings_cautions_and_kin(snapshot: Snapshot) -> None:
    net = snapshot.network
    assert len(net.hops["alphanol"]["thin-hair"].findings) == 2
    assert net.hops["aspirin"]["alphanol"].direct == (("alphanol", "warns_of"),)
    assert net.hops["thin-brow"]["thin-hair"].direct == (("thin-brow", "broader"),)
    assert not {"adams2001", "claim-one", "adams2001-alphanol-thin-hair"} & net.hops.keys()


@pytest.mark.parametrize("draw", [wide, narrow])
@pytest.mark.parametrize("roots", [1, 3])
def test_no_two_labels_share_a_line_and_none_is_clipped(draw: object, roots: int) -> None:
    names = [f"A very long name of a thing {'W' * i} <b>" for i in range(40)]
    leaves = tuple(
        Leaf(n, f"explore?node={i}", n, (Thread(i % roots, i, "outcomes-differ", "±", "low"),))
        for i, n in enumerate(names)
    )
    groups = [Group("One & two", leaves[:20], 5, "explore?relation=x"), Group("Three", leaves[20:])]
    svg = str(draw([Root(f"Root {i}", "r", "Ingredient") for i in range(roots)], groups, "T <b>"))  # type: ignore[operator]
    page = Markup(svg)
    assert page.faults == []
    assert page.count("b") == 0
    width, height = (float(v) for v in page.tags[0][1]["viewbox"].split()[2:])
    pills = [
        (float(a["x"]), float(a["y"]), float(a["width"]), float(a["height"]))
        for _, a in page.tags
        if a.get("class") in {"pill", "root-pill"}
    ]
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in pills)
    for i, (x, y, w, h) in enumerate(pills):
        for x2, y2, w2, h2 in pills[i + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_lines_of_text_keep_to_their_width() -> None:
    for text in ("W" * 90, "one two three four five six seven", "", "a"):
        rows = wrapped(text, 80, lines=2)
        assert 1 <= len(rows) <= 2
        assert all(text_width(row) <= 80 for row in rows)


@pytest.mark.parametrize("draw", [wide, narrow])
def test_every_link_has_a_line_of_its_own_that_starts_at_the_trunk_of_its_root(draw: object) -> None:
    all_three = tuple(Thread(root, 3, "supports", "+") for root in range(3))
    leaves = tuple(Leaf(f"Leaf {i}", "explore", f"Leaf {i}", all_three) for i in range(20))
    roots = [Root(f"Root {i}", "r", "Ingredient") for i in range(3)]
    page = Markup(str(draw(roots, [Group("Shared", leaves)], "T")))  # type: ignore[operator]
    lines = [re.findall(r"-?[\d.]+", a["d"]) for _, a in page.tags if a.get("class") == "thread"]
    heights = [(y, end) for _, y, end in lines]
    assert len(heights) == len(set(heights)) == 60
    joints = {(a["cx"], a["cy"]) for _, a in page.tags if a.get("class") == "joint"}
    assert joints == {(x, y) for x, y, _ in lines}


def test_warnings_stand_apart_from_what_was_studied_on_the_pages_of_both(snapshot: Snapshot) -> None:
    def related(slug: str, other: str) -> set[str]:
        return {link.relation for link in neighbourhood.links(snapshot, slug) if link.other == other}

    assert related("alphanol", "pregnancy") == {"cautions", "warned"}
    assert related("pregnancy", "alphanol") == {"cautioned", "warned"}
    assert "Warnings and interactions studied" in show(snapshot, node=["pregnancy"]).text
    assert related("thin-hair", "alphanol") == {"studied-with", "claimed"}
    assert related("bruising", "alphanol") == {"caused-by"}


@pytest.mark.parametrize(
    ("relation", "outward", "inward"),
    [
        ("treats", "studied-for", "studied-with"),
        ("causes", "causes", "caused-by"),
        ("compared-with", "compared", "compared"),
        ("contraindicated-in", "warned", "warned"),
        ("precaution", "warned", "warned"),
        ("interacts-with", "warned", "warned"),
        ("interferes-with-test", "warned", "warned"),
        ("mechanism", "topics", "topics"),
        ("regulatory-status", "topics", "topics"),
    ],
)
def test_every_finding_stands_under_what_it_is_about_from_either_side(
    snapshot: Snapshot, relation: str, outward: str, inward: str
) -> None:
    finding: Any = {
        "id": "f", "relation": relation, "subject": "alphanol", "object": "aspirin", "technique": None, "with": [],
        "direction": "supports", "reference": "adams2001",
    }  # fmt: skip
    for slug, told in (("alphanol", outward), ("aspirin", inward), ("betanol", None)):
        gathered = neighbourhood._Gathering(snapshot, slug)
        neighbourhood._add(gathered, slug, finding)
        assert [r for r, _ in gathered.links] == ([told] if told else []), slug


def test_what_a_finding_gave_besides_is_linked_and_the_thing_itself_never(snapshot: Snapshot) -> None:
    finding: Any = {
        "id": "f", "relation": "treats", "subject": "alphanol", "object": "thin-hair", "technique": "needling",
        "with": [{"id": "betanol"}, {"id": "alphanol"}], "direction": "supports", "reference": "adams2001",
    }  # fmt: skip
    gathered = neighbourhood._Gathering(snapshot, "alphanol")
    neighbourhood._add(gathered, "alphanol", finding)
    assert list(gathered.links) == [("studied-for", "thin-hair"), ("together", "betanol"), ("together", "needling")]
    gathered = neighbourhood._Gathering(snapshot, "needling")
    neighbourhood._add(gathered, "needling", finding | {"subject": "needling"})
    assert ("together", "needling") not in gathered.links
