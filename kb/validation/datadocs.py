"""Great Expectations' Data Docs, made to stand alone on this machine.

The pages it builds ask other hosts for style sheets, scripts and fonts, and without those scripts its index stays empty.
Whatever would be asked for is taken out, every script with it; one small style sheet of ours is put in, and an
index of our own leads to the pages.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.validation.outcome import Outcome

_ELSEWHERE = r"(?:https?:)?//"
_END = r"\s*".join(["</div>"] * 5)
_GONE = (
    re.compile(r"<script\b.*?</script>", re.IGNORECASE | re.DOTALL),
    re.compile(rf"""<(?:link|img|iframe)\b[^>]*\b(?:href|src)=["']{_ELSEWHERE}[^>]*>""", re.IGNORECASE),
    re.compile(rf"""@import[^;]+;|url\(['"]?{_ELSEWHERE}[^)]*\)""", re.IGNORECASE),
    re.compile(r"<footer>.*?</footer>", re.IGNORECASE | re.DOTALL),  # an invitation to a newsletter
    # The card with a filter that only a script could work.
    re.compile(r'<div class="card mb-3">\s*<div [^>]*>\s*<strong>Actions</strong>.*?' + _END, re.DOTALL),
    re.compile(r"""\son[a-z]+=("[^"]*"|'[^']*')""", re.IGNORECASE),
)
_STYLE = """<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: break-word; }
table { border-collapse: collapse; margin: .5rem 0; } td, th { border: 1px solid #8886; padding: .25rem .5rem; text-align: left; }
td.number { text-align: right; }
nav ul, .breadcrumb { list-style: none; padding: 0; display: flex; gap: .75rem; flex-wrap: wrap; }
img, svg { max-height: 2rem; } .hide, .navbar-brand { display: none; }
i.fas { font-style: normal; white-space: nowrap; } .fa-check-circle::before { content: "\\2713\\a0met"; }
.fa-times::before { content: "\\2717\\a0not met"; font-weight: bold; } pre { white-space: pre-wrap; }
.fa-exclamation-triangle::before { content: "! could not be asked"; font-weight: bold; }
</style></head>"""
_PARTS = ("validations", "expectations", "static", "index.html")
_SEVERITIES = ("critical", "warning", "info")


def clear(folder: Path) -> None:
    """Take earlier Data Docs out of `folder`; whatever else lies there stays."""
    for part in (folder / name for name in _PARTS):
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)


def stand_alone(folder: Path, outcomes: Iterable[Outcome], rows: Mapping[str, int]) -> None:
    """Rewrite every page below `folder` so that it loads nothing, and put an index before them. `rows`: table to its length."""
    shutil.rmtree(folder / "static", ignore_errors=True)
    for page in sorted(folder.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for pattern in _GONE:
            text = pattern.sub("", text)
        page.write_text(text.replace("</head>", _STYLE, 1), encoding="utf-8")
    (folder / "index.html").write_text(_index(folder, outcomes, rows), encoding="utf-8")


def _index(folder: Path, outcomes: Iterable[Outcome], rows: Mapping[str, int]) -> str:
    lines = []
    for outcome in sorted(outcomes, key=lambda o: o.table):
        found = Counter(p.severity for p in outcome.problems)
        numbers = (rows[outcome.table], outcome.evaluated, outcome.evaluated - outcome.failed)
        results = sorted((folder / "validations" / outcome.table).rglob("*.html"))
        links = [(page, "results") for page in results] + [
            (folder / "expectations" / f"{outcome.table}.html", "expectations")
        ]
        cells = [
            f'<th scope="row">{escape(outcome.table)}</th>',
            *(f'<td class="number">{n}</td>' for n in (*numbers, *(found[s] for s in _SEVERITIES))),
            "<td>"
            + " · ".join(f'<a href="{escape(page.relative_to(folder).as_posix())}">{name}</a>' for page, name in links)
            + "</td>",
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    heads = ("Table", "Rows", "Expectations", "Met", *(s.title() for s in _SEVERITIES), "Pages")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Data Docs</title>{_STYLE}
<body><main><h1>Data Docs</h1>
<p>What every table of the base is expected to hold, and whether it does, as Great Expectations tells it. Critical problems
stop a release; the others are the curators' work list.</p>
<table><thead><tr>{head}</tr></thead><tbody>
{chr(10).join(lines)}
</tbody></table></main></body></html>
"""
