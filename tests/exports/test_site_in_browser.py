"""The static site opened from disk: answering, guided paths, anchors and print; axe-core, at two widths and in both colours."""

import re
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browsing import rested, tops
from tests.serve.axe import violations

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
PAGES = (
    "index",
    "search",
    "precheck",
    "ingredient/index",
    "ingredient/minoxidil",
    "ingredient/biotin",
    "ingredient/microneedling",
    "ingredient/pregnancy",
    "indication/index",
    "indication/androgenetic-alopecia",
    "indication/melasma",
    "evidence/index",
    "evidence/hair",
    "claims/index",
    "claims/page-*",
    "about/index",
    "glossary/index",
    "glossary/confidence-interval",
    "techniques/index",
    "topics/index",
    "topics/hair-loss",
    "topics/technique--layers",
    "quiz/index",
    "quiz/interval-all-1",
    "quiz/patient-all-1",
    "paper/olsen2002",
)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_violation_or_overflows(browser: Browser, site: Path, name: str, width: str, scheme: str) -> None:
    across, down = WIDTHS[width]
    context = browser.new_context(viewport={"width": across, "height": down}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(sorted(site.glob(f"{name}.html"))[0].as_uri())
    page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
    page.evaluate(
        "document.documentElement.classList.add('whole')"
    )  # what is far below has a guessed height until it comes near
    rested(page)
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), "wider than the screen"
    context.close()


def test_tasks_of_a_clinic_are_answered_without_a_server(site: Path, opened: Page) -> None:
    held = yaml.safe_load((Path(__file__).parents[1] / "pages" / "tasks.yaml").read_text(encoding="utf-8"))
    tasks = [t for group in held.values() for t in group if "search" in t and t.get("only") != "served"]
    assert len(tasks) > 50
    opened.goto((site / "search.html").as_uri())
    cards, missed = opened.locator("#kb-cards"), {}
    for task in tasks:
        opened.locator("#kb-q").fill(task["search"])
        expect(cards).to_have_attribute("data-asked", task["search"])
        unseen = [words for words, top in tops(opened, task["says"]).items() if top is None]
        if unseen:
            missed[task["search"]] = unseen
    assert missed == {}


@pytest.mark.parametrize("kind", ["claim", "certainty", "interval", "harm", "patient", "stop"])
def test_a_question_is_answered_without_a_server(site: Path, opened: Page, kind: str) -> None:
    opened.goto((site / "quiz" / f"{kind}-all-1.html").as_uri())
    card = opened.locator(".question")
    right = card.get_attribute("data-right")
    assert not card.locator("details.answer").evaluate("box => box.open")
    card.locator(f'input[type=radio]:not([value="{right}"])').first.check()
    card.get_by_role("button", name="Answer").click()
    expect(opened.locator(".question-said")).to_contain_text("Not this one.")
    expect(card.locator("details.answer")).to_have_attribute("open", "")
    opened.locator("[data-next]").click()
    opened.wait_for_url(f"**/quiz/{kind}-all-2.html")


def test_a_path_leads_from_page_to_page_and_into_the_base(site: Path, opened: Page) -> None:
    opened.goto((site / "index.html").as_uri())
    opened.get_by_role("link", name="Topics Guided paths").click()
    opened.get_by_role("link", name="Hair loss What has been").click()
    start = opened.get_by_role("link", name="Start", exact=True)
    expect(start).to_have_attribute("href", re.compile("hair-loss--"))
    start.click()
    opened.wait_for_url("**/topics/hair-loss--*")
    first, heading = opened.url, opened.locator("h1").inner_text()
    opened.locator(".step-next").click()
    opened.wait_for_url(lambda address: "/topics/hair-loss--" in address and address != first)
    expect(opened.locator("h1")).not_to_have_text(heading)
    opened.locator(".step a[href*='/ingredient/']").first.click()
    opened.wait_for_url("**/ingredient/**")


def test_a_word_is_one_click_from_the_glossary(site: Path, opened: Page) -> None:
    opened.goto((site / "ingredient" / "minoxidil.html").as_uri())
    opened.locator("#bottom-line a.term").first.click()
    opened.wait_for_url("**/glossary/certainty.html")
    expect(opened.locator("h1")).to_have_text("Certainty of evidence")


@pytest.mark.parametrize("place", ["harms", "claims", "findings", "references"])
def test_an_address_within_a_page_opens_at_its_place(site: Path, opened: Page, place: str) -> None:
    opened.goto((site / "ingredient" / "minoxidil.html").as_uri() + f"#{place}")
    rested(opened)  # sections that are not drawn yet must not shift the place
    opened.wait_for_function(
        "id => { const { top } = document.getElementById(id).getBoundingClientRect(); return top >= -5 && top <= 200; }",
        arg=place,
    )
    guessed = "[...document.querySelectorAll('.flow > section, .refs > li')].filter(s => getComputedStyle(s).contentVisibility === 'auto')"
    assert opened.evaluate(f"{guessed}.length") == 0, "guessed heights above a place move it when they are drawn"


def test_what_is_not_drawn_yet_is_printed(site: Path, opened: Page, tmp_path: Path) -> None:
    opened.goto((site / "ingredient" / "minoxidil.html").as_uri())
    opened.emulate_media(media="print")
    hidden = "[...document.querySelectorAll('.flow > section')].filter(s => getComputedStyle(s).contentVisibility === 'auto')"
    assert opened.evaluate(f"{hidden}.length") == 0
