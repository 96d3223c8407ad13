"""The static site in Chromium, from local disk: size, first paint, and search per keystroke.

Aims: whole site at most 30 MB, first contentful paint at most 300 ms, search at most 50 ms a keystroke.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kb.compile import ensure  # noqa: E402
from kb.exports import export  # noqa: E402
from kb.snapshot import open_snapshot  # noqa: E402
from tests.conftest import CHROMIUM_FLAGS, find_chromium  # noqa: E402

PAGES = (
    "index",
    "ingredient/minoxidil",
    "ingredient/mesotherapy",
    "indication/melasma",
    "evidence/hair",
    "claims/index",
    "quiz/index",
)
TYPED = "platelet rich plasma for hair loss"
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
KEYSTROKES = """(typed) => [...typed].map((_, i) => {
    const began = performance.now(); window.kb.find(typed.slice(0, i + 1), 60); return performance.now() - began; })"""


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("no Chromium found; set CHROMIUM to its path")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = export("site", open_snapshot(ensure(ROOT)), Path(folder))
        print(f"{len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB\n")
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(CHROMIUM_FLAGS))
        print("| page | first contentful paint, ms (median of 7) |\n|---|---:|")
        for name in PAGES:
            times = []
            for _ in range(7):
                page = browser.new_page()
                page.goto((Path(folder) / f"{name}.html").as_uri())
                page.wait_for_timeout(150)
                times.append(page.evaluate(PAINT) or float("nan"))
                page.close()
            print(f"| {name} | {statistics.median(times):.0f} |")
        page = browser.new_page()
        page.goto((Path(folder) / "search.html").as_uri())
        page.wait_for_function("window.kbIndex")
        times = page.evaluate(KEYSTROKES, TYPED)
        print(f"\nsearch, {len(times)} keystrokes: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms")
        browser.close()


if __name__ == "__main__":
    main()
