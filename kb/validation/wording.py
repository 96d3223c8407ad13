"""What a sentence claims beyond what was shown: a difference without a test, and no difference where none was shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.appraisal.effects import contrasts
from kb.model import Finding
from kb.model.finding import NoEffect
from kb.model.terms import Design, Direction, Relation

_TRIALS = {Design.RCT, Design.CONTROLLED_TRIAL, Design.COHORT, Design.CASE_CONTROL}
_BARE = {NoEffect.NO_SPREAD, NoEffect.NO_NUMBERS}
_TESTED = re.compile(r"significant|significance", re.IGNORECASE)
_NO_CONTROLLED = re.compile(r"no controlled (?:evidence|study|studies|trials?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;:])\s")
_ALIKE = re.compile(
    r"\b(?:(?:did|does|do) not differ|(?:brought|made|found|shows?|showed|was) no difference|no difference (?:in|between)"
    r"|made no difference|equally (?:effective|good|well|often)|about as \w+|as effective as|(?:did|worked) as well as"
    r"|(?:did|does|do|were|was|are|is|fared|worked|acted|fell|rose|improved|changed|responded) (?:\w+ )?alike"
    r"|(?:the same|an? (?:similar|equal)) (?:amount|change|fall|gain|loss|rate|reduction|rise)|measured the same)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"significant|significance|meaningful|\b[Pp] ?[=<>]|\btold\b|\bprint|\bshown\b|could be shown|baseline|untreated|\breports?\b"
    r"|authors|listed|lists",
    re.IGNORECASE,
)


def direction_tested(finding: Finding, design: Design | None) -> bool:
    """A trial that takes a side prints a test of the difference, or says that it is significant.

    Two figures side by side without a spread, numbers of people or a test cannot tell a difference from chance.
    """
    if finding.relation not in {Relation.TREATS, Relation.COMPARED_WITH} or design not in _TRIALS:
        return True
    if finding.direction not in {Direction.SUPPORTS, Direction.REFUTES} or finding.effect_missing not in _BARE:
        return True
    if any(o.p for o in finding.outcomes) or contrasts(finding):
        return True
    return any(_TESTED.search(text) for text in _texts(finding))


def _texts(finding: Finding) -> Iterator[str]:
    yield from (t for t in (finding.summary, finding.limitations, finding.doubt) if t)
    yield from (o.note for o in finding.outcomes if o.note)


def alike(text: str) -> str | None:
    """The first sentence that says two treatments do not differ where *not significantly* is all that was shown."""
    for sentence in _SENTENCE.split(text):
        if _ALIKE.search(sentence) and not _SHOWN.search(sentence):
            return sentence
    return None


def denies_trials(note: str, benefits: Iterable[tuple[Finding, Design | None]]) -> bool:
    """Whether a note begins with *No controlled evidence* over findings, each with the design of its source, that hold a trial of benefit.

    Such a note was true when it was written; a note on one route or use says what there is none of (`No trial of injected caffeine`).
    """
    return _NO_CONTROLLED.match(note) is not None and any(
        f.relation in {Relation.TREATS, Relation.COMPARED_WITH}
        and design is not None
        and (design.trial or design is Design.META_ANALYSIS)
        for f, design in benefits
    )
