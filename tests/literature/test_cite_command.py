"""`kb cite add` and `kb cite check` as a person and as a program call them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.bibliography import read
from kb.cli import main
from tests.literature.conftest import FILES, ROOT, STORED, Server, recorded


@pytest.fixture
def online(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    server.answering = recorded
    for name in ("KB_CROSSREF_URL", "KB_EUROPE_PMC_URL", "KB_EUTILS_URL"):
        monkeypatch.setenv(name, server.url)
    return server


def kb(root: Path, *args: str | Path) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "cite", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def document(result: Result) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_a_preview_saves_nothing(root: Path) -> None:
    before = (root / "references.bib").read_bytes()
    result = kb(root, "add", FILES / "export.ris")
    assert result.exit_code == 1  # one entry was refused
    assert "abdelraouf2023" in result.stdout
    assert "conflict" not in result.stdout
    assert "new field" in result.stdout
    assert "nothing saved; repeat with --yes" in result.stderr
    assert "export.ris:45: title: is missing" in result.stderr
    assert (root / "references.bib").read_bytes() == before


def test_yes_saves_the_sound_ones(root: Path) -> None:
    before, _ = read(root / "references.bib")
    result = kb(root, "add", FILES / "pubmed-set.nbib", "--yes", "--json")
    assert result.exit_code == 1
    said = document(result)
    assert said["saved"] is True
    assert [entry["outcome"] for entry in said["entries"]] == ["there", "there", "added", "refused"]
    after, problems = read(root / "references.bib")
    assert problems == []
    assert set(after) - set(before) == set(said["added"]) == {"inventor1999"}
    assert after["inventor1999"].notice is not None
    match = said["entries"][0]["matches"][0]
    assert match["key"] == "ahmed2025"
    assert match["certain"] is True
    assert {row["verdict"] for row in match["fields"]} <= {"same", "new field", "conflict", "only stored"}


def test_fill(root: Path) -> None:
    result = kb(root, "add", FILES / "export.ris", "--yes", "--fill", "--json")
    assert document(result)["merged"] == ["abdelraouf2023"]
    assert read(root / "references.bib")[0]["abdelraouf2023"].volume == "315"


def test_a_sound_file_ends_with_0(root: Path) -> None:
    result = kb(root, "add", STORED, "--yes")
    assert result.exit_code == 0
    assert "nothing to save" in result.stderr


def test_identifiers(root: Path, online: Server) -> None:
    result = kb(root, "add", "10.5555/retracted-1", "40056230", "--yes", "--json")
    assert result.exit_code == 0
    assert document(result)["added"] == ["inventor1999"]
    added = read(root / "references.bib")[0]["inventor1999"]
    assert added.pmid == "999999995"
    assert added.notice is not None
    assert added.notice.kind == "retraction"


def test_an_identifier_nobody_knows(root: Path, online: Server) -> None:
    result = kb(root, "add", "10.5555/no-such", "--yes", "--json")
    assert result.exit_code == 1
    assert document(result)["failed"][0]["status"] == "not-found"


def test_offline(root: Path) -> None:
    before = (root / "references.bib").read_bytes()
    result = kb(root, "add", "10.5555/x", "--yes", "--json")
    assert result.exit_code == 1
    assert document(result)["failed"][0]["status"] == "offline"
    assert "10.5555/x: offline: " in result.stderr
    assert (root / "references.bib").read_bytes() == before


def test_wrong_calls(root: Path, tmp_path: Path) -> None:
    assert kb(root, "add").exit_code == 2
    result = kb(root, "add", "no-such-file.ris")
    assert result.exit_code == 2
    assert "no such file, and no DOI" in result.stderr
    assert kb(root, "check", "nobody2000").exit_code == 2
    assert kb(tmp_path / "formulary", "add", FILES / "export.ris").exit_code == 2


def test_a_damaged_bibliography(root: Path) -> None:
    with (root / "references.bib").open("a") as file:
        file.write("\n@article{broken2020,\n  title = {never closed\n")
    before = (root / "references.bib").read_bytes()
    result = kb(root, "add", FILES / "export.ris", "--yes", "--json")
    assert result.exit_code == 1
    assert "mend them first" in document(result)["error"]
    assert (root / "references.bib").read_bytes() == before


def test_check(root: Path, online: Server) -> None:
    result = kb(root, "check", "moftah2013", "ahmed2025", "--json")
    assert result.exit_code == 0
    said = document(result)
    assert said["success"] is True
    assert said["checked"] == ["moftah2013", "ahmed2025"]
    assert said["figures"] == []
    assert {"severity", "file", "line", "record", "field", "message"} <= set(said["problems"][0])
    people = kb(root, "check", "moftah2013")
    assert people.exit_code == 0
    assert "1 references compared" in people.stdout


def test_check_tells_the_figures(root: Path, online: Server) -> None:
    """The curated formulary cites this trial; whatever it says, its figures are compared with the abstract."""
    shutil.copytree(ROOT / "formulary", root / "formulary")
    figures = document(kb(root, "check", "moftah2013", "--json"))["figures"]
    assert figures
    assert all(one["reference"] == "moftah2013" and one["found"] is not None for one in figures)
    assert "in the abstract" in kb(root, "check", "moftah2013").stdout


def test_check_fails_on_a_retraction(root: Path, online: Server) -> None:
    kb(root, "add", "10.5555/retracted-1", "--yes")
    path = root / "references.bib"
    lines = [line for line in path.read_text().split("\n") if not line.startswith("  notice = {retraction: 10.5555")]
    path.write_text("\n".join(lines))
    result = kb(root, "check", "inventor1999")
    assert result.exit_code == 1
    assert "retraction not recorded" in result.stdout


def test_check_offline(root: Path) -> None:
    result = kb(root, "check", "moftah2013", "--json")
    assert result.exit_code == 1
    assert document(result)["success"] is False
    assert set(document(result)["offline"]) == {"Crossref", "Europe PMC"}
    assert "offline: Crossref: " in result.stderr
    assert kb(root, "check", "--offline-ok", "moftah2013").exit_code == 0


@pytest.mark.parametrize("args", [("--help",), ("add", "--help"), ("check", "--help")])
def test_help(root: Path, args: tuple[str, ...]) -> None:
    assert kb(root, *args).exit_code == 0
