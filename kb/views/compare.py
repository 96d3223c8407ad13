"""Two to four ingredients or techniques side by side on the same rows, and all techniques at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.model.terms import ACTORS
from kb.views import choices, compare_rows, reading, words
from kb.views.links import has_server, href
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST = 4
LEAST_TRAITS = 3


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameter: item, two to four times."""
    catalogue = reading.catalogue(snapshot)
    asked = list(dict.fromkeys(s.strip() for s in params.get("item", ()) if s.strip()))
    known = [s for s in asked if s in catalogue and set(ACTORS) & set(catalogue[s]["kinds"])]
    pages = [snapshot.monograph(s) for s in known[:MOST]]
    groups = choices.options(snapshot)
    citer = reading.citer(snapshot)
    html = draw(
        "compare",
        groups=[
            *groups["ingredient"],
            *({"title": "Techniques", "options": g["options"]} for g in groups["technique"]),
        ],
        items=[page["id"] for page in pages],
        pages=[
            {"name": p["name"], "href": reading.link_of(snapshot, p["id"]), "without": _without(p, pages)}
            for p in pages
        ],
        unknown=[words.cut(s, 60) for s in asked if s not in known],
        too_many=len(known) > MOST,
        most=MOST,
        presets=_presets(snapshot, known),
        sections=compare_rows.sections(pages, snapshot) if len(pages) > 1 else [],
        apart=compare_rows.apart(pages, snapshot) if len(pages) > 1 else [],
        techniques=_techniques(snapshot) if len(pages) < 2 else [],
        citer=citer,
        here=not has_server(),
    )
    title = f"Compare: {words.listed([p['name'] for p in pages])}" if len(pages) > 1 else "Compare"
    return Fragment(title, html)


def _without(page: Page, pages: list[Page]) -> str | None:
    """The address of the comparison without this column, when two would remain."""
    rest = [p["id"] for p in pages if p is not page]
    return href("compare", item=rest) if len(rest) > 1 else None


def _presets(snapshot: Snapshot, chosen: list[str]) -> list[Value]:
    found = []
    for offered in snapshot.field["comparisons"]:
        title, slugs = offered["title"], offered["items"]
        names = words.listed([reading.name_of(snapshot, s) for s in slugs])
        found.append({"title": title, "names": names, "href": href("compare", item=slugs), "current": slugs == chosen})
    return found


def _techniques(snapshot: Snapshot) -> list[Value]:
    """Every technique of which enough traits are on record, the fullest rows first."""
    rows = []
    for slug, row in reading.catalogue(snapshot).items():
        if row["kind"] == "technique":
            profile = {k: v for k, v in (snapshot.monograph(slug)["profile"] or {}).items() if v}
            if len(profile) >= LEAST_TRAITS:
                rows.append({"name": row["name"], "href": reading.link_of(snapshot, slug), "profile": profile})
    return sorted(rows, key=lambda r: (-len(r["profile"]), r["name"].casefold()))
