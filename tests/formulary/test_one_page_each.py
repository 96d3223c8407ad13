"""A synonym of one ingredient cannot be given a page of its own."""

from __future__ import annotations

from pathlib import Path

from kb.knowledge import load
from tests.author.conftest import BIOTIN, write_formulary


def told(root: Path) -> list[str]:
    return [p.message for p in load(root, strict=False).problems if p.field == "name"]


def test_a_page_for_a_synonym_is_refused_unless_one_is_a_kind_of_the_other(tmp_path: Path) -> None:
    write_formulary(tmp_path)
    folder = tmp_path / "formulary" / "ingredients"
    (folder / "biotin.yaml").write_text(BIOTIN.replace("name: Biotin\n", "name: Biotin\nsynonyms:\n  - Vitamin H\n"))
    assert told(tmp_path) == []
    second = BIOTIN.replace("id: biotin", "id: vitamin-h").replace("name: Biotin", "name: vitamin h")
    (folder / "vitamin-h.yaml").write_text(second)
    assert told(tmp_path) == ["'vitamin h' is already a synonym or brand of biotin"]
    (folder / "vitamin-h.yaml").write_text(second.replace("kind: vitamin\n", "kind: vitamin\nparents:\n  - biotin\n"))
    assert told(tmp_path) == []
