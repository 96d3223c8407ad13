"""Reviewing and releasing: the gate, the version, the notes, the snapshot."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author.checks import ADVICE, LINK
from kb.author.expectations import broken
from kb.author.forms.review import ReviewDesk
from kb.author.release import NotReleasableError, ReleaseSession
from kb.author.session import Saved
from kb.author.workbench import Workbench
from kb.cli import main
from kb.snapshot import open_snapshot
from tests.author.conftest import FINDING, MINOXIDIL, SUBJECT, git, open_as

FILE = "formulary/ingredients/minoxidil.yaml"


@pytest.mark.slow
def test_a_release_sets_the_version_commits_it_and_builds_the_snapshot(root: Path) -> None:
    (root / FILE).write_text(MINOXIDIL.replace("n: 60", "n: 61"))
    (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0.2.0.dev0"\n')
    (root / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 0.1.0\ndate-released: 2026-01-01\n")
    git(root, "add", "pyproject.toml", "CITATION.cff")
    git(root, "commit", "-q", "-m", "The program")
    session = ReleaseSession(root, "Ed")
    assert session.next_version(session.diff()) == "0.2.0"
    notes = session.draft_notes()
    assert notes.startswith("1 changed finding.")
    made = session.release("0.2.0", "2026-12-01", notes, unchecked_by="Ed")
    text = (root / "formulary/release.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=../schema/release.json\nversion: 0.2.0\ndate: 2026-12-01\n")
    assert "Ed: Release 0.2.0" in git(root, "log", "--format=%an: %s")
    assert 'version = "0.2.0"' in git(root, "show", "HEAD:pyproject.toml")
    assert git(root, "show", "HEAD:CITATION.cff").endswith("version: 0.2.0\ndate-released: 2026-12-01\n")
    assert git(root, "show", "v0.2.0:CITATION.cff") == git(root, "show", "HEAD:CITATION.cff")
    assert git(root, "tag", "-l", "--format=%(contents:subject)", "v0.2.0").strip() == "Release 0.2.0"
    meta = open_snapshot(made.snapshot, root).meta
    assert (meta["release"], meta["released"]) == ("0.2.0", "2026-12-01")
    again = ReleaseSession(root, "Ed")
    assert again.diff().clinical == []
    assert again.next_version(again.diff()) == "0.2.1"


@pytest.mark.slow
def test_a_tag_that_is_taken_keeps_no_release_back_and_is_said(root: Path) -> None:
    git(root, "tag", "v0.2.0")
    made = ReleaseSession(root, "Ed").release("0.2.0", "2026-12-01", "Notes.", unchecked_by="Ed")
    assert "not tagged v0.2.0" in made.saved.note and "already exists" in made.saved.note
    assert "version: 0.2.0" in git(root, "show", "HEAD:formulary/release.yaml")


@pytest.mark.slow
def test_a_record_that_breaks_a_critical_expectation_is_saved_but_not_released(root: Path) -> None:
    bench = Workbench(root)
    session = open_as(bench, FINDING)
    session.set(("n",), 6_000_000)
    assert isinstance(session.save(), Saved)
    told = broken(bench.base, FINDING)
    assert [(p.path, p.blocks) for p in told if p.blocks == LINK] == [(("n",), LINK)]
    assert "compare n with the source" in told[0].cure
    release = ReleaseSession(root, "Ed")
    with pytest.raises(NotReleasableError, match="1 critical problem stands"):
        release.release("0.2.0", "2026-12-01", "Notes.")
    assert "0.1.0" in (root / "formulary/release.yaml").read_text()
    assert not (root / "build" / "kb.sqlite").exists()


@pytest.mark.slow
def test_expectations_are_told_for_this_record_alone(root: Path) -> None:
    path = root / FILE
    path.write_text(
        MINOXIDIL.replace("n: 60", "n: 6000000").replace("limitations: Small.", "limitations: Small.\n    sessions: 80")
    )
    base = Workbench(root).base
    assert {p.path for p in broken(base, FINDING)} == {("n",), ("sessions",)}
    assert [p.blocks for p in broken(base, FINDING)] == [LINK, ADVICE]


@pytest.mark.slow
def test_what_is_expected_of_the_whole_formulary_is_not_told_of_one_record(root: Path) -> None:
    told = broken(Workbench(root).base, SUBJECT)
    assert not [p.message for p in told if "at least eighty" in p.message]


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9"])
def test_a_version_must_rise(root: Path, version: str) -> None:
    with pytest.raises(NotReleasableError, match=r"does not come after 0\.1\.0"):
        ReleaseSession(root, "Ed").release(version, "2026-12-01", "Notes.")


@pytest.mark.slow
def test_a_date_that_is_none_is_refused(root: Path) -> None:
    with pytest.raises(NotReleasableError, match="date"):
        ReleaseSession(root, "Ed").release("0.2.0", "1st of December", "Notes.")


@pytest.mark.slow
def test_the_page_tells_what_changed_and_what_is_wrong(root: Path) -> None:
    (root / FILE).write_text(MINOXIDIL.replace("n: 60", "n: 6000000"))
    desk = ReviewDesk(root)
    assert "60 → 6000000" in desk.changes.value
    assert desk.version.value == "0.2.0"
    desk.author.value = "Ed"
    desk.release()
    assert "Not released" in desk.done.value
    assert f'href="/lab/tree/{FILE}"' in desk.problems.value
    assert "To mend before a release: 1" in desk.problems.value


def test_notes_typed_and_not_released_come_back(root: Path) -> None:
    desk = ReviewDesk(root)
    desk.notes.value = "We are careful to say"
    desk.session.session.close()
    assert ReviewDesk(root).notes.value == "We are careful to say"


def test_without_git_the_page_opens_and_says_why_it_cannot_compare(bare: Path) -> None:
    desk = ReviewDesk(bare)
    assert "nothing to compare with" in desk.changes.value
    assert desk.version.value == "0.2.0"


@pytest.mark.slow
def test_the_command_releases(root: Path) -> None:
    notes = root / "notes.md"
    notes.write_text("What changed.")
    arguments = [
        "--root",
        str(root),
        "release",
        "0.2.0",
        "--date",
        "2026-12-01",
        "--notes",
        str(notes),
        "--author",
        "Ed",
    ]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 0, run.output
    assert "release 0.2.0" in run.stdout
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 1
    assert "does not come after" in again.output
