"""What stands behind the pooled results of the real base."""

from __future__ import annotations

from kb.knowledge import KnowledgeBase


def test_a_printed_contrast_is_never_left_out_for_one_worked_out_beside_it(base: KnowledgeBase) -> None:
    """A trial that prints a ratio with its interval names the concept on it, or the pool works out a cruder one."""
    behind = {(s["finding"], p.kind) for p in base.pooled for s in p.studies if s["derived"]}
    missed = [
        f"{finding.id}: {outcome.measure}"
        for finding in base.findings.values()
        for outcome in finding.outcomes
        if (finding.id, str(outcome.kind)) in behind
        and outcome.interval is not None
        and outcome.computed is None
        and outcome.concept is None
    ]
    assert not missed
