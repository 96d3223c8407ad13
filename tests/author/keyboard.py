"""An author at one keyboard: Tab, letters, Enter; nothing is clicked."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

PATIENCE = 180_000
FOCUSED = """() => {
  const at = document.activeElement;
  const own = at.labels && at.labels.length ? at.labels[0].innerText : '';
  return own.trim() || at.getAttribute('aria-label') || (at.innerText || '').trim().slice(0, 90) || at.placeholder || '';
}"""


class Keyboard:
    """Presses keys and counts them; `pause_ms` is how long a person takes for each."""

    def __init__(self, page: Page, pause_ms: int = 0) -> None:
        self.page, self.pause_ms, self.keys = page, pause_ms, 0

    @property
    def front(self) -> Locator:
        """The author page in front."""
        return self.page.locator(".kb-author-page:visible")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(self.pause_ms)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=self.pause_ms)
        self.keys += len(text)

    def paste(self, text: str) -> None:
        """What Ctrl+V puts in."""
        self.page.keyboard.insert_text(text)
        self.keys += 2

    def to(self, name: str, most: int = 150, back: bool = False) -> None:
        """Go on with Tab until the thing of this name is in focus. Raises LookupError when it cannot be reached."""
        passed = []
        for _ in range(most):
            self.press("Shift+Tab" if back else "Tab")
            passed.append(str(self.page.evaluate(FOCUSED)))
            if re.match(name, passed[-1]):
                return
        raise LookupError(f"{name!r} is not reached with Tab; passed were {passed[-40:]}")

    def fill(self, name: str, text: str, back: bool = False) -> None:
        self.to(name, back=back)
        self.type(text)

    def push(self, name: str, back: bool = False) -> None:
        self.to(name, back=back)
        self.press("Enter")

    def choose(self, name: str, typed: str, word: str) -> None:
        """Type a few letters, and take the suggestion that begins with `word`."""
        begins = re.compile(f"^{re.escape(word)}")
        self.fill(name, typed)
        expect(self.front.get_by_role("button", name=begins).first).to_be_visible(timeout=PATIENCE)
        self.push(re.escape(word))
        chosen = self.front.get_by_label(re.compile(f"^{re.escape(name)}"))
        expect(chosen.first).to_have_value(begins, timeout=PATIENCE)

    def says(self, text: str | re.Pattern[str]) -> None:
        expect(self.front.get_by_text(text).first).to_be_visible(timeout=PATIENCE)
