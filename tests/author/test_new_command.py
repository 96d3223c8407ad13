"""`kb new`: the same sessions from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from kb.cli import main
from tests.author.conftest import git


def new(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "new", *arguments, "--author", "Ada"])


def test_an_ingredient(root: Path) -> None:
    sets = ["name=Coenzyme Q10", "kind=other", "role.value=complementary", "role.why=Added to mixtures."]
    run = new(root, "ingredient", *(x for s in sets for x in ("--set", s)), "--why", "Asked for")
    assert run.exit_code == 0, run.output
    assert (root / "formulary/ingredients/coenzyme-q10.yaml").exists()
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: Asked for"


def test_a_finding_with_figures(root: Path) -> None:
    sets = [
        "subject=minoxidil",
        "reference=olsen2002",
        "relation=treats",
        "object=hair-loss",
        "direction=supports",
        "basis=abstract",
        "summary=More hair regrew with it than without it.",
        'outcomes=[{"measure": "regrowth", "arm": "minoxidil", "events": 30, "n": 60}]',
        "outcomes.0.at=24 weeks",
    ]
    run = new(root, "finding", *(x for s in sets for x in ("--set", s)), "--json")
    assert run.exit_code == 0, run.output
    value = json.loads(run.stdout)
    assert value["saved"] is True
    assert value["id"] == "olsen2002-minoxidil-hair-loss"
    text = (root / "formulary/ingredients/minoxidil/olsen2002.yaml").read_text()
    assert "at: 24 weeks" in text


def test_a_caution_and_a_claim(root: Path) -> None:
    sets = [
        "subject=biotin",
        "trigger=pregnancy",
        "severity=inform",
        "action=Ask.",
        "why=Not studied.",
        "strength=Weak.",
    ]
    assert new(root, "caution", *(x for s in sets for x in ("--set", s))).exit_code == 0
    sets = ["page=001_page", "says=It works overnight.", "topic=result", "subject=minoxidil", "relation=treats"]
    sets += ["object=hair-loss", "verdict=unsupported", "why=Trials ran for months."]
    run = new(root, "claim", *(x for s in sets for x in ("--set", s)))
    assert run.exit_code == 0, run.output
    assert "c001-002" in (root / "formulary/claims/001_page.yaml").read_text()


def test_what_is_missing_is_told_and_the_rest_is_kept_as_a_draft(root: Path) -> None:
    run = new(root, "ingredient", "--set", "name=Caffeine", "--json")
    assert run.exit_code == 1
    value = json.loads(run.stdout)
    assert {p["field"] for p in value["problems"]} >= {"kind", "role"}
    assert "kept as a draft" in run.stderr
    assert len(list((root / ".authoring/drafts").glob("*.json"))) == 1


def test_an_unknown_subject_names_the_nearest(root: Path) -> None:
    run = new(root, "caution", "--set", "subject=minoxidl", "--set", "trigger=pregnancy")
    assert run.exit_code == 2
    assert "did you mean minoxidil?" in run.output


def test_a_call_that_cannot_be_understood(root: Path) -> None:
    assert new(root, "caution", "--set", "subject").exit_code == 2
    assert new(root, "caution").exit_code == 2
    assert "not JSON" in new(root, "finding", "--set", "outcomes=[1,").output
    assert "exists already" in new(root, "ingredient", "--set", "name=Biotin").output


def test_a_prompt_lists_the_choices(root: Path) -> None:
    from kb.author.checks import SCHEMA, FieldProblem
    from kb.author.session import Session
    from kb.author.target import Target
    from kb.author.workbench import Workbench
    from kb.cli.new import _cure

    session = Session.open(
        Workbench(root), Target("caution", "formulary/ingredients/biotin.yaml"), "Ada", {"id": "biotin-pregnancy"}
    )
    wrong = {p.path: p for p in session.problems() if p.blocks == SCHEMA}
    assert _cure(session, wrong["severity",]) == "one of contraindicated, avoid, caution, inform"
    assert _cure(session, wrong["why",]) == "fill it in"
    nested = FieldProblem(("window", "before_days"), "is missing", "fill it in", SCHEMA)
    assert _cure(session, nested) == "fill it in"


def test_a_second_page_for_a_synonym_is_refused(root: Path) -> None:
    path = root / "formulary/ingredients/biotin.yaml"
    path.write_text(path.read_text().replace("name: Biotin\n", "name: Biotin\nsynonyms:\n  - Vitamin H\n"))
    done = CliRunner().invoke(
        main, ["--root", str(root), "new", "ingredient", "--set", "name=vitamin h", "--author", "Ada"]
    )
    assert done.exit_code == 2
    assert "synonym or brand of biotin" in done.output
    assert not (root / "formulary/ingredients/vitamin-h.yaml").exists()


def test_what_is_missing_is_told_with_its_choices(root: Path) -> None:
    run = new(root, "caution", "--set", "subject=biotin", "--set", "trigger=pregnancy")
    assert run.exit_code == 1
    assert "severity: is missing; one of contraindicated, avoid, caution, inform\n" in run.output
    assert "why: is missing; fill it in\n" in run.output
