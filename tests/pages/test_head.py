"""What stands under the title of a monograph, and what its figures say: the answer, its date, the way in, the first dose."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kb.snapshot import Snapshot
from kb.views import dosing, render, sections
from kb.views.charts.forest import pooled_plots
from kb.views.shell import ASSETS, FONTS, SCRIPTS, STYLES, Site, document
from tests.browsing import rested
from tests.views.markup import Markup


def head_of(base: Snapshot, slug: str) -> str:
    html = render("ingredient", {"ingredient": [slug]}, base).html
    return html.partition('<header class="page-head"')[2].partition("</header>")[0]


@pytest.mark.parametrize(
    "slug", ["minoxidil", "tranexamic-acid", "deoxycholic-acid", "platelet-rich-plasma", "mesotherapy"]
)
def test_the_verdict_its_date_the_routes_and_a_dose_stand_before_everything_else(base: Snapshot, slug: str) -> None:
    head = head_of(base, slug)
    order = [
        head.index(part)
        for part in ('class="verdicts"', "grade-marks", "Reviewed 20", 'class="dose-first', 'class="musts"')
    ]
    assert order == sorted(order)
    for anchor in re.findall(r'href="#(route-[a-z]+|dosing)"', head):
        assert f'id="{anchor}"' in render("ingredient", {"ingredient": [slug]}, base).html


def test_a_dose_under_the_title_stands_whole_with_who_says_so(base: Snapshot) -> None:
    for row in base.document("catalogue"):
        if row["kind"] == "ingredient" and row["findings"] > 8:
            page = base.monograph(row["id"])
            boxes = dosing.boxes(page, sections.studied(page, base)[0], base)
            first = dosing.lead(boxes)
            if first:
                stated = [p["dose"] for p in page["protocols"] if p["says"] in ("label", "consensus")]
                assert any(dose and dose in first["text"] for dose in stated), row["id"]
                assert first["says"] and first["references"], row["id"]


def test_every_pooled_figure_says_what_it_shows_and_which_side_favours_whom(base: Snapshot) -> None:
    plots = []
    for row in base.document("catalogue"):
        if row["kind"] in ("ingredient", "technique") and row["findings"]:
            page = base.monograph(row["id"])
            plots += [(row["id"], p) for p in pooled_plots(page, {}, {})]
    assert len(plots) > 15
    assert [(slug, p.title) for slug, p in plots if not p.finding or "not recorded" in p.favours[0]] == []


def test_a_pool_of_two_strengths_never_holds_a_thing_against_itself(base: Snapshot) -> None:
    text = Markup(render("ingredient", {"ingredient": ["minoxidil"]}, base).html).text
    assert "minoxidil 5% against minoxidil 2%" in text
    assert "minoxidil against minoxidil" not in text.lower()
    for place in re.finditer("minoxidil 5% against minoxidil 2%", text):
        assert "trials against minoxidil" not in text[place.start() - 200 : place.end() + 200].lower()


PHONE = {"width": 390, "height": 844}
ENDS = """() => ['.verdicts', '.reviewed', '.dose-first'].map((n) => document.querySelector(n)?.getBoundingClientRect().bottom ?? 0)"""
SLUGS = ("minoxidil", "tranexamic-acid", "dutasteride", "platelet-rich-plasma", "deoxycholic-acid", "microneedling")


@pytest.mark.slow
def test_on_a_phone_the_answer_stands_on_the_first_screen(browser: Browser, base: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    for name in ("theme.js", "icon.svg", *STYLES, *SCRIPTS, *FONTS):
        (tmp_path / "static" / name).write_bytes((ASSETS / name).read_bytes())
    site = Site.of("clinician", field=base.field, release="1.0.0")
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    below = {}
    for slug in SLUGS:
        shown = render("ingredient", {"ingredient": [slug]}, base)
        (tmp_path / f"{slug}.html").write_text(document(shown, "ingredient", site), encoding="utf-8")
        page.goto((tmp_path / f"{slug}.html").as_uri())
        rested(page)
        if max(ends := page.evaluate(ENDS)) > PHONE["height"]:
            below[slug] = ends
    page.close()
    assert below == {}
