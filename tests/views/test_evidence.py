"""The evidence map: every pair of a field in its cell, gaps included, and the papers behind a cell."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kb.model.terms import Direction
from kb.snapshot import Snapshot
from kb.views import evidence, evidence_cells, fields, reading, render
from kb.views.charts.evidence_map import bubble, radius
from tests.views.markup import Markup

Params = Mapping[str, list[str]]

ADDRESSES: list[Params] = [
    {},
    {"field": ["all"]},
    {"field": ["fat"]},
    {"field": ["nonsense"], "kind": ["nonsense"], "certainty": ["nonsense"]},
    {"field": ["hair"], "direction": ["refutes"]},
    {"field": ["hair"], "route": ["intradermal"], "certainty": ["low"]},
    {"subject": ["alphanol"], "object": ["thin-hair"]},
    {"subject": ["alphanol"], "object": ["nonsense"]},
    {"subject": ['"><script>alert(1)</script>'], "object": ["{{191*7}}"]},
]


def show(snapshot: Snapshot, **params: str) -> Markup:
    page = render("evidence", {k: [v] for k, v in params.items()}, snapshot)
    assert page.status == 200
    return Markup(page.html)


@pytest.mark.parametrize("params", ADDRESSES, ids=str)
def test_the_page_is_whole_and_safe(snapshot: Snapshot, hostile_snapshot: Snapshot, params: Params) -> None:
    for held in (snapshot, hostile_snapshot):
        page = render("evidence", params, held)
        markup = Markup(page.html)
        assert markup.faults == []
        assert markup.count("h1") == 1
        assert "1337" not in page.html


def test_a_cell_says_direction_certainty_and_amount_and_leads_to_the_papers(snapshot: Snapshot) -> None:
    page = show(snapshot, field="hair")
    cell = next(a for tag, a in page.tags if tag == "a" and "finding" in a.get("aria-label", ""))
    assert cell["aria-label"] == "Alphanol for Thin hair: supports, low certainty, 2\u00a0findings in 2\u00a0papers"
    assert cell["href"] == "evidence?field=hair&subject=alphanol&object=thin-hair#papers"
    opened = show(snapshot, field="hair", subject="alphanol", object="thin-hair")
    assert "What brown2002-alphanol-thin-hair found" in opened.text
    assert "It may thicken thin hair." in opened.text


def test_indications_without_a_finding_keep_their_column(snapshot: Snapshot) -> None:
    page = show(snapshot, field="hair")
    assert "Thin brow" in page.text
    assert page.text.count("no finding") >= 1


def test_filters_leave_out_what_does_not_fit(snapshot: Snapshot) -> None:
    assert "Nothing fits these filters" in show(snapshot, field="hair", direction="refutes").text
    assert "Nothing fits these filters" in show(snapshot, field="hair", route="oral").text
    assert "Nothing fits these filters" in show(snapshot, field="hair", kind="technique").text
    assert "Nothing fits these filters" not in show(snapshot, field="hair", certainty="low", route="intradermal").text


@pytest.mark.parametrize("page", ["home", "ingredient"])
def test_lists_of_best_evidence_name_the_route_that_was_rated(snapshot: Snapshot, page: str) -> None:
    assert "intradermal use" in " ".join(Markup(render(page, {}, snapshot).html).text.split())


def test_a_route_has_its_own_direction_and_certainty(snapshot: Snapshot) -> None:
    key = ("alphanol", "thin-hair")
    assert evidence_cells.cells(snapshot, "intradermal")[key]["certainty"] == "low"
    other = evidence_cells._by_route(snapshot, evidence_cells.cells(snapshot)[key], "oral")
    assert (other["findings"], other["certainty"], other["bottom_line"]) == (0, None, None)


def test_the_table_twin_holds_every_drawn_pair(snapshot: Snapshot) -> None:
    page = show(snapshot, field="hair")
    drawn = {a["href"] for tag, a in page.tags if tag == "a" and "finding" in a.get("aria-label", "")}
    assert drawn and all(page.links().count(link) == 2 for link in drawn)


def test_a_promise_without_a_finding_is_told_apart_from_a_plain_gap(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_cells, "claimed", lambda _: {("betanol", "thin-brow"): 3})
    page = show(snapshot, field="hair")
    assert "Betanol" in page.text
    assert "promised by popular pages, no finding" in page.text
    assert any(a.get("title") == "Promised in 3\u00a0claims, no finding" for _, a in page.tags)


def test_empty_columns_fold_and_their_names_stay() -> None:
    columns = [{"name": "Thin hair", "studied": True}, {"name": "Thin brow", "studied": False}]
    row = {"marks": [{"state": "cell"}, {"state": "gap"}]}
    kept, folded = evidence._folded([{"rows": [row]}], columns)
    assert ([c["name"] for c in kept], [c["name"] for c in folded]) == (["Thin hair"], ["Thin brow"])
    assert row["marks"] == [{"state": "cell"}]


def test_evidence_under_a_narrower_term_is_no_gap() -> None:
    catalogue = {"hair": {"parents": []}, "brow": {"parents": ["hair"]}, "lash": {"parents": ["brow"]}}
    assert evidence_cells.narrower(catalogue, catalogue) == {"hair": {"brow", "lash"}, "brow": {"lash"}, "lash": set()}


def test_columns_follow_the_hierarchy_and_survive_a_loop() -> None:
    catalogue = {
        "b": {"name": "B", "parents": ["a"]},
        "a": {"name": "A", "parents": []},
        "c": {"name": "C", "parents": ["b"]},
        "x": {"name": "X", "parents": ["y"]},
        "y": {"name": "Y", "parents": ["x"]},
    }
    assert fields.in_hierarchy(catalogue, catalogue) == [("a", 0), ("b", 1), ("c", 2), ("x", 0), ("y", 1)]


def test_every_indication_has_a_field(snapshot: Snapshot) -> None:
    catalogue = reading.catalogue(snapshot)
    assert fields.field_of(snapshot, catalogue, "thin-brow") == "hair"
    assert {fields.field_of(snapshot, catalogue, i) for i in fields.indications(catalogue)} <= set(
        fields.titles(snapshot)
    )


@pytest.mark.parametrize("direction", list(Direction))
def test_no_direction_hangs_on_colour_alone(direction: Direction) -> None:
    others = set(Direction) - {direction}
    sign = Markup(str(bubble(direction, 3, "low"))).text
    assert all(sign != Markup(str(bubble(other, 3, "low"))).text for other in others)


def test_more_findings_make_a_larger_bubble_within_its_cell() -> None:
    sizes = [radius(n) for n in (1, 2, 5, 12, 500)]
    assert sizes == sorted(sizes)
    assert sizes[-1] * 2 <= 46 - 6


@pytest.mark.parametrize(("certainty", "full"), [("very low", 1), ("low", 2), ("moderate", 3), ("high", 4), (None, 0)])
def test_the_dots_count_the_certainty(certainty: str | None, full: int) -> None:
    classes = [a.get("class") for _, a in Markup(str(bubble("supports", 1, certainty))).tags]
    assert classes.count("dot") == full


def test_columns_with_most_evidence_stand_first_narrower_terms_counted_in() -> None:
    catalogue = {
        "a": {"name": "A", "parents": []},
        "b": {"name": "B", "parents": []},
        "c": {"name": "C", "parents": ["b"]},
        "d": {"name": "D", "parents": ["b"]},
    }
    ordered = fields.in_hierarchy(catalogue, catalogue, {"a": 2, "d": 3})
    assert ordered == [("b", 0), ("d", 1), ("c", 1), ("a", 0)]
