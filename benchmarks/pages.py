"""The served dashboards in Chromium: first paint, switching ingredient by its link, and a typed search.

    python benchmarks/pages.py

Switching is from the click to the next frame after the new page stands: the first time, when the kernel draws it, and again,
when it is remembered. Beside it, in the same run, the same and other pages loaded anew by their address.
Aims: switching in 150 ms at most; first paint is content.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from screenshots import CHROMIUM_FLAGS, chromium, served  # noqa: E402

INGREDIENTS = (
    "minoxidil",
    "dutasteride",
    "biotin",
    "tranexamic-acid",
    "deoxycholic-acid",
    "microneedling",
    "mesotherapy",
)
PAGES = (
    "",
    "ingredient?ingredient=minoxidil",
    "indication?indication=melasma",
    "evidence",
    "precheck",
    "explore?node=minoxidil",
)
ROUNDS = 5
PAUSE_MS = 3000
SWITCH = """href => new Promise(resolve => {
    const began = performance.now();
    const drawn = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    document.addEventListener('kb:shown', drawn, { once: true });
    const link = Object.assign(document.createElement('a'), { href });
    document.querySelector('main').append(link);
    link.click();
})"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SUGGEST = """async typed => { const times = []; for (let i = 2; i <= typed.length; i++) { const began = performance.now();
    await window.kb.suggest(typed.slice(0, i), []); times.push(performance.now() - began); } return times; }"""


def painted(page: Page, address: str) -> float:
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_function(PAINT)
    return float(page.evaluate(PAINT))


def connected(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_function("document.documentElement.dataset.session === 'open'")


def main() -> None:
    with sync_playwright() as playwright, served("clinician") as address:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        connected(page, address)
        page.wait_for_timeout(PAUSE_MS)  # the server heats the next kernel meanwhile
        cold: dict[str, float] = {}
        warm: dict[str, list[float]] = {slug: [] for slug in INGREDIENTS}
        for turn in range(ROUNDS + 1):
            for slug in INGREDIENTS:
                took = float(page.evaluate(SWITCH, f"ingredient?ingredient={slug}"))
                if turn:
                    warm[slug].append(took)
                else:
                    cold[slug] = took
        typed = page.evaluate(SUGGEST, "platelet rich plasma")
        print("| switching to | first time, ms | again, ms (median of 5) |\n|---|---:|---:|")
        for slug in INGREDIENTS:
            print(f"| {slug} | {cold[slug]:.0f} | {statistics.median(warm[slug]):.0f} |")
        print(
            f"\nsearch as typed, {len(typed)} keystrokes: median {statistics.median(typed):.0f} ms, worst {max(typed):.0f} ms"
        )
        print("\n| loaded by its address | first contentful paint, ms (median of 3) |\n|---|---:|")
        for path in PAGES:
            times = []
            for _ in range(3):
                page.wait_for_timeout(PAUSE_MS)  # a reader is given kernels at a reader's pace
                times.append(painted(page, address + path))
            print(f"| {path or 'home'} | {statistics.median(times):.0f} |")
        browser.close()


if __name__ == "__main__":
    main()
