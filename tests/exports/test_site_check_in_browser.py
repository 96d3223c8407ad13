"""The pre-procedure check of the site opened from disk, without a server and without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from kb.exports.site import page_alone
from kb.exports.site_address import CHECK
from tests import whole
from tests.browsing import until
from tests.serve.axe import violations

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page and what it loads, as the site has them."""
    folder = tmp_path_factory.mktemp("check")
    page_alone(whole.snapshot(), folder, CHECK)
    return folder / CHECK


def choose(page: Page, role: str, slug: str) -> None:
    page.locator(f"select[name={role}]").evaluate(
        "(box, slug) => { box.querySelector(`option[value='${slug}']`).selected = true;"
        " box.dispatchEvent(new Event('change', {bubbles: true})) }",
        slug,
    )


def test_a_plan_is_checked_without_a_server(checked: Path, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.context.set_offline(True)
    page.goto(checked.as_uri())
    expect(page.locator(".check-result")).to_contain_text("Nothing chosen yet")
    choose(page, "ingredient", "finasteride")
    choose(page, "technique", "mesotherapy")
    choose(page, "condition", "pregnancy")
    expect(page.locator(".alert[data-tone=contraindicated] h3", has_text="Pregnancy")).to_have_count(1)
    expect(page.locator(".status .alert", has_text="France").first).to_be_visible()
    assert errors == []


def test_own_words_amounts_and_what_was_not_understood_are_told(checked: Path, page: Page) -> None:
    page.goto(checked.as_uri())
    choose(page, "ingredient", "lidocaine")
    page.locator(".check-form summary").first.click()
    page.fill("[name=also]", "allergic to lidocaine; zzyzx")
    page.fill("[name=amounts]", "lidocaine 30 mL of 2 %")
    page.fill("[name=kg]", "60")
    page.locator(".check-form").get_by_role("button", name="Check").click()
    answer = page.locator(".check-result")
    expect(answer).to_contain_text("Not checked: “zzyzx”")
    expect(answer).to_contain_text("600 mg this session (30 mL of 20 mg/mL), 10 mg/kg")
    expect(answer.locator(".alert", has_text="Over the maximum.").first).to_be_visible()
    assert answer.locator("a[href^=http]").count() == 0
    assert violations(page) == []


def test_nothing_of_the_patient_is_put_into_the_address(checked: Path, page: Page) -> None:
    page.goto(checked.as_uri())
    choose(page, "condition", "pregnancy")
    expect(page.locator(".check-result")).to_contain_text("Pregnancy")
    assert page.url == checked.as_uri()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_link_with_a_plan_in_it_opens_with_the_plan_and_its_alerts(checked: Path, page: Page) -> None:
    plan = "#ingredient=minoxidil&ingredient=finasteride&technique=mesotherapy&condition=pregnancy&substance=Marcumar"
    page.goto(checked.as_uri() + plan + "&condition=zzyzx&kg=60&also=allergic+to+lidocaine")
    answer = page.locator(".check-result")
    expect(answer.locator(".alert[data-tone=contraindicated] h3", has_text="Pregnancy")).to_have_count(1)
    expect(answer.locator(".plan")).to_contain_text("Minoxidil and Finasteride")
    expect(answer.locator(".plan")).to_contain_text("60 kg")
    expect(answer).to_contain_text("“Marcumar”: Phenprocoumon")
    expect(answer).to_contain_text("Not checked: “zzyzx”")
    expect(page.locator(".token").first).to_contain_text("Minoxidil")
    expect(page.locator("[name=also]")).to_have_value("allergic to lidocaine")
    page.get_by_role("button", name="Remove Finasteride").click()
    expect(answer.locator(".plan")).not_to_contain_text("Finasteride")
    assert page.url == checked.as_uri(), "a plan that was changed still stands in the address"
    page.evaluate("location.hash = 'technique=microneedling&substance=apixaban'")
    expect(answer).to_contain_text("Apixaban")
    expect(answer).not_to_contain_text("Minoxidil")


def test_a_plan_in_the_address_is_never_called_empty_while_the_check_is_on_its_way(checked: Path, page: Page) -> None:
    held: list[Route] = []
    page.route("**/check-data.js", lambda route: held.append(route), times=1)
    page.goto(checked.as_uri() + "#ingredient=finasteride&condition=pregnancy", wait_until="commit")
    empty = page.locator(".check-result > .empty")
    expect(empty).to_be_visible()
    expect(empty.get_by_text("Nothing chosen yet")).to_be_hidden()
    assert empty.evaluate("box => getComputedStyle(box, '::before').content") == '"Checking…"'
    until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator(".alert[data-tone=contraindicated] h3", has_text="Pregnancy")).to_have_count(1)
    page.get_by_role("button", name="Remove Finasteride").click()
    page.get_by_role("button", name="Remove Pregnancy").click()
    expect(page.get_by_text("Nothing chosen yet")).to_be_visible()
    page.route("**/check-data.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("nothing is checked")


def test_on_a_phone_the_gravest_verdict_and_the_way_to_it_stand_at_the_foot_of_the_form(
    checked: Path, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(checked.as_uri())
    line = page.locator(".check-verdict")
    expect(line).to_be_hidden()
    choose(page, "ingredient", "finasteride")
    choose(page, "condition", "pregnancy")
    expect(line).to_contain_text("1 contraindicated")
    expect(line).to_be_in_viewport()
    line.get_by_role("link").click()
    expect(page.locator("#answer-h")).to_be_in_viewport()
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(line).to_be_hidden()
