"""Choosing by typing: what a clinician in a hurry types is found, taken or told, and never dropped in silence."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.serve.conftest import Reader
from tests.serve.running import Running

pytestmark = pytest.mark.browser

FIELDS = {"ingredient": "Ingredients of the cocktail", "condition": "conditions and states", "substance": "medicines"}


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=FIELDS[name])


def offered(page: Page) -> Locator:
    return page.locator(".options:not([hidden]) > [role=option]")


TYPED = [
    ("ingredient", "vitamin c", "Ascorbic acid (vitamin C)"),
    ("ingredient", "kybella", "Deoxycholic acid"),
    ("substance", "apixiban", "Apixaban"),
    ("substance", "ginko", "Ginkgo biloba"),
    ("condition", "leiden", "Factor V Leiden"),
    ("condition", "warfarin", "Warfarin"),
]


def test_brand_names_lay_words_and_slips_lead_to_the_thing(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    page.wait_for_selector("html[data-session=open]")
    for name, typed, first in TYPED:
        box = field(page, name)
        box.fill(typed)
        expect(offered(page).first, typed).to_have_text(re.compile(f"^{re.escape(first)}"))
        box.fill("")


def test_enter_takes_what_was_typed_but_only_marks_a_guess(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    page.wait_for_selector("html[data-session=open]")
    box = field(page, "ingredient")
    box.fill("dutas")
    box.press("Enter")
    page.wait_for_url("**/precheck#ingredient=dutasteride")
    box = field(page, "substance")
    box.fill("apixiban")
    box.press("Enter")
    expect(offered(page).and_(page.locator("[aria-selected=true]"))).to_have_text(re.compile("^Apixaban"))
    assert page.url.endswith("#ingredient=dutasteride"), "a guess waits for a second Enter"
    box.press("Enter")
    page.wait_for_url("**/precheck#ingredient=dutasteride&substance=apixaban")


def test_enter_pressed_before_the_suggestions_came_is_not_lost(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    held: list[Route] = []
    page.route("**/words/*", lambda route: held.append(route))
    box = field(page, "ingredient")
    with page.expect_request("**/words/*"):
        box.fill("dutas")
    box.press("Enter")
    box.press("Enter")  # a hand in a hurry
    assert "#" not in page.url
    for route in held:
        route.continue_()
    page.wait_for_url("**/precheck#ingredient=dutasteride")
    expect(page.locator(".token")).to_have_count(1)


def test_a_word_that_was_not_picked_stays_and_says_so(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    page.wait_for_selector("html[data-session=open]")
    field(page, "condition").fill("zzzz")
    page.get_by_text("Nothing here is called “zzzz”").wait_for()
    box = field(page, "ingredient")
    box.fill("minoxidil")
    box.press("Enter")
    page.wait_for_selector("#answer")
    expect(field(page, "condition")).to_have_value("zzzz")
    expect(page.get_by_text("“zzzz” is not chosen yet")).to_be_visible()


def test_on_a_phone_the_gravest_verdict_leads_to_the_answer_and_the_plan_stays(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}precheck#ingredient=finasteride&condition=pregnancy")
    line = page.locator(".check-verdict")
    expect(line).to_contain_text("1 contraindicated")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    expect(line).to_be_in_viewport()
    line.get_by_role("link").click()
    expect(page.locator("#answer-h")).to_be_in_viewport()
    assert page.url.endswith("precheck#ingredient=finasteride&condition=pregnancy")
    expect(page.locator(".plan")).to_contain_text("Pregnancy")
