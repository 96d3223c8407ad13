"""Drawings are kept as files, since every pixel of them is worked out: a change of one is to be looked at.

`python -m tests.views.test_drawings` draws all of them anew, once the change was seen to be right.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kb.questions.answer import Dose, Studied
from kb.views.charts import doses, evidence_map, forest, graph, skin_layers, timeline
from kb.views.charts.labels import wrapped

KEPT = Path(__file__).with_name("drawings")

LONG = "Platelet-rich plasma with hyaluronic acid, and a second preparation that nobody names in one word"


def days() -> str:
    bars = [
        timeline.Bar("Garlic & ginkgo", -14, 0, "caution"),
        timeline.Bar(LONG, -183, 28, "avoid"),
        timeline.Bar("Sun", 0, 2, "inform"),
    ]
    return "\n".join(
        str(timeline.timeline(b)) for b in (bars, bars[:1], [timeline.Bar("The day alone", 0, 0, "avoid")])
    )


def planned_dose() -> str:
    studied = [
        Studied(2.0, 4.0, "mg", None, "one", "adams2001", "intradermal"),
        Studied(3.0, 3.0, "mg", None, "two", "brown2002", "intradermal"),
        Studied(0.5, 1.0, "mL", None, "three", "clark2003", "intradermal"),
        Studied(5.0, 5.0, "percent", None, "four", "clark2003", "intradermal"),
    ]

    def drawn(**more: Any) -> str:
        values = {"volume_ml": None, "concentration": None, "concentration_unit": None, "amount": None, "unit": None}
        dose = Dose("alphanol", "Alphanol <&>", "said", per_kg=None, studied=studied, message="", **(values | more))
        return str(doses.doses(dose))

    return "\n".join(
        (
            drawn(amount=3.5, unit="mg"),
            drawn(amount=40.0, unit="mg"),
            drawn(amount=0.0, unit="mg", volume_ml=1.0),
            drawn(amount=3.5, unit="IU", concentration=2.5, concentration_unit="percent"),
            drawn(volume_ml=0.1),
            drawn(amount=3.5, unit="IU"),
        )
    )


def bubbles() -> str:
    directions = [*evidence_map.SIGNS, "a word nobody knows"]
    levels = [*evidence_map.LEVELS, None]
    counts = [0, 1, 2, 5, 11, 12, 13, 100]
    shapes = [evidence_map.bubble(d, 3, "low") for d in directions]
    shapes += [evidence_map.bubble("supports", 3, level) for level in levels]
    shapes += [evidence_map.bubble("supports", n, None) for n in counts]
    return "\n".join(map(str, shapes))


def links() -> str:
    threads = (
        graph.Thread(0, 1, "good", "+", "high"),
        graph.Thread(0, 4, "bad", "−", "low"),
        graph.Thread(1, 30, "neutral", "", None),
    )
    leaves = tuple(
        graph.Leaf(f"{LONG if i == 1 else 'Hair loss'} {i}", f"/x?{i}&", "told", threads[: i + 1]) for i in range(3)
    )
    groups = [
        graph.Group("Studied for", leaves, 4, "/more"),
        graph.Group("Cautions", leaves[:1]),
        graph.Group("Harms", leaves[1:2]),
        graph.Group("Broader", leaves[:2], 1, "/more"),
    ]
    roots = [graph.Root("Alphanol", "/a", "ingredient"), graph.Root(LONG, "/b", "technique")]
    few = [graph.Group("Few", (graph.Leaf("One", "/", "told", threads[:1]),))]
    drawn = [f(roots, groups, "Links <of> both") for f in (graph.wide, graph.narrow)]
    drawn += [f(roots[:1], few, "Links") for f in (graph.wide, graph.narrow)]
    return "\n".join(map(str, drawn))


def effects() -> str:
    ratio = [
        forest.Effect("Adams 2001", "at 12 weeks", 1.5, 0.8, 2.9, "adams2001", "supports", 40.0),
        forest.Effect(LONG, LONG, 2.25, 1.5, 3.4, "brown2002", "refutes", 60.0, derived=True),
    ]
    means = [
        forest.Effect("Clark 2003", "", -4.5, -9.25, 0.25, "clark2003", "insufficient"),
        forest.Effect("Davis 2004", "90% interval", 12.0, 3.0, 21.0, "davis2004", "supports", credible=True, level=90),
    ]
    few = forest.Pooled(1.9, 1.2, 3.0, None, None, "I² 0%", (0.4, 9.0))
    many = forest.Pooled(1.9, 1.2, 3.0, 0.7, 5.1, "I² 12%")
    plots = [
        forest.forest(
            "a", "Ratio", "risk-ratio", "", ratio, few, "Two trials.", forest.Sides("higher", "Left", "Right")
        ),
        forest.forest("b", "Ratio", "odds-ratio", "", ratio, many, "Trials.", forest.Sides("lower", "Left", "Right")),
        forest.forest(
            "c",
            "Mean",
            "mean-difference",
            "hairs/cm2",
            means,
            None,
            "As printed.",
            forest.Sides("higher", "Left", "Right"),
        ),
        forest.forest("d", "Mean", "mean-difference", "", means[:1], None, "As printed.", forest.NO_SIDES),
    ]
    return _told([asdict(plot) for plot in plots])


def skin() -> str:
    def mark(low: float | None, high: float | None, layer: str | None = None, note: str = "") -> dict[str, Any]:
        return {"from_mm": low, "to_mm": high, "layer": layer, "note": note, "said": "as printed"}

    columns = [
        skin_layers.Column(
            "deep", "Subcutaneous injection (needle)", "into fat", [mark(None, None, "fat")], ["adams2001"]
        ),
        skin_layers.Column("nappage", "Nappage", "2 to 4 mm", [mark(2, 4, note="face"), mark(0, 1.5)]),
        skin_layers.Column(
            "roller", LONG, "1 mm", [mark(None, 1), mark(None, None, "junction"), mark(None, None, "dermis")]
        ),
        skin_layers.Column("peel", "Peel", "epidermis", [mark(None, None, "epidermis")]),
    ]
    deepest = [skin_layers.Column("long", "Long needle", "13 mm", [mark(4, 13)])]
    return _told([asdict(skin_layers.drawing(c)) for c in (columns, columns[3:], columns[1:2], deepest)])


def lines_of_text() -> str:
    texts = (LONG, "Word", "", "W" * 60, "A" + "i" * 90 + " b", "one two three four five six seven")
    return _told(
        [
            [wrapped(t, width, size, lines) for t in texts]
            for width, size, lines in ((90, 12.5, 2), (60, 13, 1), (200, 9, 3))
        ]
    )


def _told(values: object) -> str:
    return json.dumps(values, indent=1, ensure_ascii=False)


DRAWINGS: dict[str, Callable[[], str]] = {
    "bubbles.svg": bubbles,
    "days.svg": days,
    "doses.svg": planned_dose,
    "forest.json": effects,
    "graph.svg": links,
    "labels.json": lines_of_text,
    "skin.json": skin,
}


def in_lines(drawn: str) -> str:
    """One element a line, so that a difference names the shape that moved."""
    return drawn.replace("><", ">\n<") + "\n"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_as_it_was_when_it_was_looked_at(name: str) -> None:
    assert in_lines(DRAWINGS[name]()) == (KEPT / name).read_text(encoding="utf-8")


def test_a_name_above_a_needle_loses_its_brackets_and_not_what_stands_behind_them() -> None:
    deep = skin_layers.Column("deep", "Deep (hypodermic) injection", "13 mm", [])
    assert skin_layers.short_name(deep) == "Deep injection"


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for name, draw in DRAWINGS.items():
        (KEPT / name).write_text(in_lines(draw()), encoding="utf-8")
