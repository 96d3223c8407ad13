"""What a record says of masking in one place it does not deny in another."""

import re

from kb.knowledge import KnowledgeBase

BLINDED = re.compile(r"\b(double|triple|single|evaluator|rater|assessor)[- ]?blind|\bblinded\b|\bmasked\b", re.I)


def test_a_domain_of_bias_does_not_deny_the_masking_that_the_record_tells(base: KnowledgeBase) -> None:
    """Measurement *not told by the abstract* beside a title or summary that says blinded misleads who weighs the trial."""
    denied = [
        finding.id
        for finding in base.findings.values()
        if BLINDED.search(f"{finding.summary} {finding.population} {base.references[finding.reference].title}")
        for appraisal in finding.appraisals
        for domain in appraisal.domains
        if domain.domain == "measurement" and "does not say" in domain.why
    ]
    assert denied == []
