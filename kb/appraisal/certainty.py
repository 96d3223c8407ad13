"""GRADE certainty, computed.

Rule: randomised evidence starts high, observational evidence low; each reason moves it one or two levels down or up, never
below very low nor above high; rating up is for evidence that started low (Guyatt et al., BMJ 2008;336:924-926; Balshem et
al., J Clin Epidemiol 2011;64:401-406).
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.model import Assessment
from kb.model.terms import Certainty, Design

_RANDOMISED = {Design.RCT, Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW}


def certainty(assessment: Assessment) -> Certainty:
    """The certainty that the assessment's own starting level and reasons give."""
    level = assessment.starts.level
    level -= sum(reason.levels for reason in assessment.down)
    level += sum(reason.levels for reason in assessment.up)
    return Certainty.of_level(level)


def agrees(assessment: Assessment) -> bool:
    """Does the stored rating equal what its reasons compute?"""
    return certainty(assessment) == assessment.certainty


def starting_levels(designs: Iterable[Design]) -> tuple[Certainty, ...]:
    """The levels at which a body of these designs may start, the usual one first.

    High when the best study is randomised or a review of trials, low otherwise. Reviews without a trial of their own
    beside them may also start low: a review of case series starts as its studies do.
    """
    found = set(designs)
    if not found & _RANDOMISED:
        return (Certainty.LOW,)
    return (Certainty.HIGH,) if Design.RCT in found else (Certainty.HIGH, Certainty.LOW)


def starting_level(designs: Iterable[Design]) -> Certainty:
    """The level at which a body of these designs usually starts."""
    return starting_levels(designs)[0]
