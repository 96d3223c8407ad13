"""The choice, field by field, for a file that a merge left with marks."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as w

from kb.author.folder import BusyError
from kb.author.forms import parts
from kb.author.forms.style import note
from kb.author.session import Conflicted, UnreadableError
from kb.author.unmerged import Unmerged
from kb.diff.fields import Path as FieldPath


def choice(root: Path, file: str, author: Callable[[], str], done: Callable[[str], None]) -> list[w.Widget]:
    """Both versions of every field of `file` that both branches changed; `done` is told what came of the choice."""
    said = w.HTML()
    try:
        found = Unmerged.read(root, file)
    except (UnreadableError, OSError) as error:
        return [w.HTML(note(escape(str(error)), "bad"))]

    def decide(chosen: dict[FieldPath, str]) -> None:
        try:
            done(found.decide(chosen, author()))
        except (UnreadableError, BusyError, OSError) as error:
            said.value = note(f"Nothing was written: {escape(str(error))}", "bad")

    def wait() -> None:
        said.value = note("Choose for every field first.", "bad")

    count = len(found.merge.conflicts)
    lead = f"{escape(file)}: a merge of two branches changed {count} {'field' if count == 1 else 'fields'} twice; choose for each."
    heads = ("this branch", "the other branch", "before")
    return [*parts.conflict(Conflicted(found.merge, None), decide, wait, note(lead, "bad"), heads), said]
