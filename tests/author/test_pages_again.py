"""A page that is loaded again keeps its kernel: what it shows must not lean on widgets that the browser has never seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

from kb.author import pages

PAGES = (pages.begin, pages.bring_references, pages.record_study, pages.edit_subject, pages.appraise, pages.judge_claim,
         pages.review_and_release, pages.screen_literature, pages.change_many)  # fmt: skip


def within(value: object, found: dict[str, w.Widget]) -> dict[str, w.Widget]:
    """The widgets that a browser needs to draw this one, by id."""
    if isinstance(value, w.Widget) and value.model_id not in found:
        found[value.model_id] = value
        for name in value.keys:
            within(getattr(value, name), found)
    elif isinstance(value, list | tuple):
        for one in value:
            within(one, found)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.__name__)
def test_a_page_loaded_again_shares_no_widget_with_the_first(
    page: Callable[[Any], None], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[w.Widget] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setattr(pages, "_warm_up", lambda bench: None)
    page(root)
    page(root)
    first, second = (within(box, {}) for box in shown)
    assert len(second) > 5
    assert [type(second[one]).__name__ for one in second.keys() & first.keys()] == []
