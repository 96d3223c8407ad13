"""axe-core on every page, at desktop and phone width, in light and in dark; nothing is wider than the screen, from the right either."""

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
WIDER = "document.documentElement.scrollWidth > innerWidth + 1"
FOLLOWED = "(scheme) => (document.documentElement.dataset.theme === 'dark') === (scheme === 'dark')"
FROM_THE_RIGHT = """() => {
  document.documentElement.dir = "rtl";
  const words = "تحقق من موانع الاستعمال قبل الحقن في فروة الرأس ";
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const length = node.data.trim().length;
    if (length > 3 && !node.parentElement.closest("svg")) node.data = words.repeat(Math.ceil(length / words.length)).slice(0, length);
  }
}"""
"""The page as an Arabic edition would have it: set from the right, every text as many letters long as before."""
ALL = {**PAGES, "checked": CHECKED, "missing": "no-such-page"}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ALL.values(), ids=ALL.keys())
def test_no_page_has_a_violation_or_overflows(browser: Browser, server: Running, path: str, width: str) -> None:
    """Opened once for a width, light first: a page follows when its reader turns the lights off."""
    refused: list[str] = []
    across, down = WIDTHS[width]
    with closed_context(browser, refused, viewport={"width": across, "height": down}, color_scheme="light") as context:
        page = context.new_page()
        page.goto(server.url + path)
        page.wait_for_selector("main h1")
        if path == CHECKED:
            page.wait_for_selector(".alert")
        page.evaluate("for (const box of document.querySelectorAll('main details')) box.open = true")
        page.evaluate(
            "document.documentElement.classList.add('whole')"
        )  # what is far below has a guessed height until it comes near
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_function(FOLLOWED, arg=scheme)
            rested(page)
            page.evaluate("scrollTo(0, 0)")  # half under the header is not too small
            assert violations(page) == [], scheme
            assert not page.evaluate(WIDER), f"wider than the screen, {scheme}"
        if width == "phone":
            page.evaluate(FROM_THE_RIGHT)
            for narrow in (640, 320):  # 200 % of a small desktop, and the narrowest phone
                page.set_viewport_size({"width": narrow, "height": down})
                assert not page.evaluate(WIDER), f"wider than {narrow} px when it is read from the right"
    assert refused == []


def test_a_page_opened_in_the_dark_is_dark_from_the_start(browser: Browser, server: Running) -> None:
    with closed_context(browser, [], color_scheme="dark") as context:
        page = context.new_page()
        page.goto(server.url)
        assert page.evaluate(FOLLOWED, "dark")
        assert violations(page) == []
