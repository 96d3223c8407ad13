"""Waiting for what a page in the browser does."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

RESTED = """async () => {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await drawn(); // the typefaces that a page uses are only known when it has been laid out
  await document.fonts.ready;
  await drawn();
  await drawn();
}"""


def rested(page: Page) -> None:
    """Until the page is drawn in its own typefaces and its scripts have had a turn since."""
    page.evaluate(RESTED)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Until it holds, the page going on meanwhile; two minutes at most."""
    for _ in range(6000):
        if holds():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it never came to that")
