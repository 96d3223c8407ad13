"""Comparison and revision of the static site in Chromium from files alone, and the served site in flight mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
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
    expect(opened.locator(".token")).to_contain_text(["Tranexamic acid", "Hydroquinone", "Microneedling"])
    expect(opened.locator("table.compare").first.locator("thead th")).to_have_count(4)
    expect(opened).to_have_url(re.compile("item=microneedling"))
    opened.goto((site / "ingredient" / "minoxidil.html").as_uri())
    opened.get_by_role("link", name="Compare with …").click()
    expect(opened.get_by_text("Add a second item to compare Minoxidil with.")).to_be_visible()
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


class _Quiet(SimpleHTTPRequestHandler):
    """The site as any web server has it, with more patience: this machine may be busy, its network is not slow."""

    def do_GET(self) -> None:
        if self.path != "/sw.js":
            return super().do_GET()
        script = (Path(self.directory) / "sw.js").read_text(encoding="utf-8")
        assert script.count("PATIENCE_MS = 4000") == 1
        body = script.replace("PATIENCE_MS = 4000", "PATIENCE_MS = 100000").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(site: Path) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_page_that_was_corrected_is_shown_although_an_older_one_is_kept(
    served: ThreadingHTTPServer, page: Page, site: Path
) -> None:
    address, file = f"http://127.0.0.1:{served.server_port}/ingredient/biotin.html", site / "ingredient" / "biotin.html"
    page.goto(address)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.goto(address)
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace(">Biotin</h1>", ">Biotin, corrected</h1>"), encoding="utf-8")
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Biotin, corrected")
    finally:
        file.write_text(before, encoding="utf-8")


TOOLS = [
    "/static/compare/tranexamic-acid.js",
    "/static/compare/hydroquinone.js",
    "/static/compare/zinc.js",
    "/static/revise/0.js",
    "/static/revise/9.js",
]

KEPT = """async (files) => {
  while (!(await Promise.all(files.map((file) => caches.match(file)))).every(Boolean)) await new Promise((on) => setTimeout(on, 100));
}"""
"""Waits in the page; Playwright's own waiting takes the promise of an `async` condition for a yes."""


def test_in_flight_mode_the_tools_and_what_was_opened_still_work(served: ThreadingHTTPServer, page: Page) -> None:
    base = f"http://127.0.0.1:{served.server_port}/"
    page.goto(f"{base}index.html")
    expect(page.get_by_role("button", name="Keep the whole site on this device")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.goto(f"{base}ingredient/minoxidil.html")
    page.evaluate(KEPT, TOOLS)
    served.shutdown()
    served.server_close()
    page.context.set_offline(True)
    expect(page.get_by_text("No connection. Pages kept on this device still open.")).to_be_visible()
    page.goto(f"{base}precheck.html#technique=microneedling")
    expect(page.locator("h1")).to_have_text("Before the session")
    page.goto(f"{base}ingredient/minoxidil.html")
    expect(page.locator("h1")).to_have_text("Minoxidil")
    page.goto(f"{base}care/index.html")
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{base}compare.html?item=tranexamic-acid&item=hydroquinone")
    expect(page.locator("h1")).to_have_text("Tranexamic acid · Hydroquinone")
    expect(page.get_by_text("Pazyar 2023").first).to_be_visible()
    page.goto(f"{base}revise.html")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".question")).to_be_visible()
    page.goto(f"{base}precheck.html#ingredient=finasteride&condition=pregnancy")
    expect(page.locator(".alert[data-tone=contraindicated] h3", has_text="Pregnancy")).to_have_count(1)
    page.goto(f"{base}ingredient/biotin.html")
    expect(page.locator("h1")).to_have_text("No connection")
    page.get_by_role("link", name="Home", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


KINDS = {
    "index.html": "What is known",
    "ingredient/index.html": "Monographs",
    "ingredient/tranexamic-acid.html": "Tranexamic acid",
    "ingredient/platelet-rich-plasma--findings.html": "Findings on Platelet-rich plasma",
    "ingredient/pregnancy.html": "Pregnancy",
    "ingredient/vascular-occlusion.html": "Vascular occlusion",
    "indication/melasma.html": "Melasma",
    "evidence/hair.html": "",
    "mixing/index.html": "Mixing in one syringe",
    "care/vascular-occlusion.html": "Vessel blocked by filler",
    "handout/index.html": "",
    "claims/index.html": "Popular claims",
    "cases/index.html": "",
    "quiz/index.html": "",
    "topics/index.html": "",
    "techniques/index.html": "",
    "glossary/certainty.html": "Certainty of evidence",
    "paper/olsen2002.html": "minoxidil",
    "about/index.html": "",
}
"""One page of every kind that the site has, and words of its heading."""


@pytest.mark.slow
def test_the_whole_site_works_in_flight_mode_once_it_is_kept(
    served: ThreadingHTTPServer, site: Path, page: Page
) -> None:
    base = f"http://127.0.0.1:{served.server_port}/"
    kinds = {file: words for file, words in KINDS.items() if (site / file).is_file()}
    assert len(kinds) >= len(KINDS) - 2, KINDS.keys() - kinds.keys()
    page.goto(f"{base}index.html")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.get_by_role("button", name="Keep the whole site on this device").click()
    told = page.get_by_text("Everything is kept; the site works without a connection.")
    expect(told).to_be_visible(timeout=10 * 60_000)  # some seven thousand files
    errors = heard(page)
    served.shutdown()
    served.server_close()
    page.context.set_offline(True)
    for file, words in kinds.items():
        page.goto(base + file)
        expect(page.locator("h1").first).to_contain_text(words)
        expect(page.locator("h1").first).not_to_have_text("No connection")
    assert errors == []
