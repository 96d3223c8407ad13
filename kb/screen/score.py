"""How much a study is worth reading for this base, in points that add up openly.

Every point has a reason that is shown; the table stands in docs/literature.md. The same record always gets the same
points, whatever else is read with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.model.terms import Certainty, Design, Kind
from kb.screen import ways
from kb.screen.design import Guess, Study, design, in_people, is_no_study, is_trial, of_plants
from kb.screen.gaps import Coverage, Pair
from kb.screen.learned import Learned
from kb.screen.likeness import Likeness
from kb.screen.mentions import ABSTRACT, KEYWORDS, TITLE, Mentions, is_local
from kb.screen.vocabulary import Thing

LEADING_SUBJECT = {TITLE: 6, KEYWORDS: 4, ABSTRACT: 3}
"""Principal ingredients and techniques."""

OTHER_SUBJECT = {TITLE: 4, KEYWORDS: 3, ABSTRACT: 2}

OBJECT = {
    Kind.INDICATION.value: {TITLE: 6, KEYWORDS: 4, ABSTRACT: 3},
    Kind.ADVERSE_EFFECT.value: {TITLE: 4, KEYWORDS: 3, ABSTRACT: 2},
    Kind.CONDITION.value: {TITLE: 3, KEYWORDS: 2, ABSTRACT: 1},
    Kind.SUBSTANCE.value: {TITLE: 2, KEYWORDS: 1, ABSTRACT: 1},
}
BROAD = {TITLE: 2}
"""Classes, vehicles and "any": in the title alone."""

SECOND = 1
"""For a second subject, and for a second object."""

LOCAL_ROUTE = {TITLE: 3, ABSTRACT: 2}
INJECTION = {TITLE: 2, ABSTRACT: 1}
FIELD = 2
"""Skin, hair or cosmetics, or a way into the skin, somewhere in the record."""

FIELD_TITLE = 2
"""Skin, hair or cosmetics in the title, besides."""

OTHER_FIELD = -12
"""No word of skin, hair or cosmetics and no way into the skin: the ingredient is another field's."""

DESIGN = {
    Design.META_ANALYSIS: 5,
    Design.SYSTEMATIC_REVIEW: 5,
    Design.RCT: 5,
    Design.GUIDELINE: 4,
    Design.CONTROLLED_TRIAL: 3,
    Design.COHORT: 3,
    Design.CASE_CONTROL: 3,
    Design.CONSENSUS: 3,
    Design.CASE_SERIES: 2,
    Design.PHARMACOKINETIC: 2,
    Design.CASE_REPORT: 1,
    Design.CROSS_SECTIONAL: 1,
    Design.ANIMAL: -16,
    Design.IN_VITRO: -16,
}
PEOPLE = 2
"""In humans, as MeSH or the words say."""

PLANTS = -16
"""Crops, soil or feed, and no word of people."""

OWN = {TITLE: 20, KEYWORDS: 14, ABSTRACT: 8}
"""The field's own name, which needs no company."""

WAY = {
    ways.HARM: (4, "a harm in the title: {!r}"),
    ways.MIXED: (4, "what may be mixed: {!r}"),
    ways.TREATED: (4, "treatments in the title: {!r}"),
    ways.PRACTICE: (4, "cosmetic procedures in the title: {!r}"),
    ways.LINKED: (4, "joined in the records: {}"),
}
"""A title that is enough by itself, by the way in which it is."""

TRIAL = 2
"""A clinical trial that does not say of what kind."""

GAP: Mapping[Certainty | None, int] = {
    Certainty.VERY_LOW: 4, Certainty.LOW: 3, Certainty.MODERATE: 1, Certainty.HIGH: 0, None: 3,
}  # fmt: skip
"""For the pair it would inform, by that pair's certainty; None: not graded, or no finding at all."""

HARM_GAP = 2
"""For a harm or condition of which the base has no finding with that subject."""

NO_STUDY = -12
RETRACTED = -20
CONCERN = -8

MOST_PAIRS = 4


@dataclass(frozen=True)
class Reason:
    """Points, and what they are for."""

    points: int
    words: str

    def __str__(self) -> str:
        return f"{self.points:+d} {self.words}"


@dataclass(frozen=True)
class Weighed:
    """A record's points with their reasons, its subjects and objects (the most telling first), pairs and design."""

    score: int
    reasons: tuple[Reason, ...]
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    pairs: tuple[Pair, ...]
    guess: Guess
    retracted: bool


