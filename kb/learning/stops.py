"""*What to stop, and when*: only from cautions whose sources give a window in days.

Two questions: how long to keep clear (the wrong answers are windows of other cautions, on the same side of the session),
and which of several things to pause (the wrong ones give no window with the same technique or ingredient).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, shuffled
from kb.learning.wording import lower_first, sentence, window

Value = Mapping[str, Any]

WRONG = 3
KEEPS = ("do not stop", "run on", "no need to cancel", "no reason to stop")
"""Words of an action by which a medicine is *not* to be paused; any other action might be one way to pause it."""


def windows(facts: Facts) -> list[tuple[str, Value]]:
    """Subject and caution of every caution with a window."""
    return [
        (subject, c)
        for subject, cautions in sorted(facts.precheck.cautions.items())
        if subject in facts.pages
        for c in cautions
        if c["window_days"]
    ]


def sides(value: Value) -> tuple[bool, bool]:
    return value["before"] is not None, value["after"] is not None


def alerts(facts: Facts, subject: str, fact: str) -> list[Any]:
    """What the pre-procedure check says of a fact in a plan with this one thing."""
    kind = facts.rows[subject]["kind"]
    return facts.precheck.check(
        [subject] if kind == "ingredient" else [], subject if kind == "technique" else None, [fact]
    ).alerts


def generate(facts: Facts) -> Iterator[Question]:
    held = windows(facts)
    for subject, caution in held:
        for question in (_when(facts, subject, caution, held), _what(facts, subject, caution)):
            if question is not None and question.references:
                yield question


def _when(facts: Facts, subject: str, caution: Value, held: list[tuple[str, Value]]) -> Question | None:
    own = caution["window_days"]
    said = {window(a.window_days) for a in alerts(facts, subject, caution["trigger"]) if a.window_days}
    if len(said) != 1:  # two cautions with two windows: no single right answer
        return None
    others = {window(c["window_days"]) for _, c in held if sides(c["window_days"]) == sides(own)} - said
    chosen = shuffled(sorted(others), f"when {caution['id']}")[:WRONG]
    if len(chosen) < 2:
        return None
    trigger, name = facts.name(caution["trigger"]), facts.name(subject)
    keys = facts.cite(caution["references"])
    options = [Option("right", sentence(window(own)), True, sentence(caution["action"]), keys)]
    options += [
        Option(f"wrong-{i}", sentence(w), False, "No source of this caution gives it.") for i, w in enumerate(chosen, 1)
    ]
    return Question(
        id=f"stop-when-{caution['id']}",
        kind="stop",
        field=facts.field(subject),
        lead=f"Planned: {name}. In the patient's notes: {trigger}.",
        stem="Which window do the sources of this caution give?",
        options=tuple(shuffled(options, f"{caution['id']} when options", lambda o: o.text)),
        explained=_explained(caution, keys),
        about=(subject, caution["trigger"]),
        disputed=_disputed(caution),
        data={"caution": caution["id"], "subject": subject, "window": own},
    )


def _what(facts: Facts, subject: str, caution: Value) -> Question | None:
    """Which to pause: wrong are things the same subject says to keep on."""
    if caution["window_days"]["before"] is None:
        return None
    kept = []
    for c in facts.precheck.cautions[subject]:
        action = c["action"].casefold()
        plain = not any(a.window_days for a in alerts(facts, subject, c["trigger"]))
        if c["trigger"] in facts.precheck.terms and plain and any(k in action for k in KEEPS) and "pause" not in action:
            kept.append(c)
    near = facts.related(caution["trigger"])
    kept = [c for c in shuffled(kept, f"what {caution['id']}", lambda c: c["id"]) if c["trigger"] not in near]
    chosen: list[Value] = []
    for c in kept:
        if len(chosen) < WRONG and not any(c["trigger"] in facts.related(x["trigger"]) for x in chosen):
            chosen.append(c)
    if len(chosen) < 2:
        return None
    keys = facts.cite(caution["references"])
    options = [
        Option(
            caution["trigger"],
            facts.name(caution["trigger"]),
            True,
            sentence(caution["action"]),
            keys,
            caution["trigger"],
        )
    ]
    options += [
        Option(
            c["trigger"],
            facts.name(c["trigger"]),
            False,
            sentence(c["action"]),
            facts.cite(c["references"]),
            c["trigger"],
        )
        for c in chosen
    ]
    return Question(
        id=f"stop-what-{caution['id']}",
        kind="stop",
        field=facts.field(subject),
        lead=f"Planned: {facts.name(subject)}. The patient takes all of these.",
        stem=f"For which of them does a source give a pause {window(caution['window_days'])}?",
        options=tuple(shuffled(options, f"{caution['id']} what options", lambda o: o.id)),
        explained=_explained(caution, keys),
        about=(subject, caution["trigger"]),
        disputed=" ".join(dict.fromkeys(filter(None, (_disputed(c) for c in (caution, *chosen))))),
        data={"caution": caution["id"], "subject": subject, "window": caution["window_days"]},
    )


def _explained(caution: Value, keys: tuple[str, ...]) -> tuple[Point, ...]:
    return (
        Point(sentence(caution["why"]), keys),
        Point(sentence(f"How strong is this: {lower_first(caution['strength'])}")),
    )


def _disputed(caution: Value) -> str:
    return (
        "There is evidence against some of these cautions as well as for them." if caution["evidence_against"] else ""
    )
