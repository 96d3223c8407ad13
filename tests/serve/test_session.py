"""A page in the browser: first paint, switching, back and forward, focus, and life without an answer."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import rested
from tests.serve.conftest import LEARNER_PAGES, PAGES, TRAINEE_PAGES, Reader, closed_context
from tests.serve.running import Running, start

SWITCH = """slug => new Promise(resolve => {
  const start = performance.now();
  const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  document.addEventListener("kb:shown", painted, {once: true});
  kb.go("ingredient?ingredient=" + slug);
})"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_the_first_answer_already_holds_the_content(server: Running, path: str) -> None:
    holds_its_content(server, path)


@pytest.mark.parametrize("path", TRAINEE_PAGES.values(), ids=TRAINEE_PAGES.keys())
def test_so_does_the_first_answer_to_a_learner(trainee_server: Running, path: str) -> None:
    holds_its_content(trainee_server, path)


def holds_its_content(server: Running, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 200
    body = answer.text.split('<main id="main"', 1)[1].split("</main>")[0]
    assert len(re.findall(r"<h1[ >]", body)) == 1
    assert re.search(r"<title>[^<]+</title>", answer.text)


def test_home_leads_learners_to_what_is_theirs_and_clinicians_not(server: Running, trainee_server: Running) -> None:
    own = [f'<a class="card path-card" href="{view}">' for view in ("topics", "quiz", "revise")]
    assert all(link in trainee_server.get("").text for link in own)
    assert not any(link in server.get("").text for link in own)


def test_an_unknown_thing_is_a_404_that_helps(server: Running) -> None:
    answer = server.get("ingredient?ingredient=minoxidl")
    assert answer.status == 404
    assert "<h1" in answer.text
    assert 'href="ingredient?ingredient=minoxidil"' in answer.text


def test_an_unknown_address_is_a_404_in_the_look_of_the_site(server: Running) -> None:
    answer = server.get("no/such/page")
    assert answer.status == 404
    assert "site-head" in answer.text
    assert "There is no such page" in answer.text
    assert '<form class="search" role="search" action="/" method="get">' in answer.text


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_opens_without_a_complaint_in_the_console(reader: Reader, path: str) -> None:
    page = reader.open(path)
    rested(page)
    assert reader.complaints == []
    assert page.evaluate("document.querySelectorAll('main h1').length") == 1


@pytest.mark.parametrize("path", LEARNER_PAGES.values(), ids=LEARNER_PAGES.keys())
def test_a_page_for_learners_opens_without_a_complaint_in_the_console(learner: Reader, path: str) -> None:
    page = learner.open(path)
    rested(page)
    assert learner.complaints == []
    assert page.evaluate("document.querySelectorAll('main h1').length") == 1


def test_first_paint_shows_the_content(reader: Reader, server: Running) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length === 1")
    waited_for = page.evaluate(
        "[...document.querySelectorAll('script[src]')].filter(s => !s.defer && !s.async).map(s => new URL(s.src).pathname)"
    )
    assert [path for path in waited_for if not path.endswith("/theme.js")] == [], (
        "only the choice of colours is waited for"
    )
    assert ">Minoxidil</h1>" in server.get("ingredient?ingredient=minoxidil").text, (
        "the answer holds the content already"
    )
    expect(page.locator("main h1")).to_have_text("Minoxidil")


def test_switching_asks_for_the_new_ingredient_alone(reader: Reader, server: Running) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    rested(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for slug in ("finasteride", "biotin"):
        page.evaluate(SWITCH, slug)
    expect(page.locator("main h1")).to_have_text("Biotin")
    fragments = [
        f"{server.url}fragment/{server.release()}/ingredient?ingredient={s}" for s in ("finasteride", "biotin")
    ]
    assert [url for url in asked if not url.endswith((".svg", "/release"))] == fragments
    kept = server.get(fragments[0].removeprefix(server.url)).headers["Cache-Control"]
    assert "immutable" in kept, "what was shown once is in the browser"


def test_address_title_and_focus_follow_and_back_and_forward_restore(reader: Reader) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    documents: list[str] = []
    page.on("request", lambda request: documents.append(request.url) if request.is_navigation_request() else None)
    page.evaluate(SWITCH, "finasteride")
    expect(page).to_have_title(re.compile("^Finasteride"))
    expect(page).to_have_url(re.compile(r"/ingredient\?ingredient=finasteride$"))
    expect(page.locator("main h1")).to_be_focused()
    page.evaluate("scrollTo({ top: 600, behavior: 'instant' })")
    page.evaluate("document.querySelector('a[data-view=about]').click()")  # Playwright's own click would scroll
    expect(page).to_have_title(re.compile("^About"))
    expect(page.locator("[aria-current=page]")).to_have_text("About")
    page.go_back()
    expect(page.locator("main h1")).to_have_text("Finasteride")
    page.wait_for_function("() => scrollY === 600")
    page.go_back()
    expect(page.locator("main h1")).to_have_text("Minoxidil")
    page.go_forward()
    expect(page.locator("main h1")).to_have_text("Finasteride")
    assert documents == [], "no page was loaded anew"


def test_a_new_view_is_announced(reader: Reader) -> None:
    page = reader.open("ingredient?ingredient=minoxidil")
    page.evaluate(SWITCH, "finasteride")
    expect(page.locator("#kb-live")).to_have_text("Finasteride")


def test_suggestions_come_while_typing_and_can_be_taken_with_the_keyboard(reader: Reader) -> None:
    page = reader.open("")
    field = page.locator("main input[data-suggest]").first
    field.fill("minox")  # at once: each letter has an answer of its own
    expect(page.get_by_role("option").first).to_contain_text("Minoxidil")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("Enter")
    expect(page.locator("main h1")).to_have_text("Minoxidil")


def test_without_script_every_page_is_read_and_walked(browser: Browser, server: Running) -> None:
    refused: list[str] = []
    with closed_context(browser, refused, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Monographs").click()
        page.get_by_role("link", name="Minoxidil", exact=True).first.click()
        expect(page.locator("main h1")).to_have_text("Minoxidil")
        expect(page).to_have_url(re.compile(r"ingredient\?ingredient=minoxidil$"))
    assert refused == []


def test_a_notebook_whose_kernel_is_gone_gets_its_answers_from_the_server(reader: Reader, server: Running) -> None:
    page = open_notebook(reader)
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    page.evaluate(SWITCH, "finasteride")
    expect(page.locator("main h1")).to_have_text("Finasteride")
    server.end_session(kernel)
    page.wait_for_selector("html[data-kernel=closed]")
    page.evaluate("kb.go('ingredient?ingredient=biotin')")
    expect(page.locator("main h1")).to_contain_text("Biotin")


def test_a_line_that_breaks_is_opened_again(reader: Reader) -> None:
    page = reader.page
    page.add_init_script(
        "window.lines = []; window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); lines.push(this); } };"
    )
    open_notebook(reader)
    page.evaluate("lines.at(-1).close()")
    page.wait_for_function("() => lines.length > 1 && document.documentElement.dataset.kernel === 'open'")


def open_notebook(reader: Reader) -> Page:
    """A notebook with the line to its kernel open."""
    page = reader.page
    deadline = time.monotonic() + 300
    while True:
        reader.open("notebook/ingredient?ingredient=minoxidil")
        if page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"):
            break
        assert time.monotonic() < deadline, "no kernel came"
        page.wait_for_timeout(500)  # the pool is heating another one
    page.wait_for_selector("html[data-kernel=open]")
    return page


def test_closing_a_notebook_ends_its_kernel(reader: Reader, server: Running) -> None:
    def ended() -> int:
        return len([line for line in server.requests if (line["page"], line["status"]) == ("session", 204)])

    page = open_notebook(reader)
    before = ended()
    page.goto("about:blank")
    server.wait_until(lambda: ended() > before)


def test_when_the_server_is_gone_what_is_read_stays_and_comes_back_with_it(
    browser: Browser, snapshot: Path, tmp_path: Path
) -> None:
    server = start(snapshot, tmp_path / "log", options={"kernels": 0})
    with closed_context(browser, []) as context:
        page = context.new_page()
        page.goto(server.url + "ingredient?ingredient=minoxidil")
        os.kill(server.process.pid, signal.SIGSTOP)
        page.evaluate("AbortSignal.timeout = () => AbortSignal.abort()")  # as if it had waited
        page.evaluate("kb.go('ingredient?ingredient=biotin')")
        expect(page.locator(".line-note")).to_contain_text("does not answer")
        expect(page.locator("main h1")).to_have_text("Minoxidil")
        os.kill(server.process.pid, signal.SIGCONT)
        page.evaluate("AbortSignal.timeout = () => new AbortController().signal")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("main h1")).to_contain_text("Biotin")
        expect(page.locator(".line-note")).to_have_count(0)
    server.stop()


def test_the_reader_chooses_the_colours_once(reader: Reader) -> None:
    page = reader.open("about", session=False)

    def ground(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground(page)
    button = page.get_by_role("button", name="Dark colours")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    dark = ground(page)
    assert dark != light
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert ground(page) == dark
