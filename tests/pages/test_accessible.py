"""Pages that no server test opens, as files in their shell: axe-core in both colours, 200 % zoom, 320 px, right to left."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from kb.questions.care import cards
from kb.snapshot import Snapshot
from kb.views import render
from kb.views.drawing import Medium, under
from kb.views.shell import ASSETS, FONTS, SCRIPTS, STYLES, Site, document
from tests.browsing import rested
from tests.serve.axe import violations

FILES = ("theme.js", "icon.svg", *STYLES, *SCRIPTS, *FONTS)
HANDOUT = "minoxidil-intradermal-female-pattern-hair-loss"
PAGES: dict[str, tuple[str, dict[str, list[str]]]] = {
    "care": ("care", {}),
    "anaphylaxis": ("care", {"card": ["anaphylaxis"]}),
    "aftercare": ("care", {"card": ["aftercare"]}),
    "mixing": ("mixing", {}),
    "mixing of one": ("mixing", {"ingredient": ["lidocaine"]}),
    "handouts": ("handout", {}),
    "handout": ("handout", {"assessment": [HANDOUT]}),
    "cases": ("cases", {}),
    "case": ("cases", {"case": ["first"]}),
    "product": ("ingredient", {"ingredient": ["nctf-135ha"]}),
}
ZOOMED, NARROW, WIDE = 640, 320, 1280


@pytest.fixture(scope="module")
def shown(base: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each page as a file, with what it loads beside it."""
    folder = tmp_path_factory.mktemp("shown")
    (folder / "static").mkdir()
    for name in FILES:
        (folder / "static" / name).write_bytes((ASSETS / name).read_bytes())
    medium = Medium("trainee", outside=under("https://kb.clinic.example/"))
    site = Site.of("trainee", field=base.field, release="1.0.0")
    for name, (view, asked) in PAGES.items():
        params = asked | known(base, name)
        page = render(view, params, base, medium)
        assert page.status == 200, (name, params)
        (folder / f"{name}.html").write_text(document(page, view, site), encoding="utf-8")
    return folder


def known(base: Snapshot, name: str) -> dict[str, list[str]]:
    """Ids that hang on what is recorded."""
    if name == "aftercare":
        return {"card": [next(c["id"] for c in cards(base).values() if c["kind"] == "aftercare")]}
    if name == "case":
        return {"case": [base.document("cases")[0]["id"]]}
    if name == "product":
        return {"ingredient": [next(id_ for id_, kind, *_ in base.entries() if kind == "product")]}
    return {}


def opened(browser: Browser, folder: Path, name: str, width: int, scheme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
    rested(page)
    return page


OVERFLOWS = """() => [...document.querySelectorAll('main *')]
  .filter((n) => n.getBoundingClientRect().right > innerWidth + 1 || n.getBoundingClientRect().left < -1)
  .filter((n) => n.checkVisibility() && !n.closest('.visually-hidden, .table-wrap, [tabindex="0"], svg'))
  .map((n) => n.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_violation_in_either_colour_and_nothing_beyond_the_edge(browser: Browser, shown: Path, name: str) -> None:
    for scheme in ("light", "dark"):
        page = opened(browser, shown, name, WIDE, scheme)
        assert violations(page) == [], scheme
        page.context.close()
    page = opened(browser, shown, name, NARROW)
    assert violations(page) == [], "on a narrow phone"
    for width in (ZOOMED, NARROW):
        for direction in ("ltr", "rtl"):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("(to) => { document.documentElement.dir = to }", direction)
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
            assert not wider, (width, direction, page.evaluate(OVERFLOWS))
    page.context.close()
