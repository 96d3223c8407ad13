"""Aftercare, emergencies and what changed in the world are records: they are read, and their links hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.formulary import read
from kb.formulary.links import check
from kb.model import AdviceKind, Stage

ADVICE = """aftercare:
  - id: after-needling
    kind: aftercare
    name: After needling
    lines:
      - stage: same-day
        text: No sun on the day.
        references: [smith2020]
"""
CHANGE = """changes:
  - id: ban-2025
    'on': 2025-10-15
    body: A regulator
    summary: Something was forbidden.
    references: [smith2020]
    read_on: 2026-11-29
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder, name, text in (("aftercare", "needling", ADVICE), ("changes", "2025", CHANGE)):
        (tmp_path / "formulary" / folder).mkdir(parents=True)
        (tmp_path / "formulary" / folder / f"{name}.yaml").write_text(text)
    return tmp_path


def test_advice_and_changes_are_read(root: Path) -> None:
    formulary, _ = read(root)
    advice = formulary.aftercare["after-needling"]
    assert (advice.kind, [line.stage for line in advice.lines]) == (AdviceKind.AFTERCARE, [Stage.SAME_DAY])
    assert formulary.changes["ban-2025"].on == "2025-10-15"
    assert check(formulary, {"smith2020"}) == []


def test_a_line_nobody_said_is_refused(root: Path) -> None:
    path = root / "formulary/aftercare/needling.yaml"
    path.write_text(path.read_text().replace("[smith2020]", "[]"))
    formulary, problems = read(root)
    assert not formulary.aftercare
    assert any("references" in p.field and p.file.endswith("needling.yaml") for p in problems)


def test_a_link_that_leads_nowhere_is_told(root: Path) -> None:
    path = root / "formulary/changes/2025.yaml"
    path.write_text(path.read_text() + "    subjects: [nothing-such]\n")
    formulary, _ = read(root)
    told = {(p.field, p.file) for p in check(formulary, {"other1999"})}
    assert ("subjects", "formulary/changes/2025.yaml") in told
    assert ("references", "formulary/changes/2025.yaml") in told
    assert ("lines.references", "formulary/aftercare/needling.yaml") in told
