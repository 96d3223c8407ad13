"""What changed clinically between two states of the base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.diff.clinical import ClinicalDiff, Item, compare
    from kb.diff.revisions import RevisionError, at_revision

__all__ = ["ClinicalDiff", "Item", "RevisionError", "at_revision", "compare"]

_PLACE = {"ClinicalDiff": "clinical", "Item": "clinical", "compare": "clinical"}


def __getattr__(name: str) -> Any:
    """Load what is asked for: the form's field comparison must not bring the whole base with it."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'kb.diff' has no attribute {name!r}")
    return getattr(import_module(f"kb.diff.{_PLACE.get(name, 'revisions')}"), name)
