"""Keys of references: family name of the first author, year or `nd`, and from the second of a kind on a letter.

`moftah2013`, `moftah2013b`, `abdelraouf2023`, `fdand`. The pattern is `kb.model.record.REFERENCE_KEY`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from kb.literature import mend

LONGEST_NAME = 40
"""Letters of a name in a key, which leaves room for year and letters."""

_SMALL = frozenset(
    {"an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "the", "to", "with"}
)


def make_key(fields: Mapping[str, Any], taken: Collection[str]) -> str:
    """A key for the fields of a reference that is not among `taken`.

    Without authors the journal, the publisher or the first word of the title stands for the name; `anon` where none of
    them has a Latin letter.
    """
    authors = fields.get("authors") or []
    names = [authors[0].family] if authors else [fields.get("publisher") or "", fields.get("journal") or ""]
    names += [
        word for word in re.split(r"\W+", fields.get("title") or "") if word.lower() not in _SMALL and len(word) > 2
    ]
    stem = next(filter(None, map(mend.ascii_letters, names)), "anon")[:LONGEST_NAME]
    base = f"{stem}{fields.get('year') or 'nd'}"
    if base not in taken:
        return base
    number = 2
    while (key := base + _letters(number)) in taken:
        number += 1
    return key


def _letters(number: int) -> str:
    """2 -> b, 3 -> c, 26 -> z, 27 -> aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
