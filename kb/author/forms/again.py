"""Looking again when a page comes back into sight: what was saved meanwhile in another notebook or window shows in its lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as w

from kb.author.forms.later import settled
from kb.author.stamp import Stamp, stamp

WATCHED = ("formulary", "reviews", "screening", ".authoring/drafts")
"""Folders that authors save to, besides the bibliography."""


def seen(root: Path) -> Stamp:
    """What everything that authors save looks like now."""
    return stamp(root, WATCHED)


def looks_again(action: Callable[[], None]) -> w.Button:
    """A button out of sight; the page of the browser presses it when it comes back into sight."""
    made = w.Button(description="Look again", layout=w.Layout(display="none"))
    made.add_class("kb-look-again")
    act = settled(action)
    made.on_click(lambda _: act())
    return made
