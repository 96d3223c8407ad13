"""The author's form and the expectations judge a record alike, sound or spoilt."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kb.author.checks import _of_assessment, _of_finding
from kb.knowledge import KnowledgeBase, load
from kb.model import Finding
from kb.model.terms import Direction
from kb.validation.columns import table

ROOT = Path(__file__).parents[2]
OF_FINDING = {"direction": "direction_agrees", "n": "arms_add_up"}


@pytest.fixture
def base() -> KnowledgeBase:
    return load(ROOT)


def spoil(finding: Finding, draw: random.Random) -> None:
    """Change a direction, a size or a figure, as a slip would."""
    finding.direction = draw.choice(list(Direction))
    if finding.arms and finding.n:
        finding.arms[0].n = finding.n * draw.choice([1, 3])
    for outcome in finding.outcomes:
        if outcome.value is not None and draw.random() < 0.3:
            outcome.value *= draw.choice([1, 10])


def by_form(base: KnowledgeBase, finding: Finding) -> set[str]:
    return {
        str(problem.path[-1] if problem.path[0] == "outcomes" else problem.path[0])
        for problem in _of_finding(finding, base.design_of(finding))
    }


def test_form_and_expectations_agree_on_spoilt_findings(base: KnowledgeBase) -> None:
    draw = random.Random(20261129)
    for finding in base.findings.values():
        spoil(finding, draw)
    today = pd.Timestamp("2026-11-29")
    findings, outcomes = table(base, "findings", today).set_index("id"), table(base, "outcomes", today)
    wrong = outcomes[~(outcomes["interval_holds_value"] & outcomes["percent_agrees"])].groupby("finding").size()
    strange = outcomes[~outcomes["arm_known"]].groupby("finding").size()
    told: dict[str, int] = {}
    for id_, finding in base.findings.items():
        said = by_form(base, finding)
        for field, column in OF_FINDING.items():
            assert (field not in said) == bool(findings.loc[id_, column]), (id_, field)
        assert ("value" in said) == (id_ in wrong.index), id_
        assert ("arm" in said) == (id_ in strange.index), id_
        for field in said:
            told[field] = told.get(field, 0) + 1
    assert all(told.get(field, 0) > 3 for field in ("direction", "n", "value")), told


def test_form_and_expectations_agree_on_spoilt_assessments(base: KnowledgeBase) -> None:
    draw = random.Random(20261129)
    for assessment in base.assessments.values():
        assessment.direction = draw.choice(list(Direction))
        assessment.certainty = draw.choice([assessment.certainty, assessment.starts])
    rows: Any = table(base, "assessments", pd.Timestamp("2026-11-29")).set_index("id")
    columns = {
        "certainty": "certainty_agrees",
        "starts": "start_agrees",
        "direction": "direction_held",
        "up": "up_only_from_low",
    }
    found = 0
    for id_, assessment in base.assessments.items():
        said = {problem.path[0] for problem in _of_assessment(base, assessment)}
        for field, column in columns.items():
            assert (field not in said) == bool(rows.loc[id_, column]), (id_, field)
        found += len(said)
    assert found > 10
