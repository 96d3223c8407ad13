"""Pieces of pages for other people's pages: a bottom line, an evidence table, a check; each a small document of its own.

A widget is shown in a frame (`<iframe src="…/widget/bottom-line?id=minoxidil">`). It runs no script, sets nothing in the
browser and asks nobody but the server it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.views import reading, sections, words
from kb.views.shell import Fragment, assets_version
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

KINDS = ("bottom-line", "evidence", "check")
BOXES = {
    "ingredient": "Ingredients",
    "technique": "Technique",
    "condition": "Conditions",
    "substance": "Medicines",
}
"""Boxes of the check; several words are separated by semicolons."""
_MOST = {"bottom-line": 3, "evidence": 40}
_LONGEST = 200


def render(kind: str, params: Mapping[str, list[str]], snapshot: Snapshot, base: str) -> Fragment:
    """The document of a widget; `base` is the path of the server, from `/` to `/`. 404 for what is not recorded."""
    if kind == "check":
        return _check(params, snapshot, base)
    slug = reading.first(params, "id")
    if slug not in reading.catalogue(snapshot):
        return _drawn(snapshot, base, "Not found", 404, kind="missing", asked=words.cut(slug, 80))
    page = snapshot.monograph(slug)
    lines = sorted(page["assessments"], key=sections.rank)
    citer = reading.citer(snapshot)
    shown = [_line(a, slug, citer) for a in lines[: _MOST[kind]]]
    more = len(lines) - len(shown)
    link = base + reading.link_of(snapshot, slug)
    return _drawn(snapshot, base, page["name"], kind=kind, name=page["name"], lines=shown, more=more, link=link)


def _line(assessment: Mapping[str, Any], slug: str, citer: Any) -> dict[str, Any]:
    """A bottom line with the other end of it, and its papers by name and address."""
    other = "subject_name" if assessment["object"] == slug else "object_name"
    papers = [citer.reference(key) for key in assessment["references"]]
    named = [{"name": citer.short(r["key"]), "url": r["links"][0]["url"] if r["links"] else None} for r in papers if r]
    return {
        **assessment,
        "other": assessment[other],
        "how": words.title_of(words.ROUTES, assessment["route"]),
        "papers": named,
    }


def _check(params: Mapping[str, list[str]], snapshot: Snapshot, base: str) -> Fragment:
    given = {name: "; ".join(params.get(name, ()))[:2000] for name in BOXES}
    said = {name: [w.strip()[:_LONGEST] for w in re.split(r"[;\n]", text) if w.strip()] for name, text in given.items()}
    answer = None
    if any(said.values()):
        plan = (said["ingredient"], said["technique"] or None, said["condition"], said["substance"])
        answer = snapshot.precheck.check(*plan).as_dict()
    texts = {a["caution"]: a for a in answer["alerts"]} if answer else {}
    cards = [{**c, "text": texts[c["cautions"][0]]} for c in answer["cards"]] if answer else []
    return _drawn(
        snapshot, base, "Pre-procedure check", kind="check", boxes=BOXES, given=given, answer=answer, cards=cards,
        hints=snapshot.field["hints"], link=f"{base}precheck",
    )  # fmt: skip


def _drawn(snapshot: Snapshot, base: str, title: str, status: int = 200, **values: Any) -> Fragment:
    html = draw(
        "widget", title=title, base=base, version=assets_version(), field=snapshot.field, meta=snapshot.meta, **values
    )
    return Fragment(title, html, status)
