"""The learner's pages: whole on any formulary, addressed so that they reopen, right with and without script."""

import re
from collections.abc import Iterator

import pytest

from kb.learning.bank import find
from kb.learning.question import KINDS
from kb.snapshot import Snapshot
from kb.views import quiz, render
from kb.views.page import views_of
from kb.views.shell import NAVIGATION
from tests.views.formularies import built, hostile
from tests.views.markup import Markup

ADDRESSES = [
    ("topics", {}),
    ("quiz", {}),
    ("quiz", {"kind": ["harm"], "field": ["hair"]}),
    ("quiz", {"set": ["1"]}),
    ("quiz", {"set": ["1"], "at": ["2"], "answer": ["supported"]}),
    ("quiz", {"set": ["999999"], "at": ["999999"]}),
    ("quiz", {"set": ["-1"], "kind": ["<b>"], "at": ["x"]}),
    ("revise", {}),
    ("glossary", {}),
    ("techniques", {}),
    ("techniques", {"technique": ["needling", "nonesuch"]}),
]


@pytest.fixture(scope="module")
def hostile_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    found = built(tmp_path_factory.mktemp("hostile"), hostile)
    yield found
    found.close()


@pytest.mark.parametrize(("view", "params"), ADDRESSES, ids=str)
def test_a_page_is_whole(base: Snapshot, view: str, params: dict[str, list[str]]) -> None:
    markup = Markup(render(view, params, base).html)
    assert (markup.faults, markup.count("h1")) == ([], 1)


@pytest.mark.parametrize(("view", "params"), ADDRESSES, ids=str)
def test_hostile_texts_stay_texts(hostile_snapshot: Snapshot, view: str, params: dict[str, list[str]]) -> None:
    page = render(view, params, hostile_snapshot)
    assert Markup(page.html).faults == []
    assert "1337" not in page.html


def test_hostile_questions_stay_texts(hostile_snapshot: Snapshot) -> None:
    index = hostile_snapshot.document("questions")
    assert index
    for row in index:
        for view in ("quiz", "revise"):
            page = render(view, {"question": [row["id"]]}, hostile_snapshot)
            assert (page.status, Markup(page.html).faults) == (200, [])


@pytest.mark.parametrize("view", ["quiz", "revise"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_address_reopens_its_question(base: Snapshot, kind: str, view: str) -> None:
    for row in [r for r in base.document("questions") if r["kind"] == kind][::9]:
        page = render(view, {"question": [row["id"]]}, base)
        markup = Markup(page.html)
        assert (page.status, markup.faults, markup.count("h1")) == (200, [], 1), row["id"]
        assert f'data-question="{row["id"]}"' in page.html
        assert page.html == render(view, {"question": [row["id"]]}, base).html
        assert ("Disputed." in page.html.split("<form")[0]) == row["disputed"]


def test_an_answer_is_judged_without_script(base: Snapshot) -> None:
    row = next(r for r in base.document("questions") if r["kind"] == "patient")
    asked = {"question": [row["id"]]}
    question = find(base, row["id"])
    assert question is not None
    blank = render("quiz", asked, base).html
    assert "data-state" not in blank.split("<details")[0]
    assert not re.search(r"<details[^>]*answer[^>]* open", blank)
    right = render("quiz", asked | {"answer": [question.right.id]}, base).html
    assert "<strong>Right.</strong>" in right
    wrong = next(o for o in question.options if not o.right)
    html = render("quiz", asked | {"answer": [wrong.id]}, base).html
    assert "Not this one." in html
    assert html.count('class="option" data-state="wrong"') == 1
    assert html.count('class="option" data-state="right"') == 1
    assert re.search(r"<details[^>]*answer[^>]* open", html)


def test_a_question_that_is_gone_says_so(base: Snapshot) -> None:
    for view in ("quiz", "revise"):
        page = render(view, {"question": ['"><script>']}, base)
        assert (page.status, Markup(page.html).faults) == (404, [])


def test_an_interval_is_drawn_where_its_figures_put_it(base: Snapshot) -> None:
    for row in (r for r in base.document("questions") if r["kind"] == "interval"):
        question = find(base, row["id"])
        assert question is not None
        plot = quiz.plot(question, base)
        assert plot is not None
        line = plot.rows[0]
        place = "above" if line["x1"] > plot.null else "below" if line["x2"] < plot.null else "inside"
        assert place == question.right.id, row["id"]
        assert 330 <= line["x1"] <= line["x"] <= line["x2"] <= 666


def test_trainees_have_every_page_of_the_clinicians_and_their_own() -> None:
    own = {"topics", "cases", "quiz", "revise", "glossary", "techniques"}
    assert views_of("trainee") == views_of("clinician") | own
    assert {"glossary", "techniques"} <= views_of("clinician")
    listed = [item.view for item in NAVIGATION["trainee"] if item.listed]
    assert own <= set(listed)


def test_views_that_are_not_in_the_bar_are_linked_from_the_topics(base: Snapshot) -> None:
    links = {link.split("?")[0] for link in Markup(render("topics", {}, base).html).links()}
    assert {item.view for item in NAVIGATION["trainee"] if not item.listed} <= links
