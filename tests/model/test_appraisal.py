"""Risk of bias: every domain is told, and one word follows from them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kb.model import DOMAINS, Appraisal, Finding, Instrument
from kb.model.terms import RiskOfBias


def rob2(**judged: str) -> Appraisal:
    domains = [
        {"domain": d.value, "judgement": judged.get(d.value.replace("-", "_"), "low"), "why": "A reason."}
        for d in DOMAINS[Instrument.ROB2]
    ]
    return Appraisal.model_validate({"instrument": "rob2", "basis": "abstract", "domains": domains})


@pytest.mark.parametrize(
    ("judged", "overall"),
    [
        ({}, RiskOfBias.LOW),
        ({"measurement": "some-concerns"}, RiskOfBias.SOME_CONCERNS),
        ({"randomisation": "unclear"}, RiskOfBias.SOME_CONCERNS),
        ({"missing_data": "high", "randomisation": "unclear"}, RiskOfBias.HIGH),
    ],
)
def test_the_worst_domain_carries_the_study(judged: dict[str, str], overall: RiskOfBias) -> None:
    assert rob2(**judged).overall is overall


def test_a_domain_left_untold_or_of_another_instrument_is_refused() -> None:
    short = rob2().model_dump()
    short["domains"] = short["domains"][1:]
    with pytest.raises(ValidationError, match="missing: randomisation"):
        Appraisal.model_validate(short)
    foreign = rob2().model_dump()
    foreign["domains"][0]["domain"] = "confounding"
    with pytest.raises(ValidationError, match="not or twice: confounding"):
        Appraisal.model_validate(foreign)


def test_the_word_of_a_finding_must_follow_from_its_domains() -> None:
    finding = {
        "id": "adams2001-biotin-hair",
        "reference": "adams2001",
        "relation": "treats",
        "object": "androgenetic-alopecia",
        "direction": "insufficient",
        "basis": "abstract",
        "seen_at": "https://example.org",
        "summary": "Nothing was found.",
        "appraisals": [rob2(measurement="high").model_dump()],
    }
    with pytest.raises(ValidationError, match="set risk_of_bias: high"):
        Finding.model_validate({**finding, "risk_of_bias": "low"})
    assert Finding.model_validate({**finding, "risk_of_bias": "high"}).risk_of_bias is RiskOfBias.HIGH
