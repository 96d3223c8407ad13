"""What the authoring notebooks call: one function, one page, one task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Root = Path | str | None


def _show(desk: Any) -> None:
    from IPython.display import display

    display(desk.box)  # type: ignore[no-untyped-call]


def bring_references(root: Root = None) -> None:
    """Notebook 1: bring references in."""
    from kb.author.forms.references import ReferenceDesk

    _show(ReferenceDesk(root))


def record_study(root: Root = None) -> None:
    """Notebook 2: record a study."""
    from kb.author.forms.desks import StudyDesk

    _show(StudyDesk(root))


def edit_subject(root: Root = None) -> None:
    """Notebook 3: add or edit an ingredient or a technique."""
    from kb.author.forms.desks import SubjectDesk

    _show(SubjectDesk(root))


def appraise(root: Root = None) -> None:
    """Notebook 4: appraise a body of evidence."""
    from kb.author.forms.desks import AppraisalDesk

    _show(AppraisalDesk(root))


def judge_claim(root: Root = None) -> None:
    """Notebook 5: judge a claim."""
    from kb.author.forms.desks import ClaimDesk

    _show(ClaimDesk(root))


def review_and_release(root: Root = None) -> None:
    """Notebook 6: review and release."""
    from kb.author.forms.review import ReviewDesk

    _show(ReviewDesk(root))
