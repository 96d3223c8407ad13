"""*Spot the contraindication*: a patient with four notes, one of which speaks against what is planned.

Made from cautions that contraindicate or advise against. A wrong note is one that raises cautions elsewhere, yet none
here: the pre-procedure check finds nothing for the plan and its family, no page of the family mentions it, and it is not
one of the states that speak against almost any elective treatment (few subjects raise it, and no technique does).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, by_chance, shuffled
from kb.learning.wording import disputed, listed, route, sentence, strength, window
from kb.model.terms import GRAVE

Value = Mapping[str, Any]

WRONG = 3
MOST_HOLDERS = 4
"""A state that more subjects than this warn of is too general to be called harmless for another."""


def plan_of(facts: Facts, subject: str, routes: list[str]) -> str:
    """What is planned, in words: `Minoxidil, oral`, `Microneedling`."""
    name = facts.name(subject)
    return f"{name}, {listed([route(r) for r in routes], 'or')}" if routes else name


def silent(facts: Facts, subject: str, fact: str) -> bool:
    """True when the base has nothing to say against this fact in this plan or in anything related to it."""
    family = facts.family(subject) | {subject}
    related = facts.related(fact)
    if any(family & facts.not_with.get(r, frozenset()) for r in related):
        return False
    for relative in family:
        triggers = {c["trigger"] for c in facts.precheck.cautions.get(relative, ())}
        if facts.alerts(relative, fact) or triggers & related or facts.mentions(relative, fact):
            return False
    return True


def notes(facts: Facts) -> list[str]:
    """Facts that can stand as wrong notes: triggers of grave cautions that few subjects and no technique raise."""
    holders: dict[str, set[str]] = defaultdict(set)
    grave: set[str] = set()
    for subject, cautions in facts.precheck.cautions.items():
        for c in cautions:
            for fact in facts.related(c["trigger"]):
                holders[fact].add(subject)
            if c["severity"] in GRAVE and subject in facts.pages:
                grave.add(c["trigger"])
    techniques = {s for s, row in facts.rows.items() if row["kind"] == "technique"}
    return sorted(
        fact
        for fact in grave.difference(facts.practice.no_note, facts.practice.never_harmless)
        if fact in facts.precheck.terms and len(holders[fact]) <= MOST_HOLDERS and not holders[fact] & techniques
    )


def generate(facts: Facts) -> Iterator[Question]:
    pool = [fact for fact in notes(facts) if not _is_site(facts, fact)]

    quiet = cache(partial(silent, facts))  # several cautions of one subject ask for the same notes

    for subject, cautions in sorted(facts.precheck.cautions.items()):
        if subject not in facts.pages:
            continue
        for caution in cautions:
            if (
                caution["severity"] not in GRAVE
                or caution["trigger"] in facts.practice.no_note
                or _is_site(facts, caution["trigger"])
            ):
                continue
            offered = (fact for fact in by_chance(pool, f"patient {caution['id']}") if quiet(subject, fact))
            question = _question(facts, subject, caution, offered)
            if question is not None and question.references:
                yield question


def _is_site(facts: Facts, fact: str) -> bool:
    """Where to inject is a choice of the plan and nothing that a patient brings along."""
    return bool(facts.precheck.terms.get(fact, {}).get("group") == "site")


def _fact(facts: Facts, trigger: str, seed: str) -> str:
    """What the patient has: the trigger itself, or now and then a narrower thing that sets it off."""
    narrower = [
        t
        for t in facts.narrower(trigger)
        if t in facts.precheck.terms and trigger in _up(facts, t) and t not in facts.practice.no_note
    ]
    return shuffled(sorted({*narrower, trigger}), seed)[0]


def _up(facts: Facts, fact: str) -> set[str]:
    """Every trigger a fact sets off, as the pre-procedure check goes."""
    found, queue = {fact}, [fact]
    while queue:
        term = facts.precheck.terms.get(queue.pop(), {})
        for other in (*term.get("parents", ()), *term.get("same_as", ())):
            if other not in found:
                found.add(other)
                queue.append(other)
    return found


def _question(facts: Facts, subject: str, caution: Value, offered: Iterator[str]) -> Question | None:
    seed = f"patient {caution['id']}"
    women_only, men_only = frozenset(facts.practice.women), frozenset(facts.practice.men)
    fact = _fact(facts, caution["trigger"], seed)
    women, men = fact in women_only, fact in men_only
    wrong: list[str] = []
    for other in offered:
        if other in facts.related(fact) or any(other in facts.related(w) for w in wrong):
            continue
        if (other in men_only and (women or women_only & set(wrong))) or (
            other in women_only and (men or men_only & set(wrong))
        ):
            continue
        wrong.append(other)
        if len(wrong) == WRONG:
            break
    if len(wrong) < WRONG:
        return None
    woman = (
        women
        or bool(women_only & set(wrong))
        or (not (men or men_only & set(wrong)) and shuffled("wm", seed)[0] == "w")
    )
    ages = range(24, 43) if women_only & {fact, *wrong} else range(28, 66)
    age = shuffled(ages, seed)[0]
    routes = list(_routes(facts, subject, caution["id"]))
    plan = plan_of(facts, subject, routes)
    keys = facts.cite(caution["references"])
    rule, name = facts.name(caution["trigger"]), facts.name(fact)
    why = caution["why"] if fact == caution["trigger"] else f"It falls under: {rule}. {caution['why']}"
    options = [Option(fact, name, True, sentence(caution["action"]), keys, fact)]
    options += [
        Option(other, facts.name(other), False, "The base holds no caution about it for this plan.", (), other)
        for other in wrong
    ]
    points = [Point(sentence(why), keys), Point(strength(caution))]
    if caution["window_days"]:
        points.append(Point(f"Keep clear {window(caution['window_days'])}.", keys))
    points.append(
        Point(
            "That no caution is recorded here does not mean that it is safe; the pre-procedure check shows what is known of the others."
        )
    )
    return Question(
        id=f"patient-{caution['id']}",
        kind="patient",
        field=facts.field(subject),
        lead=f"A {'woman' if woman else 'man'} of {age}. Planned: {plan}. {'Her' if woman else 'His'} notes list four things.",
        stem="Which of them speaks against the plan?",
        options=tuple(shuffled(options, f"{seed} options", lambda o: o.id)),
        explained=tuple(points),
        about=(subject, caution["trigger"]),
        disputed=disputed(caution),
        data={"caution": caution["id"], "severity": caution["severity"], "subject": subject, "fact": fact},
    )


def _routes(facts: Facts, subject: str, caution: str) -> list[str]:
    """Routes the caution is limited to; none when it holds whatever the route."""
    return next((c["routes"] for c in facts.pages[subject]["cautions"] if c["id"] == caution), [])
