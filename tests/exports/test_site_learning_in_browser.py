"""Comparison and revision of the static site in Chromium, from files alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect


def heard(page: Page) -> list[str]:
    """Every error of a script on the page from now on."""
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    return errors


def test_two_are_compared_from_an_address_a_picker_and_a_monograph(site: Path, opened: Page) -> None:
    errors = heard(opened)
    opened.goto((site / "compare.html").as_uri() + "?item=tranexamic-acid&item=hydroquinone")
    expect(opened.locator("h1")).to_have_text("Tranexamic acid · Hydroquinone")
    first = opened.locator("tr.group").first
    expect(first).to_have_text("Trials that compared them")
    expect(opened.get_by_text("Pazyar 2023").first).to_be_visible()
    box = opened.get_by_role("combobox", name="Ingredients or techniques")
    box.fill("microneedl")
    opened.get_by_role("option", name="Microneedling", exact=False).first.click()
    expect(opened.locator("table.compare").first.locator("thead th")).to_have_count(4)
    assert "item=microneedling" in opened.url
    opened.goto((site / "ingredient" / "minoxidil.html").as_uri())
    opened.get_by_role("link", name="Compare with …").click()
    expect(opened.get_by_text("Add a second one to compare Minoxidil with.")).to_be_visible()
    assert not errors


def test_a_card_is_answered_rated_and_comes_back(site: Path, opened: Page) -> None:
    errors = heard(opened)
    opened.goto((site / "revise.html").as_uri())
    opened.get_by_role("button", name="Start").click()
    card = opened.locator(".question")
    right = card.get_attribute("data-right")
    first = card.get_attribute("data-question")
    card.locator(f'input[value="{right}"]').check()
    card.get_by_role("button", name="Answer").click()
    expect(opened.get_by_role("button", name="Easily")).to_contain_text("in ")
    opened.get_by_role("button", name="Easily").click()
    expect(card).not_to_have_attribute("data-question", str(first))
    opened.go_back()
    expect(card).to_have_attribute("data-question", str(first))
    opened.goto((site / "index.html").as_uri())
    expect(opened.locator("[data-revise-due]")).to_have_text("Nothing is due now.")
    opened.goto((site / "revise.html").as_uri())
    expect(opened.locator('[data-count="learning"]')).to_have_text("1")
    assert not errors
