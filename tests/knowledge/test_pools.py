"""What stands behind the pooled results of the real base."""

from __future__ import annotations

from kb.knowledge import KnowledgeBase
from kb.views.charts.forest import pooled_plots


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


def test_every_pooled_plot_says_whom_each_side_favours(base: KnowledgeBase) -> None:
    subjects = {p.subject for p in base.pooled}
    plots = [plot for slug in sorted(subjects) for plot in pooled_plots(base.monograph(slug), {}, {})]
    assert len(plots) >= 22
    silent = [plot.title for plot in plots if "not recorded" in "".join(plot.favours)]
    assert not silent
