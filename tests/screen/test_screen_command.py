"""`kb screen` as a person and as a program call it."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from kb.literature import read_any
from tests.screen.conftest import ALL, FILES, ROOT, article


def kb(*args: str | Path, text: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, ["--root", str(ROOT), "screen", *map(str, args)], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def document(result: Result) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_json_has_the_published_fields() -> None:
    result = kb(*ALL, "--json")
    assert result.exit_code == 0, result.stderr
    said = document(result)
    assert said.keys() == {
        "candidates", "alarms", "read", "found", "known", "decided", "repeated", "damaged", "skipped",
    }  # fmt: skip
    assert said["candidates"][0].keys() == {
        "rank", "score", "reasons", "title", "year", "journal", "doi", "pmid", "subjects", "objects", "pairs", "design",
        "design_from", "retracted", "known", "perhaps", "decision", "criterion", "file", "place",
    }  # fmt: skip
    assert said["candidates"][0]["rank"] == 1
    assert all(sum(int(r.split()[0]) for r in c["reasons"]) == c["score"] for c in said["candidates"])
    assert said["skipped"][0].keys() == {"file", "place", "message"}
    assert kb(*ALL, "--json").stdout == result.stdout


def test_a_person_sees_why() -> None:
    result = kb(FILES)
    assert result.exit_code == 0
    assert "RETRACTED" in result.stdout
    assert "10 records read; 3 damaged; 8 candidates" in " ".join(result.stdout.split())
    assert "search.xml:60: is not well-formed XML" in result.stderr


def test_packed_from_standard_input() -> None:
    packed = gzip.compress((FILES / "search.xml").read_bytes())
    result = kb("-", "--json", "--limit", "1", text=packed)
    assert result.exit_code == 0
    (one,) = document(result)["candidates"]
    assert one["file"] == "stdin"
    assert document(result)["found"] == 3


def test_nothing_found_is_a_no(tmp_path: Path) -> None:
    path = tmp_path / "bridges.xml"
    path.write_text(article("Suspended bridges"))
    result = kb(path)
    assert result.exit_code == 1
    assert "no candidate found" in result.stdout
    (tmp_path / "empty").mkdir()
    assert kb(tmp_path / "empty").exit_code == 1


def test_a_file_that_cannot_be_read_ends_with_one(tmp_path: Path) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<!doctype html><p>Sign in")
    result = kb(page, *ALL, "--json")
    assert result.exit_code == 1
    assert len(document(result)["candidates"]) == 7, "the rest is read"
    assert "page.xml: is a web page, not a file of references; save" in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "nothing to screen"),
        (("no-such-file.xml",), "no such file"),
        ((ALL[0], "--ingredient", "minoxidl"), "did you mean minoxidil"),
        ((ALL[0], "--technique", "minoxidil"), "unknown id 'minoxidil'"),
        ((ALL[0], "--indication", "melasmaa"), "melasma"),
        ((ALL[0], "--design", "rumour"), "rumour"),
        ((ALL[0], "--limit", "0"), "0"),
        ((ALL[0], "--out", "list.docx"), ".bib, .ris or .csv"),
        ((ALL[0], "--out", str(ROOT / "references.bib")), "kb cite add"),
    ],
)
def test_a_wrong_call_ends_with_two(args: tuple[str, ...], said: str) -> None:
    result = kb(*args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_filters() -> None:
    said = document(kb(*ALL, "--ingredient", "rogaine", "--design", "case-report", "--since", "2017", "--json"))
    assert [c["doi"] for c in said["candidates"]] == ["10.5555/invented.31"]


def test_out(tmp_path: Path) -> None:
    for name in ("list.bib", "list.csv", "list.ris"):
        result = kb(*ALL, "--limit", "2", "--out", tmp_path / name)
        assert result.exit_code == 0
        assert f"written to {tmp_path / name}" in result.stdout
    assert len(read_any("list.bib", (tmp_path / "list.bib").read_bytes())) == 2
    assert len(read_any("list.ris", (tmp_path / "list.ris").read_bytes())) == 2
    assert (tmp_path / "list.csv").read_text().startswith("rank,score,title,")
    assert kb(*ALL, "--out", tmp_path / "no" / "list.csv", "--json").exit_code == 1
