"""Signalling questions behind the domains of the instruments, in our own words, with the answer that speaks for low risk.

RoB 2 (Sterne et al., BMJ 2019;366:l4898) with its numbers, for the effect of assignment. ROBINS-I (Sterne et al., BMJ
2016;355:i4919): the criteria of its domains; deviations, missing data, measurement and reporting are asked as in RoB 2, which shares
these domains. AMSTAR 2 (Shea et al., BMJ 2017;358:j4008) with the numbers of its seven critical items. The answers help to judge;
they do not decide: no algorithm of the instruments is run here.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.model.appraisal import Domain, Instrument, Judgement

ANSWERS = ("yes", "probably yes", "probably no", "no", "no information")


class Question(NamedTuple):
    """A number as the instrument has it (or a letter of ours), the question, and whether `yes` speaks for low risk."""

    number: str
    asks: str
    yes_is_good: bool


_DEVIATIONS = (
    Question("2.1", "Did participants know what they got?", False),
    Question("2.2", "Did those who treated them know?", False),
    Question("2.3", "Did the trial itself bring changes of treatment?", False),
    Question("2.4", "Could these changes move the outcome?", False),
    Question("2.5", "Were they alike in all groups?", True),
    Question("2.6", "Was everyone analysed as assigned?", True),
    Question("2.7", "If not: could that have moved the result much?", False),
)
_MISSING = (
    Question("3.1", "Is the outcome known of (nearly) all?", True),
    Question("3.2", "If not: is it shown that this bent nothing?", True),
    Question("3.3", "Could who is missing depend on how they fared?", False),
    Question("3.4", "Is it likely that it did?", False),
)
_MEASURED = (
    Question("4.1", "Was the way of measuring unfit?", False),
    Question("4.2", "Could it have differed between the groups?", False),
    Question("4.3", "Did assessors know who got what?", False),
    Question("4.4", "Could knowing have swayed them?", False),
    Question("4.5", "Is it likely that it did?", False),
)
_REPORTED = (
    Question("5.1", "Was it analysed as planned before the data were seen?", True),
    Question("5.2", "Is this result picked from several outcomes or scales?", False),
    Question("5.3", "Is this result picked from several analyses?", False),
)
QUESTIONS: dict[Instrument, dict[Domain, tuple[Question, ...]]] = {
    Instrument.ROB2: {
        Domain.RANDOMISATION: (
            Question("1.1", "Was the sequence random?", True),
            Question("1.2", "Was it hidden until people were assigned?", True),
            Question("1.3", "Do baseline differences cast doubt on it?", False),
        ),
        Domain.DEVIATIONS: _DEVIATIONS,
        Domain.MISSING_DATA: _MISSING,
        Domain.MEASUREMENT: _MEASURED,
        Domain.REPORTING: _REPORTED,
    },
    Instrument.ROBINS_I: {
        Domain.CONFOUNDING: (
            Question("a", "May something else explain who was treated and how they fared?", False),
            Question("b", "Were all such important factors measured well and controlled for?", True),
        ),
        Domain.SELECTION: (
            Question("a", "Were all included who would have been eligible for a trial?", True),
            Question("b", "Do follow-up and treatment begin together for all?", True),
        ),
        Domain.CLASSIFICATION: (
            Question("a", "Is it well defined who was treated?", True),
            Question("b", "Was that recorded when treatment began?", True),
        ),
        Domain.DEVIATIONS: _DEVIATIONS[2:5],
        Domain.MISSING_DATA: _MISSING,
        Domain.MEASUREMENT: _MEASURED,
        Domain.REPORTING: _REPORTED,
    },
    Instrument.AMSTAR2: {
        Domain.PROTOCOL: (Question("2", "Was the protocol written, and registered, before the review began?", True),),
        Domain.SEARCH: (
            Question("4", "Two databases at least, with the search words, and limits justified?", True),
            Question("4+", "Reference lists, registries, experts and grey literature as well?", True),
        ),
        Domain.EXCLUDED_STUDIES: (Question("7", "Are excluded studies listed with the reason?", True),),
        Domain.BIAS_OF_TRIALS: (Question("9", "Was each study's risk of bias judged with a fit instrument?", True),),
        Domain.POOLING: (Question("11", "Were results pooled by fit methods?", True),),
        Domain.BIAS_IN_CONCLUSIONS: (Question("13", "Does the discussion take the risk of bias into account?", True),),
        Domain.PUBLICATION_BIAS: (Question("15", "Was it looked for missing studies, and their weight discussed?", True),),
    },
}  # fmt: skip


def leaning(questions: tuple[Question, ...], answers: dict[str, str]) -> Judgement | None:
    """What the answers lean to: low when every answer given is the good one, some concerns otherwise; None without answers.

    `high` is never given: it is for the reader to say that a problem bends the result.
    """
    given = [(q, answers[q.number]) for q in questions if answers.get(q.number)]
    if not given:
        return None
    if any(answer == "no information" for _, answer in given):
        return Judgement.UNCLEAR
    good = all((answer in ("yes", "probably yes")) is q.yes_is_good for q, answer in given)
    return Judgement.LOW if good else Judgement.SOME_CONCERNS


def told(questions: tuple[Question, ...], answers: dict[str, str]) -> str:
    """`1.1 yes, 1.2 no information`: how the answers stand before the reason."""
    return ", ".join(f"{q.number} {answers[q.number]}" for q in questions if answers.get(q.number))
