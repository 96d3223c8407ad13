"""axe-core on every page, at desktop and phone width, in light and in dark."""

import pytest
from playwright.sync_api import Browser

from tests.serve.axe import violations
from tests.serve.conftest import PAGES, closed_context
from tests.serve.running import Running

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_violation_or_overflows(browser: Browser, server: Running, width: str, scheme: str) -> None:
    found: list[str] = []
    refused: list[str] = []
    across, down = WIDTHS[width]
    with closed_context(browser, refused, viewport={"width": across, "height": down}, color_scheme=scheme) as context:
        page = context.new_page()
        for name, path in {**PAGES, "missing": "no-such-page"}.items():
            page.goto(server.url + path)
            page.wait_for_selector("main h1")
            page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
            found += [f"{name}: {line}" for line in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                found.append(f"{name}: wider than the screen")
    assert found == []
    assert refused == []
