"""One slug in place of another in a plain record, and how the history says that this was done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TEXTS = frozenset(
    {
        "name",
        "synonyms",
        "brands",
        "lay_terms",
        "lay",
        "summary",
        "mechanism",
        "evidence_note",
        "in_short",
        "bottom_line",
        "would_change",
        "why",
        "action",
        "strength",
        "says",
        "limitations",
        "note",
        "doubt",
        "title",
        "measure",
        "arm",
        "unit",
        "at",
        "dose",
        "population",
        "comparator",
        "trial",
        "definition",
        "seen_at",
        "looked",
        "source",
        "relation",
        "reason",
        "wrong",
        "right",
        "fr",
        "it",
        "es",
        "pt",
        "de",
        "notes",
        "p",
        "text",
        "prompt",
        "answer",
        "explanation",
    }
)
"""Fields that hold words of a language; a slug in them is a word, and stays."""


def subject(old: str, new: str) -> str:
    """What the history says of it, in one line."""
    return f"Rename {old} to {new}"


_RENAMING = re.compile(r"Rename (\S+) to (\S+)(?:\n|$)")


def renaming(message: str) -> tuple[str, str] | None:
    """Old and new slug, when this is what the history says of a renaming."""
    found = _RENAMING.match(message)
    return (found[1], found[2]) if found else None


def own_words(message: str) -> str:
    """What an author says of a change; never in the words of a renaming, which would hide that a record was changed."""
    return f"Edit: {message}" if renaming(message) else message


def moved(file: str, old: str, new: str) -> str:
    """Where a file stands once `old` is `new`: the same place, when neither it nor a folder of it bears that name."""
    return re.sub(rf"(?<=/){re.escape(old)}(?=/|\.yaml$)", new, file)


def renamed(value: Any, old: str, new: str, name: str = "") -> tuple[Any, int]:
    """A plain value with `new` where `old` stood as a slug, and the number of places; `name` is the field it belongs to."""
    if isinstance(value, Mapping):
        found = {k: renamed(v, old, new, str(k)) for k, v in value.items()}
        return {k: v for k, (v, _) in found.items()}, sum(n for _, n in found.values())
    if isinstance(value, list):
        listed = [renamed(v, old, new, name) for v in value]
        return [v for v, _ in listed], sum(n for _, n in listed)
    return (new, 1) if value == old and name not in TEXTS else (value, 0)
