"""When a page in the browser has come to rest."""

from __future__ import annotations

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
