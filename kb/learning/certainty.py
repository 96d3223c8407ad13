"""*Which evidence is more certain?* Two treatments of one indication, ranked by the GRADE certainty of their evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, digest, shuffled
from kb.learning.wording import lower_first, route
from kb.model.terms import Certainty
from kb.questions.shapes import AssessmentValue

DIRECTIONS = {
    "supports": "points to benefit",
    "refutes": "speaks against benefit",
    "outcomes-differ": "differs from one outcome or comparison to the next",
    "studies-disagree": "differs from study to study",
    "neither-better": "shows neither treatment to be better",
    "insufficient": "is too little to tell",
}
MOST_UNEQUAL = 10
MOST_EQUAL = 4
"""Pairs for one indication: most differ, some are rated alike, so that *alike* is an answer to reckon with."""


def treatment(facts: Facts, assessment: AssessmentValue) -> str:
    """`Minoxidil, topical`, `Salicylic acid, topical (chemical peel)`; route and technique only when they say more than the name."""
    name = facts.name(assessment["subject"])
    technique = facts.name(assessment["technique"]) if assessment["technique"] else ""
    itself = facts.rows[assessment["subject"]]["kind"] == "technique"
    words = ["" if itself and assessment["route"] == "any" else route(assessment["route"]), technique]
    told = name
    for word, shape in zip(words, (", {}", " ({})"), strict=True):
        if word and word.casefold() not in told.casefold() and not word.casefold().startswith(name.casefold()):
            told += shape.format(lower_first(word))
    return told


def apart(facts: Facts, a: AssessmentValue, b: AssessmentValue) -> bool:
    """Are these two treatments of which neither is a kind, a relative or the way of giving the other?"""
    ways = {a["technique"], b["technique"]} & {a["subject"], b["subject"]}
    related = b["subject"] in facts.family(a["subject"])
    return not ways and not related and treatment(facts, a) != treatment(facts, b)


def generate(facts: Facts) -> Iterator[Question]:
    by_object: dict[str, list[AssessmentValue]] = defaultdict(list)
    for a in facts.assessments.values():
        by_object[a["object"]].append(a)
    for object_, held in by_object.items():
        single = sorted((a for a in held if not facts.is_class(a["subject"])), key=lambda a: str(a["id"]))
        pairs = [(a, b) for a, b in combinations(single, 2) if apart(facts, a, b)]
        pairs = shuffled(pairs, object_, lambda p: f"{p[0]['id']} {p[1]['id']}")
        differ = [p for p in pairs if p[0]["certainty"] != p[1]["certainty"]]
        alike = [p for p in pairs if p[0]["certainty"] == p[1]["certainty"]]
        for a, b in [*differ[:MOST_UNEQUAL], *alike[: min(MOST_EQUAL, max(1, len(differ) // 2))]]:
            question = _question(facts, object_, a, b)
            if question.references:
                yield question


def _question(facts: Facts, object_: str, a: AssessmentValue, b: AssessmentValue) -> Question:
    first, second = shuffled([a, b], f"{a['id']} {b['id']}", lambda x: x["id"])
    better = _better(first, second)
    options = [
        Option(
            id=place,
            text=treatment(facts, x),
            right=better is x,
            why=f"{x['certainty'].capitalize()} certainty; the evidence {DIRECTIONS[x['direction']]}.",
            about=x["id"],
        )
        for place, x in (("first", first), ("second", second))
    ]
    options.append(
        Option(
            "alike",
            "Neither: both are rated alike",
            better is None,
            f"{first['certainty'].capitalize()} certainty for both.",
        )
        if better is None
        else Option("alike", "Neither: both are rated alike", False, "The two ratings differ by a level or more.")
    )
    disputed = [treatment(facts, x) for x in (first, second) if _disputed(facts, x)]
    return Question(
        id=f"certainty-{object_}-{digest(*sorted((a['id'], b['id'])))}",
        kind="certainty",
        field=facts.field(object_),
        stem=f"{facts.name(object_)}: for which treatment is the evidence rated as more certain?",
        options=tuple(options),
        explained=(
            *(
                Point(f"{treatment(facts, x)}: {x['bottom_line']}", facts.cite(x["references"]))
                for x in (first, second)
            ),
            Point(
                "Certainty is not direction: it says how far to trust what the evidence points to, whichever way that is."
            ),
        ),
        about=tuple(dict.fromkeys((object_, first["subject"], second["subject"]))),
        disputed=f"The findings do not agree on: {'; '.join(disputed)}." if disputed else "",
        data={"assessments": [first["id"], second["id"]]},
    )


def _better(a: AssessmentValue, b: AssessmentValue) -> AssessmentValue | None:
    ranks = Certainty(a["certainty"]).level, Certainty(b["certainty"]).level
    return None if ranks[0] == ranks[1] else a if ranks[0] > ranks[1] else b


def _disputed(facts: Facts, assessment: AssessmentValue) -> bool:
    findings = [facts.findings[f] for f in assessment["findings"] if f in facts.findings]
    return facts.disputed([*findings, {"direction": assessment["direction"]}])
