"""Monographs and sheets for the ward as PDF: the very pages of the dashboards, printed with their own print styles.

Printing needs a Chromium or Chrome on this machine and the package playwright, which drives it; nothing is fetched.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kb import views
from kb.exports.data import LICENCE, Data
from kb.views.drawing import Medium
from kb.views.shell import ASSETS, SCRIPTS, STYLES, Site, document

if TYPE_CHECKING:
    from playwright.sync_api import Page

MISSING = (
    "What a page folds away on paper: single findings, claims, links between pages. See the formats site and json.",
    "The pre-procedure check of a patient: its own page prints it.",
)
KINDS = {"ingredient": "monographs", "technique": "monographs", "indication": "sheets"}
"""Kind of thing to the folder its PDF stands in."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
_PATIENCE_MS = 300_000  # a busy machine may take its time; only a browser that hangs is given up
_DATED = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")

_FOLDED = "<style>details:not([open]) { display: none } details.box { border: 0; padding: 0 }</style>"
"""What stays folded has nothing to say on paper but its heading; what is opened there needs no box around it."""


_NOWHERE = "kb:nowhere"
_UNLINK = """nowhere => {
  for (const link of document.querySelectorAll(`a[href="${nowhere}"]`))
    link.matches(".button, .card") ? link.remove() : link.replaceWith(...link.childNodes);
}"""
"""Other pages are not on this paper: buttons and cards that lead to them go, links are their own words."""


class NoChromiumError(OSError):
    """There is no browser to print with."""


def chromium() -> str:
    """The browser to print with: the one the environment variable CHROMIUM names, else an installed one."""
    named = os.environ.get("CHROMIUM")
    found = named if named and Path(named).is_file() else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoChromiumError("the format pdf needs Chromium or Chrome; install chromium, or set CHROMIUM to its path")
    return found


def write(data: Data, folder: Path, progress: Callable[[str], None], only: tuple[str, ...] = ()) -> list[Path]:
    """`monographs/<id>.pdf` of ingredients and techniques, `sheets/<id>.pdf` of indications; with `only`, of these ids.

    The same release printed by the same browser gives the same bytes. Raises NoChromiumError, and ValueError for an id
    that has no page to print.
    """
    from playwright.sync_api import sync_playwright

    wanted = list(_wanted(data, only))
    written = []
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS), timeout=_PATIENCE_MS)
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        for number, (slug, kind) in enumerate(wanted, 1):
            paper = _printed(page, Path(place) / "page.html", _document(data, slug, kind), _foot(data, slug))
            path = folder / KINDS[kind] / f"{slug}.pdf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_dated(paper, data.date))
            written.append(path)
            if number % 25 == 0:
                progress(f"{number} of {len(wanted)} printed")
        browser.close()
    return written


def _wanted(data: Data, only: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    rows = {row["id"]: row["kind"] for row in data.snapshot.document("catalogue")}
    for slug in only:
        if rows.get(slug) not in KINDS:
            raise ValueError(f"{slug!r} is not an ingredient, technique or indication; `kb find` looks for one")
    for slug in only or sorted(rows):
        if rows[slug] in KINDS:
            yield slug, rows[slug]


def _document(data: Data, slug: str, kind: str) -> str:
    view = "indication" if kind == "indication" else "ingredient"
    shown = views.render(view, {view: [slug]}, data.snapshot, Medium(address=lambda *_: _NOWHERE, served=False))
    site = Site(
        static=f"{ASSETS.as_uri()}/",
        release=data.release,
        name=data.title,
        styles=STYLES,
        scripts=_scripts(),
        files=True,
        framed=False,
        head=_FOLDED,
    )
    return document(shown, view, site)


def _scripts() -> tuple[str, ...]:
    """The scripts that get a page ready for paper; none that would ask a server."""
    return tuple(name for name in SCRIPTS if name == "components.js")


def _printed(page: Page, file: Path, text: str, foot: str) -> bytes:
    file.write_text(text, encoding="utf-8")
    page.goto(file.as_uri())
    page.evaluate(_UNLINK, _NOWHERE)
    page.emulate_media(media="print")
    return page.pdf(
        prefer_css_page_size=True, display_header_footer=True, header_template="<span></span>", footer_template=foot
    )


def _foot(data: Data, slug: str) -> str:
    said = f"{data.title}, release {data.release}, {data.date} · {LICENCE} · {data.name(slug)}"
    warning = "Reference for professionals, not medical advice"
    style = (
        "font: 6pt sans-serif; color: #444; width: 100%; margin: 0 11mm; display: flex; justify-content: space-between"
    )
    number = '<span><span class="pageNumber"></span>/<span class="totalPages"></span></span>'
    return f'<div style="{style}"><span>{html.escape(said)}</span><span>{warning}</span>{number}</div>'


def _dated(paper: bytes, date: str) -> bytes:
    """The release's own day in place of the moment of printing, so that the same release gives the same bytes."""
    day = date.replace("-", "").encode() + b"000000"
    return _DATED.sub(lambda m: b"/" + m[1] + b" (D:" + day, paper) if len(day) == 14 else paper
