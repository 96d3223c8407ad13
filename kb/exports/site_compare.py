"""Comparison on the static site: each ingredient and technique as drawn cells, put side by side by `assets/compare.js`.

An item's file holds its rows of every group of `kb.views.compare_rows`, as if it were compared with nothing; which rows are
shared, and in which order they stand, is settled where the items meet. tests/agreement holds the script to the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from kb.model.terms import ACTORS
from kb.snapshot import Snapshot
from kb.views import compare_rows, reading, words
from kb.views.templating import environment

if TYPE_CHECKING:
    from kb.questions.shapes import Page

Value = dict[str, Any]

PAGE = "compare.html"
DATA = "compare-data.js"
SCRIPTS = (DATA, "compare.js", "compare-page.js")
"""In the order in which the page loads them."""

ORDER = {
    "glance": ("Kind", "In short", "Role in a cocktail", "Evidence recorded here", "About the evidence"),
    "studied": ("Designs", "Routes and doses", "Sessions", "Longest follow-up"),
    "profile": tuple(words.TRAITS.values()),
    "harms": (*(words.say(band) for band in words.BANDS), words.NOT_SEEN),
    "cautions": tuple(words.SEVERITIES.values()),
}
"""Labels of the rows of each group, in the order in which they stand; places stand in the order of their names."""


def items(snapshot: Snapshot, drawing: Callable[[], AbstractContextManager[None]]) -> Iterator[tuple[str, Value]]:
    """Each item that can be compared, with its rows; each is drawn within `drawing()`."""
    for slug, row in reading.catalogue(snapshot).items():
        if set(ACTORS) & set(row["kinds"]):
            with drawing():
                yield slug, item(snapshot.monograph(slug), snapshot)


def item(page: Page, snapshot: Snapshot) -> Value:
    """`name`, `href`; `rows` as group to [label, address, title, cell, and for an indication its id];
    `direct` as [id, subject, object, people, label, title, cell].
    """
    cell = cells(snapshot)
    groups = {s["id"]: s["rows"] for s in compare_rows.sections([page], snapshot)}
    groups["what-for"] = compare_rows.apart([page], snapshot)
    rows = {
        group: [
            [
                r["label"],
                r["href"],
                r["title"],
                cell(r["shape"], r["cells"][0]),
                *([r["object"]] if "object" in r else []),
            ]
            for r in found
        ]
        for group, found in groups.items()
    }
    direct = []
    for f in compare_rows.compared(page):
        r = compare_rows.direct_row(f)
        html = cell("direct", r["cells"][0])
        direct.append([f["id"], f["subject"], f["object"], f["n"] or 0, r["label"], r["title"], html])
    return {"name": page["name"], "href": reading.link_of(snapshot, page["id"]), "rows": rows, "direct": direct}


def cells(snapshot: Snapshot) -> Callable[[str, Any], str]:
    """Draws one cell. Papers are numbered by the script, across all cells that come to stand together."""

    def draw(shape: str, value: Any) -> str:
        template = environment().get_template("compare_cells.html.j2")
        module: Any = template.make_module({"citer": reading.citer(snapshot)})
        return str(module.cell(shape, value)).strip()

    return draw


def data(snapshot: Snapshot, made: Mapping[str, Value]) -> str:
    """The script the page loads first: titles, orders, and the indications of all items with their broader terms."""
    catalogue = reading.catalogue(snapshot)
    used = sorted({row[4] for item in made.values() for row in item["rows"].get("what-for", ())})
    objects = {s: [catalogue[s]["name"], list(catalogue[s]["parents"])] for s in used}
    value = {"titles": compare_rows.TITLES, "order": ORDER, "objects": objects}
    return f"window.kbCompare={json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
