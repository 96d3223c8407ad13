"""Risk of bias of one study by an instrument, domain by domain, each with its reason.

RoB 2 is for randomised trials (Sterne et al., BMJ 2019;366:l4898), ROBINS-I for other studies with a comparison (Sterne et
al., BMJ 2016;355:i4919), AMSTAR 2 for reviews (Shea et al., BMJ 2017;358:j4008; its seven critical domains).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from kb.model.record import Part, Text
from kb.model.terms import RiskOfBias


class Instrument(StrEnum):
    ROB2 = "rob2"
    ROBINS_I = "robins-i"
    AMSTAR2 = "amstar2"


class Judgement(StrEnum):
    """How much a domain may have bent the result; `unclear` where what was read does not tell."""

    LOW = "low"
    SOME_CONCERNS = "some-concerns"
    HIGH = "high"
    UNCLEAR = "unclear"


class Read(StrEnum):
    """What was read to judge."""

    FULL_TEXT = "full-text"
    TABLE = "table"
    ABSTRACT = "abstract"


class Domain(StrEnum):
    RANDOMISATION = "randomisation"
    CONFOUNDING = "confounding"
    SELECTION = "selection"
    CLASSIFICATION = "classification"
    DEVIATIONS = "deviations"
    MISSING_DATA = "missing-data"
    MEASUREMENT = "measurement"
    REPORTING = "reporting"
    PROTOCOL = "protocol"
    SEARCH = "search"
    EXCLUDED_STUDIES = "excluded-studies"
    BIAS_OF_TRIALS = "bias-of-trials"
    POOLING = "pooling"
    BIAS_IN_CONCLUSIONS = "bias-in-conclusions"
    PUBLICATION_BIAS = "publication-bias"


DOMAINS: dict[Instrument, tuple[Domain, ...]] = {
    Instrument.ROB2: (
        Domain.RANDOMISATION,
        Domain.DEVIATIONS,
        Domain.MISSING_DATA,
        Domain.MEASUREMENT,
        Domain.REPORTING,
    ),
    Instrument.ROBINS_I: (
        Domain.CONFOUNDING,
        Domain.SELECTION,
        Domain.CLASSIFICATION,
        Domain.DEVIATIONS,
        Domain.MISSING_DATA,
        Domain.MEASUREMENT,
        Domain.REPORTING,
    ),
    Instrument.AMSTAR2: (
        Domain.PROTOCOL,
        Domain.SEARCH,
        Domain.EXCLUDED_STUDIES,
        Domain.BIAS_OF_TRIALS,
        Domain.POOLING,
        Domain.BIAS_IN_CONCLUSIONS,
        Domain.PUBLICATION_BIAS,
    ),
}
"""The domains of each instrument, in its order."""


class DomainJudgement(Part):
    domain: Domain
    judgement: Judgement
    why: Text


class Appraisal(Part):
    """One study judged by one instrument; every domain of the instrument is told, unclear ones too."""

    instrument: Instrument
    basis: Read = Field(description="what was read to judge")
    domains: list[DomainJudgement]

    @model_validator(mode="after")
    def _every_domain_once(self) -> Self:
        given = [d.domain for d in self.domains]
        wanted = DOMAINS[self.instrument]
        missing = [d.value for d in wanted if d not in given]
        strange = [d.value for d in given if d not in wanted or given.count(d) > 1]
        if missing or strange:
            what = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"not or twice: {', '.join(strange)}"] * bool(
                strange
            )
            raise ValueError(
                f"domains of {self.instrument.value} {'; '.join(what)}; give each of "
                f"{', '.join(d.value for d in wanted)} once"
            )
        return self

    @property
    def overall(self) -> RiskOfBias:
        """The worst domain carries the study; one that is unclear leaves it at some concerns at best."""
        given = {d.judgement for d in self.domains}
        if Judgement.HIGH in given:
            return RiskOfBias.HIGH
        return RiskOfBias.LOW if given == {Judgement.LOW} else RiskOfBias.SOME_CONCERNS
