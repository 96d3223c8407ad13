"""Guided paths name only what the base has, say no figure of their own, and every page of them is whole."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb import bibliography
from kb.learning.paths import missing
from kb.learning.read import read
from kb.learning.records import What
from kb.snapshot import Snapshot
from kb.views import render, topics
from tests.serve.running import PROJECT
from tests.views.markup import Markup

TOPICS = {"hair-loss", "pigment", "rejuvenation", "scars", "fat", "technique", "safety", "reading-evidence"}


def steps(base: Snapshot) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for path in base.document("paths"):
        for step in path["steps"]:
            yield path, step


def test_every_topic_has_its_path(base: Snapshot) -> None:
    assert {p["id"] for p in base.document("paths")} >= TOPICS


def test_no_step_names_what_the_base_does_not_have(base: Snapshot) -> None:
    assert list(missing(base.document("paths"), base)) == []


@pytest.mark.parametrize("what", What)
def test_a_name_nobody_knows_is_told(base: Snapshot, what: What) -> None:
    show = {"what": what.value, "ids": ["nonesuch"], "only": []}
    path = {"id": "p", "title": "P", "steps": [{"id": "s", "title": "S", "text": "T", "show": [show]}]}
    assert list(missing([path], base)) == [f"path p, step s: the base has no {what} nonesuch to show"]
    assert "nonesuch" in render_step(path, base)


def render_step(path: dict[str, Any], base: Snapshot) -> str:
    full = {"about": "A", "field": None, "kinds": []} | path
    return topics.show(full, 0, base).html


def test_a_harm_a_page_does_not_have_is_told(base: Snapshot) -> None:
    show = {"what": "harms", "ids": ["minoxidil"], "only": ["nonesuch"]}
    path = {"id": "p", "steps": [{"id": "s", "show": [show]}]}
    assert list(missing([path], base)) != []


def test_guiding_text_says_no_figure(base: Snapshot) -> None:
    """A figure in our own words would stand there when the base has another."""
    for path, step in steps(base):
        assert not re.search(r"\d|percent", f"{step['title']} {step['text']} {path['about']}"), (path["id"], step["id"])


def test_every_page_of_every_path_is_whole(base: Snapshot) -> None:
    for path, step in steps(base):
        page = render("topics", {"path": [path["id"]], "step": [step["id"]]}, base)
        markup = Markup(page.html)
        assert (page.status, markup.faults, markup.count("h1")) == (200, [], 1), (path["id"], step["id"])
        assert "Not in this release" not in page.html
    for path in base.document("paths"):
        page = render("topics", {"path": [path["id"]]}, base)
        assert (page.status, Markup(page.html).faults) == (200, [])


def test_a_path_leads_from_its_first_page_to_its_last(base: Snapshot) -> None:
    for path in base.document("paths"):
        seen = []
        address = topics.address(path, 0)
        while address:
            step = re.search(r"step=([\w-]+)", address)
            assert step is not None
            seen.append(step[1])
            page = render("topics", {"path": [path["id"]], "step": [step[1]]}, base)
            following = re.search(r'rel="next" href="([^"]+)"', page.html)
            address = following[1].replace("&amp;", "&") if following else ""
        assert seen == [s["id"] for s in path["steps"]]


def test_faults_in_the_files_are_told_with_their_line(tmp_path: Path) -> None:
    folder = tmp_path / "learning"
    folder.mkdir()
    (folder / "paths.yaml").write_text("paths:\n  - id: x\n    title: X\n    about: X\n    steps: []\n", "utf-8")
    (folder / "glossary.yaml").write_text(
        "terms:\n  - id: a\n    term: A\n    group: g\n    brief: b\n    text: t\n    see_also: [b]\n    references: [nobody1900]\n"
        "  - id: a\n    term: A\n    group: g\n    brief: b\n    text: t\n",
        "utf-8",
    )
    _, problems = read(tmp_path, references=())
    told = {(p.file, p.line) for p in problems}
    assert told == {("learning/paths.yaml", 5), ("learning/glossary.yaml", 2), ("learning/glossary.yaml", 9)}
    assert read(tmp_path / "nowhere")[1] == []


def test_the_files_hold_no_fault() -> None:
    references, _ = bibliography.read(PROJECT / "references.bib", PROJECT)
    assert read(PROJECT, references)[1] == []
