"""Looking again when a page comes back into sight: what was saved meanwhile in another notebook or window shows in its lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as w

from kb.author.forms.later import settled

WATCHED = ("formulary", "reviews", "screening", ".authoring/drafts")
Stamp = frozenset[tuple[str, int, int]]


def stamp(root: Path) -> Stamp:
    """Name, time and size of everything that authors save: another value after any save."""
    found = []
    for path in [root / "references.bib", *(p for folder in WATCHED for p in (root / folder).rglob("*.*"))]:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(found)


def looks_again(action: Callable[[], None]) -> w.Button:
    """A button out of sight; the page of the browser presses it when it comes back into sight."""
    made = w.Button(description="Look again", layout=w.Layout(display="none"))
    made.add_class("kb-look-again")
    act = settled(action)
    made.on_click(lambda _: act())
    return made
