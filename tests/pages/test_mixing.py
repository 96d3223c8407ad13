"""The mixing page keeps apart what was tested, what is only stated, and what nobody looked at."""

import re

from kb.snapshot import Snapshot
from kb.views import mixing, render, sections
from tests.views.markup import Markup


def test_every_pair_of_every_monograph_stands_once_under_its_gravest_word(base: Snapshot) -> None:
    held = {(p["a"], p["b"]): p["word"] for p in mixing.pairs(base)}
    for row in base.document("catalogue"):
        if "ingredient" in row["kinds"]:
            for pair in sections.mixing(base.monograph(row["id"])):
                a, b = sorted((row["id"], pair["other"]))
                assert held[a, b] == pair["word"]
    page = Markup(render("mixing", {}, base).html)
    assert page.faults == []
    assert (
        page.html.count('<tr><th scope="row"><a')
        == len(held) + len(page.html.split('<table class="mix">')[1].split("</table>")[0].split("<tr>")) - 2
    )


def test_tested_and_stated_are_told_apart_by_word_and_sign(base: Snapshot) -> None:
    html = render("mixing", {}, base).html
    order = re.findall(r'<section id="([a-z-]+)" aria-labelledby', html)
    words = [w for w in mixing.SIGNS if w in order]
    assert [w for w in order if w in mixing.SIGNS] == words
    assert "Incompatible when tested" in html
    assert "no test read" in html
    assert len(set(mixing.SIGNS.values())) == len(mixing.SIGNS)


def test_the_matrix_is_the_same_from_both_sides(base: Snapshot) -> None:
    pairs = mixing.pairs(base)
    names = {side: base.monograph(side)["name"] for p in pairs for side in (p["a"], p["b"])}
    found = mixing.matrix(pairs, names)
    assert found is not None
    grid = [[c["word"] if c else None for c in row["cells"]] for row in found["rows"]]
    assert grid == [list(column) for column in zip(*grid, strict=True)]
    assert all(grid[i][i] == "" for i in range(len(grid)))


def test_one_ingredient_shows_its_pairs_only_and_nothing_found_is_not_safe(base: Snapshot) -> None:
    html = render("mixing", {"ingredient": ["lidocaine"]}, base).html
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', html)
    assert rows
    assert all("Lidocaine" in row for row in rows)
    assert "not that two things may be mixed" in html
    assert "does not mean that it may be mixed" not in html
    assert '<table class="mix">' not in html
    assert "does not mean that it may be mixed" in render("mixing", {"ingredient": ["nonesuch"]}, base).html


def test_what_was_tested_and_found_incompatible_stands_open(base: Snapshot) -> None:
    html = render("mixing", {}, base).html
    section = html.partition('<section id="tested-incompatible')[2].partition("</section>")[0]
    assert "<details" not in section and section.count("<tr>") > 5
