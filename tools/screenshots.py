"""Pictures of every page for the documentation: `make screenshots` (needs Chromium; CHROMIUM names another one).

Serves both editions from the current snapshot and writes `docs/pictures/<page>-<desktop|phone>-<light|dark>.png` and
the page that shows them, `docs/pages.md`. `python tools/screenshots.py ingredient home` takes these again and no others.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PAGES_FILE = ROOT / "docs" / "pages.md"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
START_SECONDS = 120


class View(NamedTuple):
    """A page to show: file name, edition, address, what it is, and what is to be clicked or shown first."""

    name: str
    edition: str
    address: str
    title: str
    says: str
    at: str = ""
    """Selector of what the picture starts with; the head of the page without one."""


PLAN = (
    "precheck#ingredient=dutasteride&ingredient=tranexamic-acid&technique=microneedling"
    "&condition=pregnancy&substance=warfarin&substance=ginkgo-biloba"
)
VIEWS = (
    View(
        "home",
        "clinician",
        "",
        "Home",
        "Search forgiving of typos and lay words, entry by field, what is new, how complete and how checked the base is.",
    ),
    View(
        "search",
        "clinician",
        "?q=baldnes",
        "Search",
        "Results by kind, each kind on its own with one press, with or without a server, forgiving of typos and lay words; here both "
        "at once.",
    ),
    View(
        "monographs",
        "clinician",
        "ingredient",
        "Monographs",
        "Every ingredient and technique with its best evidence; filter by word, kind, certainty.",
    ),
    View(
        "ingredient",
        "clinician",
        "ingredient?ingredient=dutasteride",
        "Monograph",
        "The answer in one line by route, who must not have it, then the bottom lines with their figures; everything behind them below.",
    ),
    View(
        "findings",
        "clinician",
        "ingredient?ingredient=deoxycholic-acid",
        "Summary of findings",
        "Further down a monograph: forest plots and the figures as printed.",
        "#summary-of-findings",
    ),
    View("technique", "clinician", "ingredient?ingredient=microneedling", "Technique", "The same for a technique."),
    View(
        "indication",
        "clinician",
        "indication?indication=androgenetic-alopecia",
        "Indication",
        "Everything tried for it, by certainty and direction, with absolute effects.",
    ),
    View("evidence", "clinician", "evidence", "Evidence map", "What was studied for what, and where nothing is known."),
    View(
        "compare",
        "clinician",
        "compare?item=minoxidil&item=dutasteride&item=finasteride",
        "Compare",
        "Two to four side by side on the same rows.",
    ),
    View(
        "precheck",
        "clinician",
        PLAN,
        "Pre-procedure check",
        "Alerts for a cocktail, a technique and a patient, the gravest first. Nothing of it is stored.",
        ".check",
    ),
    View(
        "mixing",
        "clinician",
        "mixing",
        "Mixing",
        "Every pair on record for one syringe: tested, only stated by a label, incompatible, and what nobody looked at, kept apart.",
    ),
    View(
        "care",
        "clinician",
        "care?card=vascular-occlusion",
        "Emergencies and aftercare",
        "One card for each emergency and for the days after a session: recognise, do first, refer; every line with who says so, "
        "one page on paper.",
    ),
    View(
        "handout",
        "clinician",
        "handout?assessment=minoxidil-intradermal-female-pattern-hair-loss",
        "Hand-outs for patients",
        "One page in plain words for each treatment and problem that has been rated: people drawn with the comparison beside "
        "them, what can go wrong, what nobody knows, and a text for the record. Where the address of the pages is known "
        "(`kb serve --url https://kb.clinic.example/`, `kb export site --base-url`) a QR code leads from the paper to this page, and names "
        "the release it was printed from: whoever opens a newer one is told.",
    ),
    View(
        "explore",
        "clinician",
        "explore?node=minoxidil",
        "Explore",
        "The links of one thing; each can be followed.",
        "#links",
    ),
    View(
        "why",
        "clinician",
        "explore?a=dutasteride&b=female-pattern-hair-loss",
        "Why are these two connected?",
        "The ways between two things, in sentences with their papers.",
        "#why",
    ),
    View(
        "claims", "clinician", "claims?verdict=contradicted", "Claims", "What popular pages say, against the evidence."
    ),
    View("paper", "clinician", "?paper=olsen2002", "Paper", "One paper, and everything the base took from it."),
    View(
        "about",
        "clinician",
        "about",
        "About",
        "Who it is for, how it is graded, what is checked, what was corrected or left out.",
    ),
    View("trainee", "trainee", "", "Trainee edition", "The way in for those who learn."),
    View("topics", "trainee", "topics", "Topics", "Paths through the base."),
    View("quiz", "trainee", "quiz", "Questions", "Made from the base, with the answer explained."),
    View(
        "cases",
        "trainee",
        "cases",
        "Cases",
        "Invented patients that unfold: history, what comes out when asked, the plan, a decision, what the check says, how it ends.",
    ),
    View("techniques", "trainee", "techniques", "Techniques", "How deep each technique reaches."),
    View("glossary", "trainee", "glossary", "Glossary", "The words that pages use, with where they come from."),
)


def chromium() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        sys.exit("no Chromium found: install chromium or Google Chrome, or set CHROMIUM to its path")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(edition: str) -> Iterator[str]:
    """A server of this edition on a free port, stopped afterwards; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "kb.cli", "serve", "--edition", edition, "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}/"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"the {edition} edition did not start; `kb serve --edition {edition}` says why")
            time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def take(browser: Browser, easel: Page, address: str, views: list[View]) -> None:
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for view in views:
                page.goto("about:blank")  # an address that differs behind # only would not load anew
                page.goto(address + view.address)
                page.wait_for_selector("#answer" if "#" in view.address else "main h1", timeout=30_000)
                if view.at:
                    scroll = "selector => document.querySelector(selector).scrollIntoView({behavior: 'instant'})"
                    page.evaluate(scroll, view.at)
                page.evaluate("document.fonts.ready")
                page.wait_for_timeout(250)
                file = PICTURES / f"{view.name}-{size}-{scheme}.png"
                file.write_bytes(small(page.screenshot(), easel))
                print(file.relative_to(ROOT), f"{file.stat().st_size // 1024} KB")
            context.close()


