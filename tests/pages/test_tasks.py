"""Tasks of a clinic on a real server in a real browser: each answered by one search or two clicks, in words that are seen (tasks.yaml).

One page stays open from the first task to the last, as a reader's does, and every search is typed where the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import whole
from tests.browsing import tops
from tests.serve.conftest import closed_context
from tests.serve.running import Running, start

HELD: dict[str, list[dict[str, Any]]] = whole.table(Path(__file__).parent / "tasks.yaml")
TASKS = [task for group in HELD.values() for task in group]
SCREEN = {"width": 1280, "height": 900}
FOUND = """(asked) => new URLSearchParams(location.search).get("q") === asked && !document.querySelector("main[aria-busy]")"""


@pytest.fixture(scope="module")
def server(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(snapshot, tmp_path_factory.mktemp("tasks") / "log", options={"kernels": 0})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def open_page(browser: Browser, server: Running) -> Iterator[Page]:
    refused: list[str] = []
    with closed_context(browser, refused, viewport=SCREEN) as context:
        page = context.new_page()
        page.goto(server.url)
        yield page
    assert refused == [], "something was loaded from outside the machine"


def test_there_are_sixty_tasks_twenty_of_them_written_before_any_was_tried() -> None:
    assert [len(HELD[group]) for group in ("review", "more", "clinic")] >= [20, 20, 20]
    assert all(("search" in task) + ("clicks" in task) == 1 and len(task.get("clicks", [])) <= 2 for task in TASKS)


@pytest.mark.parametrize("task", TASKS, ids=[t["wants"] for t in TASKS])
def test_a_task_is_answered_in_one_search_or_two_clicks(open_page: Page, server: Running, task: dict[str, Any]) -> None:
    page = open_page
    if "search" in task:
        page.keyboard.press("Control+k")
        page.keyboard.insert_text(task["search"])
        page.keyboard.press("Enter")
        page.wait_for_function(FOUND, arg=task["search"])
    else:
        page.goto(server.url)
        for click in task["clicks"]:
            part, _, link = click.rpartition(" / ")
            place = page.get_by_role("region", name=part) if part else page
            was = page.url
            place.get_by_role("link", name=link).first.click()
            page.wait_for_function(
                "(was) => location.href !== was && !document.querySelector('main[aria-busy]')", arg=was
            )
    seen = tops(page, task["says"])
    assert [words for words, top in seen.items() if top is None] == [], "not on the page, or nobody sees it"
    if "search" in task:
        below = {words: top for words, top in seen.items() if top and top > SCREEN["height"]}
        assert below == {}, "what was asked for is below the first screen"
