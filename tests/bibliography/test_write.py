"""Writing: one canonical form, nothing lost, comments kept, and the old file or the new one whatever happens."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kb.atomic
from kb.atomic import write_text
from kb.bibliography import DamagedBibliographyError, find_duplicates, format_bib, read, read_text, to_bibtex, write
from kb.model.reference import Reference
from tests.bibliography.generated_references import REFERENCES, plain

REFERENCE_SETS = st.lists(REFERENCES, max_size=5, unique_by=lambda reference: reference.key).filter(
    lambda references: not find_duplicates(references)
)

BIB = """\
% The literature.
% Second line.

% about ants
@article{ant2001,
  title = {On ants},
  design = {rct},
  seenat = {https://a.org},
  verifiedon = {2026-11-22},
}

% about bees
% and their friends
@article{bee2002,
  title = {On bees},
  design = {rct},
  seenat = {https://b.org},
  verifiedon = {2026-11-22},
}

% the end
"""


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(REFERENCE_SETS)
def test_any_references_survive_writing_and_reading(references: list[Reference]) -> None:
    text = to_bibtex(references)
    back, problems = read_text(text)
    assert problems == []
    assert plain(back) == plain({reference.key: reference for reference in sorted(references, key=lambda r: r.key)})
    assert format_bib(text) == text


def test_through_a_file(tmp_path: Path) -> None:
    references, _ = read_text(BIB)
    path = tmp_path / "references.bib"
    assert write(path, references) is True
    assert plain(read(path)[0]) == plain(references)
    assert write(path, references) is False


def test_the_canonical_form_stays() -> None:
    assert format_bib(BIB) == BIB


def test_any_spelling_becomes_canonical() -> None:
    loose = (
        BIB.replace("@article{bee2002,\n  title = {On bees},", '@ARTICLE{bee2002 , TITLE="On\n   bees"  ,')
        .replace("  design = {rct},\n", "\tDesign={rct},\n\n")
        .replace("  verifiedon = {2026-11-22},\n}", "verifiedon={2026-11-22}}")
        .replace("\n", "\r\n")
    )
    assert loose != BIB
    assert format_bib(loose.replace("\r\n", "\n")) == BIB


def test_comments_move_with_their_entry() -> None:
    head, ant, bee, end = BIB.split("\n\n")
    assert format_bib("\n\n".join([head, bee, ant, end])) == BIB


def test_saving_keeps_comments(tmp_path: Path) -> None:
    path = tmp_path / "references.bib"
    path.write_text(BIB)
    references, _ = read(path)
    references["asp2003"] = references["ant2001"].model_copy(update={"key": "asp2003", "title": "On asps"})
    del references["ant2001"]
    write(path, references)
    text = path.read_text()
    assert text.startswith("% The literature.\n% Second line.\n\n@article{asp2003,")
    assert "% about bees\n% and their friends\n@article{bee2002," in text
    assert text.endswith("}\n\n% the end\n")
    assert "about ants" not in text


def test_comment_blocks_are_kept() -> None:
    text = "@comment{jabref-meta: {\n\n}}\n\n" + BIB
    once = format_bib(text)
    assert "@comment{jabref-meta: {\n\n}}" in once
    assert format_bib(once) == once


@pytest.mark.parametrize("damage", ["title = {On ants", "titel = {On ants}", "title = {On ants}, nonsense"])
def test_a_damaged_text_is_not_formatted(damage: str) -> None:
    with pytest.raises(DamagedBibliographyError, match=r"^references.bib:\d+: ") as error:
        format_bib(BIB.replace("title = {On ants}", damage))
    assert error.value.problems


def test_no_references_is_an_empty_file() -> None:
    assert to_bibtex([]) == ""
    assert read_text("") == ({}, [])


# ---- atomic saves


def test_an_unchanged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert write_text(path, "é\n") is True
    before = path.stat()
    assert write_text(path, "é\n") is False
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.read_bytes() == "é\n".encode()


def test_mode_and_symbolic_links_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o600)
    link.symlink_to(path)
    write_text(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["fdopen", "fchmod", "fsync", "replace"])
def test_an_error_at_any_step_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kb.atomic.os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_text_that_is_not_unicode_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert path.read_text() == "old"


def test_the_text_reaches_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(kb.atomic.os, name, lambda *a, real=real, name=name: (steps.append(name), real(*a))[1])
    write_text(tmp_path / "a.txt", "new")
    assert steps == ["fsync", "replace", "fsync"]


def test_a_kill_during_a_save_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "references.bib"
    texts = {"a" * 2_000_000, "b" * 3_000_000}
    path.write_text("a" * 2_000_000)
    saver = (
        "import sys; from kb.atomic import write_text\n"
        "while True:\n"
        "    write_text(sys.argv[1], 'b' * 3_000_000)\n"
        "    print('.', flush=True)\n"
        "    write_text(sys.argv[1], 'a' * 2_000_000)\n"
    )
    pick = random.Random(1)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", saver, str(path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()  # it is saving now
            time.sleep(pick.uniform(0, 0.05))
            child.send_signal(signal.SIGKILL)
        assert path.read_text() in texts
