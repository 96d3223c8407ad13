"""Monographs and sheets on paper, printed by a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kb.exports import export
from kb.exports.data import LICENCE
from kb.exports.pdf import KINDS, NoChromiumError
from kb.snapshot import Snapshot
from tests.programs import ON_CI

THINGS = ("biotin", "melasma", "phosphatidylcholine")


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
        assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 8
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


def _pages(path: Path) -> list[str]:
    """The words of each page as poppler reads them, in the order in which they were printed."""
    reader = shutil.which("pdftotext")
    if reader is None and not ON_CI:
        pytest.skip("no pdftotext found: install poppler-utils")
    assert reader, "continuous integration installs poppler-utils"
    told = subprocess.run([reader, "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, text=True, check=True)
    return [_plain(page) for page in told.stdout.split("\f")[:-1]]


def _plain(text: str) -> str:
    """Without the ends of lines, where a reader cannot tell a hyphen from a word that was parted."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


@pytest.mark.parametrize("slug", THINGS)
def test_poppler_reads_every_bottom_line_and_every_grave_caution(folder: Path, snapshot: Snapshot, slug: str) -> None:
    page = snapshot.monograph(slug)
    text = "".join(_pages(folder / KINDS[page["kind"]] / f"{slug}.pdf"))
    grave = [
        caution
        for caution in (*page["cautions"], *page["inherited_cautions"])
        if caution["severity"] in ("contraindicated", "avoid")
    ]
    assert page["assessments"] or grave
    wanted = [a["bottom_line"] for a in page["assessments"]]
    wanted += [c[part] for c in grave for part in ("action", "trigger_name")]
    missing = [words for words in wanted if _plain(words) not in text]
    assert not missing


@pytest.mark.parametrize("slug", THINGS)
def test_every_page_says_release_day_and_licence_at_its_foot(folder: Path, snapshot: Snapshot, slug: str) -> None:
    pages = _pages(folder / KINDS[snapshot.monograph(slug)["kind"]] / f"{slug}.pdf")
    told = f"release {snapshot.meta['release']}, {snapshot.meta['released']} · {LICENCE}"
    for number, page in enumerate(pages, 1):
        assert _plain(told) in page and f"{number}/{len(pages)}" in page
        assert _plain("Reference for professionals, not medical advice") in page
