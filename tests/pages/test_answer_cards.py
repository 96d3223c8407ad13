"""An answer card shows all that is grave, says how many more there are, and where they stand."""

import pytest

from kb.model.terms import GRAVE
from kb.questions.asked import answers
from kb.snapshot import Snapshot
from kb.views import render
from tests.views.markup import Markup


def text_of(base: Snapshot, asked: str) -> str:
    page = Markup(render("home", {"q": [asked]}, base).html)
    assert page.faults == []
    return page.text


@pytest.mark.parametrize(
    "asked", ["carboxytherapy contraindications", "melasma while pregnant", "hair loss breastfeeding"]
)
def test_no_grave_caution_is_cut_off_and_the_rest_can_be_opened(base: Snapshot, asked: str) -> None:
    card = next(a for a in answers(asked, base) if a.kind == "caution")
    html = render("home", {"q": [asked]}, base).html.partition("answer-caution")[2].partition("</section>")[0]
    open_, _, folded = html.partition("<details>")
    rows = [f"<strong>{c['subject_name']}: {c['trigger_name']}</strong>" for c in card.records]
    grave = [row for row, c in zip(rows, card.records, strict=True) if c["severity"] in GRAVE]
    assert grave
    assert all(row in open_ for row in grave)
    assert all(row in html for row in rows)
    if folded:
        assert f"<summary>{folded.count('answer-row')} more" in folded


def test_every_stated_maximum_is_shown(base: Snapshot) -> None:
    card = next(a for a in answers("lidocaine maximum dose", base) if a.kind == "maxima")
    text = text_of(base, "lidocaine maximum dose")
    assert len(card.records) > 8
    assert all(" ".join(str(row["summary"]).split())[:60] in " ".join(text.split()) for row in card.records)


def test_a_card_that_is_cut_says_how_much_is_left(base: Snapshot) -> None:
    card = next(a for a in answers("mesotherapy", base) if a.kind == "evidence")
    assert f"{len(card.records) - 4} more bottom lines on its page" in text_of(base, "mesotherapy")


def test_what_a_thing_is_stands_before_what_was_found(base: Snapshot) -> None:
    text = text_of(base, "what is mesotherapy")
    summary = base.monograph("mesotherapy")["summary"]
    assert text.index(summary[:60]) < text.index("Does it work?")
