"""A subject's lists may stand in files of their own beside its file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import kb
from kb.formulary import read
from kb.migrate.parts import split
from tests.author.conftest import write_formulary

HERE = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The vocabulary, and one subject with a folder of its own."""
    shutil.copytree(HERE / "formulary/vocabulary", tmp_path / "formulary/vocabulary")
    shutil.copytree(HERE / "formulary/ingredients/biotin", tmp_path / "formulary/ingredients/biotin")
    shutil.copy(HERE / "formulary/ingredients/biotin.yaml", tmp_path / "formulary/ingredients")
    return tmp_path


def test_parts_add_to_the_lists_of_their_subject(root: Path) -> None:
    part = root / "formulary/ingredients/biotin/caution-biotin-latex.yaml"
    part.write_text(
        "cautions:\n  - id: biotin-latex\n    trigger: pregnancy\n    severity: inform\n"
        "    action: Ask.\n    why: Made up.\n    strength: Habit.\n"
    )
    records, problems = read(root)
    found = {c.id: c for c in records.ingredients["biotin"].cautions}
    assert "biotin-latex" in found, problems
    place = found["biotin-latex"].place
    assert place is not None and place.file.endswith("caution-biotin-latex.yaml") and place.line == 2


def test_a_field_that_is_no_list_of_the_subject_names_file_and_line(root: Path) -> None:
    (root / "formulary/ingredients/biotin/x.yaml").write_text("cautions: []\nname: Biotin\n")
    _, problems = read(root)
    assert [(p.file, p.line, p.field) for p in problems if p.file.endswith("x.yaml")] == [
        ("formulary/ingredients/biotin/x.yaml", 2, "name")
    ]


def test_a_folder_without_its_subject_is_told(root: Path) -> None:
    stray = root / "formulary/ingredients/no-such-thing/x.yaml"
    stray.parent.mkdir()
    stray.write_text("findings: []\n")
    _, problems = read(root)
    assert [p.file for p in problems if "read by nothing" in p.message] == [
        "formulary/ingredients/no-such-thing/x.yaml"
    ]


def test_splitting_moves_every_record_and_changes_none(tmp_path: Path) -> None:
    write_formulary(tmp_path)
    before = kb.load(tmp_path)
    target = tmp_path / "formulary/ingredients/biotin.yaml"
    text = (
        "findings: # from a paper\n  - id: moftah2013-biotin-hair-loss # keep me\n    reference: moftah2013\n"
        "    relation: treats\n    object: hair-loss\n    direction: insufficient\n    basis: abstract\n    summary: Ours.\n    seen_at: https://example.org/x\n"
    )
    lines = target.read_text().split("review:")
    target.write_text(lines[0] + text + "review:" + lines[1])
    moved = split(tmp_path)
    assert {"formulary/ingredients/biotin/moftah2013.yaml", "formulary/ingredients/minoxidil/moftah2013.yaml"} <= {
        *moved
    }
    assert split(tmp_path) == []
    after = kb.load(tmp_path)
    assert set(after.findings) - set(before.findings) == {"moftah2013-biotin-hair-loss"}
    for kind in ("findings", "assessments", "cautions"):
        old, new = getattr(before, kind), getattr(after, kind)
        assert old and all(new[id_] == record for id_, record in old.items())
    assert "keep me" in (tmp_path / "formulary/ingredients/biotin/moftah2013.yaml").read_text()


def test_two_people_who_add_a_finding_each_merge_without_a_conflict(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b.c", *words], cwd=tmp_path, check=True)

    folder = tmp_path / "formulary/ingredients/minoxidil"
    shutil.copytree(HERE / "formulary/ingredients/minoxidil", folder)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "start")
    for name in ("one", "two"):
        git("switch", "-qc", name, "main")
        (folder / f"{name}2026.yaml").write_text(f"findings:\n  - id: {name}\n")
        git("add", "-A")
        git("commit", "-qm", name)
    git("merge", "-q", "--no-edit", "one")
    assert {"one2026.yaml", "two2026.yaml"} <= {p.name for p in folder.iterdir()}
