"""A clock that is set back and forward: what is newest stays newest, nothing is lost, nothing waits for the future."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb import atomic
from kb.author import drafts, folder, history, release
from kb.author.history import History
from kb.author.release import NotReleasableError, ReleaseSession
from kb.author.session import Saved
from kb.author.workbench import Workbench
from kb.literature.client import Answer, Client
from kb.serve.doctor import examine
from tests.author.conftest import FINDING, git, open_as

FILE = "formulary/ingredients/minoxidil.yaml"
YEARS = [2026, 2031, 2019, 2040, 2026]
"""What the clock says, one time after the other."""


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> object:
    def set_to(year: int) -> None:
        moment = datetime(year, 12, 1, 12, tzinfo=UTC).astimezone()
        for module in (drafts, folder, history):
            monkeypatch.setattr(module, "now", lambda: moment)
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            monkeypatch.setenv(name, moment.isoformat())

    return set_to


@pytest.fixture
def dated_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git goes by the same clock; the program itself hands git no dates."""
    real = history.subprocess.run  # type: ignore[attr-defined]

    def run(command: list[str], **options: object) -> object:
        dates = {k: v for k, v in os.environ.items() if k.endswith("_DATE")}
        return real(command, **{**options, "env": {**(options.get("env") or os.environ), **dates}})  # type: ignore[dict-item]

    monkeypatch.setattr(history.subprocess, "run", run)  # type: ignore[attr-defined]


def save(bench: Workbench, n: int) -> None:
    session = open_as(bench, FINDING, why=f"Count {n}")
    session.set(("n",), n)
    assert isinstance(session.save(), Saved)
    session.close()


def test_the_draft_typed_last_is_offered_first(tmp_path: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    for number, year in enumerate(YEARS):
        set_clock(year)
        draft, _ = drafts.start(tmp_path, f"key{number}")
        draft.keep({"n": number})
        draft.close()
    assert [kept.state["n"] for kept in drafts.listed(tmp_path)] == [4, 3, 2, 1, 0]
    assert [kept.typed_at.year for kept in drafts.listed(tmp_path)] == YEARS[::-1]


def test_a_clock_set_back_while_typing_changes_no_order(tmp_path: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    set_clock(2026)
    old, _ = drafts.start(tmp_path, "old")
    old.keep({"n": "old"})
    new, _ = drafts.start(tmp_path, "new")
    set_clock(2019)
    new.keep({"n": "new"})
    for draft in (old, new):
        draft.close()
    assert [kept.key for kept in drafts.listed(tmp_path)] == ["new", "old"]


def test_drafts_discarded_at_one_moment_are_both_kept(tmp_path: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    set_clock(2026)
    draft, _ = drafts.start(tmp_path, "key")
    for number in range(3):
        draft.keep({"n": number})
        draft.flush()
        draft.discard()
    draft.close()
    assert len(list((tmp_path / ".authoring" / "drafts" / "discarded").glob("*.json"))) == 3


@pytest.mark.usefixtures("dated_git")
def test_undo_takes_back_the_last_save_whatever_the_clock_said(bench: Workbench, root: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    for number, year in enumerate(YEARS):
        set_clock(year)
        save(bench, 61 + number)
    states = History(root).states(FILE)
    assert [s.why.splitlines()[0] for s in states][:5] == ["Count 65", "Count 64", "Count 63", "Count 62", "Count 61"]
    assert [s.when.year for s in states][:5] == YEARS[::-1]
    session = open_as(bench, FINDING)
    assert isinstance(session.undo(), Saved)
    assert session.values["n"] == 64
    session.close()


def test_without_git_too(bare: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    bench = Workbench(bare)
    for number, year in enumerate(YEARS):
        set_clock(year)
        save(bench, 61 + number)
    whys = [s.why.splitlines()[0] for s in History(bare).states(FILE)]
    assert whys == ["Count 65", "Count 64", "Count 63", "Count 62", "Count 61", "As it was found"]
    session = open_as(bench, FINDING)
    assert isinstance(session.undo(), Saved)
    assert session.values["n"] == 64
    session.close()


@pytest.mark.usefixtures("dated_git")
def test_a_state_git_did_not_take_stands_after_those_it_did(bench: Workbench, root: Path, set_clock) -> None:  # type: ignore[no-untyped-def]
    set_clock(2031)
    save(bench, 61)
    set_clock(2026)
    History(root).keep_copy(FILE, (root / FILE).read_text(encoding="utf-8") + "# kept\n", "Kept", "Ada")
    assert [s.why.splitlines()[0] for s in History(root).states(FILE)][:2] == ["Kept", "Count 61"]


def test_no_release_lies_before_the_last_one(root: Path) -> None:
    before, session = git(root, "rev-parse", "HEAD"), ReleaseSession(root, "Ed")
    with pytest.raises(NotReleasableError, match="2019-12-01 lies before release 0.1.0 of 2026-11-22; look whether"):
        session.release("1.0.0", "2019-12-01", "Notes.", unchecked_by="Ed")
    assert git(root, "rev-parse", "HEAD") == before
    assert release.RELEASE.file not in git(root, "status", "--porcelain")


@pytest.mark.parametrize(("shift", "kept"), [(0, True), (-86400 * 365, False), (86400 * 3650, False)])
def test_an_answer_kept_by_another_clock_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int, kept: bool
) -> None:
    client = Client(cache=tmp_path)
    client._store("https://example.org/", Answer("ok", "", "body", "https://example.org/"))
    moment = time.time() + shift
    monkeypatch.setattr(time, "time", lambda: moment)
    assert (client._kept("https://example.org/") is not None) is kept


@pytest.mark.parametrize("hours", [-48, 48])
def test_what_a_killed_save_left_is_swept_whichever_way_the_clock_went(tmp_path: Path, hours: int) -> None:
    left, new = tmp_path / ".x.yaml.ab12cd34.tmp", tmp_path / ".y.yaml.ab12cd34.tmp"
    for path in (left, new):
        path.write_text("half", encoding="utf-8")
    moment = time.time() + hours * 3600
    os.utime(left, (moment, moment))
    assert atomic.sweep(tmp_path) == [left]


def test_a_lock_from_the_future_is_an_old_one(root: Path) -> None:
    lock = root / ".git" / "index.lock"
    lock.touch()
    moment = time.time() + 86400
    os.utime(lock, (moment, moment))
    (note,) = [n for n in examine(root) if n.topic == "locks"]
    assert not note.ok
    assert "1440 minutes" in note.says
