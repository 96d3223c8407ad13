"""axe-core on every page, at desktop and phone width, in light and in dark; and nothing is wider than the screen."""

import pytest
from playwright.sync_api import Browser

from tests.browsing import rested
from tests.serve.axe import violations
from tests.serve.conftest import PAGES, closed_context
from tests.serve.running import Running

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
CHECKED = (
    "precheck#ingredient=minoxidil&ingredient=lidocaine&technique=microneedling&condition=pregnancy&substance=warfarin"
)
ALL = {**PAGES, "checked": CHECKED, "missing": "no-such-page"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ALL.values(), ids=ALL.keys())
def test_no_page_has_a_violation_or_overflows(
    browser: Browser, server: Running, path: str, width: str, scheme: str
) -> None:
    refused: list[str] = []
    across, down = WIDTHS[width]
    with closed_context(browser, refused, viewport={"width": across, "height": down}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(server.url + path)
        page.wait_for_selector("main h1")
        if path == CHECKED:
            page.wait_for_selector(".alert")
        page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
        page.evaluate(
            "document.documentElement.classList.add('whole')"
        )  # what is far below has a guessed height until it comes near
        rested(page)
        page.evaluate("scrollTo(0, 0)")  # half under the header is not too small
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), "wider than the screen"
    assert refused == []
