"""Files of release 0.2.0, as they were, carried forward: nothing said is lost, what is new is a code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kb import formulary
from kb.cli import main
from kb.diff import compare
from kb.formulary import Formulary
from kb.formulary.write import plain
from kb.knowledge import load
from kb.migrate import migrate
from kb.migrate.codes import act_of, basis_of, complete, continues_of, roles
from kb.migrate.directions import of_assessment, of_finding
from kb.model import Finding
from kb.model.release import MODEL
from kb.model.terms import Design, Direction

OLD = Path(__file__).parent / "old"
ROOT = Path(__file__).parents[2]
CODES = {"act", "basis", "continues", "sources_disagree", "role", "against"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(OLD, tmp_path, dirs_exist_ok=True)
    return tmp_path


def records(read: Formulary) -> dict[str, Any]:
    """Every record by id as plain values, codes left out."""
    found = {r.id: plain(r) for s in read.subjects for r in (*s.findings, *s.assessments, *s.cautions)}
    for record in found.values():
        for part in (record, *record.get("outcomes", [])):
            for code in CODES & (part.keys() - ({"basis"} if "seen_at" in part else set())):
                del part[code]
    return found


def test_nothing_that_was_said_is_lost(root: Path) -> None:
    before, problems = formulary.read(root)
    assert [(p.severity, p.cure) for p in problems] == [("warning", "run `kb migrate`")]
    said = records(before)
    assert len(said) > 5
    migrate(root)
    after, problems = formulary.read(root)
    assert problems == []
    assert after.release is not None
    assert after.release.model == MODEL
    assert records(after) == said
    subjects = [s for s in after.subjects if s.cautions]
    assert all(c.act and c.basis for s in subjects for c in s.cautions)
    assert all(o.role for s in subjects for f in s.findings for o in f.outcomes if o.arm)


def test_twice_changes_nothing(root: Path) -> None:
    migrate(root)
    texts = {p: p.read_text() for p in root.rglob("*.yaml")}
    assert [files for _, files in migrate(root) if files] == []
    assert {p: p.read_text() for p in root.rglob("*.yaml")} == texts


def test_records_in_memory_get_the_same_codes_as_files(root: Path) -> None:
    before, _ = formulary.read(root)
    complete(before)
    migrate(root)
    after, _ = formulary.read(root)
    told = [[plain(c) for s in read.subjects for c in (*s.findings, *s.cautions)] for read in (before, after)]
    for one in told:
        for record in one:
            record.pop("sources_disagree", None)
    assert sorted(map(str, told[0])) != []
    assert {r["id"]: {k: r.get(k) for k in CODES} for r in told[0]} == {
        r["id"]: {k: r.get(k) for k in CODES} for r in told[1]
    }


def test_the_command_says_what_it_did_and_a_newer_form_is_refused(root: Path) -> None:
    done = CliRunner().invoke(main, ["--root", str(root), "migrate"])
    assert done.exit_code == 0
    assert "files of their own" in done.output
    release = root / "formulary" / "release.yaml"
    release.write_text(release.read_text().replace(f"model: {MODEL}", f"model: {MODEL + 1}"))
    _, problems = formulary.read(root)
    assert [(p.severity, p.line, p.cure) for p in problems] == [("critical", 3, "install the newer program")]


@pytest.mark.parametrize(
    ("severity", "action", "act"),
    [
        ("contraindicated", "Do not inject.", "do-not"),
        ("contraindicated", "Wait until sores have healed.", "postpone"),
        ("contraindicated", "Use another antiseptic.", "do-not"),
        ("avoid", "Postpone until after pregnancy.", "postpone"),
        ("avoid", "Choose another painkiller.", "avoid"),
        ("avoid", "Do not use Exceed; wait otherwise.", "do-not"),
        ("caution", "Do not treat while diabetes is out of control.", "postpone"),
        ("caution", "Lower the dose.", "reduce-dose"),
        ("caution", "Ask the neurologist before the injection.", "ask"),
        ("inform", "Wait until it has cleared.", "take-care"),
        ("inform", "No change needed.", "no-change"),
        ("inform", "Warn of more bruising.", "tell"),
    ],
)
def test_words_to_acts(severity: str, action: str, act: str) -> None:
    assert act_of(severity, action) == act


@pytest.mark.parametrize(
    ("strength", "basis"),
    [
        ("US label", "label"),
        ("US label, boxed warning", "boxed-label"),
        ("habit: clinic lists; no study for or against was found", "practice"),
        ("One retrospective cohort.", "trial"),
        ("Manual of one device, read on a mirror", "manufacturer"),
        ("two case reports", "case-reports"),
        ("unheard of", None),
    ],
)
def test_words_to_bases(strength: str, basis: str | None) -> None:
    assert basis_of(strength) == basis


def test_words_on_running_on() -> None:
    assert continues_of("Do not stop the drug for the session.") is True
    assert continues_of("Pause garlic supplements for two weeks before the session.") is False
    assert continues_of("No reason to stop breastfeeding.") is None
    assert continues_of("Warn of bruising.") is None


@pytest.mark.parametrize(
    ("arm", "kind", "comparator", "expected"),
    [
        ("placebo", "count", "placebo", ("placebo", None)),
        ("minoxidil 5%", "change", "vehicle", ("intervention", None)),
        ("vehicle", "change", "vehicle", ("placebo", None)),
        ("minoxidil 2%", "change", "minoxidil 2%", ("active", None)),
        ("PRP vs saline", "risk-ratio", "", ("intervention", "placebo")),
        ("PRP v control", "mean-difference", "saline injection", ("intervention", "placebo")),
        ("PRP v control", "mean-difference", "", ("intervention", "control")),
        ("drug", "risk-ratio", "no treatment", ("intervention", "untreated")),
        ("before v after", "mean", "", ("before", "intervention")),
        ("all patients", "percent", "", ("all", None)),
    ],
)
def test_words_to_roles(arm: str, kind: str, comparator: str, expected: tuple[str, str | None]) -> None:
    assert roles(arm, kind, comparator) == expected


def test_mixed_is_told_apart_by_design_figures_and_what_is_compared() -> None:
    def of(design: Design, **more: Any) -> Direction:
        values = {
            "id": "x", "reference": "a2020", "relation": "treats", "object": "y", "direction": "outcomes-differ",
            "basis": "abstract", "seen_at": "here", "summary": "So.",
        }  # fmt: skip
        return of_finding(Finding.model_validate(values | more), design)

    pair: dict[str, Any] = {
        "measure": "hairs", "kind": "mean-difference", "arm": "a vs b", "role": "intervention", "against": "active",
        "value": 1, "interval": {"low": -1, "high": 3},
    }  # fmt: skip
    assert of(Design.RCT) is Direction.OUTCOMES_DIFFER
    assert of(Design.SYSTEMATIC_REVIEW) is Direction.STUDIES_DISAGREE
    assert of(Design.RCT, relation="compared-with") is Direction.NEITHER_BETTER
    assert of(Design.META_ANALYSIS, outcomes=[pair]) is Direction.NEITHER_BETTER
    assert of(Design.RCT, outcomes=[pair | {"interval": {"low": 0.5, "high": 3}}]) is Direction.OUTCOMES_DIFFER
    assert of(Design.RCT, outcomes=[pair, {"measure": "itch", "p": "0.03"}]) is Direction.OUTCOMES_DIFFER


@given(st.lists(st.sampled_from(Direction)))
def test_an_assessment_is_divided_as_its_findings_are(directions: list[Direction]) -> None:
    told = of_assessment(directions)
    assert told.divided
    if len(set(directions)) == 1 and directions[0].divided:
        assert told is directions[0]


def test_mixed_records_of_version_2_are_read_carried_forward_and_told_as_no_change(tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(OLD, old)
    shutil.copy(ROOT / "references.bib", old)
    file = old / "formulary/ingredients/xanthine.yaml"
    assert "direction: mixed" in file.read_text()
    new = tmp_path / "new"
    shutil.copytree(old, new)
    migrate(new)
    assert not [p for p in new.rglob("*.yaml") if "direction: mixed" in p.read_text()]
    before, after = (load(root, strict=False) for root in (old, new))
    assert before.formulary.mixed and not after.formulary.mixed
    directions = [{i: r.direction for i, r in (b.findings | b.assessments).items()} for b in (before, after)]
    assert directions[0] == directions[1]
    complete(before.formulary)
    for record_id in before.formulary.mixed & after.findings.keys():  # a curator decides otherwise
        after.findings[record_id].direction = Direction.NEITHER_BETTER
    assert not [c for item in compare(before, after).items for c in item.changes if c.path == ("direction",)]


def test_a_new_file_in_the_old_form_is_refused_with_its_cure(root: Path) -> None:
    migrate(root)
    file = next(p for p in root.rglob("*.yaml") if "direction: outcomes-differ" in p.read_text())
    text = file.read_text()
    file.write_text(text.replace("direction: outcomes-differ", "direction: mixed", 1))
    _, problems = formulary.read(root)
    told = [p for p in problems if p.field.endswith("direction")]
    assert [(p.message, p.line > 1) for p in told] == [("'mixed' is not allowed here", True)]
    assert "`kb migrate` proposes one" in told[0].cure
    migrate(root)
    assert file.read_text() == text
