"""`kb doctor` finds what is wrong with an installation, says the cure, and mends what it may."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.compile import ensure

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An installation that serves a snapshot it was given."""
    (tmp_path / "build").mkdir()
    shutil.copy(ensure(PROJECT), tmp_path / "build" / "kb.sqlite")
    return tmp_path


def examined(root: Path, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit status, and the first note of each topic that is not well, else its last."""
    done = CliRunner().invoke(main, ["--root", str(root), "doctor", "--json", *more])
    notes: dict[str, dict[str, Any]] = {}
    for note in json.loads(done.output)["notes"]:
        if note["topic"] not in notes or notes[note["topic"]]["ok"]:
            notes[note["topic"]] = note
    return done.exit_code, notes


def test_a_missing_or_damaged_snapshot_is_found(tmp_path: Path, installed: Path) -> None:
    os.truncate(installed / "build" / "kb.sqlite", 5000)
    status, notes = examined(installed)
    assert (status, notes["snapshot"]["ok"], notes["snapshot"]["cure"]) == (1, False, "kb build")


def test_a_snapshot_older_than_the_formulary_is_found(installed: Path) -> None:
    (installed / "formulary").mkdir()
    status, notes = examined(installed)
    assert status == 1
    assert "older than the formulary" in notes["snapshot"]["says"]


def test_leftovers_are_found_and_mended(installed: Path) -> None:
    left = installed / "build" / ".kb.sqlite.4711.tmp"
    left.write_text("x", encoding="utf-8")
    os.utime(left, (time.time() - 7200,) * 2)
    status, notes = examined(installed)
    assert (status, notes["leftovers"]["ok"], notes["leftovers"]["cure"]) == (1, False, "kb doctor --mend")
    assert left.exists()
    examined(installed, "--mend")
    assert not left.exists()
    assert examined(installed)[1]["leftovers"]["ok"]


def test_a_lock_that_a_killed_git_left_is_found_and_one_in_use_is_not(installed: Path) -> None:
    (installed / ".git").mkdir()
    lock = installed / ".git" / "index.lock"
    lock.touch()
    assert examined(installed)[1]["locks"]["ok"]
    os.utime(lock, (time.time() - 3600,) * 2)
    assert not examined(installed)[1]["locks"]["ok"]


def test_a_unit_that_cannot_hold_the_limits_is_found(installed: Path) -> None:
    unit = installed / "kb.service"
    unit.write_text("[Service]\nExecStart=kb serve --edition clinician\nMemoryMax=2G\nTasksMax=200\n", encoding="utf-8")
    assert "allows 8 notebooks of " in examined(installed, "--unit", str(unit))[1]["unit"]["says"]
    for edition in ("clinician", "trainee"):
        assert examined(installed, "--unit", str(PROJECT / "deploy" / f"kb-{edition}.service"))[1]["unit"]["ok"]
