"""Expectations: each finds the slip it is there for, with file, line and record; and the real base is clean."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kb.compile import ensure
from kb.problems import Problem
from kb.validation import check
from kb.validation.suites import read_suites

ROOT = Path(__file__).parents[2]
TODAY = pd.Timestamp("2026-11-23")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    for name in ("formulary", "learning", "validation"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "references.bib", folder)
    return folder


@pytest.fixture(scope="module")
def broken(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """The real base with a dozen different slips put in, checked once."""
    folder = tmp_path_factory.mktemp("broken")
    for name in ("formulary", "validation"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "references.bib", folder)
    (folder / "formulary" / "ingredients" / "slip.yaml").write_text(SLIPS, encoding="utf-8")
    (folder / "formulary" / "claims" / "slip.yaml").write_text(PAGE, encoding="utf-8")
    (folder / "learning").mkdir()
    (folder / "learning" / "glossary.yaml").write_text(WORDS, encoding="utf-8")
    return check(folder, TODAY).problems


WORDS = """\
terms:
  - id: slip-of-the-pen
    term: Slip of the pen
    group: figures
    brief: A word that was not meant.
    text: What is written when something else was thought.
    references: [nobody1900]
    see_also: [nonesuch]
"""

SLIPS = """\
id: slip
name: Slip
kind: drug
role:
  value: principal
  why: To be found out.
findings:
  - id: slip-percent
    reference: moftah2013
    relation: treats
    object: hair-loss
    direction: supports
    route: topical
    n: 60
    arms:
      - name: a
        n: 50
      - name: b
        n: 40
    outcomes:
      - measure: share improved
        kind: percent
        arm: a
        value: 140
        unit: percent of patients
      - measure: ratio
        kind: risk-ratio
        value: 3
        interval:
          low: 1.2
          high: 2.4
      - measure: share again
        kind: percent
        arm: a
        value: 50
        events: 10
        n: 40
    basis: abstract
    seen_at: a page
    summary: A finding with slips in its figures, all of which must be told.
  - id: slip-direction
    reference: moftah2013
    relation: treats
    object: hair-loss
    direction: supports
    route: oral
    outcomes:
      - measure: ratio
        kind: risk-ratio
        concept: one-grade-less-hair-loss
        value: 1.1
        interval:
          low: 0.8
          high: 1.4
    basis: abstract
    seen_at: a page
    summary: A null interval that is said to support, which must be told as well.
  - id: slip-unweighed
    reference: moftah2013
    relation: treats
    object: hair-loss
    direction: insufficient
    route: oral
    basis: abstract
    seen_at: a page
    summary: A trial that came in after its assessment was written, which must be told.
assessments:
  - id: slip-oral-hair-loss
    object: hair-loss
    route: oral
    findings:
      - slip-direction
    starts: high
    certainty: high
    down:
      - reason: imprecision
        why: Very few people.
    direction: refutes
    bottom_line: It is certain against its own reasons, which must be told.
    would_change: Honesty.
cautions:
  - id: slip-pregnancy
    trigger: pregnancy
    severity: avoid
    action: Do not.
    why: Because.
    strength: Nothing.
nothing_found:
  - fact: pregnancy
    why: A fact that a caution speaks of, which must be told.
    looked: [moftah2013]
review:
  last: 2025-01-01
  by: nobody
  due: 2025-06-01
"""


PAGE = """\
id: slip
title: A page with slips
claims:
  - id: slip-passed-over
    says: Mesotherapy treats cellulite.
    topic: indication
    subject: mesotherapy
    relation: treats
    object: cellulite
    verdict: unsupported
    why: No study of it was found, although one is recorded.
  - id: slip-by-technique
    says: Mesotherapy does less than botulinum toxin.
    topic: result
    subject: mesotherapy
    relation: compared-with
    object: botulinum-toxin-a
    verdict: not assessable
    why: No comparison was found, although one of what was injected by mesotherapy is recorded.
  - id: slip-named
    says: Mesotherapy treats cellulite for good.
    topic: indication
    subject: mesotherapy
    relation: treats
    object: cellulite
    verdict: unsupported
    why: An uncontrolled series cannot show it.
    findings: [malinowska2017-mesotherapy-cellulite]
