"""A quick reader on a slow line: what is typed, pressed or asked for while an answer is on its way is neither lost nor undone."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import rested, until
from tests.serve.conftest import Reader

pytestmark = pytest.mark.browser
CARD = {
    "card_id": 1, "state": 2, "step": None, "stability": 40.0, "difficulty": 5.0,
    "due": "2026-01-01T00:00:00+00:00", "last_review": "2025-12-01T00:00:00+00:00",
}  # fmt: skip


class Held:
    """Answers that are kept back until they are let go."""

    def __init__(self, page: Page, address: str | re.Pattern[str], once: bool = True) -> None:
        self.page, self.routes = page, []  # type: tuple[Page, list[Route]]
        page.route(address, lambda route: self.routes.append(route), times=1 if once else None)

    def wait(self) -> None:
        """Until something is held."""
        until(self.page, lambda: bool(self.routes))

    def let_go(self) -> None:
        """Let the first go, and wait until its answer has been dealt with."""
        asked = self.routes[0].request
        with self.page.expect_event("requestfinished", lambda request: request == asked):
            self.routes[0].continue_()
        rested(self.page)


def pick(page: Page, label: str, typed: str, option: str) -> None:
    page.get_by_role("combobox", name=label).fill(typed)
    page.get_by_role("option", name=option).first.click()


@pytest.fixture
def planned(reader: Reader) -> tuple[Page, Held]:
    """A check that is asked for, and not answered yet."""
    page = reader.open("precheck")
    held = Held(page, "**/fragment/*/precheck")
    pick(page, "Ingredients of the cocktail", "finasteride", "Finasteride")
    held.wait()
    return page, held


def test_what_is_typed_before_an_answer_comes_stays_and_is_sent(planned: tuple[Page, Held]) -> None:
    page, held = planned
    page.locator(".check-form summary").click()
    age, weight = page.get_by_label("Age (years)"), page.get_by_label("Body weight (kg)")
    age.press_sequentially("72")
    held.let_go()
    expect(page.locator("#answer")).to_be_visible()
    expect(age).to_have_value("72")
    expect(age).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".plan")).to_contain_text("72 years")
    expect(weight).to_be_focused()
    page.keyboard.type("60")
    page.keyboard.press("Tab")
    expect(page.locator(".plan")).to_contain_text("60 kg")
    expect(age).to_have_value("72")


def test_what_is_put_back_is_not_sent_before_it_is_left_and_no_late_answer_takes_what_is_typed_next(
    reader: Reader,
) -> None:
    """Taking a field away that has the focus once sent it; the answer to that came late, and emptied the next field."""
    page = reader.open("precheck")
    held = Held(page, "**/fragment/*/precheck", once=False)

    def answer_all() -> None:
        rested(page)
        while held.routes:
            held.let_go()
            held.routes.pop(0)

    pick(page, "Ingredients of the cocktail", "finasteride", "Finasteride")
    held.wait()
    page.locator(".check-form summary").click()
    age, weight = page.get_by_label("Age (years)"), page.get_by_label("Body weight (kg)")
    age.press_sequentially("72")
    held.let_go()
    held.routes.pop(0)
    expect(age).to_be_focused()
    assert held.routes == [], "nobody has left the field yet"
    page.keyboard.press("Tab")
    held.wait()
    page.keyboard.type("6")
    held.let_go()
    held.routes.pop(0)
    expect(page.locator(".plan")).to_contain_text("72 years")
    page.keyboard.type("0")
    answer_all()
    expect(weight).to_have_value("60")
    page.keyboard.press("Tab")
    held.wait()
    answer_all()
    expect(page.locator(".plan")).to_contain_text("60 kg")
    expect(age).to_have_value("72")


def test_trying_again_takes_nothing_back_that_was_typed_since(reader: Reader) -> None:
    page = reader.open("precheck")
    down = True
    page.route("**/fragment/*/precheck", lambda route: route.abort() if down else route.continue_())
    pick(page, "Ingredients of the cocktail", "finasteride", "Finasteride")
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    down = False
    page.locator(".check-form summary").click()
    page.get_by_label("Age (years)").press_sequentially("72")
    retry.click()
    expect(page.locator(".plan")).to_contain_text("72 years")
    expect(page.get_by_label("Age (years)")).to_have_value("72")


def test_half_a_word_stays_in_its_list_and_is_gone_on_with(planned: tuple[Page, Held]) -> None:
    page, held = planned
    box = page.get_by_role("combobox", name="conditions and states")
    box.press_sequentially("pregn")
    held.let_go()
    expect(page.locator("#answer")).to_be_visible()
    expect(box).to_have_value("pregn")
    expect(box).to_be_focused()
    page.keyboard.type("ancy")
    expect(box).to_have_value("pregnancy")
    page.get_by_role("option", name="Pregnancy", exact=True).click()
    expect(page.locator(".plan")).to_contain_text("Pregnancy")


def test_the_search_above_the_page_keeps_what_is_typed_while_another_page_comes(reader: Reader) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    held = Held(page, "**/fragment/*/about*")
    page.locator('.site-nav a[data-view="about"]').click()
    held.wait()
    page.keyboard.press("/")
    page.keyboard.type("bio")
    held.let_go()
    expect(page).to_have_title(re.compile("^About"))
    field = page.get_by_role("combobox", name="Search everything")
    expect(field).to_be_focused()
    page.keyboard.type("tin")
    expect(field).to_have_value("biotin")


def test_the_answer_to_an_older_question_does_not_replace_a_newer_one(reader: Reader) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    held = Held(page, "**/fragment/*/ingredient?ingredient=finasteride")
    page.evaluate("kb.go('ingredient?ingredient=finasteride')")
    held.wait()
    page.evaluate("kb.go('ingredient?ingredient=biotin')")
    expect(page.locator("main h1")).to_have_text("Biotin")
    held.let_go()
    expect(page.locator("main h1")).to_have_text("Biotin")
    expect(page).to_have_url(re.compile("=biotin$"))


def answered(learner: Reader, kept: dict[str, object] | None = None) -> tuple[Page, str]:
    """A question of the revision, rightly answered; its id. `kept` is the card that the browser has of it."""
    page = learner.open("revise")
    page.locator("[data-revise-start]").click()
    question = str(page.locator("#revise-one").get_attribute("data-revise"))
    if kept:
        state = {"format": 1, "days": {}, "deck": {}, "cards": {question: kept}}
        page.evaluate("text => localStorage.setItem('kb-revision', text)", json.dumps(state))
    right = page.locator(".question").get_attribute("data-right")
    page.locator(f'.question input[value="{right}"]').check()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("[data-rating=easy]")).to_contain_text("in ")
    return page, question


def kept_cards(page: Page) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(page.evaluate("localStorage.getItem('kb-revision')"))["cards"]
    return found


def test_of_two_presses_on_a_slow_line_the_first_is_the_rating(learner: Reader) -> None:
    page, question = answered(learner)
    held = Held(page, "**/review", once=False)
    page.locator("[data-rating=easy]").click()
    held.wait()
    page.locator("[data-rating=hard]").click()
    held.let_go()
    expect(page.locator("#revise-one")).not_to_have_attribute("data-revise", question)
    assert [json.loads(route.request.post_data or "")["rating"] for route in held.routes] == ["easy"]
    assert kept_cards(page).keys() == {question}


def test_a_rating_that_is_answered_late_brings_nobody_back(learner: Reader) -> None:
    page, question = answered(learner)
    held = Held(page, "**/review")
    page.locator("[data-rating=easy]").click()
    held.wait()
    page.evaluate("kb.go('glossary')")
    expect(page).to_have_title(re.compile("^Glossary"))
    held.let_go()
    assert kept_cards(page).keys() == {question}, "it counts all the same"
    expect(page).to_have_title(re.compile("^Glossary"))
    expect(page).to_have_url(re.compile("/glossary$"))


def test_a_card_that_nobody_answers_about_keeps_its_history(learner: Reader) -> None:
    page, question = answered(learner, CARD)
    aborted: list[str] = []

    def drop(route: Route) -> None:
        aborted.append(str(route.request.post_data))
        route.abort() if len(aborted) <= 3 else route.continue_()

    page.route("**/review", drop)
    page.locator("[data-rating=easy]").click()
    expect(page.locator("[data-ratings] [data-revise-said]")).to_contain_text("could not be scheduled")
    assert kept_cards(page)[question] == CARD
    page.locator("[data-rating=easy]").click()
    expect(page.locator("#revise-one")).not_to_have_attribute("data-revise", question)
    later = kept_cards(page)[question]["stability"]
    assert isinstance(later, float) and later > 40
