"""The bar of links takes one line on a desktop; what it has no room for is a press away, by mouse, by keys and without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.views.shell import ASSETS, FONTS, NAVIGATION, SCRIPTS, STYLES, Fragment, Site, document
from tests.browsing import rested
from tests.serve.axe import violations

FILES = ("theme.js", "icon.svg", *STYLES, *SCRIPTS, *FONTS)


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in the shell of each edition, as files: `site` has all that the trainee's edition knows."""
    folder = tmp_path_factory.mktemp("shells")
    (folder / "static").mkdir()
    for name in FILES:
        (folder / "static" / name).write_bytes((ASSETS / name).read_bytes())
    page = Fragment("Evidence", "<h1>Evidence</h1><p>Words.</p>")
    everything = Site(edition="trainee", nav=NAVIGATION["trainee"], short_name="Mesotherapy base")
    for name, site in {**{e: Site.of(e) for e in NAVIGATION}, "site": everything}.items():
        (folder / f"{name}.html").write_text(document(page, "evidence", site), encoding="utf-8")
    return folder


SITE = [("site", width, scheme) for width in (1280, 1024, 390) for scheme in ("light", "dark")]


@pytest.mark.parametrize(("name", "width", "scheme"), [*SITE, ("clinician", 1280, "light"), ("trainee", 1280, "light")])
def test_the_bar_takes_one_line_and_its_fold_has_no_violation(
    browser: Browser, shells: Path, name: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((shells / f"{name}.html").as_uri())
    rested(page)
    if width >= 1280:
        tops = page.locator("#kb-nav > ul > li").evaluate_all("nodes => nodes.map(n => n.getBoundingClientRect().top)")
        assert len(set(tops)) == 1, tops
        if name != "clinician":
            page.locator("#kb-nav summary").click()
            expect(page.get_by_role("link", name="Glossary")).to_be_visible()
    else:
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name="About")).to_be_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), "wider than the screen"
    context.close()


def test_the_fold_is_opened_and_closed_by_keys(page: Page, shells: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto((shells / "site.html").as_uri())
    summary, claims = page.locator("#kb-nav summary"), page.get_by_role("link", name="Claims")
    expect(claims).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(claims).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Evidence")).to_be_focused()
    page.keyboard.press("Escape")
    expect(claims).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    expect(claims).to_be_visible()
    page.get_by_role("heading", name="Evidence").click()
    expect(claims).to_be_hidden()


def test_every_link_is_reached_without_a_script(browser: Browser, shells: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto((shells / "site.html").as_uri())
    page.locator("#kb-nav summary").click()
    assert page.locator("#kb-nav a").evaluate_all("nodes => nodes.every(n => n.checkVisibility())")
    assert page.locator("#kb-nav a").count() == len(NAVIGATION["trainee"])
    context.close()
