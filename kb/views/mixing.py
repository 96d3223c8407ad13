"""What may go into one syringe: every pair on record, what was tested apart from what a label only states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.model.terms import Compatibility
from kb.views import reading, sections, words
from kb.views.links import href
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

SIGNS = {word.value: word.mark for word in Compatibility}
HEADINGS = {
    "tested-incompatible": "Incompatible when tested",
    "stated-incompatible": "Incompatible according to a label or text, no test read",
    "tested-compatible": "Compatible when tested, under the conditions of the test",
    "stated-compatible": "Compatible according to a label or text, no test read",
    "no-data-found": "Searched for, nothing found",
}
LEAST_PAIRS = 3
"""Pairs with an answer that a thing needs for a row of its own in the matrix."""
MOST_ROWS = 16


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameter: ingredient, to see the pairs of one thing only."""
    held = pairs(snapshot)
    names = {side: reading.name_of(snapshot, side) for pair in held for side in (pair["a"], pair["b"])}
    asked = reading.first(params, "ingredient")
    chosen = asked if asked in names else ""
    shown = [p for p in held if not chosen or chosen in (p["a"], p["b"])]
    html = draw(
        "mixing",
        matrix=None if chosen else matrix(held, names),
        groups=groups(shown, chosen, names),
        options=sorted(names.items(), key=lambda item: item[1].casefold()),
        chosen=chosen,
        chosen_name=names.get(chosen, ""),
        unknown=words.cut(asked, 60) if asked and not chosen else "",
        signs=SIGNS,
        headings=HEADINGS,
        total=len(held),
        link_of=partial(reading.link_of, snapshot),
        citer=reading.citer(snapshot),
    )
    return Fragment(f"Mixing {names[chosen]}" if chosen else "Mixing in one syringe", html)


def pairs(snapshot: Snapshot) -> list[Value]:
    """Every pair once: `a`, `b` (ids), `word` (the gravest), `found` and `tests` as the monographs show them."""
    held: dict[tuple[str, str], Value] = {}
    for slug, row in reading.catalogue(snapshot).items():
        if "ingredient" not in row["kinds"]:
            continue
        for pair in sections.mixing(snapshot.monograph(slug)):
            a, b = sorted((slug, pair["other"]))
            held.setdefault((a, b), {"a": a, "b": b, **{k: pair[k] for k in ("word", "found", "tests")}})
    return list(held.values())


def groups(shown: Iterable[Value], chosen: str, names: Mapping[str, str]) -> list[Value]:
    """Pairs under the word that is known of them, gravest first; in each the chosen thing is named second."""
    rows: dict[str, list[Value]] = {word: [] for word in SIGNS}
    for pair in shown:
        a, b = sorted((pair["a"], pair["b"]), key=lambda slug: (slug == chosen, names[slug].casefold()))
        rows[pair["word"]].append({**pair, "a": a, "b": b, "a_name": names[a], "b_name": names[b]})
    for members in rows.values():
        members.sort(key=lambda p: (p["a_name"].casefold(), p["b_name"].casefold()))
    return [{"word": word, "pairs": members} for word, members in rows.items() if members]


def matrix(held: Iterable[Value], names: Mapping[str, str]) -> Value | None:
    """`things` (id, name, address) and `rows`: for each thing the cells with those before it, None where nothing is recorded."""
    known = [p for p in held if p["word"] != "no-data-found"]
    counts = Counter(side for p in known for side in (p["a"], p["b"]))
    ranked = sorted((s for s, n in counts.items() if n >= LEAST_PAIRS), key=lambda s: (-counts[s], names[s]))[
        :MOST_ROWS
    ]
    ranked.sort(key=lambda s: names[s].casefold())
    if len(ranked) < 2:
        return None
    by_pair = {(p["a"], p["b"]): p["word"] for p in held}

    def cell(a: str, b: str) -> Value | None:
        word = by_pair.get((min(a, b), max(a, b)))
        return {"word": word, "with": names[b]} if word else None

    rows = [
        {
            "id": a,
            "name": names[a],
            "href": href("mixing", ingredient=a),
            "cells": [cell(a, b) if a != b else {"word": "", "with": ""} for b in ranked],
        }
        for a in ranked
    ]
    short = [{"id": s, "name": names[s].partition(" (")[0]} for s in ranked]
    return {"things": short, "rows": rows}
