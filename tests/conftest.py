"""What all tests share: the browser, and how property tests run.

A test that asks for `chromium`, `browser` or `page` is a browser test and is marked so. Without a Chromium such tests
are skipped on a person's machine and fail under continuous integration, where a skip would go unseen. How long anything
may take in it is set here once: so long that only a browser that hangs comes to the end of it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kb.cli.common import rarely_collect

ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",  # containers run as root, where Chromium's sandbox cannot start
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NO_CHROMIUM = "no Chromium found: install chromium or Google Chrome, or set CHROMIUM to its path"

PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)
rarely_collect()  # the base is read once and stays: looking for garbage in it again and again costs much

# A shared machine may take any time over one example; on CI the same examples must come every time.
hypothesis.settings.register_profile("kb", deadline=None, derandomize=ON_CI)
hypothesis.settings.load_profile("kb")


def find_chromium() -> Path | None:
    """The Chromium or Chrome to drive: the one named by the environment variable CHROMIUM, else an installed one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    installed = [Path(found)] if found else [Path(path) for path in CHROMIUM_APPLICATIONS]
    return next((path for path in installed if path.is_file()), None)


def pytest_itemcollected(item: pytest.Item) -> None:
    if "chromium" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of the Chromium executable."""
    path = find_chromium()
    if path is None:
        if ON_CI:
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)
    return path


def patient(open_one: Callable[..., Any]) -> Callable[..., Any]:
    """`open_one` of a browser, whose contexts and pages wait as long as everything else here."""

    def opened(**options: object) -> Any:
        one = open_one(**options)
        one.set_default_timeout(PATIENCE_MS)
        return one

    return opened


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """A headless Chromium for one test module.

    Playwright keeps an event loop running while it is open, so it must close before another module starts its own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS), timeout=PATIENCE_MS)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("new_context", "new_page"):
                patch.setattr(browser, name, patient(getattr(browser, name)))
            yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with no history, cookies or storage."""
    with browser.new_context() as context:
        yield context.new_page()
