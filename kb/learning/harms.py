"""*Pick the harm*: which harm does the base document for an ingredient or a technique?

Not to be in the base is no proof that a harm does not happen. So a wrong answer is a harm documented for something else,
from a group of harms in which neither the subject nor its family has any finding, which the page of the subject does not
mention at all; and never one that any substance can bring about (local reactions, infections, allergy) or that has been
seen after a needle or a device.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, shuffled
from kb.learning.wording import route

Value = dict[str, Any]

UNIVERSAL = frozenset({"local-reaction", "infection", "allergic", "other"})
"""Groups of harms that no subject can be said to be free of."""
BY_NEEDLE = frozenset(
    {"intradermal", "subcutaneous", "intralesional", "microneedling", "electroporation", "any", "not-stated"}
)
"""Routes after which a harm may come from the procedure itself; it is then no wrong answer for anything else."""
VAGUE = frozenset({"adverse-event", "serious-adverse-event", "systemic-adverse-effect", "treatment-intolerance"})
"""Terms too wide to be an answer."""
WRONG = 3


def documented(facts: Facts) -> dict[str, dict[str, list[Value]]]:
    """Subject to harm to its findings, of those subjects that have a page."""
    found: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for f in facts.findings.values():
        if f["relation"] == "causes" and f["subject"] in facts.pages:
            found[f["subject"]][f["object"]].append(f)
    return found


def group(facts: Facts, harm: str) -> str:
    """The group of a harm in the vocabulary of adverse effects."""
    row = facts.rows.get(harm, {})
    return str(row.get("group") or "") if "adverse-effect" in row.get("kinds", ()) else ""


def by_procedure(held: dict[str, dict[str, list[Value]]], facts: Facts) -> set[str]:
    """Harms seen after a technique, or after something given by a needle."""
    return {
        h
        for subject, harms in held.items()
        for h, findings in harms.items()
        if facts.rows[subject]["kind"] == "technique" or any(f["route"] in BY_NEEDLE for f in findings)
    }


def told_apart_from_procedures(facts: Facts, held: dict[str, dict[str, list[Value]]]) -> dict[str, set[str]]:
    """Harms that can stand as wrong answers somewhere, each with the subjects it is documented for."""
    procedural = {r for h in by_procedure(held, facts) for b in facts.broader(h) for r in facts.narrower(b)}
    found: dict[str, set[str]] = defaultdict(set)
    for subject, harms in held.items():
        for h, findings in harms.items():
            sure = all(f["direction"] == "supports" for f in findings)
            if sure and h not in procedural | VAGUE and group(facts, h) not in UNIVERSAL | {""}:
                found[h].add(subject)
    return found


def wrong_for(facts: Facts, subject: str, pool: dict[str, set[str]]) -> list[str]:
    """Harms of the pool that can stand as wrong answers for a subject."""
    family = facts.family(subject) | {subject}
    theirs = {f["object"] for relative in family for f in facts.harms.get(relative, ())}
    groups = {group(facts, h) for h in theirs}
    near = {r for h in theirs for r in facts.related(h)}
    return sorted(
        h
        for h, causes in pool.items()
        if causes - family
        and h not in near
        and group(facts, h) not in groups
        and not any(facts.mentions(relative, h) for relative in family)
    )


def generate(facts: Facts) -> Iterator[Question]:
    held = documented(facts)
    pool = told_apart_from_procedures(facts, held)
    for subject in sorted(held):
        wrong = wrong_for(facts, subject, pool)
        for harm, findings in sorted(held[subject].items()):
            supporting = [f for f in findings if f["direction"] == "supports"]
            if not supporting or harm in VAGUE or group(facts, harm) in {"", "other"}:
                continue
            question = _question(facts, subject, harm, supporting, wrong, held)
            if question is not None:
                yield question


def _question(
    facts: Facts,
    subject: str,
    harm: str,
    supporting: list[Value],
    wrong: list[str],
    held: dict[str, dict[str, list[Value]]],
) -> Question | None:
    chosen = _told_apart(facts, shuffled(wrong, f"{subject} {harm}"))
    if len(chosen) < WRONG:
        return None
    keys = facts.cite(f["reference"] for f in supporting)
    routes = sorted({f["route"] for f in supporting} - {"any", "not-stated"})
    given = f", {route(routes[0])}" if len(routes) == 1 and facts.rows[subject]["kind"] == "ingredient" else ""
    name = facts.name(subject)
    options = [Option(harm, facts.name(harm), True, "", keys, harm)]
    for other in chosen:
        causes = sorted(s for s, harms in held.items() if other in harms)
        why = f"Documented for other things ({'; '.join(facts.name(c) for c in causes[:3])}); not on this page of the base."
        cited = facts.cite(held[causes[0]][other][0]["reference"] for _ in "1")
        options.append(Option(other, facts.name(other), False, why, cited, other))
    all_findings = [f for h in facts.related(harm) for f in facts.about(subject, h) if f["relation"] == "causes"]
    return Question(
        id=f"harm-{subject}-{harm}",
        kind="harm",
        field=facts.field(subject),
        stem=f"{name}{given}: which of these harms does the base document?",
        options=tuple(shuffled(options, f"{subject} {harm} options", lambda o: o.id)),
        explained=(
            *(Point(f["summary"], facts.cite([f["reference"]])) for f in supporting[:3]),
            Point(
                "A harm that is not in the base may still happen: it says only that no source with it has been entered."
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


def _told_apart(facts: Facts, harms: list[str]) -> list[str]:
    """The first harms of the list that are not broader or narrower of each other."""
    chosen: list[str] = []
    for harm in harms:
        if len(chosen) < WRONG and not any(harm in facts.related(c) for c in chosen):
            chosen.append(harm)
    return chosen
