"""What killed saves and builds leave behind goes with the next build, and is never anybody's work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb.atomic import leftovers, sweep, write_text
from kb.compile import ensure
from kb.snapshot import open_snapshot

PROJECT = Path(__file__).resolve().parents[2]

OLD = time.time() - 7200


@pytest.fixture(scope="module")
def snapshot_file() -> Path:
    return ensure(PROJECT)


def made(path: Path, when: float = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    os.utime(path, (when, when))
    return path


def test_only_old_temporary_files_go(tmp_path: Path) -> None:
    gone = [made(tmp_path / "ingredients" / ".minoxidil.yaml.ab12cd34.tmp"), made(tmp_path / ".kb.sqlite.4711.tmp")]
    stay = [
        made(tmp_path / ".minoxidil.yaml.ab12cd35.tmp", time.time()),  # somebody is saving right now
        made(tmp_path / "minoxidil.yaml"),
        made(tmp_path / "notes.tmp"),
        made(tmp_path / ".mine.tmp"),
        made(tmp_path / ".gitignore"),
    ]
    assert leftovers(tmp_path) == sorted(gone)
    assert sweep(tmp_path) == sorted(gone)
    assert [p.exists() for p in stay] == [True] * len(stay)


def test_what_a_killed_save_really_leaves_is_recognised(tmp_path: Path) -> None:
    code = f"""
import os
from kb import atomic
os.replace = lambda *a: os._exit(9)
atomic.write_text({str(tmp_path / "minoxidil.yaml")!r}, "half")
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    (left,) = tmp_path.iterdir()
    os.utime(left, (OLD, OLD))
    assert sweep(tmp_path) == [left]
    write_text(tmp_path / "minoxidil.yaml", "whole")
    assert [p.name for p in tmp_path.iterdir()] == ["minoxidil.yaml"]


def test_git_does_not_see_them(tmp_path: Path) -> None:
    rules = (PROJECT / ".gitignore").read_text(encoding="utf-8")
    (tmp_path / ".gitignore").write_text(rules, encoding="utf-8")
    made(tmp_path / "formulary" / ".minoxidil.yaml.ab12cd34.tmp")
    made(tmp_path / "formulary" / "minoxidil.yaml")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    told = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["??", ".gitignore", "??", "formulary/minoxidil.yaml"]


def test_a_snapshot_opens_under_any_name(tmp_path: Path, snapshot_file: Path) -> None:
    """`#`, `?` and `%` are letters of an address; such a place was once told as damaged, and an empty file made beside it."""
    for name in ("a#b", "a?b", "a%20b", "a%b", "a b", "a&mode=rwc"):
        folder = tmp_path / name
        folder.mkdir()
        copy = folder / "kb.sqlite"
        copy.symlink_to(snapshot_file)
        opened = open_snapshot(copy)
        assert opened.monograph("minoxidil")["name"] == "Minoxidil"
        opened.close()
        assert [p.name for p in folder.iterdir()] == ["kb.sqlite"]
    assert len(list(tmp_path.iterdir())) == 6
