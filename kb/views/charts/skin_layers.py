"""How deep techniques reach, drawn into a section of skin: layers, needles, and the depths their sources print.

Depths are to scale. Layers are not: the dermis ends at another depth on every part of the body, so the zone between the
thinnest and the thickest mean dermis of one study is hatched and called what it is, dermis or fat. Where sources of one
technique disagree, each has a needle of its own, side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.views import words
from kb.views.charts.labels import text_width

EPIDERMIS_MM = (0.077, 0.267)
DERMIS_MM = (2.1, 5.9)
LAYERS_SOURCE = (
    "Oltulu and colleagues, Measurement of epidermis, dermis, and total skin thicknesses from six different body regions, "
    "Turkish Journal of Plastic Surgery 2018",
    "http://www.turkjplastsurg.org",
)
"""Least and greatest mean of scalp, abdomen, back, breast, back of the hand and of the foot, in women and men."""

LEFT = 128.0
COLUMN_GAP = 14.0
MARK = 38.0
HEAD_ANGLE_SHARE = 0.707
LEAST_SHOWN_MM = 4.0
TALLEST = 520.0
MOST_PER_MM = 84.0
ABOVE = 34.0
"""Room for the hub of the needle above the skin."""


@dataclass(frozen=True)
class Column:
    """One technique: what its sources print (`said`) and the marks read from it (see `kb.learning.records.DepthMark`)."""

    id: str
    name: str
    said: str
    marks: Sequence[Mapping[str, Any]]
    references: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Drawing:
    """Geometry in viewBox units beside its texts; drawn by `templates/skin_layers.html.j2`."""

    width: float
    height: float
    surface: float
    right: float
    bottom: float
    layers: list[dict[str, Any]]
    ticks: list[tuple[float, str]]
    columns: list[dict[str, Any]]
    wave: str
    """The epidermis as a path: flat on top, with ridges that reach down into the dermis."""
    follicles: list[str]
    """Hairs with their roots, between the columns: they show at a glance that this is skin, and reach no stated depth."""
    title: str
    source: tuple[str, str] = LAYERS_SOURCE


def reach(column: Column) -> float:
    """How deep the deepest mark of a technique goes, to put the shallow ones first; fat without a figure comes last."""
    return max(
        m["to_mm"] or {"junction": 0.2, "epidermis": 0.1, "dermis": 1.0, "fat": 20.0}[m["layer"]] for m in column.marks
    )


def short_name(column: Column) -> str:
    """What fits above a needle: the name without what stands in brackets."""
    return words.cut(re.sub(r" \([^)]*\)", "", column.name), 32)


def drawing(columns: Sequence[Column]) -> Drawing:
    """Lay out the section of skin and a needle for every mark. `columns` holds at least one with a mark."""
    columns = sorted(columns, key=reach)
    deepest = max((m["to_mm"] or 0 for c in columns for m in c.marks), default=0)
    has_fat = any(m["layer"] == "fat" for c in columns for m in c.marks)
    shown = max(LEAST_SHOWN_MM, deepest + 0.8, DERMIS_MM[1] + 1.6 if has_fat else 0)
    per_mm = min(MOST_PER_MM, TALLEST / shown)
    head = max(text_width(short_name(c), 13) for c in columns) * HEAD_ANGLE_SHARE * 1.2 + 16
    surface = head + ABOVE
    bottom = surface + shown * per_mm
    placed, x = [], LEFT + COLUMN_GAP
    for column in columns:
        width = MARK * len(column.marks)
        placed.append(_column(column, x, width, surface, per_mm, shown))
        x += width + COLUMN_GAP
    right = x
    last = text_width(short_name(columns[-1]), 13) * HEAD_ANGLE_SHARE * 1.2 + 8
    return Drawing(
        width=round(right + max(12.0, last - MARK * len(columns[-1].marks) / 2), 1),
        height=round(bottom + 8, 1),
        surface=round(surface, 1),
        right=round(right, 1),
        bottom=round(bottom, 1),
        layers=_layers(surface, per_mm, shown),
        ticks=[(round(surface + mm * per_mm, 1), f"{mm} mm") for mm in _ticks(shown)],
        columns=placed,
        wave=_wave(surface, per_mm, right),
        follicles=_follicles(placed, surface),
        title=f"Section of skin with the depths printed for {words.listed([c.name for c in columns])}",
    )


def _wave(surface: float, per_mm: float, right: float) -> str:
    """Ridges between the least and the greatest mean thickness of the epidermis."""
    low, high = surface + EPIDERMIS_MM[0] * per_mm, surface + EPIDERMIS_MM[1] * per_mm
    ridge = 19.0
    n = int((right - LEFT) // ridge) + 1
    steps = "".join(
        f"Q{min(LEFT + (i + 0.5) * ridge, right):.1f},{2 * high - low:.1f} {min(LEFT + (i + 1) * ridge, right):.1f},{low:.1f}"
        for i in range(n)
    )
    return f"M{LEFT:.1f},{surface:.1f}V{low:.1f}{steps}V{surface:.1f}Z"


def _follicles(columns: Sequence[Mapping[str, Any]], surface: float) -> list[str]:
    """A hair in every third gap between columns."""
    return [
        f"M{c['x'] - COLUMN_GAP / 2 + 5:.1f},{surface - 16:.1f}q-7,26 -5,52q-6,4 -4,9q4,4 8,0q2,-6 -4,-9"
        for c in list(columns)[1::3]
    ]


def _ticks(shown: float) -> list[int]:
    step = 1 if shown <= 7 else 2
    return list(range(0, int(shown) + 1, step))


def _layers(surface: float, per_mm: float, shown: float) -> list[dict[str, Any]]:
    bounds = (
        ("dermis", "Dermis", 0.0, DERMIS_MM[0]),
        ("between", "Dermis or fat, by site", DERMIS_MM[0], DERMIS_MM[1]),
        ("fat", "Fat", DERMIS_MM[1], shown),
    )
    layers = []
    for id_, name, top, end in bounds:
        end = min(end, shown)
        if top < end:
            y, height = surface + top * per_mm, (end - top) * per_mm
            label = y + min(height / 2 + 4, 46)
            layers.append(
                {"id": id_, "name": name, "y": round(y, 1), "height": round(height, 1), "label": round(label, 1)}
            )
    return layers


def _column(column: Column, x: float, width: float, surface: float, per_mm: float, shown: float) -> dict[str, Any]:
    marks = [_mark(m, x + MARK * (i + 0.5), surface, per_mm, shown) for i, m in enumerate(column.marks)]
    return {
        "id": column.id,
        "name": column.name,
        "short": short_name(column),
        "said": column.said,
        "references": column.references,
        "x": round(x, 1),
        "width": round(width, 1),
        "middle": round(x + width / 2, 1),
        "marks": marks,
        "words": "; ".join(m["full"] for m in marks),
    }


def _mark(mark: Mapping[str, Any], x: float, surface: float, per_mm: float, shown: float) -> dict[str, Any]:
    """A needle down to `to_mm`, thick where the printed range lies; a layer named without a figure is a dot in it."""
    if mark["layer"]:
        depth = _middle_of(mark["layer"], shown)
        text, start = (
            {"junction": "junction", "fat": "in fat", "dermis": "in skin"}.get(mark["layer"], mark["layer"]),
            None,
        )
    else:
        depth, start = mark["to_mm"], mark["from_mm"]
        text = (
            words.number(depth)
            if start is None
            else f"{words.number(start)}–{words.number(depth)}"
            if start
            else f"≤ {words.number(depth)}"
        )
    note = f" ({mark['note']})" if mark["note"] else ""
    unit = "" if mark["layer"] else " mm"
    return {
        "x": round(x, 1),
        "tip": round(surface + depth * per_mm, 1),
        "from": None if start is None else round(surface + start * per_mm, 1),
        "text": text,
        "layer": bool(mark["layer"]),
        "full": f"{text}{unit}{note}",
        "said": mark["said"],
    }


def _middle_of(layer: str, shown: float) -> float:
    """Where a dot for a layer without a figure is put: well inside it."""
    return {
        "epidermis": sum(EPIDERMIS_MM) / 4,
        "junction": EPIDERMIS_MM[1],
        "dermis": (EPIDERMIS_MM[1] + DERMIS_MM[0]) / 2,
        "fat": min(DERMIS_MM[1] + 0.8, shown - 0.4),
    }[layer]
