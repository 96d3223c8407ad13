"""Terms of the glossary for whatever template is being drawn: what a reader sees on hovering over one.

Templates ask by id through the macro `term` (`glossary_macros.html.j2`) and need not be handed the glossary.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

_snapshot: ContextVar[Any] = ContextVar("snapshot", default=None)


@contextmanager
def terms_of(snapshot: Snapshot) -> Iterator[None]:
    """Within the block `gloss` answers from this snapshot."""
    token = _snapshot.set(snapshot)
    try:
        yield
    finally:
        _snapshot.reset(token)


def gloss(term: str) -> dict[str, Any] | None:
    """The term with its `term` and `brief`, or None when there is no glossary at hand or no such term."""
    snapshot = _snapshot.get()
    if snapshot is None:
        return None
    try:
        found: dict[str, Any] | None = snapshot.document("glossary").get(term)
    except KeyError:
        return None
    return found