def weigh(
    study: Study,
    mentions: Mentions,
    known: Mapping[str, Thing],
    coverage: Coverage,
    learned: Learned | None = None,
    likeness: Likeness | None = None,
) -> Weighed:
    """The points of a record that speaks of a subject and an object, or names the field."""
    reasons: list[Reason] = []
    subjects = _ranked(mentions.subjects, known)
    objects = _ranked(mentions.objects, known)
    if mentions.own:
        reasons.append(Reason(OWN[mentions.own], f"names the field in the {mentions.own}"))
    for ranked, places in ((subjects, mentions.subjects), (objects, mentions.objects)):
        if ranked:
            points, slug = ranked[0]
            thing = known[slug]
            reasons.append(Reason(points, f"{thing.name} ({thing.kind.replace('-', ' ')}) in the {places[slug]}"))
        if len(ranked) > 1:
            reasons.append(Reason(SECOND, f"also {known[ranked[1][1]].name}"))
    if mentions.way and (told := WAY.get(mentions.way.kind)):
        reasons.append(Reason(told[0], told[1].format(mentions.way.words)))
    if mentions.route:
        route, place = mentions.route
        points = (LOCAL_ROUTE if is_local(route) else INJECTION)[place]
        reasons.append(Reason(points, f"{route!r} in the {place}"))
    mixed = mentions.way is not None and mentions.way.kind == ways.MIXED
    if mentions.ours:
        reasons.append(Reason(FIELD, "about skin, hair or cosmetics"))
    elif not mixed:
        reasons.append(Reason(OTHER_FIELD, "no word of skin, hair or a way into the skin"))
    if mentions.titled:
        reasons.append(Reason(FIELD_TITLE, "skin, hair or cosmetics in the title"))
    guess = design(study)
    if not (mixed and guess.design is Design.IN_VITRO):  # what may be mixed is studied in no other way
        reasons += _of_design(study, guess)
    pairs = _pairs(subjects, [one for one in objects if known[one[1]].kind != Kind.SUBSTANCE.value], coverage)
    if pairs:
        reasons.append(_gap(pairs[0], known))
    reasons += (noticed := _of_notices(study))
    if likeness is not None:
        reasons += [Reason(points, words) for points, words in likeness.points(study.title)]
    if learned is not None:
        reasons += [Reason(points, words) for points, words in learned.points(study)]
    reasons = [reason for reason in reasons if reason.points]
    return Weighed(
        sum(reason.points for reason in reasons),
        tuple(reasons),
        tuple(slug for _, slug in subjects),
        tuple(slug for _, slug in objects),
        pairs,
        guess,
        any(reason.points == RETRACTED for reason in noticed),
    )


def _of_notices(study: Study) -> list[Reason]:
    """The gravest of what is said of the record: retracted, or an expression of concern."""
    for kind, points in (("retraction", RETRACTED), ("expression-of-concern", CONCERN)):
        for note in study.notices.splitlines():
            name, _, said = note.partition("\t")
            if name == kind:
                return [Reason(points, f"{kind.replace('-', ' ')}: {said}")]
    return []


def _ranked(places: Mapping[str, str], known: Mapping[str, Thing]) -> list[tuple[int, str]]:
    """Points and id of each thing, the most telling first; substances, which only stand beside others, last."""
    found = []
    for slug, place in places.items():
        thing = known[slug]
        if thing.broad:
            points = BROAD[place]
        elif thing.is_subject:
            points = (LEADING_SUBJECT if thing.leading else OTHER_SUBJECT)[place]
        else:
            points = OBJECT[thing.kind][place]
        found.append((points, slug))
    return sorted(found, key=lambda one: (known[one[1]].kind == Kind.SUBSTANCE.value, -one[0], one[1]))


def _pairs(subjects: list[tuple[int, str]], objects: list[tuple[int, str]], coverage: Coverage) -> tuple[Pair, ...]:
    """The pairs a study would inform, the most telling first, and among equals the one the base knows least of."""
    found = []
    for points, subject in subjects[:3]:
        for more, target in objects[:3]:
            pair = coverage.pair(subject, target)
            found.append((-(points + more), -GAP[pair.certainty], pair.findings, subject, target, pair))
    return tuple(one[-1] for one in sorted(found, key=lambda one: one[:-1])[:MOST_PAIRS])


def _gap(pair: Pair, known: Mapping[str, Thing]) -> Reason:
    words = f"would inform {known[pair.subject].name} and {known[pair.object].name}: {pair.state}"
    if known[pair.object].kind == Kind.INDICATION.value:
        return Reason(GAP[pair.certainty], words)
    return Reason(0 if pair.findings else HARM_GAP, words)


def _of_design(study: Study, guess: Guess) -> list[Reason]:
    reasons = []
    if guess.design is not None:
        name = guess.design.value.replace("-", " ")
        alone = " alone" if guess.design in (Design.ANIMAL, Design.IN_VITRO) else ""
        reasons.append(Reason(DESIGN.get(guess.design, 0), f"{name}{alone}, {guess.said}"))
    elif is_trial(study):
        reasons.append(Reason(TRIAL, "clinical trial, as the record itself says"))
    if kind := is_no_study(study):
        reasons.append(Reason(NO_STUDY, f"published as {kind}, as the record itself says"))
    if guess.design not in (Design.ANIMAL, Design.IN_VITRO):
        if in_people(study):
            reasons.append(Reason(PEOPLE, "in humans"))
        elif of_plants(study):
            reasons.append(Reason(PLANTS, "about crops, soil or feed"))
    return reasons
