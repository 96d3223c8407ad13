"""Completion and hover: pure functions of the text, the position and the base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from kb.formulary.places import FileKind
from kb.language.outline import Cursor, lines_of, outline, unquoted
from kb.language.spots import Spot, fields, inside, spot
from kb.language.words import Words

_PLAIN = re.compile(r"[A-Za-z][\w./-]*")


@dataclass(frozen=True)
class Offer:
    """One thing that may be typed instead of the characters from `start` to `end` of the cursor's line.

    `kind` is `field`, `value` (of a closed list) or `word` (a slug, a key, an id); `order` sorts as text.
    """

    label: str
    insert: str
    kind: str
    detail: str
    explained: str
    start: int
    end: int
    order: str


def complete(kind: FileKind, text: str, line: int, column: int, words: Words) -> list[Offer]:
    """What may stand at the cursor; line and column count from 0."""
    seen = outline(text, (line, column))
    cursor = seen.cursor
    place = spot(kind, cursor.path) if cursor else None
    if cursor is None or place is None:
        return []
    typed = lines_of(text)[line][cursor.start : cursor.end]
    if cursor.names_field and (place.model is not None or not cursor.path):
        present = seen.fields(cursor.path) - ({typed} if cursor.has_colon else set())
        return list(_fields(kind, place, cursor, present))
    if place.is_list or (cursor.names_field and not cursor.entry):
        return []
    offers = [
        Offer(value, value, "value", "", "", cursor.start, cursor.end, f"{number:03}")
        for number, value in enumerate(place.words)
    ]
    for word in words.at(kind, place, cursor.path, seen):
        order = f"{'0' if word.first else '1'}{word.text}"
        offers.append(Offer(word.text, word.text, "word", word.detail, word.explained, cursor.start, cursor.end, order))
    taken = seen.entries(cursor.path[:-1]) - {typed} if cursor.entry else set()
    return [offer for offer in offers if offer.label not in taken]


def _fields(kind: FileKind, place: Spot, cursor: Cursor, present: set[str]) -> Iterator[Offer]:
    """The fields of a record that do not stand in it yet, those it must have first."""
    known = fields(place.model) if place.model else {kind.key: FieldInfo()}
    for number, (name, info) in enumerate(known.items()):
        if name in present:
            continue
        following = inside(place, name)
        ends_line = place.model is None or (following is not None and (following.is_list or following.model))
        insert = name if cursor.has_colon else name + (":" if ends_line else ": ")
        detail = "required" if info.is_required() else ""
        order = f"{'0' if info.is_required() else '1'}{number:03}"
        yield Offer(name, insert, "field", detail, info.description or "", cursor.start, cursor.end, order)


def hover(kind: FileKind, text: str, line: int, column: int, words: Words) -> tuple[str, int, int] | None:
    """Markdown on what the position shows, with the columns of the word it explains."""
    seen = outline(text)
    under = seen.at(line, column)
    if under is None:
        return None
    there, names_field = under
    place = spot(kind, there.path)
    if place is None:
        return None
    if names_field and there.key is not None:
        return _field(there.key, place), there.key_column, there.key_column + len(there.key)
    for value, start in _values(there.value, there.value_column):
        if start <= column <= start + len(value):
            for word in words.at(kind, place, there.path, seen):
                if word.text == value and (word.explained or word.detail):
                    return word.explained or word.detail, start, start + len(value)
    return None


def _values(value: str, column: int) -> list[tuple[str, int]]:
    if value.startswith("["):
        return [(m[0], column + m.start()) for m in _PLAIN.finditer(value)]
    return [(unquoted(value), column)]


def _field(name: str, place: Spot) -> str:
    """A field's description; where it has none, what kind of record it holds."""
    required = place.info is not None and place.info.is_required()
    parts = [f"**{name}**" + (" (required)" if required else ""), (place.info and place.info.description) or ""]
    entry = inside(place, 0) if place.is_list else place
    if not parts[1] and entry is not None and entry.model is not None:
        parts[1] = (entry.model.__doc__ or "").strip()
    words = entry.words if entry is not None else []
    if words:
        parts.append("One of: " + ", ".join(f"`{word}`" for word in words))
    return "\n\n".join(part for part in parts if part)
