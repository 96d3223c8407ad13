"""Two authors on two branches: git joins their records by ids and keys through `kb merge`, tried with a real git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author.mergefile import merge_texts
from kb.bibliography import read_text
from kb.cli import main
from kb.formulary.yamltext import parse
from kb.problems import conflict_marks

SUBJECT = """\
id: biotin
name: Biotin
synonyms:
  - vitamin H
findings:
  - id: biotin-a
    direction: supports
    limitations: small
"""
ENTRY = """\
@article{{{key},
  author = {{Low, Ann}},
  title = {{{title}}},
  year = {{2020}},
  doi = {{10.5555/{key}}},
  design = {{rct}},
  seenat = {{https://example.org/{key}}},
}}
"""


def finding(name: str) -> str:
    return f"  - id: biotin-{name}\n    direction: supports\n    limitations: of {name}\n"


def entry(key: str, title: str = "") -> str:
    return ENTRY.format(key=key, title=title or f"Paper of {key}")


def git(root: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "formulary" / "ingredients").mkdir(parents=True)
    (tmp_path / "formulary" / "ingredients" / "biotin.yaml").write_text(SUBJECT, encoding="utf-8")
    (tmp_path / "references.bib").write_text(entry("high2020") + "\n" + entry("low2020"), encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    done = CliRunner().invoke(main, ["--root", str(tmp_path), "merge", "--install"])
    assert done.exit_code == 0, done.output
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "start")
    return tmp_path


def on_branch(root: Path, name: str, subject: str, bibliography: str) -> None:
    git(root, "checkout", "-q", "-b", name, "main")
    (root / "formulary" / "ingredients" / "biotin.yaml").write_text(subject, encoding="utf-8")
    (root / "references.bib").write_text(bibliography, encoding="utf-8")
    git(root, "commit", "-qam", name)


def test_two_branches_that_each_append_a_finding_and_a_reference_join(repository: Path) -> None:
    stored = entry("high2020") + "\n" + entry("low2020")
    on_branch(repository, "ann", SUBJECT + finding("ann"), stored + "\n" + entry("mid2020"))
    on_branch(
        repository, "bo", SUBJECT.replace("small", "very small") + finding("bo"), stored + "\n" + entry("mid2021")
    )
    git(repository, "merge", "-q", "--no-edit", "ann")
    text = (repository / "formulary" / "ingredients" / "biotin.yaml").read_text(encoding="utf-8")
    document, _ = parse(text, "x")
    assert document is not None
    held = {one["id"]: one["limitations"] for one in document.value["findings"]}
    assert held == {"biotin-a": "very small", "biotin-ann": "of ann", "biotin-bo": "of bo"}
    references, problems = read_text((repository / "references.bib").read_text(encoding="utf-8"))
    assert problems == []
    assert list(references) == ["high2020", "low2020", "mid2020", "mid2021"]


def test_one_field_changed_twice_is_marked_alone_and_named(repository: Path) -> None:
    stored = entry("high2020") + "\n" + entry("low2020")
    on_branch(
        repository,
        "ann",
        SUBJECT.replace("small", "not blind") + finding("ann"),
        stored.replace("Paper of low2020", "One"),
    )
    on_branch(
        repository,
        "bo",
        SUBJECT.replace("small", "no control") + finding("bo"),
        stored.replace("Paper of low2020", "Two"),
    )
    said = git(repository, "merge", "-q", "--no-edit", "ann", status=1)
    assert "biotin-a].limitations: ours 'no control', theirs 'not blind', before 'small'" in said
    text = (repository / "formulary" / "ingredients" / "biotin.yaml").read_text(encoding="utf-8")
    assert "<<<<<<< ours\n    limitations: no control\n=======\n    limitations: not blind\n>>>>>>> theirs\n" in text
    assert text.count("<<<<<<<") == 1
    assert "of ann" in text and "of bo" in text
    _, (problem,) = parse(text, "biotin.yaml")
    assert "merge that is not finished (1 place" in problem.message
    bib = (repository / "references.bib").read_text(encoding="utf-8")
    assert "<<<<<<< ours\n  title = {Two},\n=======\n  title = {One},\n>>>>>>> theirs\n" in bib
    assert conflict_marks(bib, "references.bib") is not None


def test_one_key_for_two_papers_says_which_to_rename() -> None:
    merged = merge_texts(
        entry("a2020"),
        entry("a2020") + entry("b2020", "One"),
        entry("a2020") + entry("b2020", "Other"),
        "references.bib",
    )
    assert merged.conflicts
    assert any("b2020b" in note for note in merged.notes)


def test_comments_of_both_sides_stay() -> None:
    ours = SUBJECT + "  # of ours\n" + finding("ann")
    theirs = "# of theirs\n" + SUBJECT
    merged = merge_texts(SUBJECT, ours, theirs, "x.yaml")
    assert not merged.conflicts
    assert "# of ours" in merged.text and "# of theirs" in merged.text


def test_a_side_that_cannot_be_read_is_joined_line_by_line_and_said() -> None:
    broken = SUBJECT.replace("name: Biotin", "name: [Biotin")
    merged = merge_texts(SUBJECT, broken, SUBJECT + finding("bo"), "x.yaml")
    assert "their" not in merged.notes[0]
    assert "our side cannot be read (line 2" in merged.notes[0]
    assert "name: [Biotin" in merged.text and "of bo" in merged.text


def test_installing_twice_changes_nothing(repository: Path) -> None:
    before = (repository / ".gitattributes").read_bytes()
    CliRunner().invoke(main, ["--root", str(repository), "merge", "--install"])
    assert (repository / ".gitattributes").read_bytes() == before


def test_without_git_the_command_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--root", str(tmp_path), "merge", "--install"])
    assert done.exit_code == 1
    assert "not a git repository" in done.output