PALETTE = """async data => {
  const image = new Image();
  image.src = "data:image/png;base64," + data;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const points = new Uint32Array(drawing.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) || 0) + 1);
  const ordered = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const parts = c => [c & 255, (c >> 8) & 255, (c >> 16) & 255];
  const kept = ordered.slice(0, 256).map(parts);
  const place = new Map(ordered.slice(0, 256).map((c, i) => [c, i]));
  for (const c of ordered.slice(256)) {
    const [r, g, b] = parts(c);
    let best = 0, least = Infinity;
    kept.forEach(([x, y, z], i) => {
      const far = 2 * (r - x) ** 2 + 4 * (g - y) ** 2 + 3 * (b - z) ** 2;
      if (far < least) { least = far; best = i; }
    });
    place.set(c, best);
  }
  let text = "";
  for (let i = 0; i < points.length; i += 8192) {
    text += String.fromCharCode(...Array.from(points.subarray(i, i + 8192), c => place.get(c)));
  }
  return {width: image.width, height: image.height, palette: kept.flat(), marks: btoa(text)};
}"""
"""Colours of a picture reduced to the 256 it uses most, in the browser that drew it."""


def small(picture: bytes, easel: Page) -> bytes:
    """The same PNG with a palette: a third of the size, and no difference that an eye sees."""
    drawn = easel.evaluate(PALETTE, base64.b64encode(picture).decode())
    width, height, marks = drawn["width"], drawn["height"], base64.b64decode(drawn["marks"])
    rows = b"".join(b"\0" + marks[row * width : (row + 1) * width] for row in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(drawn["palette"])),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    reduced = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    return min(reduced, picture, key=len)


def contact_sheet() -> str:
    lines = [
        "# The pages, one by one",
        "",
        "Taken by `make screenshots` from the base as it stands. Every page exists in light and dark, for a desktop and a",
        "phone; dark pictures lie beside the light ones in [pictures/](pictures/).",
        "",
        "How three tasks are answered here and by four others that people know: [comparison.md](comparison.md).",
        "",
        "All pages are set in two free typefaces that the server sends itself (Inter for text, Source Serif 4 for headings; SIL",
        "Open Font License, 99 kB together); what they lack comes from the reader's system.",
        "",
    ]
    for edition, heading in (("clinician", "For clinicians"), ("trainee", "For trainees")):
        lines += [f"## {heading}", ""]
        for view in VIEWS:
            if view.edition == edition:
                desktop, phone = (f"pictures/{view.name}-{size}-light.png" for size in SIZES)
                dark = f"pictures/{view.name}-desktop-dark.png"
                lines += [
                    f"### {view.title}",
                    "",
                    f"{view.says} ([dark]({dark}))",
                    "",
                    f'<img src="{desktop}" width="640" alt="{view.title} on a desktop"> '
                    f'<img src="{phone}" width="208" alt="{view.title} on a phone">',
                    "",
                ]
    return "\n".join(lines).rstrip() + "\n"


def main(names: list[str]) -> None:
    unknown = set(names) - {view.name for view in VIEWS}
    if unknown:
        sys.exit(f"no page is called {', '.join(sorted(unknown))}; there are {', '.join(v.name for v in VIEWS)}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    PAGES_FILE.write_text(contact_sheet(), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        easel = browser.new_page()
        for edition in ("clinician", "trainee"):
            views = [v for v in VIEWS if v.edition == edition and (not names or v.name in names)]
            if views:
                with served(edition) as address:
                    take(browser, easel, address, views)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
