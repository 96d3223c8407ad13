"""For whom a page is drawn: templates may lead only to views that the edition offers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kb.views.shell import NAVIGATION

_edition: ContextVar[str] = ContextVar("edition", default="clinician")


@contextmanager
def shown_in(edition: str) -> Iterator[None]:
    """Within the block pages are drawn for this edition."""
    token = _edition.set(edition)
    try:
        yield
    finally:
        _edition.reset(token)


def offers(view: str) -> bool:
    """Has the edition that is being drawn this view?"""
    return any(item.view == view for item in NAVIGATION[_edition.get()])
