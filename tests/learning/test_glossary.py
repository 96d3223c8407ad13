"""Every word is explained and sourced, and every place that uses one leads to it."""

import re

import pytest

from kb.snapshot import Snapshot
from kb.views import render
from kb.views.drawing import Medium
from kb.views.drawing import drawn as drawing
from kb.views.glossary import GROUPS
from kb.views.templating import TEMPLATES, environment
from kb.views.words import GRADE_REASONS
from tests.views.markup import Markup

WANTED = {
    "certainty", "confidence-interval", "number-needed", "i-squared", "prediction-interval", "risk-ratio", "icd", "atc",
    "cas", "off-label", "frequency-bands", "intradermal", "grade",
}  # fmt: skip


def test_the_words_a_learner_meets_are_there(base: Snapshot) -> None:
    glossary = base.document("glossary")
    assert set(glossary) >= WANTED
    assert {t["group"] for t in glossary.values()} <= set(GROUPS)


def test_the_five_reasons_for_rating_down_are_explained(base: Snapshot) -> None:
    glossary = base.document("glossary")
    assert {r for r in GRADE_REASONS if r not in glossary} <= {"opposing-confounding"}


def test_every_word_names_its_source(base: Snapshot) -> None:
    known = base.document("references")
    for term in base.document("glossary").values():
        assert term["sources"] or term["references"], term["id"]
        assert set(term["references"]) <= set(known), term["id"]


def test_every_word_used_in_a_template_is_explained(base: Snapshot) -> None:
    used = {
        (path.name, word)
        for path in TEMPLATES.glob("*.j2")
        for word in re.findall(r"""\bterm\(\s*["']([a-z0-9-]+)["']""", path.read_text("utf-8"))
        if path.name != "glossary_macros.html.j2"
    }
    assert {pair for pair in used if pair[1] not in base.document("glossary")} == set()


def test_every_word_has_a_page_and_is_found_by_its_other_names(base: Snapshot) -> None:
    for term in base.document("glossary").values():
        page = render("glossary", {"term": [term["id"]]}, base)
        assert (page.status, page.title, Markup(page.html).faults) == (200, term["term"], [])
    assert render("glossary", {"term": ["NNT"]}, base).title == base.document("glossary")["number-needed"]["term"]


def test_a_word_nobody_explained_shows_all_there_are(base: Snapshot) -> None:
    page = render("glossary", {"term": ['<b onclick="x">']}, base)
    assert page.status == 404
    assert Markup(page.html).faults == []
    assert page.html.count("<dt>") == len(base.document("glossary"))


def drawn(call: str) -> str:
    source = '{% import "glossary_macros.html.j2" as g with context %}{{ g.term(' + call + ") }}"
    return environment().from_string(source).render()


def test_a_word_leads_to_the_glossary_with_its_meaning_in_the_title(base: Snapshot) -> None:
    with drawing(Medium(), base):
        assert 'href="glossary?term=i-squared"' in drawn('"i-squared"')
        assert 'title="The share of' in drawn('"i-squared"')
        assert ">I² 40%</a>" in drawn('"i-squared", "I² 40%"')


@pytest.mark.parametrize(("call", "text"), [('"no-such"', "No such"), ('"no-such", "<b>"', "&lt;b&gt;")])
def test_a_word_without_a_meaning_stands_alone(base: Snapshot, call: str, text: str) -> None:
    with drawing(Medium(), base):
        assert drawn(call).strip() == text


def test_without_a_glossary_the_words_stand_alone() -> None:
    assert drawn('"i-squared"').strip() == "I squared"
