"""A disk that takes nothing, and git in the middle of something: told in a sentence, nothing pretended."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author import drafts, history
from kb.author.history import GitError, run_git
from kb.cli import main


def full(*_: object) -> bool:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_draft_on_a_full_disk_says_so_and_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, _ = drafts.start(tmp_path, "finding.x")
    real = drafts.write_text
    monkeypatch.setattr(drafts, "write_text", full)
    draft.keep({"values": {"id": "x"}})
    assert draft.trouble == "No space left on device"
    assert not draft.path.exists()
    monkeypatch.setattr(drafts, "write_text", real)
    draft.keep({"values": {"id": "x", "note": "more"}})
    draft.flush()
    assert draft.trouble == ""
    assert '"more"' in draft.path.read_text(encoding="utf-8")
    draft.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("fatal: cannot do a partial commit during a merge.", "a merge is under way"),
        ("error: 'x.yaml' is unmerged", "places to decide"),
        ("fatal: detected dubious ownership in repository at '/x'", "belongs to another user"),
        ("fatal: unable to auto-detect email address (got 'a@b.(none)')", "git knows no name"),
        ("error: file write error: No space left on device", "the disk is full"),
    ],
)
def test_what_git_says_is_put_in_words(said: str, words: str) -> None:
    assert words in history._in_words(said)


def test_a_folder_without_git_is_said(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        run_git(tmp_path, "status")
    (tmp_path / "formulary").mkdir()
    done = CliRunner().invoke(main, ["--root", str(tmp_path), "diff"])
    assert done.exit_code == 2
    assert "not a git repository" in done.output
