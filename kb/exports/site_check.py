"""What the pre-procedure check of the static site needs, as values: rules, names, and the patterns words are read with.

The scripts `assets/check.js` and `check-answer.js` apply them as `kb.questions` does; tests/agreement holds both to the same answers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from kb.model.terms import GRAVE, Compatibility
from kb.questions import doses, phrases, plan, resolve, status
from kb.questions.answer import BASES, ORDER
from kb.views import words
from kb.views.precheck import GRAVE_NOTICES
from kb.views.sections import short_names

if TYPE_CHECKING:
    from kb.questions.rulebook import Rulebook
    from kb.snapshot import Snapshot

Value = dict[str, Any]

SCRIPTS = ("check.js", "check-answer.js", "check-draw.js", "check-page.js")
"""In the order in which a page loads them, after the data."""


def data(check: Rulebook) -> Value:
    """Everything the scripts read: `rules` as in the snapshot, and the tables of each module of `kb.questions` that they follow."""
    return {
        "rules": {f.name: getattr(check, f.name) for f in dataclasses.fields(check)},
        "phrases": phrases.grammar(),
        "doses": doses.grammar(),
        "resolve": resolve.grammar(),
        "status": status.grammar(),
        "negations": sorted(plan.NEGATIONS),
        "order": ORDER,
        "grave": list(GRAVE),
        "bases": BASES,
        "compatibility": [c.value for c in Compatibility],
    }


def page_data(snapshot: Snapshot, pages: Collection[str]) -> Value:
    """`data`, and what the page shows besides: captions, and each citable paper as [short name, its page or ""]."""
    check = snapshot.precheck
    short = short_names(snapshot, _cited([getattr(check, part) for part in _CITING]))
    return data(check) | {
        "words": {
            "severities": dict(words.SEVERITIES),
            "compatibilities": {c.value: words.title_of(words.COMPATIBILITIES, c.value) for c in Compatibility},
            "notices": GRAVE_NOTICES,
        },
        "papers": {
            key: [name, file if (file := f"paper/{key}.html") in pages else ""] for key, name in sorted(short.items())
        },
    }


_CITING = ("cautions", "mixing", "status", "noted", "exposures", "contents", "looked_up", "products", "maxima")


def _cited(value: Any) -> set[str]:
    """Every reference key in plain values."""
    if isinstance(value, dict):
        own = {*(value.get("references") or ()), *(value.get("looked") or ())}
        own |= {value["reference"]} if value.get("reference") else set()
        return own.union(*(_cited(inner) for inner in value.values()))
    return set().union(*(_cited(inner) for inner in value)) if isinstance(value, list) else set()
