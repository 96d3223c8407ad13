"""What the authoring notebooks call: one function, one page, one task."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.author.workbench import Workbench

Root = Path | str | None
log = logging.getLogger(__name__)


def _show(make: Callable[[], Any]) -> None:
    from IPython.display import display

    from kb.author.forms import layouts
    from kb.author.forms.serial import LOCK, one_at_a_time

    one_at_a_time()
    with LOCK:
        layouts.new_page()
        desk = make()
        display(desk.box)  # type: ignore[no-untyped-call]
    if hasattr(desk, "bench"):
        threading.Thread(target=_warm_up, args=(desk.bench,), daemon=True).start()


def _warm_up(bench: Workbench) -> None:
    """Draw a page while the author is still choosing: what the first page loads takes seconds (statistics, templates)."""
    from kb.author import preview

    for subject in list(bench.base.ingredients)[:1]:
        try:
            preview.page(bench.base, "ingredient", {"ingredient": [subject]})
        except Exception:  # nobody waits for this page
            log.exception("the first page could not be drawn")


def begin(root: Root = None) -> None:
    """Notebook 0: what waits, what is due, and the tasks."""
    from kb.author.forms.launch import LaunchDesk

    _show(lambda: LaunchDesk(root))


def bring_references(root: Root = None) -> None:
    """Notebook 1: bring references in."""
    from kb.author.forms.references import ReferenceDesk

    _show(lambda: ReferenceDesk(root))


def record_study(root: Root = None) -> None:
    """Notebook 2: record a study."""
    from kb.author.forms.desks import StudyDesk

    _show(lambda: StudyDesk(root))


def edit_subject(root: Root = None) -> None:
    """Notebook 3: add or edit an ingredient or a technique."""
    from kb.author.forms.desks import SubjectDesk

    _show(lambda: SubjectDesk(root))


def appraise(root: Root = None) -> None:
    """Notebook 4: appraise a body of evidence."""
    from kb.author.forms.desks import AppraisalDesk

    _show(lambda: AppraisalDesk(root))


def judge_claim(root: Root = None) -> None:
    """Notebook 5: judge a claim."""
    from kb.author.forms.desks import ClaimDesk

    _show(lambda: ClaimDesk(root))


def review_and_release(root: Root = None) -> None:
    """Notebook 6: review and release."""
    from kb.author.forms.review import ReviewDesk

    _show(lambda: ReviewDesk(root))


def screen_literature(root: Root = None) -> None:
    """Notebook 7: decide what of the literature is to be read."""
    from kb.author.forms.screening import ScreeningDesk

    _show(lambda: ScreeningDesk(root))


def change_many(root: Root = None) -> None:
    """Notebook 8: find and change over many records, or a table out to a spreadsheet and back."""
    from kb.author.forms.bulk import BulkDesk

    _show(lambda: BulkDesk(root))
