"""Techniques side by side: how deep each reaches as its sources print it, drawn into the skin, and trait by trait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.views import reading, words
from kb.views.charts import skin_layers
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot

Value = dict[str, Any]

ORDER = ("depth", "delivery", "irritation", "recovery", "pain", "harms", "device")
NO_NEEDLE = "no needle"
"""What `profile.depth` says of a technique that pierces nothing."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    every = [row["id"] for row in reading.catalogue(snapshot).values() if row["kind"] == "technique"]
    asked = [t for t in params.get("technique", []) if t in every]
    pages = {t: snapshot.monograph(t) for t in every}
    told = [t for t in every if compared(pages[t])]
    chosen = list(dict.fromkeys(asked)) or told
    html = draw(
        "techniques",
        picture=picture(chosen, snapshot),
        rows=traits([pages[t] for t in chosen]),
        traits=[(t, words.title_of(words.TRAITS, t)) for t in ORDER],
        no_needle=[pages[t] for t in every if depth_of(pages[t]) == NO_NEEDLE],
        silent=[pages[t] for t in every if t not in told and depth_of(pages[t]) != NO_NEEDLE],
        chosen=asked,
        options=[(t, pages[t]["name"]) for t in told],
        total=len(every),
        citer=reading.citer(snapshot),
    )
    return Fragment("Techniques", html)


def depth_of(page: Page) -> str:
    trait = (page["profile"] or {}).get("depth")
    return str(trait["value"]) if trait else ""


def compared(page: Page) -> bool:
    """Is there anything to compare besides that it needs no needle?"""
    told = {t for t, value in (page["profile"] or {}).items() if value}
    return bool(told - {"depth"}) or depth_of(page) not in {"", NO_NEEDLE}


def picture(techniques: Iterable[str], snapshot: Snapshot) -> skin_layers.Drawing | None:
    """The drawing of those techniques whose printed depth can be drawn; None when there is none."""
    depths = snapshot.document("depths")
    columns = []
    for slug in techniques:
        try:
            page = snapshot.monograph(slug)
        except KeyError:
            continue
        trait = (page["profile"] or {}).get("depth")
        if not trait or slug not in depths:
            continue
        # A mark is drawn only while its words stand in the base.
        marks = [m for m in depths[slug]["marks"] if m["said"] in trait["value"]]
        if marks:
            columns.append(
                skin_layers.Column(slug, page["name"], trait["value"], marks, list(trait.get("references", ())))
            )
    return skin_layers.drawing(columns) if columns else None


def traits(pages: Iterable[Mapping[str, Any]]) -> list[Value]:
    """One row a technique: its traits by name, each with value, references and pages."""
    rows = []
    for page in pages:
        profile = page["profile"] or {}
        rows.append({"id": page["id"], "name": page["name"], "traits": {t: profile.get(t) for t in ORDER}})
    return rows
