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


TOPS = """(said) => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const places = []; // of every character of the text as it is read, one space between words
  let text = "";
  for (let node; (node = walker.nextNode());) {
    for (let at = 0; at < node.data.length; at += 1) {
      const space = /\\s/.test(node.data[at]);
      if (space && text.endsWith(" ")) continue;
      text += space ? " " : node.data[at];
      places.push([node, at]);
    }
  }
  const topOf = (words) => {
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      const [first, last] = [places[at], places[at + words.length - 1]];
      const holder = first[0].parentElement;
      if (holder.closest(".visually-hidden") || !holder.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.setStart(...first);
      range.setEnd(last[0], last[1] + 1);
      const boxes = [...range.getClientRects()];
      if (boxes.length && boxes.every((box) => box.height > 6)) return boxes[0].top + scrollY;
    }
    return null;
  };
  return Object.fromEntries(said.map((words) => [words, topOf(words)]));
}"""


def tops(page: Page, said: list[str]) -> dict[str, float | None]:
    """How far down the page in px each of these words is first seen; None where nobody can see them (in a closed fold, say)."""
    found: dict[str, float | None] = page.evaluate(TOPS, said)
    return found


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Until it holds, the page going on meanwhile; two minutes at most."""
    for _ in range(6000):
        if holds():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it never came to that")
