"""Revision by spaced repetition. The learner's progress lives in the browser, or in a file the learner keeps.

The server only shows questions and works out when a card is due again (`kb.learning.cards`); it is told of one card at a
time, without a name, and keeps nothing. Everything else is `assets/revise.js`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kb.learning.bank import chosen, find
from kb.learning.question import KINDS, Question
from kb.views import reading
from kb.views.fields import group_titles
from kb.views.links import has_server
from kb.views.quiz import gone, parts
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

A_DAY = (5, 10, 20, 40)
"""How many questions never seen before a learner may ask for in one day."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    index = snapshot.document("questions")
    held = {q["id"]: q for q in index}
    bank = [[i, held[i]["kind"], held[i]["field"]] for i in chosen(index)]
    asked = reading.first(params, "question")
    if asked:
        question = find(snapshot, asked)
        if question is None:
            return gone(asked, snapshot)
        return Fragment("Revision", one(question, snapshot, reading.first(params, "answer"), bank))
    kinds, fields = Counter(q["kind"] for q in index), Counter(q["field"] for q in index)
    html = draw(
        "revise",
        bank=bank,
        kinds=[(k, title, kinds[k]) for k, title in KINDS.items() if kinds[k]],
        fields=[(f, title, fields[f]) for f, title in group_titles(snapshot).items() if fields[f]],
        a_day=A_DAY,
        served=has_server(),
    )
    return Fragment("Revision", html)


def one(question: Question, snapshot: Snapshot, answer: str = "", bank: Sequence[Sequence[str]] = ()) -> str:
    """One card; `bank` as in `render`, or nothing where the page around it has it already: papers are links there."""
    held = parts(question, snapshot, answer, {"question": question.id}) | {"linked": not bank}
    return draw("revise_question", bank=bank, **held)
