"""*Pick the harm*: which harm does the base document for an ingredient?

Not to be in the base is no proof that a harm does not happen. So a wrong answer is a harm documented for something else,
from a group of harms in which neither the subject nor its family has any finding, which the page of the subject does not
mention at all; and never one that any substance can bring about (local reactions, infections, allergy) or that has been
seen after a needle or a device, unless the family is only ever swallowed or rubbed on. Among these, harms of things of
the same field come first: they are the ones to be mistaken for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from kb.learning import causes
from kb.learning.causes import only_on_or_by_mouth
from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, by_chance, shuffled
from kb.learning.wording import listed, route
from kb.questions.search import fold
from kb.questions.shapes import FindingValue

UNIVERSAL = frozenset({"local-reaction", "infection", "allergic", "other"})
"""Groups of harms that no subject can be said to be free of."""
BY_NEEDLE = frozenset(
    {"intradermal", "subcutaneous", "intralesional", "microneedling", "electroporation", "any", "not-stated"}
)
"""Routes after which a harm may come from the procedure itself; it is then no wrong answer for anything else."""
WRONG = 3
_SHORT_WORD = 4


def documented(facts: Facts) -> dict[str, dict[str, list[FindingValue]]]:
    """Subject to harm to its findings, of those subjects that have a page."""
    found: dict[str, dict[str, list[FindingValue]]] = defaultdict(lambda: defaultdict(list))
    for f in facts.findings.values():
        if f["relation"] == "causes" and f["subject"] in facts.pages:
            found[f["subject"]][f["object"]].append(f)
    return found


def group(facts: Facts, harm: str) -> str:
    """The group of a harm in the vocabulary of adverse effects."""
    row = facts.rows.get(harm)
    return row["group"] or "" if row and "adverse-effect" in row["kinds"] else ""


def by_procedure(held: dict[str, dict[str, list[FindingValue]]], facts: Facts) -> set[str]:
    """Harms seen after a technique, or after something given by a needle."""
    return {
        h
        for subject, harms in held.items()
        for h, findings in harms.items()
        if facts.rows[subject]["kind"] == "technique" or any(f["route"] in BY_NEEDLE for f in findings)
    }


def told_apart_from_procedures(facts: Facts, held: dict[str, dict[str, list[FindingValue]]]) -> dict[str, set[str]]:
    """Harms that can stand as wrong answers somewhere, each with the subjects it is documented for."""
    procedural = {r for h in by_procedure(held, facts) for b in facts.broader(h) for r in facts.narrower(b)}
    found: dict[str, set[str]] = defaultdict(set)
    for subject, harms in held.items():
        for h, findings in harms.items():
            sure = all(f["direction"] == "supports" for f in findings)
            own = h in facts.practice.harms_of_one_substance or h not in procedural
            telling = _names(facts, h, subject)
            if (
                sure
                and own
                and not telling
                and h not in facts.practice.vague_harms
                and group(facts, h) not in UNIVERSAL | {""}
            ):
                found[h].add(subject)
    return found


def _names(facts: Facts, harm: str, subject: str) -> bool:
    """Does the name of the harm hold a word of what brings it about? Nobody would take it for anything else."""
    words = {w for w in fold(facts.name(subject)).split() if len(w) > _SHORT_WORD}
    return not words.isdisjoint(fold(facts.name(harm)).split())


class _Subject:
    """What decides whether a harm can stand as a wrong answer for a subject."""

    def __init__(self, facts: Facts, subject: str) -> None:
        self.facts = facts
        self.family = facts.family(subject) | {subject}
        theirs = {f["object"] for relative in self.family for f in facts.harms.get(relative, ())}
        self.groups = {group(facts, h) for h in theirs}
        self.near = {r for h in theirs for r in facts.related(h)}

    def lacks(self, harm: str, causes_of_it: set[str]) -> bool:
        return (
            bool(causes_of_it - self.family)
            and harm not in self.near
            and group(self.facts, harm) not in self.groups
            and not any(self.facts.mentions(relative, harm) for relative in self.family)
        )


def wrong_for(facts: Facts, subject: str, pool: dict[str, set[str]]) -> list[str]:
    """Harms of the pool that can stand as wrong answers for a subject."""
    of = _Subject(facts, subject)
    return sorted(h for h, causes_of_it in pool.items() if of.lacks(h, causes_of_it))


def by_field(facts: Facts, pool: dict[str, set[str]]) -> dict[str, list[str]]:
    """Field to the harms of its subjects; all harms stand under the empty name."""
    found: dict[str, set[str]] = defaultdict(set)
    for harm, causes_of_it in pool.items():
        for field in {"", *(facts.field(c) for c in causes_of_it)}:
            found[field].add(harm)
    return {field: sorted(harms) for field, harms in found.items()}


def generate(facts: Facts) -> Iterator[Question]:
    held = documented(facts)
    pool = told_apart_from_procedures(facts, held)
    needle = {h: {s for s, harms in held.items() if h in harms} for h in sorted(facts.practice.harms_of_the_needle)}
    needle = {h: subjects for h, subjects in needle.items() if subjects}
    wide = pool | needle
    fields, wide_fields = by_field(facts, pool), by_field(facts, wide)
    for subject in sorted(s for s in held if facts.rows[s]["kind"] == "ingredient"):
        of = _Subject(facts, subject)
        by_mouth = only_on_or_by_mouth(facts, subject)
        lists = wide_fields if by_mouth else fields
        for harm, findings in sorted(held[subject].items()):
            supporting = [f for f in findings if f["direction"] == "supports"]
            if not supporting or harm in facts.practice.vague_harms or group(facts, harm) in {"", "other"}:
                continue
            seed = f"{subject} {harm}"
            offered = chain(*(by_chance(lists.get(field, ()), seed) for field in (facts.field(subject), "")))
            wrong = _told_apart(facts, (h for h in offered if of.lacks(h, wide[h])))
            if len(wrong) == WRONG:
                yield _question(facts, subject, harm, supporting, wrong, wide, held)
    yield from causes.generate(facts, held)


def _question(
    facts: Facts,
    subject: str,
    harm: str,
    supporting: list[FindingValue],
    wrong: list[str],
    pool: dict[str, set[str]],
    held: dict[str, dict[str, list[FindingValue]]],
) -> Question:
    keys = facts.cite(f["reference"] for f in supporting)
    routes = sorted({f["route"] for f in supporting} - {"any", "not-stated"})
    given = f", {route(routes[0])}" if len(routes) == 1 else ""
    name = facts.name(subject)
    options = [Option(harm, facts.name(harm), True, "", keys, harm)]
    for other in wrong:
        others = sorted(pool[other])
        why = f"Documented for {listed([facts.name(c) for c in others[:3]])}; the page on {name} does not speak of it."
        cited = facts.cite([held[others[0]][other][0]["reference"]])
        options.append(Option(other, facts.name(other), False, why, cited, other))
    all_findings = [f for h in facts.related(harm) for f in facts.about(subject, h) if f["relation"] == "causes"]
    return Question(
        id=f"harm-{subject}-{harm}",
        kind="harm",
        field=facts.field(subject),
        stem=f"{name}{given}: which of these harms is documented here?",
        options=tuple(shuffled(options, f"{subject} {harm} options", lambda o: o.id)),
        explained=(
            *(Point(f["summary"], facts.cite([f["reference"]])) for f in supporting[:3]),
            Point(
                "A harm that is not recorded here may still occur: it means only that no source reporting it has been entered."
            ),
        ),
        about=(subject, harm),
        disputed=(
            f"Not every finding on this harm of {name} confirms it."
            if any(f["direction"] != "supports" for f in all_findings)
            else ""
        ),
        data={"findings": [f["id"] for f in supporting]},
    )


def _told_apart(facts: Facts, harms: Iterator[str]) -> list[str]:
    """The first harms that are not broader or narrower of each other."""
    chosen: list[str] = []
    for harm in harms:
        if not any(harm in facts.related(c) for c in chosen):
            chosen.append(harm)
        if len(chosen) == WRONG:
            break
    return chosen
