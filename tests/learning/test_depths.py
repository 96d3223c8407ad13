"""What is drawn into the skin is what the base prints, and deeper means lower."""

import re

from kb.snapshot import Snapshot
from kb.views.charts.skin_layers import Column, drawing
from kb.views.techniques import NO_NEEDLE, depth_of, picture
from tests.views.markup import Markup


def test_every_mark_repeats_words_of_the_base(base: Snapshot) -> None:
    for slug, depths in base.document("depths").items():
        printed = depth_of(base.monograph(slug))
        for mark in depths["marks"]:
            assert mark["said"] in printed, f"{slug}: {mark['said']!r} no longer stands in {printed!r}"


def test_every_figure_drawn_stands_in_the_words_it_is_read_from(base: Snapshot) -> None:
    for slug, depths in base.document("depths").items():
        for mark in depths["marks"]:
            figures = {float(x) for x in re.findall(r"\d+(?:\.\d+)?", mark["said"])}
            for end in (mark["from_mm"], mark["to_mm"]):
                assert end in (None, 0) or end in figures, (slug, mark)


def test_every_printed_depth_in_millimetres_is_drawn(base: Snapshot) -> None:
    techniques = [row["id"] for row in base.document("catalogue") if row["kind"] == "technique"]
    printed = {t for t in techniques if re.search(r"\bmm\b", depth_of(base.monograph(t)))}
    assert printed <= set(base.document("depths"))
    assert not {t for t in base.document("depths") if depth_of(base.monograph(t)) == NO_NEEDLE}


def test_sources_that_disagree_are_both_drawn(base: Snapshot) -> None:
    for slug in base.document("depths"):
        words = depth_of(base.monograph(slug))
        if words.startswith("Sources disagree"):
            marks = base.document("depths")[slug]["marks"]
            assert len(marks) > 1 or "another" in (marks[0]["note"] or ""), slug


def column(name: str, *ends: float) -> Column:
    marks = [{"said": "x", "from_mm": None, "to_mm": e, "layer": None, "note": None} for e in ends]
    return Column(name, name, "x", marks)


def test_deeper_is_lower_and_shallow_techniques_come_first() -> None:
    d = drawing([column("deep", 9.0), column("shallow", 0.5, 1.5), column("middle", 4.0)])
    assert [c["id"] for c in d.columns] == ["shallow", "middle", "deep"]
    tips = [m["tip"] for c in d.columns for m in c["marks"]]
    assert tips == sorted(tips)
    assert d.surface < tips[0] < tips[-1] < d.bottom < d.height
    per_mm = (tips[-1] - d.surface) / 9
    assert abs(tips[0] - d.surface - 0.5 * per_mm) < 0.2
    xs = [m["x"] for c in d.columns for m in c["marks"]]
    assert xs == sorted(xs)
    assert xs[-1] < d.right <= d.width


def test_words_that_changed_are_not_drawn(base: Snapshot) -> None:
    class Changed:
        def monograph(self, slug: str) -> object:
            page = dict(base.monograph(slug))
            return page | {"profile": {"depth": {"value": "something else", "references": []}}}

        def document(self, name: str) -> object:
            return base.document(name)

    assert picture(["papule"], base) is not None
    assert picture(["papule"], Changed()) is None  # type: ignore[arg-type]


def test_the_picture_can_be_read_without_seeing_it(base: Snapshot) -> None:
    from kb.views import render

    html = render("techniques", {}, base).html
    assert Markup(html).faults == []
    described = re.search(r"<desc[^>]*>(.*?)</desc>", html, re.DOTALL)
    assert described is not None
    for slug in base.document("depths"):
        assert base.monograph(slug)["name"] in described[1]
