"""A disk that takes no more: it is said in a sentence, and nothing is lost or half written.

The limit on the size of a file stands for the end of the disk here; `benchmarks/full_disk.py` fills a real one, byte by byte.
"""

from __future__ import annotations

import contextlib
import resource
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.author import drafts
from kb.author.folder import authoring
from kb.author.session import Saved, Session
from kb.author.target import Target
from kb.author.workbench import Workbench
from kb.cli import main
from kb.compile import build
from kb.serve.releases import Releases
from tests.author.conftest import committed, git, write_formulary

FILE = "formulary/ingredients/minoxidil.yaml"


@contextlib.contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process and its children grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small base in a repository."""
    root = tmp_path / "base"
    root.mkdir()
    write_formulary(root)
    return committed(root)


def files(folder: Path) -> dict[str, bytes]:
    """What a folder holds, but for the rooms of git and of the authors."""
    inside = (p for p in sorted(folder.rglob("*")) if p.is_file() and not {".git", ".authoring"} & set(p.parts))
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in inside if p.suffix != ".lock"}


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *words])


def test_a_record_is_saved_whole_or_not_at_all(root: Path) -> None:
    """Room for nothing, for the draft, for the record but not for git: each a little more than the one before."""
    refused = 0
    for number, size in enumerate([0, 600, 1200, 2400, 3000, 6000, 1_000_000]):
        before = files(root)
        session = Session.open(Workbench(root), Target("ingredient", FILE, "minoxidil"), "Ed", draft_key="ed")
        session.replace({**session.values, "synonyms": [f"word {number}"]})
        session.message = f"Say {number}"
        try:
            with room(size):
                saved = session.save()
        except OSError:
            refused += 1
            assert files(root) == before
            assert list((root / ".authoring" / "history").rglob("*.*")) == []
            session.draft.flush()
            assert f"word {number}" in session.draft.path.read_text(encoding="utf-8")
            session.draft.discard()
        else:
            assert isinstance(saved, Saved)
            assert f"- word {number}\n" in (root / FILE).read_text(encoding="utf-8")
        session.close()
        assert not [p for p in root.rglob("*.tmp") if ".git" not in p.parts]
    assert 0 < refused < 7


def test_a_draft_stays_as_it_was_and_says_why(tmp_path: Path) -> None:
    draft, _ = drafts.start(tmp_path, "key")
    draft.keep({"n": 1})
    draft.flush()
    before = draft.path.read_bytes()
    with room(40):
        draft.keep({"n": 2})
        with pytest.raises(OSError, match="File too large"):
            draft.flush()
    assert (draft.path.read_bytes(), draft.trouble) == (before, "File too large")
    draft.flush()
    assert '"n": 2' in draft.path.read_text(encoding="utf-8")
    assert draft.trouble == ""
    draft.close()


def test_git_never_sees_the_drafts_of_a_disk_that_was_full(tmp_path: Path) -> None:
    with room(0), pytest.raises(OSError, match="File too large"):
        authoring(tmp_path, "drafts")
    assert (authoring(tmp_path, "drafts").parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_build_leaves_the_old_snapshot(root: Path) -> None:
    build(root)
    before = files(root)
    (root / FILE).write_text((root / FILE).read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
    for words in (["build"], ["show", "minoxidil"], ["export", "csv", str(root / "csv")]):
        with room(100_000):
            done = run(root, *words)
        assert (done.exit_code, done.exception) == (1, done.exception)
        assert isinstance(done.exception, SystemExit)
        assert done.output.startswith(f"{root}/build: the snapshot cannot be written (")
        assert "; the old one stays; make room" in done.output
    assert files(root) == before | {FILE: (root / FILE).read_bytes()}


@pytest.mark.parametrize(("name", "size"), [("csv", 4_000), ("json", 8_000), ("bibtex", 700), ("site", 50_000)])
def test_an_export_leaves_the_old_folder(root: Path, name: str, size: int) -> None:
    build(root)
    new, old = root / "new", root / "old"
    assert run(root, "export", name, str(old)).exit_code == 0
    before = files(old)
    bib = root / "references.bib"
    bib.write_text(bib.read_text(encoding="utf-8").replace("Minoxidil in men", "Minoxidil in women"), encoding="utf-8")
    build(root)
    for folder in (old, new):
        with room(size):
            done = run(root, "export", name, str(folder))
        assert done.output == f"{folder}: not exported (File too large); what was there stays as it was\n"
    assert files(old) == before
    assert not new.exists()
    assert run(root, "export", name, str(old)).exit_code == 0
    assert files(old) != before
    assert not [p for p in old.iterdir() if p.name.endswith(".tmp")]


def test_a_release_asks_for_room_before_it_changes_anything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    before, head = files(root), git(root, "rev-parse", "HEAD")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 4_000_000, 4_000_000))
    done = run(root, "release", "1.0.0", "--author", "Ed", "--unchecked", "Ed")
    assert done.exit_code == 1
    assert "the disk has 4 MB left and a release needs 10; nothing was changed" in done.output
    assert (files(root), git(root, "rev-parse", "HEAD")) == (before, head)


def test_a_release_whose_snapshot_finds_no_room_says_what_is_done_and_what_is_not(root: Path) -> None:
    build(root)
    before = (root / "build" / "kb.sqlite").read_bytes()
    with room(100_000):
        done = run(root, "release", "1.0.0", "--author", "Ed", "--unchecked", "Ed")
    assert done.exit_code == 1
    assert "release 1.0.0 is in the records, but its snapshot cannot be written (" in done.output
    assert (root / "build" / "kb.sqlite").read_bytes() == before
    assert "Release 1.0.0" in git(root, "log", "-1", "--format=%s", "--", "formulary/release.yaml")
    assert run(root, "build").exit_code == 0


def test_a_server_shows_the_new_release_once_there_is_room(root: Path, tmp_path: Path) -> None:
    source, own = tmp_path / "kb.sqlite", tmp_path / "own"
    own.mkdir()
    shutil.copyfile(build(root), source)
    releases = Releases(source, own)
    (root / FILE).write_text((root / FILE).read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
    shutil.copyfile(build(root), source)
    with room(100_000):
        assert (releases.look(), releases.look()) == (None, None)
    assert [p.name for p in own.iterdir()] == ["release-1"]
    new = releases.look()
    assert new is not None
    assert new.content != releases.current.content


def test_a_renaming_that_finds_no_room_leaves_every_file_whole(root: Path) -> None:
    path = root / FILE
    path.write_text(path.read_text().replace("limitations: Small.", f"limitations: {'Small. ' * 400}"))
    before = files(root)
    with room(2048):  # the claim that names it still fits
        done = run(root, "rename", "minoxidil", "minox", "--yes", "--author", "Ada")
    assert done.exit_code == 1
    assert "nothing was renamed: File too large" in done.output
    assert files(root) == before
