"""What views ask of a snapshot again and again: names, the catalogue by id, the nearest names to an unknown one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.model.lineage import lineage
from kb.views import links, words
from kb.views.shell import Fragment
from kb.views.templating import Citer, draw

if TYPE_CHECKING:
    from kb.questions.shapes import CatalogueRow, Counts, EvidenceCell
    from kb.snapshot import Snapshot

Value = dict[str, Any]


def first(params: Mapping[str, list[str]], *names: str) -> str:
    """The first value given under any of these names, trimmed; empty when none is."""
    for name in names:
        for value in params.get(name, ()):
            if value.strip():
                return value.strip()
    return ""


def asked(params: Mapping[str, list[str]]) -> str:
    """The id a page of one thing is asked for, whatever the parameter is called; empty when none is."""
    return first(params, "ingredient", "technique", "indication", "id")


def page_view(view: str, params: Mapping[str, list[str]], snapshot: Snapshot) -> str:
    """`ingredient` or `indication`, whichever draws the thing that is asked for: old addresses may name the other."""
    row = catalogue(snapshot).get(asked(params))
    if row and view == "ingredient" and row["kind"] == "indication":
        return "indication"
    return "ingredient" if row and view == "indication" and "indication" not in row["kinds"] else view


def catalogue(snapshot: Snapshot) -> dict[str, CatalogueRow]:
    """Id to its row of the catalogue, in the order of names."""
    return snapshot.derived("catalogue", lambda: {row["id"]: row for row in snapshot.document("catalogue")})


def evidence_map(snapshot: Snapshot) -> list[EvidenceCell]:
    """Every subject with findings of benefit for an indication, by names."""
    cells: list[EvidenceCell] = snapshot.document("evidence-map")
    return cells


def counts(snapshot: Snapshot) -> Counts:
    """How much is recorded."""
    found: Counts = snapshot.document("counts")
    return found


def name_of(snapshot: Snapshot, slug: str | None) -> str:
    row = catalogue(snapshot).get(slug or "")
    return row["name"] if row else words.say(slug)


def kind_of(snapshot: Snapshot, slug: str) -> str:
    """The leading kind of a thing; empty for what has no page."""
    row = catalogue(snapshot).get(slug)
    return row["kind"] if row else ""


def link_of(snapshot: Snapshot, slug: str, anchor: str = "") -> str:
    """The address of the page of a thing, by its leading kind; `anchor` is an id on that page."""
    row = catalogue(snapshot).get(slug)
    return links.href_of(slug, row["kind"] if row else None, anchor)


def broader(snapshot: Snapshot, slug: str) -> list[str]:
    """The broader ingredients or techniques whose cautions hold for `slug` as well, the nearest first."""
    subjects = snapshot.precheck.subjects
    return lineage(slug, lambda s: [p for p in subjects.get(s, {}).get("parents", ()) if p in subjects])[1:]


def citer(snapshot: Snapshot) -> Citer:
    """A fresh numbering of references for one page."""
    return Citer(snapshot.document("references"))


def suggestions(text: str, kinds: tuple[str, ...], snapshot: Snapshot, limit: int) -> list[Value]:
    """Hits for what someone typed, as the page's search box shows them."""
    found: list[Value] = []
    wide = limit if not kinds else max(80, limit)
    for hit in snapshot.search(text, wide):
        row = catalogue(snapshot).get(hit.id)
        if kinds and not set(kinds) & set(row["kinds"] if row else [hit.kind]):
            continue
        note = ""
        if hit.kind in {"reference", "claim"}:
            note = words.title_of(words.VERDICTS, hit.hint) if hit.kind == "claim" else hit.hint
        elif hit.matched.casefold() not in {hit.name.casefold(), hit.id.replace("-", " ")}:
            note = f"matched: {hit.matched}"
        found.append(
            {
                "label": hit.name,
                "kind": words.title_of(words.KINDS, hit.kind),
                "note": note,
                "href": links.href_of(hit.id, hit.kind),
                "value": hit.id,
            }
        )
        if len(found) == limit:
            break
    return found


def not_found(asked: str, kinds: tuple[str, ...], snapshot: Snapshot) -> Fragment:
    """A page for an id nobody knows, with the nearest names."""
    spaced = asked.replace("-", " ")
    near = suggestions(spaced, kinds, snapshot, 8) or suggestions(spaced, (), snapshot, 8)
    return Fragment("Not found", draw("not_found", asked=words.cut(asked, 80), near=near), 404)
