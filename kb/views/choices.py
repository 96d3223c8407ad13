"""Lists to choose from: ingredients, techniques, conditions, medicines, each with the other words it is known by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.views import reading, words

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]
Groups = list[Value]
"""`{title, options: [{value, name, words}]}`, the options by name; `words` are synonyms, brands and lay words."""


def options(snapshot: Snapshot) -> dict[str, Groups]:
    """Role (ingredient, technique, condition, substance) to its groups."""
    return snapshot.derived("choices", lambda: _read(snapshot))


def other_words(snapshot: Snapshot) -> dict[str, str]:
    """Id to synonyms, brands and lay words of everything that can be chosen."""
    return {
        o["value"]: o["words"]
        for groups in options(snapshot).values()
        for group in groups
        for o in group["options"]
        if o["words"]
    }


def _read(snapshot: Snapshot) -> dict[str, list[Value]]:
    rules, catalogue = snapshot.precheck, reading.catalogue(snapshot)
    aliases = {
        id_: json.loads(text) for id_, text in snapshot.index.connection.execute("SELECT id, aliases FROM entry")
    }
    grouped: dict[str, dict[str, list[Value]]] = {
        role: {} for role in ("ingredient", "technique", "condition", "substance")
    }

    def add(role: str, slug: str, group: str) -> None:
        option = {"value": slug, "name": reading.name_of(snapshot, slug), "words": " ".join(aliases.get(slug, ()))}
        grouped[role].setdefault(group, []).append(option)

    for slug, subject in rules.subjects.items():
        row = catalogue.get(slug)
        group = "" if row is None or subject["kind"] == "technique" else row["group"] or ""
        if group and group not in words.INGREDIENT_KINDS:  # also a medicine taken: the catalogue groups it as that
            group = str(snapshot.monograph(slug)["ingredient_kind"])
        add(subject["kind"], slug, words.title_of(words.INGREDIENT_KINDS, group) if group else "")
    for slug in rules.terms:
        row = catalogue.get(slug)
        for role in ("condition", "substance"):
            if row and role in row["kinds"]:
                add(role, slug, words.say(row["group"]) or "Other")
    return {
        role: [
            {"title": title, "options": sorted(options, key=lambda o: o["name"].casefold())}
            for title, options in sorted(groups.items(), key=lambda item: (item[0] == "Other", item[0]))
        ]
        for role, groups in grouped.items()
    }
