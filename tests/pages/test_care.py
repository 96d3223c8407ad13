"""Cards for emergencies and aftercare: in the order of doing, every line with its paper."""

from typing import Any

import pytest

from kb.questions.care import cards
from kb.snapshot import Snapshot
from kb.views import render
from tests.views.markup import Markup

EMERGENCIES = (
    "vascular-occlusion",
    "anaphylaxis",
    "local-anaesthetic-toxicity-treatment",
    "nontuberculous-mycobacterial-infection",
)


class With:
    """The base with other records on aftercare."""

    def __init__(self, base: Snapshot, records: list[dict[str, Any]]) -> None:
        self.base, self.records = base, records

    def __getattr__(self, name: str) -> Any:
        return getattr(self.base, name)

    def document(self, name: str) -> Any:
        return self.records if name == "aftercare" else self.base.document(name)


CARD = {
    "id": "blocked-vessel",
    "kind": "emergency",
    "name": "Blocked vessel",
    "subjects": ["hyaluronic-acid"],
    "object": "vascular-occlusion",
    "limits": "Read in part.",
    "lines": [
        {"stage": "refer", "text": "Send on.", "references": ["faulkner2022"]},
        {"stage": "first", "text": "Stop.", "references": ["delorenzind"], "disputed": "Others go on."},
        {"stage": "recognise", "text": "Pallor.", "references": ["faulkner2022"]},
    ],
}


def test_a_card_is_read_in_the_order_of_doing_and_every_line_cites(base: Snapshot) -> None:
    page = Markup(render("care", {"card": ["blocked-vessel"]}, With(base, [CARD])).html)  # type: ignore[arg-type]
    assert page.faults == []
    stages = [a["id"] for tag, a in page.tags if tag == "section" and "stage" in a.get("class", "")]
    assert stages == ["recognise", "first", "refer"]
    steps = page.html.partition("<article")[2].partition('id="recorded"')[0]
    assert steps.count("<li>") == steps.count('<a class="cite"') == 3
    assert "Others go on." in page.text
    assert "Read in part." in page.text


def test_the_pages_of_harm_and_ingredient_lead_to_the_card(base: Snapshot) -> None:
    held = With(base, [CARD])
    for slug in ("vascular-occlusion", "hyaluronic-acid"):
        links = Markup(render("ingredient", {"ingredient": [slug]}, held).html).links()  # type: ignore[arg-type]
        assert "care?card=blocked-vessel" in links


@pytest.mark.parametrize("card", EMERGENCIES)
def test_every_emergency_has_its_card_with_papers(base: Snapshot, card: str) -> None:
    found = cards(base).get(card)
    page = render("care", {"card": [card if found else card.removesuffix("-treatment")]}, base)
    assert page.status == 200
    assert '<ol class="care-steps">' in page.html
    assert 'class="cite"' in page.html


def test_every_line_of_every_card_names_a_paper_of_the_bibliography(base: Snapshot) -> None:
    known = base.document("references")
    for card in cards(base).values():
        for line in card["lines"]:
            assert line["references"], card["id"]
            assert set(line["references"]) <= set(known), card["id"]


def test_a_release_without_a_card_says_so_and_does_not_pretend(base: Snapshot) -> None:
    page = render("care", {}, With(base, [CARD]))  # type: ignore[arg-type]
    assert "Blocked vessel" in page.html
    assert "No advice for the days after a session has been recorded yet." in page.html
    assert render("care", {"card": ["nonesuch"]}, base).status == 404
