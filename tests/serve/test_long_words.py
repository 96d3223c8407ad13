"""A word of four hundred letters, as an import may bring one, widens no page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kb.snapshot import Snapshot
from kb.views import render
from kb.views.shell import STYLES
from tests.views.formularies import built, hostile
from tests.views.test_pages import ADDRESSES

ASSETS = Path(__file__).resolve().parents[2] / "kb" / "views" / "assets"
PLAN = {
    "ingredient": ["alphanol", "betanol"],
    "technique": ["needling"],
    "condition": ["pregnancy"],
    "substance": ["aspirin"],
}
MORE = [
    ("compare", {"item": ["alphanol", "betanol"]}),
    ("evidence", {}),
    ("precheck", PLAN),
    ("explore", {"node": ["alphanol"]}),
    ("explore", {"a": ["alphanol"], "b": ["aspirin"]}),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    found = built(tmp_path_factory.mktemp("hostile"), hostile)
    yield found
    found.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Browser, snapshot: Snapshot, width: int) -> None:
    style = "".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLES)
    page = browser.new_page(viewport={"width": width, "height": 844})
    wide = []
    for view, params in [*ADDRESSES, *MORE]:
        html = render(view, params, snapshot).html
        page.set_content(f"<!doctype html><html><style>{style}</style><body><main id=main>{html}</main>")
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        across = page.evaluate("document.documentElement.scrollWidth")
        if across > width + 1:
            wide.append(f"{view} {params}: {across}")
    page.close()
    assert wide == []
