"""Answers to questions typed into the search of the static site: cards drawn ahead of time, put together by `assets/answer.js`.

What one thing alone answers (its harms, doses, status, bottom lines) is drawn here as on a server; what two things say of each
other comes from the files of the comparison and from the check, which the script asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from kb.questions import asked, asked_reading
from kb.questions.care import cards
from kb.snapshot import Snapshot
from kb.views import answered, reading

DATA = "asked-data.js"
CARE = "care-"
"""What the file of an emergency or aftercare card begins with."""
_KINDS = {"ingredient", "technique", "indication"}


def parts(
    snapshot: Snapshot, drawing: Callable[[], AbstractContextManager[None]]
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each thing that answers alone, by its id: wish of `kb.questions.asked.STANDING` to cards; care cards under `CARE`."""
    for slug, row in reading.catalogue(snapshot).items():
        if _KINDS & set(row["kinds"]):
            with drawing():
                draw = answered.drawer(snapshot)
                held: dict[str, list[str]] = {}
                for wish, answer in asked.standing(slug, snapshot):
                    held.setdefault(wish, []).append(draw(answered.card(answer, snapshot)))
            if held:
                yield slug, held
    for id_, card in cards(snapshot).items():
        with drawing():
            yield CARE + id_, {"": [answered.drawer(snapshot)(answered.care_card(card))]}


def data(slugs: list[str]) -> str:
    """The script that comes first: how a question is read, and which things have a file of answers."""
    value: dict[str, Any] = asked_reading.grammar() | {"longest": asked_reading.LONGEST_NAME, "held": sorted(slugs)}
    return f"window.kbAsked={json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
