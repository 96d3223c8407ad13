"""Monographs and sheets on paper, printed by a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kb.exports import export
from kb.exports.pdf import NoChromiumError
from kb.snapshot import Snapshot

THINGS = ("biotin", "melasma")


@pytest.fixture(scope="module")
def folder(chromium: Path, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pdf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHROMIUM", str(chromium))
        export("pdf", snapshot, place, only=THINGS)
    return place


def test_a_monograph_and_a_sheet_are_printed_with_title_and_pages(folder: Path, snapshot: Snapshot) -> None:
    for file, name in (("monographs/biotin.pdf", "Biotin"), ("sheets/melasma.pdf", "Melasma")):
        paper = (folder / file).read_bytes()
        assert paper.startswith(b"%PDF-") and paper.rstrip().endswith(b"%%EOF")
        assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 4
        assert name.encode("utf-16-be").hex().upper().encode() in paper[paper.find(b"/Title") :][:200]
        assert len(paper) > 20_000


def test_the_folder_names_its_release_and_leaves_nothing_out(folder: Path, snapshot: Snapshot) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release"] == snapshot.meta["release"] and manifest["not_carried"]
    assert {p["path"] for p in manifest["files"]} >= {"monographs/biotin.pdf", "sheets/melasma.pdf"}


def test_the_same_release_is_printed_to_the_same_bytes(
    folder: Path, chromium: Path, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(chromium))
    export("pdf", snapshot, tmp_path, only=THINGS)
    assert (tmp_path / "SHA256SUMS").read_text() == (folder / "SHA256SUMS").read_text()


def test_without_a_browser_the_error_says_how_to_get_one(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(NoChromiumError, match="install chromium"):
        export("pdf", snapshot, tmp_path, only=("biotin",))


def test_what_has_no_page_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zzyzx"):
        export("pdf", snapshot, tmp_path, only=("zzyzx",))
