"""`kb diff`: what changed clinically, between revisions and against the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.diff import RevisionError, at_revision, compare
from kb.diff.clinical import ClinicalDiff
from kb.diff.words import field_name, lines, release_notes
from tests.author.conftest import CLAIMS, MINOXIDIL, REFERENCES, git
from tests.author.conftest import bare as bare
from tests.author.conftest import root as root

FILE = "formulary/ingredients/minoxidil.yaml"


def differ(root: Path, text: str, file: str = FILE) -> ClinicalDiff:
    """What `text` in place of the file changes."""
    from kb.knowledge import load

    (root / file).write_text(text, encoding="utf-8")
    with at_revision(root, "HEAD") as before:
        return compare(before, load(root, strict=False))


def test_nothing_changed(root: Path) -> None:
    diff = differ(root, MINOXIDIL)
    assert diff.items == []
    assert release_notes(diff) == "Nothing changed for readers.\n"


def test_a_changed_figure_and_direction_are_told_field_by_field(root: Path) -> None:
    diff = differ(
        root,
        MINOXIDIL.replace("events: 20", "events: 21").replace(
            "    direction: supports\n    route: topical\n    n: 60",
            "    direction: outcomes-differ\n    route: topical\n    n: 60",
        ),
    )
    (item,) = diff.of("finding")
    assert item.what == "changed"
    assert item.clinical
    assert [c.as_dict()["field"] for c in item.changes] == ["direction", "outcomes[0]"]
    told = "\n".join(lines(diff))
    assert "direction: supports → outcomes-differ" in told
    assert "  - outcome 1 (regrowth, minoxidil): events 20 → 21" in told


def test_wording_alone_is_no_clinical_change(root: Path) -> None:
    diff = differ(root, MINOXIDIL.replace("limitations: Small.", "limitations: Short."))
    assert [i.clinical for i in diff.items] == [False]
    assert list(lines(diff)) == ["1 more record differs in wording, sources or review alone."]
    assert any("Small. → Short." in line for line in lines(diff, wording=True))


@pytest.mark.parametrize(
    ("change", "moved"), [(("levels: 1", "levels: 2"), "down"), (("starts: high", "starts: low"), "down")]
)
def test_certainty_moves_by_its_reasons(root: Path, change: tuple[str, str], moved: str) -> None:
    diff = differ(root, MINOXIDIL.replace(*change).replace("certainty: moderate", "certainty: low"))
    assert [i.id for i in diff.certainty_down] == ["minoxidil-topical-hair-loss"]
    assert diff.certainty_up == []
    assert any(f"certainty {moved}: moderate → " in line for line in lines(diff))


def test_new_and_withdrawn_cautions_and_findings(root: Path) -> None:
    start, end = MINOXIDIL.index("cautions:"), MINOXIDIL.index("review:")
    diff = differ(root, MINOXIDIL[:start] + MINOXIDIL[end:])
    assert [(i.kind, i.what, i.id) for i in diff.items] == [("caution", "withdrawn", "minoxidil-pregnancy")]
    git(root, "commit", "-q", "-am", "Without cautions")
    diff = differ(root, MINOXIDIL.replace("severity: avoid", "severity: contraindicated"))
    assert [(i.kind, i.what, i.title) for i in diff.items] == [
        ("caution", "new", "Minoxidil with Pregnancy: contraindicated")
    ]


def test_what_is_added_to_a_list_is_told_and_what_stays_is_not(root: Path) -> None:
    diff = differ(
        root,
        MINOXIDIL.replace(
            "    basis: abstract\n", "      - measure: itching\n        events: 3\n    basis: abstract\n", 1
        ),
    )
    assert "  - outcomes: + measure: itching; events: 3" in list(lines(diff))


def test_fields_are_named_as_people_name_them() -> None:
    assert field_name(("outcomes", 1, "interval", "low")) == "outcome 2, interval, low"
    assert field_name(("cautions", "minoxidil-pregnancy", "severity")) == "caution minoxidil-pregnancy, severity"
    assert field_name(("follow_up_weeks",)) == "follow up weeks"


def test_new_cautions_stand_with_the_gravest_first(root: Path) -> None:
    more = """  - id: minoxidil-{0}
    trigger: {0}
    severity: {1}
    action: Ask.
    why: Not studied.
    references:
      - moftah2013
    strength: A label alone.
