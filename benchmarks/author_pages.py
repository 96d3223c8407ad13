"""How long an author waits: real JupyterLab (`kb lab`), real Chromium, the real formulary.

    python benchmarks/author_pages.py

The start page is opened by its address in a new browser; then each task is opened from it, as an author does, with a kernel of its own. The
time runs from the click until the form stands and can be used. An author fills a form in before opening the next; so each task is opened
when the kernels of those before it have come to rest (they read the formulary behind the form that stands), or at once with `--in-a-hurry`.
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

import psutil
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


def rest() -> None:
    """Wait until nothing that was started here works any more: below a tenth of a core over a second."""
    while True:
        running = psutil.Process().children(recursive=True)
        before = {p.pid: sum(p.cpu_times()[:2]) for p in running if p.is_running()}
        time.sleep(1)
        with_time = [p for p in running if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if sum(sum(p.cpu_times()[:2]) - before.get(p.pid, 0) for p in with_time) < 0.1:
            return


def measure(page: Page, lab: Lab, hurry: bool) -> dict[str, float]:
    begun = time.monotonic()
    page.goto(lab.url)
    found = {"0-start-here, with JupyterLab itself": wait_seconds(page, begun)}
    expect(page.get_by_text("All records:")).to_be_visible(timeout=PATIENCE)
    found["0-start-here, everything read"] = round(time.monotonic() - begun, 2)
    for name, caption in TASKS:
        if not hurry:
            rest()
        begun = time.monotonic()
        page.locator(".kb-author-page:visible").get_by_role("link", name=caption, exact=True).click()
        expect(page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name)).to_be_visible(timeout=PATIENCE)
        found[name] = wait_seconds(page, begun)
        page.locator(".lm-TabBar-tab", has_text="0-start-here").first.click()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--picture", type=Path, help="a picture of the start page")
    parser.add_argument("--in-a-hurry", action="store_true", help="open each task while the ones before still read")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="author-pages-"))
    lab = start(prepare(folder))
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            page = browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()
            found = measure(page, lab, given.in_a_hurry)
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
