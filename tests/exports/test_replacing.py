"""An export takes away what an export wrote, and nothing else."""

import os
from pathlib import Path

import pytest

from kb.exports.replacing import MARKER, Replaced


def export(folder: Path, **files: str) -> None:
    place = Replaced(folder)
    for name, text in files.items():
        place.write(f"{name}/index.html", text)
    place.finish()


def files_of(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != MARKER)


def test_a_checkout_keeps_its_git_and_its_notes(tmp_path: Path) -> None:
    """All of it was once deleted when a list of an export was there."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/gh-pages", encoding="utf-8")
    export(tmp_path, minoxidil="old", biotin="old")
    (tmp_path / "my-notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "biotin" / "mine.txt").write_text("mine", encoding="utf-8")
    export(tmp_path, minoxidil="new", zinc="new")
    assert files_of(tmp_path) == [
        ".git/HEAD",
        "biotin/mine.txt",
        "minoxidil/index.html",
        "my-notes.txt",
        "zinc/index.html",
    ]
    assert (tmp_path / "minoxidil" / "index.html").read_text(encoding="utf-8") == "new"


def test_a_folder_with_other_things_and_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="thesis.doc"):
        Replaced(tmp_path)
    (tmp_path / MARKER).write_text("Made by an older version", encoding="utf-8")
    with pytest.raises(ValueError, match="thesis.doc"):
        Replaced(tmp_path)
    assert files_of(tmp_path) == ["thesis.doc"]


def test_what_somebody_put_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    export(tmp_path, minoxidil="old")
    (tmp_path / "biotin").mkdir()
    (tmp_path / "biotin" / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="no export wrote this"):
        export(tmp_path, biotin="new")
    assert (tmp_path / "biotin" / "index.html").read_text(encoding="utf-8") == "mine"


def test_an_export_that_was_killed_is_replaced_by_the_next(tmp_path: Path) -> None:
    export(tmp_path, minoxidil="old")
    killed = Replaced(tmp_path)
    killed.write("minoxidil/index.html", "half")
    assert (tmp_path / "minoxidil" / "index.html").read_text(encoding="utf-8") == "old"
    export(tmp_path, minoxidil="whole")
    assert (tmp_path / "minoxidil" / "index.html").read_text(encoding="utf-8") == "whole"


def test_an_export_that_was_killed_while_files_changed_places_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path, biotin="old", minoxidil="old")
    with monkeypatch.context() as killed:
        killed.setattr(Replaced, "_remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            export(tmp_path, minoxidil="new", zinc="new")
    export(tmp_path, minoxidil="newer", niacin="newer")
    assert files_of(tmp_path) == ["minoxidil/index.html", "niacin/index.html"]


@pytest.mark.parametrize("listed", ["../outside.txt", "/etc/hostname", "a/../../outside.txt"])
def test_a_list_that_was_tampered_with_reaches_nothing_outside(tmp_path: Path, listed: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("kept", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MARKER).write_text(f'{{"files": ["{listed}"]}}', encoding="utf-8")
    Replaced(folder).finish()
    assert outside.exists()


def test_a_link_in_the_place_of_a_page_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("kept", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    export(folder, minoxidil="old")
    page = folder / "minoxidil" / "index.html"
    page.unlink()
    os.symlink(outside, page)
    export(folder, minoxidil="new")
    assert (outside.read_text(encoding="utf-8"), page.read_text(encoding="utf-8")) == ("kept", "new")