"""
    added = more.format("breastfeeding", "inform") + more.format("hair-loss", "contraindicated")
    text = MINOXIDIL.replace("review:\n", f"{added}review:\n")
    told = [line for line in lines(differ(root, text)) if line.startswith("- new")]
    assert [line.rpartition(": ")[2] for line in told] == ["contraindicated", "inform"]


def test_a_graver_caution_says_so(root: Path) -> None:
    diff = differ(root, MINOXIDIL.replace("severity: avoid", "severity: contraindicated"))
    assert any("(graver: avoid → contraindicated)" in line for line in lines(diff))


def test_verdicts_regulation_and_references(root: Path) -> None:
    diff = differ(root, CLAIMS.replace("verdict: supported", "verdict: contradicted"), "formulary/claims/001_page.yaml")
    assert [(i.kind, i.changes[0].path, i.clinical) for i in diff.items] == [("claim", ("verdict",), True)]
    (root / "formulary/claims/001_page.yaml").write_text(CLAIMS)
    rule = (
        "regulatory:\n  - jurisdiction: united-states\n    status: approved\n    use: hair loss\n"
        "    as_of: '2024'\n    references:\n      - olsen2002\nreview:\n"
    )
    diff = differ(root, MINOXIDIL.replace("review:\n", rule))
    assert [(i.kind, i.what) for i in diff.items] == [("regulation", "new")]
    assert "- new: Minoxidil, United States, any route, hair loss: approved" in list(lines(diff))
    (root / FILE).write_text(MINOXIDIL)
    diff = differ(root, REFERENCES.replace("{olsen2002,", "{olsen2003,"), "references.bib")
    assert {(i.kind, i.what, i.id) for i in diff.items} == {
        ("reference", "new", "olsen2003"),
        ("reference", "withdrawn", "olsen2002"),
    }


def test_a_retraction_of_a_reference_is_clinical(root: Path) -> None:
    notice = "  notice = {retraction: 10.1000/x 2026},\n  verifiedon"
    diff = differ(root, REFERENCES.replace("  verifiedon", notice, 1), "references.bib")
    assert [(i.kind, i.clinical) for i in diff.items] == [("reference", True)]


def test_a_finding_that_moved_to_another_ingredient_is_changed(root: Path) -> None:
    start, end = MINOXIDIL.index("findings:\n  - id: moftah"), MINOXIDIL.index("assessments:")
    biotin = (root / "formulary/ingredients/biotin.yaml").read_text()
    (root / "formulary/ingredients/biotin.yaml").write_text(
        biotin.replace("review:\n", MINOXIDIL[start:end] + "review:\n")
    )
    diff = differ(root, MINOXIDIL[:start] + MINOXIDIL[end:])
    (item,) = diff.of("finding")
    assert [(c.path, c.old, c.new) for c in item.changes] == [(("subject",), "minoxidil", "biotin")]


def test_an_unknown_revision_names_the_cure(root: Path) -> None:
    for revision in ("nowhere", "--upload-pack=x", ""):
        with pytest.raises(RevisionError, match="git log"), at_revision(root, revision):
            pass


def test_the_checkout_is_not_touched(root: Path) -> None:
    before = git(root, "status", "--porcelain"), git(root, "worktree", "list"), git(root, "stash", "list")
    with at_revision(root, "HEAD") as base:
        assert base.findings
    assert (git(root, "status", "--porcelain"), git(root, "worktree", "list"), git(root, "stash", "list")) == before


def test_the_command_compares_revisions_and_prints_json(root: Path) -> None:
    (root / FILE).write_text(MINOXIDIL.replace("n: 60", "n: 61"))
    git(root, "commit", "-q", "-am", "Recount")
    run = CliRunner().invoke(main, ["--root", str(root), "diff", "HEAD~1", "HEAD", "--json"])
    assert run.exit_code == 0, run.output
    value = json.loads(run.stdout)
    assert value["findings"]["changed"][0]["changes"] == [{"field": "n", "old": 60, "new": 61}]
    assert value["clinical"] == 1
    since_release = CliRunner().invoke(main, ["--root", str(root), "diff"])
    assert since_release.exit_code == 0
    assert "people (n): 60 → 61" in since_release.stdout


def test_the_command_refuses_what_is_no_revision(root: Path) -> None:
    run = CliRunner().invoke(main, ["--root", str(root), "diff", "nowhere", "--json"])
    assert run.exit_code == 2
    assert "not a git revision" in json.loads(run.stdout)["error"]


def test_what_an_unreadable_file_holds_is_not_called_withdrawn(root: Path) -> None:
    from kb.knowledge import load

    path = next(p for p in sorted((root / "formulary" / "ingredients").glob("*.yaml")))
    held = load(root, strict=False)
    path.write_text("<<<<<<< HEAD\n" + path.read_text(encoding="utf-8") + "=======\n>>>>>>> x\n", encoding="utf-8")
    diff = compare(held, load(root, strict=False))
    file = path.relative_to(root).as_posix()
    assert diff.files == ([], [file])
    assert [
        item for item in diff.items if item.what == "withdrawn" and item.kind in ("finding", "caution", "subject")
    ] == []
