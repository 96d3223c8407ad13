"""What makes the static site installable and lets it work without a connection, where it is served over http(s).

`app.webmanifest` describes it to a phone; `sw.js` keeps what was opened, and from the first visit on the tools and the emergency cards.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from kb.exports import site_answers, site_check, site_compare, site_revise
from kb.exports.site_address import CHECK
from kb.snapshot import Snapshot
from kb.views.shell import FONTS

AWAY = "offline.html"
_ASSETS = Path(__file__).parent / "assets"
_STATIC = (
    "site.css",
    "site.js",
    "theme.js",
    "icon.svg",
    "search.js",
    "search-index.js",
    "answer.js",
    site_answers.DATA,
    "check-data.js",
    *FONTS,
)
_TOOLS = ("compare/", "revise/")
"""What the comparison and revision load besides, kept after the first visit; the cards of answers (more than a thousand) with all else."""
_PAGES = ("index.html", "search.html", CHECK, site_compare.PAGE, site_revise.PAGE, AWAY)


def page() -> str:
    """What a reader sees who opens a page that is not kept, without a connection."""
    return """<div class="empty"><h1>No connection</h1><p>This page is not kept on this device. Pages you have opened before still open,
and so do these:</p><p class="row"><a class="button" href="index.html">Home</a> <a class="button" href="care/index.html">Emergencies</a>
<a class="button" href="precheck.html">Pre-procedure check</a> <a class="button" href="search.html">Search</a></p></div>"""


def files(snapshot: Snapshot, pages: Collection[str], parts: Collection[str]) -> Iterator[tuple[str, str]]:
    """File and text: the manifest and the service worker. `parts` are the scripts that pages load when they need them."""
    manifest = {
        "name": snapshot.field["name"],
        "short_name": snapshot.field["short_name"],
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [{"src": "static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    yield "app.webmanifest", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    scripts = {*site_check.SCRIPTS, *site_compare.SCRIPTS, *site_revise.SCRIPTS}
    core = [
        *_PAGES,
        *sorted(p for p in pages if p.startswith("care/")),
        *(f"static/{f}" for f in (*_STATIC, *sorted(scripts))),
    ]
    tools = [f"static/{part}" for part in sorted(parts) if part.startswith(_TOOLS)]
    known = {"VERSION": snapshot.meta["content"], "CORE": core, "TOOLS": tools}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    yield "sw.js", head + (_ASSETS / "sw.js").read_text(encoding="utf-8")
