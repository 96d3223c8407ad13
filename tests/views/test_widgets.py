"""Pieces of pages for other sites: what they say of a thing, and how much of a plan they repeat."""

from __future__ import annotations

from kb.snapshot import Snapshot
from kb.views import widgets
from tests.views.markup import Markup


def show(snapshot: Snapshot, kind: str, **params: list[str]) -> Markup:
    return Markup(widgets.render(kind, params, snapshot, "/kb/").html)


def test_a_bottom_line_stands_on_either_side_of_its_assessment(snapshot: Snapshot) -> None:
    drug, problem = (show(snapshot, "bottom-line", id=[slug]) for slug in ("alphanol", "thin-hair"))
    assert "Thin hair, intradermal" in drug.text
    assert "Alphanol, intradermal" in problem.text
    assert "Alphanol, intradermal" not in drug.text


def test_what_is_not_recorded_is_not_found(snapshot: Snapshot) -> None:
    page = widgets.render("evidence", {"id": ["nonesuch<b>"]}, snapshot, "/")
    assert page.status == 404
    assert "nonesuch&lt;b&gt;" in page.html


def test_the_check_repeats_what_was_typed_up_to_its_limit(snapshot: Snapshot) -> None:
    page = show(snapshot, "check", condition=["x" * 2001])
    typed = max((a.get("value", "") for _, a in page.tags), key=len, default="") or page.text
    assert "x" * 2000 in typed
    assert "x" * 2001 not in page.html


def test_the_check_asks_before_it_answers_and_tells_its_alerts(snapshot: Snapshot) -> None:
    warning = "What raises nothing is not proven safe."
    assert warning not in show(snapshot, "check").text
    answer = show(snapshot, "check", ingredient=["alphanol"], condition=["pregnancy"]).text
    assert "ContraindicatedAlphanol: Pregnancy" in answer
    assert warning in answer
