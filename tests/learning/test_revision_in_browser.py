"""Revision in a real browser against the real trainee server: progress stays with the learner, in storage or in a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import rested
from tests.serve.axe import violations
from tests.serve.conftest import LEARNER_PAGES, closed_context
from tests.serve.running import Running

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture
def learner(browser: Browser, trainee_server: Running) -> Iterator[Page]:
    """A page that may only speak to this machine, with nothing to complain about in the end."""
    refused: list[str] = []
    complaints: list[str] = []
    with closed_context(browser, refused, base_url=trainee_server.url) as context:
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    assert (refused, complaints) == ([], [])


def open_page(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector("html[data-session=open]")


def answer(page: Page, right: bool = True) -> str:
    """Answer the question shown; its id."""
    card = page.locator(".question")
    given = card.get_attribute("data-right")
    chosen = f'input[value="{given}"]' if right else f'input[type=radio]:not([value="{given}"])'
    card.locator(chosen).first.check()
    card.get_by_role("button", name="Answer").click()
    return str(card.get_attribute("data-question"))


def rate(page: Page, rating: str, question: str) -> None:
    page.wait_for_selector("[data-rating]:not([hidden]) [data-when]:not(:empty)")
    page.locator(f"[data-rating={rating}]").click()
    page.wait_for_selector(f'main:not(:has(.question[data-question="{question}"]))')


def test_a_right_and_a_wrong_answer_are_scheduled_and_kept_by_the_browser_alone(
    learner: Page, trainee_server: Running
) -> None:
    open_page(learner, "revise")
    learner.locator("[data-revise-start]").click()
    learner.wait_for_selector("#revise-one")
    first = answer(learner)
    expect(learner.locator("[data-rating=easy]")).to_be_visible()
    expect(learner.locator("[data-rating=again]")).to_be_hidden()
    rate(learner, "easy", first)
    second = answer(learner, right=False)
    expect(learner.locator(".question-said")).to_contain_text("Not this one")
    expect(learner.locator("[data-rating]:visible")).to_have_count(1)
    rate(learner, "again", second)

    kept = json.loads(learner.evaluate("localStorage.getItem('kb-revision')"))
    assert kept["cards"].keys() == {first, second}
    assert kept["cards"][first]["stability"] > kept["cards"][second]["stability"]
    assert learner.context.cookies() == []
    assert first not in trainee_server.log

    open_page(learner, "revise")  # another session, another kernel: the browser still knows
    expect(learner.locator("[data-count=learning]")).to_have_text("2")


def test_progress_goes_into_a_file_and_comes_back_without_what_was_smuggled_in(learner: Page, tmp_path: Path) -> None:
    open_page(learner, "revise")
    learner.locator("[data-revise-start]").click()
    learner.wait_for_selector("#revise-one")
    rate(learner, "good", answer(learner))
    open_page(learner, "revise")
    with learner.expect_download() as download:
        learner.locator("[data-revise-save]").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)

    learning = learner.locator("[data-count=learning]")
    learner.locator("[data-revise-forget]").click()
    expect(learner.locator("[data-revise-forget]")).to_have_text("Really forget all of it?")
    expect(learning, "one click must not forget anything").to_have_text("1")
    learner.locator("[data-revise-forget]").click()
    expect(learning).to_have_text("0")

    progress = json.loads(file.read_text("utf-8"))
    card = next(iter(progress["cards"].values()))
    progress["cards"] |= {"<img src=x>": card, "no-due": {**card, "due": "never"}, "more": {**card, "x": 1}}
    progress["deck"] = {"kind": "<b>", "perDay": -5}
    file.write_text(json.dumps(progress), "utf-8")
    learner.locator("[data-revise-load]").set_input_files(file)
    told = learner.locator("[data-revise-file]")
    told.get_by_text("1 card read, 3 not understood").wait_for()
    expect(learning).to_have_text("1")

    file.write_text("not ours", "utf-8")
    learner.locator("[data-revise-load]").set_input_files(file)
    told.get_by_text("Nothing was changed").wait_for()
    expect(learning).to_have_text("1")


def test_a_set_is_answered_in_place_and_counted(learner: Page) -> None:
    open_page(learner, "quiz?kind=stop&set=1&at=9")
    for right in (True, False):
        question = answer(learner, right)
        expect(learner.locator("details.answer")).to_have_attribute("open", "")
        assert "answer=" not in learner.url
        learner.locator("[data-next]").click()
        learner.wait_for_selector(f'main:not(:has(.question[data-question="{question}"]))')
    expect(learner.locator(".lede")).to_contain_text("1 of 2 right at the first try, and left 8 out")


def test_the_questions_work_without_script(browser: Browser, trainee_server: Running) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(trainee_server.url + "quiz?kind=harm&set=1&at=1")
        answer(page)
        expect(page.locator(".question-said")).to_have_text("Right.")
        page.locator("[data-next]").click()
        expect(page.locator(".round")).to_contain_text("Question 2 of 10")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_violation_or_overflows(
    browser: Browser, trainee_server: Running, width: str, scheme: str
) -> None:
    found: list[str] = []
    across, down = WIDTHS[width]
    size = {"width": across, "height": down}
    with closed_context(browser, [], viewport=size, color_scheme=scheme) as context:
        page = context.new_page()
        for name, path in {"home": "", **LEARNER_PAGES}.items():
            page.goto(trainee_server.url + path)
            page.wait_for_selector("main h1")
            page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
            rested(page)
            found += [f"{name}: {line}" for line in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                found.append(f"{name}: wider than the screen")
    assert found == []
