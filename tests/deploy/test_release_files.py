"""What a release hands out: whole, under one version, with checksums that a stranger's tool checks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, str(ROOT / "tools" / "release_files.py")]


@pytest.mark.slow
def test_the_files_of_a_release_agree_with_their_checksums_and_come_out_the_same_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        subprocess.run([*PROGRAM, str(tmp_path / name), "--unreleased"], check=True, cwd=ROOT, capture_output=True)
    one, two = tmp_path / "one", tmp_path / "two"
    assert (one / "SHA256SUMS").read_text() == (two / "SHA256SUMS").read_text()
    sums = shutil.which("sha256sum")
    assert sums, "coreutils"
    checked = subprocess.run([sums, "--check", "--strict", "SHA256SUMS"], cwd=one, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    listed = {line.split("  ")[1] for line in (one / "SHA256SUMS").read_text().splitlines()}
    assert listed | {"SHA256SUMS"} == {p.name for p in one.iterdir()}
    wheels = {p.name.partition("-")[0] for p in one.glob("*.whl")}
    assert wheels == {"mesotherapy_kb", "mesotherapy_kb_content"}
    for wheel in one.glob("*.whl"):
        assert zipfile.ZipFile(wheel).testzip() is None
    bill = json.loads((one / "sbom.json").read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX" and any(c["name"] == "voila" for c in bill["components"])
    (one / "kb.sqlite").open("ab").write(b"x")
    spoilt = subprocess.run([sums, "--check", "SHA256SUMS"], cwd=one, capture_output=True, text=True)
    assert spoilt.returncode == 1 and "kb.sqlite: FAILED" in spoilt.stdout
    again = subprocess.run([*PROGRAM, str(two), "--unreleased"], cwd=ROOT, capture_output=True, text=True)
    assert again.returncode == 1 and "not empty" in again.stderr


def test_the_citation_names_the_release_of_the_records_and_the_program_is_that_or_on_the_way_to_the_next() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from release_files import said

    told = said(ROOT)
    release = told["formulary/release.yaml"]
    assert told["CITATION.cff"] == release
    program = told["pyproject.toml"][0]
    numbers = [tuple(map(int, version.split(".")[:3])) for version in (release[0], program)]
    assert program == release[0] or (".dev" in program and numbers[1] > numbers[0])
