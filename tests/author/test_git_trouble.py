"""Git in the middle of something, without a name, locked or missing; a file that cannot be read: a sentence, and nothing lost."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author.forms.desks import StudyDesk
from kb.author.release import NotReleasableError, ReleaseSession
from kb.author.session import Saved, Session, UnreadableError
from kb.author.unmerged import Unmerged, unmerged
from kb.author.workbench import Workbench
from kb.cli import main
from tests.author.conftest import FINDING, git, open_as

FILE = FINDING.file


def kb(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--root", str(root), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def mid_merge(root: Path) -> Path:
    """Two branches changed the limitations of one finding; one of them the number of people as well."""
    path = root / FILE
    git(root, "checkout", "-q", "-b", "other")
    path.write_text(path.read_text().replace("limitations: Small.", "limitations: Theirs."))
    git(root, "commit", "-qam", "Theirs")
    git(root, "checkout", "-q", "main")
    path.write_text(path.read_text().replace("limitations: Small.", "limitations: Ours.").replace("n: 60 #", "n: 61 #"))
    git(root, "commit", "-qam", "Ours")
    subprocess.run(["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "merge", "-q", "other"], cwd=root)
    assert "<<<<<<<" in path.read_text()
    return root


def test_in_the_middle_of_a_merge_everything_says_so(mid_merge: Path) -> None:
    before = (mid_merge / FILE).read_text()
    for command in (["fmt"], ["diff"], ["check"], ["build"]):
        status, said = kb(mid_merge, *command)
        assert status == 1, (command, said)
        assert "merge that is not finished" in said or FILE in said, (command, said)
        assert "Traceback" not in said
    with pytest.raises(NotReleasableError):
        ReleaseSession(mid_merge, "Ed").release("0.2.0", "2026-12-01", "N.")
    with pytest.raises(UnreadableError, match="merge that is not finished"):
        open_as(Workbench(mid_merge), FINDING)
    assert (mid_merge / FILE).read_text() == before


def test_another_record_is_saved_and_kept_in_the_middle_of_a_merge(mid_merge: Path) -> None:
    from kb.author.target import Target

    session = open_as(Workbench(mid_merge), Target.of_subject("ingredient", "biotin"))
    session.set(("evidence_note",), "Still no controlled evidence.")
    saved = session.save()
    assert isinstance(saved, Saved)
    assert "a merge is under way" in saved.note
    assert "Still no" in (mid_merge / "formulary/ingredients/biotin.yaml").read_text()
    assert any(state.values for state in session.states())


def test_the_notebook_opens_the_choice_field_by_field_and_finishes_the_merge(mid_merge: Path) -> None:
    assert unmerged(mid_merge) == [FILE]
    git(mid_merge, "config", "user.name", "Ada")
    git(mid_merge, "config", "user.email", "ada@example.org")
    desk = StudyDesk(mid_merge)
    desk.open(FINDING)
    shown = " ".join(str(getattr(c, "value", "")) for c in desk.area.children)
    assert "1 field twice" in shown and "Ours." in shown and "Theirs." in shown and "Small." in shown
    button = desk.area.children[-2]
    button.click()
    assert "Choose for every field first" in desk.area.children[-1].value
    desk.area.children[2].value = "theirs"
    button.click()
    assert "the merge is finished" in desk.notice.value
    text = (mid_merge / FILE).read_text()
    assert "limitations: Theirs." in text and "n: 61 # counted" in text
    assert desk.form is not None and desk.form.group.nodes["limitations"].value == "Theirs."
    assert len(git(mid_merge, "log", "-1", "--format=%P").split()) == 2


def test_a_side_that_cannot_be_read_is_left_to_a_hand(mid_merge: Path) -> None:
    path = mid_merge / FILE
    path.write_text(path.read_text().replace("limitations: Theirs.", "limitations: [Theirs."))
    with pytest.raises(UnreadableError, match="their side cannot be read"):
        Unmerged.read(mid_merge, FILE)


def test_a_stale_lock_keeps_the_save_and_names_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.author import history

    monkeypatch.setattr(history, "TRIES", 1)
    (root / ".git" / "index.lock").write_text("")
    session = open_as(Workbench(root), FINDING)
    session.set(("n",), 66)
    saved = session.save()
    assert isinstance(saved, Saved)
    assert "index.lock" in saved.note and "remove that file" in saved.note
    assert "n: 66" in (root / FILE).read_text()
    with pytest.raises(NotReleasableError):
        ReleaseSession(root, "Ed").release("0.2.0", "2026-12-01", "N.", unchecked_by="Ed")
    assert "0.1.0" in (root / "formulary/release.yaml").read_text()


def test_without_a_name_in_git_the_author_of_the_form_stands_in_the_history(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    session = open_as(Workbench(root), FINDING, "Ada")
    session.set(("n",), 66)
    saved = session.save()
    assert isinstance(saved, Saved) and saved.commit and not saved.note
    assert git(root, "log", "-1", "--format=%an").strip() == "Ada"


def test_without_git_a_record_is_saved_checked_and_gone_back_to(bare: Path) -> None:
    from kb.author.reviews import Stage
    from kb.author.twoeyes import Desk

    session = open_as(Workbench(bare), FINDING, "Ada")
    session.set(("n",), 66)
    saved = session.save()
    assert isinstance(saved, Saved) and "not a git repository" in saved.note
    desk = Desk(bare, Workbench(bare).base, FINDING.id)
    desk.mark("Bo", Stage.CHECKED)
    assert "git could not take it" in desk.told
    assert desk.stage is Stage.CHECKED
    again = Session.open(Workbench(bare), FINDING, "Ada")
    assert len(again.states()) == 2
    status, said = kb(bare, "diff")
    assert status == 2 and "not a git repository" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(root: Path) -> None:
    (root / FILE).chmod(0)
    with pytest.raises(UnreadableError, match="cannot be read"):
        open_as(Workbench(root), FINDING)


def test_bytes_that_are_no_text_are_named_and_kept(root: Path) -> None:
    (root / FILE).write_bytes(b"id: minoxidil\nname: \xff\xfe\n")
    with pytest.raises(UnreadableError):
        open_as(Workbench(root), FINDING)
    for command in (["fmt"], ["check"], ["diff"]):
        status, said = kb(root, *command)
        assert status == 1 and FILE in said and "Traceback" not in said, (command, said)
    assert (root / FILE).read_bytes() == b"id: minoxidil\nname: \xff\xfe\n"
