"""The static site on a slow line: parts of it that come late, in another order or not at all, undo nothing a reader has done."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import rested, until
from tests.exports.test_site_learning_in_browser import served

__all__ = ["served"]
pytestmark = pytest.mark.browser


def held_back(page: Page, address: str) -> Callable[[], None]:
    """Keep back what is asked for at `address`; called, it waits for the request and lets it go until it is loaded."""
    routes: list[Route] = []
    page.route(address, lambda route: routes.append(route), times=1)

    def let_go() -> None:
        until(page, lambda: bool(routes))
        asked = routes[0].request
        with page.expect_event("requestfinished", lambda request: request == asked):
            routes[0].continue_()
        rested(page)

    return let_go


def test_a_comparison_that_was_given_up_does_not_come_back(site: Path, page: Page) -> None:
    let_go = held_back(page, "**/compare/microneedling.js")
    page.goto((site / "compare.html").as_uri() + "?item=hydroquinone&item=tranexamic-acid")
    expect(page.locator("h1")).to_have_text("Hydroquinone · Tranexamic acid")
    page.get_by_role("combobox", name="Ingredients or techniques").fill("microneedl")
    page.get_by_role("option", name="Microneedling", exact=False).first.click()
    expect(page).to_have_url(re.compile("item=microneedling"))
    page.get_by_role("button", name="Remove Microneedling").click()
    expect(page).not_to_have_url(re.compile("item=microneedling"))
    let_go()
    page.wait_for_function("() => window.kbCompared.microneedling")
    expect(page.locator("h1")).to_have_text("Hydroquinone · Tranexamic acid")
    expect(page.locator("table.compare").first.locator("thead th")).to_have_count(3)
    expect(page.locator("[data-compare]")).not_to_have_attribute("aria-busy", "true")


def test_a_card_that_was_left_does_not_come_back(site: Path, page: Page) -> None:
    let_go = held_back(page, "**/static/revise/*.js")
    page.goto((site / "revise.html").as_uri())
    page.get_by_role("button", name="Start").click()
    page.wait_for_function("() => location.hash.length > 1")
    page.go_back()
    let_go()
    page.wait_for_function("() => window.kbQuestions")
    expect(page.locator("#revise-home")).to_be_visible()
    expect(page.locator(".question")).to_have_count(0)


def test_what_is_typed_before_the_search_has_come_is_searched_for(site: Path, page: Page) -> None:
    let_go = held_back(page, "**/static/site.js")
    page.goto((site / "search.html").as_uri() + "?q=mel", wait_until="commit")
    page.locator("#kb-q").fill("kybella")
    let_go()
    expect(page.locator("#kb-count")).to_contain_text("“kybella”")
    expect(page.locator("#kb-q")).to_have_value("kybella")
    expect(page).to_have_url(re.compile("q=kybella$"))


def test_a_search_whose_list_did_not_come_says_so_and_asks_again(site: Path, page: Page) -> None:
    page.route("**/search-index.js", lambda route: route.abort(), times=1)
    page.goto((site / "search.html").as_uri())
    expect(page.locator("#kb-count")).to_contain_text("could not be loaded")
    page.locator("#kb-q").fill("kybella")
    expect(page.locator("#kb-count")).to_contain_text("“kybella”")


def test_keeping_the_site_begins_although_the_page_is_not_looked_after_yet(served: object, page: Page) -> None:
    """A page that was open before the site could be kept, or loaded anew past what is kept, once let the press go by."""
    page.add_init_script("Object.defineProperty(navigator.serviceWorker, 'controller', { get: () => null })")
    page.goto(f"http://127.0.0.1:{served.server_port}/index.html")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Keep the whole site on this device").click()
    expect(page.get_by_text("files kept").or_(page.get_by_text("Everything is kept"))).to_be_visible()


def test_a_check_is_printed_once(site: Path, page: Page) -> None:
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.goto((site / "precheck.html").as_uri() + "#x")
    page.get_by_role("combobox", name="Ingredients of the cocktail").fill("finasteride")
    page.get_by_role("option", name="Finasteride").first.click()
    page.get_by_role("button", name="Print the sheet").click()
    assert page.evaluate("window.printed") == 1
