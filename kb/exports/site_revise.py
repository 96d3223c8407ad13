"""Revision on the static site: every question as a drawn card, in files of some forty, and the numbers of the scheduler.

The page asks `assets/revise-page.js` for what it asks a server elsewhere; `assets/cards.js` says when a card is due again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from kb.learning import cards
from kb.learning.bank import chosen, find
from kb.snapshot import Snapshot
from kb.views import revise

PAGE = "revise.html"
DATA = "revise-data.js"
SCRIPTS = (DATA, "cards.js", "revise-page.js")
"""In the order in which the page loads them."""
A_FILE = 40
"""Questions in one file: some 30 kB over the wire."""


def drawn(snapshot: Snapshot, drawing: Callable[[], AbstractContextManager[None]]) -> Iterator[dict[str, str]]:
    """Cards by id, the questions of one file at a time in the order of the bank; each is drawn within `drawing()`."""
    ids = chosen(snapshot.document("questions"))
    for start in range(0, len(ids), A_FILE):
        made = {}
        for id_ in ids[start : start + A_FILE]:
            question = find(snapshot, id_)
            if question is not None:
                with drawing():
                    made[id_] = revise.one(question, snapshot)
        yield made


def data(tail: str) -> str:
    """The script the page loads first; `tail` stands below every card."""
    value = {"model": cards.model(), "size": A_FILE, "tail": tail}
    return f"window.kbRevise={json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
