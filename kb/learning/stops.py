"""*What to stop, and when*: only from cautions whose sources give a window in days.

Two questions: how long to keep clear (the wrong answers are windows of other cautions, on the same side of the session),
and which of several things to pause (the wrong ones give no window with the same technique or ingredient).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, shuffled
from kb.learning.wording import days, disputed, sentence, strength, window

Value = Mapping[str, Any]

WRONG = 3


def windows(facts: Facts) -> list[tuple[str, Value]]:
    """Subject and caution of every caution with a window."""
    return [
        (subject, c)
        for subject, cautions in sorted(facts.precheck.cautions.items())
        if subject in facts.pages
        for c in cautions
        if c["window_days"]
    ]


STEMS = {
    (True, False): "According to the sources cited, how long before the session should it be stopped?",
    (False, True): "According to the sources cited, how long after the session should it be avoided?",
    (True, True): "According to the sources cited, on which days should it be avoided?",
}
"""What is asked, by the sides of the session that a window has (`sides`)."""


def shortly(value: Value) -> str:
    """A window as an answer to its stem."""
    before, after = value["before"], value["after"]
    return window(value) if before is not None and after is not None else days(before if after is None else after)


def sides(value: Value) -> tuple[bool, bool]:
    return value["before"] is not None, value["after"] is not None


def generate(facts: Facts) -> Iterator[Question]:
    given = windows(facts)
    held = list({window(c["window_days"]): c["window_days"] for _, c in given}.values())
    for subject, caution in given:
        for question in (_when(facts, subject, caution, held), _what(facts, subject, caution)):
            if question is not None and question.references:
                yield question


def _when(facts: Facts, subject: str, caution: Value, held: list[Value]) -> Question | None:
    """`held`: every window that occurs, each once."""
    own = caution["window_days"]
    said = {shortly(a.window_days) for a in facts.alerts(subject, caution["trigger"]) if a.window_days}
    if len(said) != 1:  # two cautions with two windows: no single right answer
        return None
    others = {shortly(w) for w in held if sides(w) == sides(own)} - said
    chosen = shuffled(sorted(others), f"when {caution['id']}")[:WRONG]
    if len(chosen) < 2:
        return None
    trigger, name = facts.name(caution["trigger"]), facts.name(subject)
    keys = facts.cite(caution["references"])
    options = [Option("right", shortly(own), True, sentence(caution["action"]), keys)]
    options += [Option(f"wrong-{i}", w, False, "No cited source gives this interval.") for i, w in enumerate(chosen, 1)]
    return Question(
        id=f"stop-when-{caution['id']}",
        kind="stop",
        field=facts.field(subject),
        lead=f"Planned: {name}. In the patient's notes: {trigger}.",
        stem=STEMS[sides(own)],
        options=tuple(shuffled(options, f"{caution['id']} when options", lambda o: o.text)),
        explained=_explained(caution, keys),
        about=(subject, caution["trigger"]),
        disputed=disputed(caution),
        data={"caution": caution["id"], "subject": subject, "window": own},
    )


def _what(facts: Facts, subject: str, caution: Value) -> Question | None:
    """Which to pause: wrong are things the same subject says to keep on."""
    if caution["window_days"]["before"] is None:
        return None
    kept = []
    for c in facts.precheck.cautions[subject]:
        plain = not any(a.window_days for a in facts.alerts(subject, c["trigger"]))
        if c["trigger"] in facts.precheck.terms and plain and c["continues"] is True:
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
        stem=f"For which of them does a source ask for a pause {window(caution['window_days'])}?",
        options=tuple(shuffled(options, f"{caution['id']} what options", lambda o: o.id)),
        explained=_explained(caution, keys),
        about=(subject, caution["trigger"]),
        disputed=disputed(caution, *chosen),
        data={"caution": caution["id"], "subject": subject, "window": caution["window_days"]},
    )


def _explained(caution: Value, keys: tuple[str, ...]) -> tuple[Point, ...]:
    return Point(sentence(caution["why"]), keys), Point(strength(caution))
