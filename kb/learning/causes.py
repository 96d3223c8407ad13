"""*Pick the harm*, asked the other way: which of these does the base document a harm of the needle for?

Some harms need something to get under the skin. The right answer is a technique or an injection with a finding of it; wrong
ones are ingredients whose family is only ever swallowed or rubbed on, has no finding of such a harm, and whose pages do
not mention it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, by_chance, shuffled
from kb.learning.wording import listed, lower_first, route
from kb.questions.shapes import FindingValue

OUTSIDE = frozenset({"topical", "oral"})
WRONG = 3


def only_on_or_by_mouth(facts: Facts, subject: str) -> bool:
    """True when every finding on the subject and its family is on something swallowed or rubbed on, without a technique."""
    found = [f for s in facts.family(subject) | {subject} for f in facts.pages[s]["findings"] if f["subject"] == s]
    return bool(found) and all(f["route"] in OUTSIDE and not f["technique"] for f in found)


def _answers(facts: Facts) -> list[str]:
    """Ingredients that can stand as wrong answers: tried as a treatment, and never by a needle."""
    tried = {f["subject"] for f in facts.findings.values() if f["relation"] == "treats"}
    return sorted(s for s in tried & facts.pages.keys() if _is_ingredient(facts, s) and only_on_or_by_mouth(facts, s))


def _is_ingredient(facts: Facts, subject: str) -> bool:
    return bool(facts.rows[subject]["kind"] == "ingredient")


def generate(facts: Facts, held: Mapping[str, Mapping[str, list[FindingValue]]]) -> Iterator[Question]:
    """`held`: subject to harm to its findings (`kb.learning.harms.documented`)."""
    outside = _answers(facts)
    lists = {"": outside}
    for subject in outside:
        lists.setdefault(facts.field(subject), []).append(subject)
    for subject in sorted(held):
        for harm in sorted(held[subject].keys() & set(facts.practice.harms_of_the_needle)):
            supporting = [f for f in held[subject][harm] if f["direction"] == "supports"]
            named = told(facts, subject, supporting)
            # An ingredient whose route is not stated would stand out among those whose routes are.
            if not supporting or subject in outside or (_is_ingredient(facts, subject) and "," not in named):
                continue
            seed = f"{harm} {subject}"
            offered = chain(*(by_chance(lists.get(field, ()), seed) for field in (facts.field(subject), "")))
            wrong = _wrong(facts, subject, harm, offered)
            if len(wrong) == WRONG:
                yield _question(facts, subject, harm, supporting, wrong)


def _wrong(facts: Facts, subject: str, harm: str, offered: Iterator[str]) -> list[str]:
    chosen: list[str] = []
    near = facts.related(harm)
    for other in offered:
        family = facts.family(other) | {other}
        if subject in family or any(c in family for c in chosen):
            continue
        reported = any(f["object"] in near for relative in family for f in facts.harms.get(relative, ()))
        if not reported and not any(facts.mentions(relative, harm) for relative in family):
            chosen.append(other)
        if len(chosen) == WRONG:
            break
    return chosen


def told(facts: Facts, subject: str, findings: Sequence[FindingValue]) -> str:
    """`Finasteride, oral or topical`, by the routes of these findings; a technique by its name alone."""
    routes = sorted({f["route"] for f in findings} - {"any", "not-stated"})
    if not routes or not _is_ingredient(facts, subject):
        return facts.name(subject)
    return f"{facts.name(subject)}, {listed([route(r) for r in routes], 'or')}"


def _question(facts: Facts, subject: str, harm: str, supporting: list[FindingValue], wrong: list[str]) -> Question:
    name, keys = facts.name(harm), facts.cite(f["reference"] for f in supporting)
    options = [Option(subject, told(facts, subject, supporting), True, "", keys, subject)]
    for other in wrong:
        own = [f for f in facts.pages[other]["findings"] if f["subject"] == other]
        why = f"Taken by mouth or applied to the skin in every study recorded here; its page does not mention {lower_first(name)}."
        options.append(Option(other, told(facts, other, own), False, why, (), other))
    related = [f for h in facts.related(harm) for f in facts.about(subject, h) if f["relation"] == "causes"]
    return Question(
        id=f"harm-cause-{harm}-{subject}",
        kind="harm",
        field=facts.field(subject),
        stem=f"{name}: for which of these is it documented here?",
        options=tuple(shuffled(options, f"{harm} {subject} options", lambda o: o.id)),
        explained=(
            *(Point(f["summary"], facts.cite([f["reference"]])) for f in supporting[:3]),
            Point(
                "It takes something that gets under the skin. Whatever is injected shares this with every injection."
            ),
        ),
        about=(subject, harm),
        disputed=(
            f"Not every finding on this harm of {facts.name(subject)} confirms it."
            if any(f["direction"] != "supports" for f in related)
            else ""
        ),
        data={"findings": [f["id"] for f in supporting], "asks": "cause"},
    )