"""


@pytest.mark.parametrize(
    ("record", "field", "severity"),
    [
        ("slip-percent", "percent_value", "critical"),
        ("slip-percent", "interval_holds_value", "critical"),
        ("slip-percent", "percent_agrees", "critical"),
        ("slip-percent", "arms_add_up", "warning"),
        ("slip-percent", "assessed", "critical"),
        ("slip-unweighed", "trial_weighed", "warning"),
        ("slip-direction", "direction_agrees", "critical"),
        ("slip-direction", "side_told", "info"),
        ("slip-oral-hair-loss", "certainty_agrees", "critical"),
        ("slip-oral-hair-loss", "direction_held", "critical"),
        ("slip-pregnancy", "rests_on_something", "critical"),
        ("slip", "review_current", "warning"),
        ("slip", "found_after_all", "warning"),
    ],
)
def test_each_slip_is_found_at_its_place(broken: list[Problem], record: str, field: str, severity: str) -> None:
    found = [p for p in broken if p.record == record and p.field == field]
    assert found, [p for p in broken if p.file.endswith("slip.yaml")]
    assert found[0].severity == severity
    assert found[0].file == "formulary/ingredients/slip.yaml"
    assert found[0].line > 0
    assert found[0].cure


def test_a_claim_called_unsupported_names_what_is_recorded_on_its_question(broken: list[Problem]) -> None:
    found = {p.record: p for p in broken if p.field == "recorded_named"}
    assert found.keys() == {"slip-passed-over", "slip-by-technique"}
    assert {(p.severity, p.file) for p in found.values()} == {("warning", "formulary/claims/slip.yaml")}


def test_what_trainees_are_shown_is_checked_too(broken: list[Problem]) -> None:
    found = {p.field: p for p in broken if p.record == "slip-of-the-pen"}
    assert {"references", "see_also"} <= found.keys()
    assert all(p.severity == "critical" and str(p).startswith("learning/glossary.yaml:2") for p in found.values())


def test_the_real_base_is_clean_of_critical_problems(root: Path, tmp_path: Path) -> None:
    report = check(root, TODAY, docs=tmp_path / "docs")
    assert report.success, [str(p) for p in report.problems if p.severity == "critical"][:10]
    assert report.evaluated >= 70
    pages = sorted((tmp_path / "docs").rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text, page
        assert not re.search(r"""(src|href|url\()=?["']?\s*(https?:)?//""", text), page
    index = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    led_to = [tmp_path / "docs" / a for a in re.findall(r'href="([^"]+)"', index)]
    assert len(led_to) == 2 * len(report.tables)
    assert all(page.is_file() for page in led_to)
    (tmp_path / "docs" / "mine.txt").write_text("kept", encoding="utf-8")
    check(root, TODAY, docs=tmp_path / "docs")
    assert sorted((tmp_path / "docs").rglob("*.html")) != pages, "a later run takes the place of the first"
    assert len(sorted((tmp_path / "docs").rglob("*.html"))) == len(pages)
    assert (tmp_path / "docs" / "mine.txt").exists()


def test_every_expectation_has_its_reason_and_every_table_its_suite() -> None:
    from kb.questions.tables import NAMES

    suites = read_suites(ROOT)
    assert {s.table for s in suites} == set(NAMES)
    for suite in suites:
        for expectation in suite.expectations:
            assert len(expectation.reason) >= 20, expectation
            assert expectation.cure


def test_a_suite_that_is_not_well_formed_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "validation" / "suites").mkdir(parents=True)
    (tmp_path / "validation" / "suites" / "findings.yaml").write_text(
        "table: findings\nexpectations: []\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"findings\.yaml"):
        read_suites(tmp_path)


def test_nothing_that_serves_a_dashboard_imports_great_expectations() -> None:
    ensure(ROOT)  # here, so that the program below has nothing to build
    code = (
        "import sys, kb, kb.base, kb.snapshot, kb.views, kb.serve, kb.cli\n"
        "from kb.questions import page, precheck, search, ways\n"
        "from pathlib import Path\n"
        "from kb.compile import ensure; from kb.snapshot import open_snapshot\n"
        "s = open_snapshot(ensure(Path('.')))\n"
        "kb.views.render('ingredient', {'ingredient': ['minoxidil']}, s)\n"
        "print([m for m in ('great_expectations', 'statsmodels', 'pandas', 'kb.validation') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout.strip().splitlines()[-1].replace("'", '"')) == []
