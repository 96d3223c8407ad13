"""How long an author waits: real JupyterLab (`kb lab`), real Chromium, the real formulary.

    python benchmarks/author_pages.py

The start page is opened by its address in a new browser; then each task is opened from it, as an author does, with a kernel of its own. The
time runs from the click until the form stands and can be used, and, where the page goes on to read the formulary, until that is done.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from screenshots import CHROMIUM_FLAGS, chromium  # noqa: E402

from kb.author.forms.launch import TASKS  # noqa: E402
from tests.author.conftest import git  # noqa: E402
from tests.author.lab import Lab, start  # noqa: E402

PATIENCE = 600_000


def prepare(folder: Path) -> Path:
    """A copy of the formulary in a repository of its own."""
    root = folder / "base"
    root.mkdir()
    for name in ("formulary", "validation", "learning", "screening", "reviews"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "references.bib", root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Everything")
    return root


def wait_seconds(page: Page, begun: float) -> float:
    """Seconds until the form of the page in front can be used."""
    desk = page.locator(".kb-author-page:visible .kb-desk")
    expect(desk.locator("button:visible, input:visible").first).to_be_enabled(timeout=PATIENCE)
    return round(time.monotonic() - begun, 2)


def measure(page: Page, lab: Lab) -> dict[str, float]:
    begun = time.monotonic()
    page.goto(lab.url)
    found = {"0-start-here, with JupyterLab itself": wait_seconds(page, begun)}
    expect(page.get_by_text("All records:")).to_be_visible(timeout=PATIENCE)
    found["0-start-here, everything read"] = round(time.monotonic() - begun, 2)
    for name, caption in TASKS:
        begun = time.monotonic()
        page.locator(".kb-author-page:visible").get_by_role("link", name=caption, exact=True).click()
        expect(page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name)).to_be_visible(timeout=PATIENCE)
        found[name] = wait_seconds(page, begun)
        page.locator(".lm-TabBar-tab", has_text="0-start-here").first.click()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--picture", type=Path, help="a picture of the start page")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="author-pages-"))
    lab = start(prepare(folder))
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            page = browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()
            found = measure(page, lab)
            if given.picture:
                page.screenshot(path=given.picture)
            browser.close()
    finally:
        lab.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"load": round(os.getloadavg()[0], 1), **found}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
