"""Who must not have it stands in the head of a monograph, with what holds for the broader thing."""

from __future__ import annotations

import re
from typing import Any, ClassVar

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


class Rules:
    subjects: ClassVar[dict[str, Any]] = {
        "narrow": {"parents": ["broad"]},
        "broad": {"parents": ["broadest"]},
        "broadest": {"parents": ["broad"]},  # a ring must not hang the page
    }


class Held:
    """Stands in for a snapshot: three things, each broader than the last."""

    precheck = Rules()
    own: ClassVar[dict[str, Any]] = {
        "broad": [caution("fish", "contraindicated"), caution("sun", "inform"), caution("age", "avoid")],
        "broadest": [caution("sun", "contraindicated")],
    }

    def monograph(self, slug: str) -> dict[str, Any]:
        return {"cautions": self.own[slug]}

    def document(self, _name: str) -> list[dict[str, Any]]:
        return [{"id": "broad", "name": "Broad things"}, {"id": "broadest", "name": "Everything"}]


def test_cautions_of_the_broader_thing_hold_unless_its_own_is_as_grave() -> None:
    page = {"id": "narrow", "kind": "ingredient", "cautions": [caution("age", "contraindicated")]}
    found = sections.warned(page, Held())  # type: ignore[arg-type]
    assert [(c["trigger"], c["severity"], c["holder_name"]) for c in found] == [
        ("age", "contraindicated", ""),
        ("fish", "contraindicated", "Broad things"),
        ("sun", "inform", "Broad things"),
        ("sun", "contraindicated", "Everything"),
    ]


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
