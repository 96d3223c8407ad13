"""Who must not have it stands in the head of a monograph, with what holds for the broader thing."""

from __future__ import annotations

import re
from typing import Any

from kb.snapshot import Snapshot
from kb.views import render, sections, words
from tests.views.markup import Markup


def caution(id_: str, severity: str, routes: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": id_, "trigger": id_, "trigger_name": id_.title(), "severity": severity, "routes": list(routes)}


def test_the_grave_ones_are_named_and_the_rest_is_counted() -> None:
    many = [caution(f"t{n}", "contraindicated") for n in range(14)]
    groups = sections.cautions([*many, caution("sun", "caution"), caution("gold", "avoid", ("oral",))])
    brief = sections.in_brief(groups)
    assert brief["total"] == 16
    assert [(line["severity"], len(line["named"]), line["more"]) for line in brief["lines"]] == [
        ("contraindicated", 12, 2),
        ("avoid", 1, 0),
    ]
    assert brief["lines"][1]["named"][0]["routes"] == "oral use"


def test_routes_are_told_in_words() -> None:
    assert words.routes_text(["oral", "intra-articular"]) == "oral or intra articular use"
    assert words.routes_text([]) == ""


def test_the_head_of_a_monograph_names_them_before_the_bottom_lines(snapshot: Snapshot) -> None:
    shown = Markup(render("ingredient", {"ingredient": ["alphanol"]}, snapshot).html)
    assert shown.faults == []
    head, _, rest = shown.html.partition('id="bottom-line"')
    assert re.search(
        r'data-tone="contraindicated"><dt class="severity">Must not.*?href="#caution-alphanol-pregnancy"',
        head,
        re.DOTALL,
    )
    assert 'id="caution-alphanol-pregnancy"' in rest
    assert "alphanol-aspirin" not in head  # merely worth knowing: it is counted
    assert "all 2 cautions" in head


def test_silence_is_not_told_as_safety(snapshot: Snapshot) -> None:
    head = render("ingredient", {"ingredient": ["betanol"]}, snapshot).html.partition('id="bottom-line"')[0]
    assert "does not mean that there is none" in head


def test_what_is_forbidden_is_not_said_again_as_a_thing_to_avoid() -> None:
    again, other = caution("clots", "avoid"), caution("gold", "avoid")
    by_mouth = caution("lead", "contraindicated", ("oral",))
    groups = sections.cautions([caution("clots", "contraindicated"), by_mouth, again, other, caution("lead", "avoid")])
    brief = sections.in_brief(groups)
    assert [c["name"] for c in brief["lines"][1]["named"]] == ["Gold", "Lead"], "by mouth only is not by every route"
    assert brief["total"] == 5
