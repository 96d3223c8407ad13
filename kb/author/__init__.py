"""Writing the formulary: sessions that cannot lose work, and the forms of the authoring notebooks on top of them.

`sessions` know records, drafts, conflicts and history, and no widgets; `forms` draw them. A notebook calls one of the
functions of `kb.author.pages`, which this package passes on.
"""

from __future__ import annotations

from typing import Any

PAGES = (
    "appraise", "begin", "bring_references", "change_many", "edit_subject", "judge_claim", "record_study", "review_and_release",
    "screen_literature",
)  # fmt: skip

__all__ = ["PAGES"]


def __getattr__(name: str) -> Any:
    """Load the pages, and with them the widgets, only when a notebook asks for one."""
    if name in PAGES:
        from kb.author import pages

        return getattr(pages, name)
    raise AttributeError(f"module 'kb.author' has no attribute {name!r}")
