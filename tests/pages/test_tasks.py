"""Tasks of a clinic, each answered by one search or one page in the words that are wanted (tasks.yaml)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.snapshot import Snapshot
from kb.views import render
from tests.views.markup import Markup

HELD: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "tasks.yaml").read_text(encoding="utf-8")
)
TASKS = [task for group in HELD.values() for task in group]


@pytest.mark.parametrize("task", TASKS, ids=[t["wants"] for t in TASKS])
def test_a_task_is_answered_in_one_step(base: Snapshot, task: dict[str, Any]) -> None:
    if "search" in task:
        page = render("home", {"q": [task["search"]]}, base)
    else:
        page = render(task["view"], {task.get("as", task["view"]): [task["of"]]} if "of" in task else {}, base)
    assert page.status == 200
    text = Markup(page.html).text
    missing = [words for words in task["says"] if words not in text]
    assert missing == []
