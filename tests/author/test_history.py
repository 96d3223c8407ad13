"""Who, when and why; back to any state; undo; and the same without git."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from kb.author.history import GitError, History, run_git
from kb.author.rename import carry_out, plan
from kb.author.session import Saved
from kb.author.target import Target
from kb.author.workbench import Workbench
from tests.author.conftest import BIOTIN, CAUTION, FINDING, git, open_as

FILE = "formulary/ingredients/minoxidil.yaml"


def change(bench: Workbench, field: str, value: object, why: str, who: str = "Ada", target: Target = FINDING) -> None:
    session = open_as(bench, target, who, why)
    session.set((field,), value)
    assert isinstance(session.save(), Saved)
    session.close()


def test_states_tell_who_when_why_and_what_of_this_record_alone(bench: Workbench) -> None:
    change(bench, "n", 61, "Recount")
    change(bench, "why", "Not known.", "Another record", target=CAUTION)
    change(bench, "n", 62, "Recount again\n\nwith the table", who="Bo")
    states = open_as(bench, FINDING).states()
    assert [(s.state.who, s.state.why.splitlines()[0]) for s in states] == [
        ("Bo", "Recount again"),
        ("Ada", "Recount"),
        ("A Tester", "First state"),
    ]
    assert [(c.path, c.old, c.new) for c in states[0].changed] == [(("n",), 61, 62)]


def test_back_to_an_earlier_state_is_a_new_entry(bench: Workbench, root: Path) -> None:
    change(bench, "n", 61, "Recount")
    change(bench, "n", 62, "Recount again")
    session = open_as(bench, FINDING)
    assert isinstance(session.go_back(session.states()[-1]), Saved)
    assert "n: 60 # counted" in (root / FILE).read_text()
    assert session.values["n"] == 60
    assert len(session.states()) == 4


def test_going_back_keeps_what_was_typed_and_not_saved(bench: Workbench, root: Path) -> None:
    change(bench, "n", 61, "Recount")
    session = open_as(bench, FINDING)
    session.set(("summary",), "Half a sentence that nobody has saved yet")
    session.go_back(session.states()[-1])
    kept = list((root / ".authoring/drafts/discarded").glob("*.json"))
    assert len(kept) == 1
    assert "Half a sentence" in kept[0].read_text()


def test_undo_takes_back_the_last_save_and_nothing_else(bench: Workbench, root: Path) -> None:
    change(bench, "n", 61, "Recount")
    change(bench, "why", "Not known.", "Another record", target=CAUTION)
    session = open_as(bench, FINDING)
    assert isinstance(session.undo(), Saved)
    text = (root / FILE).read_text()
    assert "n: 60 # counted" in text
    assert "Not known." in text
    assert git(root, "log", "-1", "--format=%s").strip() == "Undo: Recount"


def test_undo_of_a_new_record_takes_it_out(bench: Workbench, root: Path) -> None:
    session = open_as(bench, Target("caution", FILE))
    session.replace(
        {
            "id": "minoxidil-x",
            "trigger": "breastfeeding",
            "severity": "caution",
            "action": "A.",
            "why": "B.",
            "strength": "C.",
        }
    )
    session.save()
    assert isinstance(session.undo(), Saved)
    assert "minoxidil-x" not in (root / FILE).read_text()


def test_a_record_made_from_a_copy_of_another_has_not_its_history(root: Path) -> None:
    copy = "formulary/ingredients/biotin-two.yaml"
    (root / copy).write_text(BIOTIN.replace("biotin", "biotin-two").replace("Biotin", "Biotin two"))
    assert History(root).commit(copy, "Add it", "Bo")
    assert [s.who for s in History(root).states(copy)] == ["Bo"]
    states = open_as(Workbench(root), Target.of_subject("ingredient", "biotin-two")).states()
    assert [(s.values or {})["name"] for s in states] == ["Biotin two"]


def test_a_renamed_record_keeps_its_history_and_undo_leaves_the_new_name(bench: Workbench, root: Path) -> None:
    change(bench, "n", 61, "Recount")
    for old, new in (("minoxidil", "minoxidil-base"), (FINDING.id, "moftah2013-base")):
        assert carry_out(root, plan(root, old, new), "Ed") == ""
    moved = "formulary/ingredients/minoxidil-base.yaml"
    session = open_as(Workbench(root), Target("finding", moved, "moftah2013-base"))
    assert [s.state.why.splitlines()[0] for s in session.states()] == ["Recount", "First state"]
    assert isinstance(session.undo(), Saved)
    assert "n: 60 # counted" in (root / moved).read_text()
    assert "id: moftah2013-base" in (root / moved).read_text()


def test_a_new_record_where_a_renamed_one_stood_has_not_its_history(root: Path) -> None:
    carry_out(root, plan(root, "biotin", "vitamin-h"), "Ed")
    (root / "formulary/ingredients/biotin.yaml").write_text(BIOTIN)
    History(root).commit("formulary/ingredients/biotin.yaml", "Add it", "Bo")
    assert [s.who for s in History(root).states("formulary/ingredients/biotin.yaml")] == ["Bo"]
    assert [s.who for s in History(root).states("formulary/ingredients/vitamin-h.yaml")] == ["Ed", "A Tester"]


def test_without_a_repository_saves_work_and_states_are_kept(bare: Path) -> None:
    bench = Workbench(bare)
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    saved = session.save()
    assert isinstance(saved, Saved)
    assert "not a git repository" in saved.note
    session.message = "Again"
    session.set(("n",), 62)
    session.save()
    states = session.states()
    assert [(s.values or {})["n"] for s in states] == [62, 61, 60]
    assert states[0].state.who == "Ada"
    assert isinstance(session.go_back(states[-1]), Saved)
    assert "n: 60 # counted" in (bare / FILE).read_text()
    assert isinstance(session.undo(), Saved)
    assert "n: 62 # counted" in (bare / FILE).read_text()


def test_without_git_it_says_so(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(bare / "nowhere"))
    assert History(bare).trouble == "git is not installed on this machine"
    session = open_as(Workbench(bare), FINDING)
    session.set(("n",), 61)
    saved = session.save()
    assert isinstance(saved, Saved)
    assert "git is not installed" in saved.note
    assert "n: 61" in (bare / FILE).read_text()


def test_a_commit_that_fails_leaves_the_file_saved_and_a_copy(
    bench: Workbench, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.author.history.TRIES", 1)
    (root / ".git" / "index.lock").touch()
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    saved = session.save()
    assert isinstance(saved, Saved)
    assert "index.lock" in saved.note
    assert "n: 61" in (root / FILE).read_text()
    assert [(s.values or {})["n"] for s in session.states()][:2] == [61, 60]


def test_a_busy_index_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = root / ".git" / "index.lock"
    lock.touch()
    monkeypatch.setattr("kb.author.history.time", SimpleNamespace(sleep=lambda _: lock.unlink()))
    (root / "formulary/ingredients/biotin.yaml").write_text(BIOTIN + "# x\n")
    assert History(root).commit("formulary/ingredients/biotin.yaml", "Say x", "Ada")


def test_a_machine_where_git_has_no_name_can_commit(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.fspath(tmp_path / "none"))
    (root / "formulary/ingredients/biotin.yaml").write_text(BIOTIN + "# x\n")
    History(root).commit("formulary/ingredients/biotin.yaml", "Say x", "Ada Lovelace")
    assert git(root, "log", "-1", "--format=%an <%ae>").strip() == "Ada Lovelace <ada.lovelace@authors.invalid>"


def test_other_repositories_named_in_the_environment_are_not_touched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    assert run_git(root, "rev-parse", "--abbrev-ref", "HEAD").strip() == "main"


def test_git_s_own_words_are_passed_on(root: Path) -> None:
    with pytest.raises(GitError, match="unknown revision|bad revision|ambiguous"):
        run_git(root, "log", "no-such-revision")
