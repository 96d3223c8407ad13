"""All questions of a snapshot: made, checked, put in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from kb.learning import certainty, checks, claims, harms, intervals, patients, stops
from kb.learning.facts import Facts
from kb.learning.question import KINDS, Question, shuffled

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

IN_A_SET = 10
MAKERS = {
    "claim": claims.generate,
    "certainty": certainty.generate,
    "interval": intervals.generate,
    "harm": harms.generate,
    "patient": patients.generate,
    "stop": stops.generate,
}


def generate(facts: Facts) -> Iterator[Question]:
    """Every question the base gives, unchecked."""
    return chain.from_iterable(make(facts) for make in MAKERS.values())


def documents(snapshot: Snapshot) -> dict[str, Any]:
    """`questions`, the list of all (id, kind, field, disputed), and `question:<id>` for each, for the snapshot to hold.

    A question that fails a check is left out; the tests see to it that none does.
    """
    facts = Facts(snapshot)
    fair = {q.id: q for q in generate(facts) if not checks.problems(q, facts)}
    index = [{"id": q.id, "kind": q.kind, "field": q.field, "disputed": bool(q.disputed)} for q in fair.values()]
    return {"questions": index, **{f"question:{i}": q.as_dict() for i, q in fair.items()}}


def find(snapshot: Snapshot, question: str) -> Question | None:
    """The question of this id, or None when the base does not give it (any more)."""
    try:
        return Question.from_dict(snapshot.document(f"question:{question}"))
    except KeyError:
        return None


def chosen(index: Iterable[Mapping[str, Any]], kind: str = "", field: str = "") -> list[str]:
    """Ids of the questions of a kind and a field (empty: all), in one settled order in which the kinds take turns."""
    rows = [r for r in index if (not kind or r["kind"] == kind) and (not field or r["field"] == field)]
    queues = [shuffled([r["id"] for r in rows if r["kind"] == k], "order") for k in KINDS]
    ordered: list[str] = []
    for turn in range(max(map(len, queues), default=0)):
        ordered += [queue[turn] for queue in queues if turn < len(queue)]
    return ordered


def in_set(ids: list[str], number: int) -> list[str]:
    """The questions of set `number`, counted from 1; past the last one the sets begin anew."""
    if not ids:
        return []
    sets = -(-len(ids) // IN_A_SET)
    start = (number - 1) % sets * IN_A_SET
    return ids[start : start + IN_A_SET]
