"""Small files made after public bug reports of reference programs: each is read right, or what is wrong is told.

`expected.yaml` says what each holds. A file is *right* when every field is as expected, *told* when it was refused or a
warning names the field that differs, and *silent* when a wrong value came through without a word: that never may be.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.literature import Entry, read_any
from tests import whole
from tests.literature.conftest import ROOT

INPUTS = Path(__file__).parent / "inputs"
ROWS: list[dict[str, Any]] = whole.table(INPUTS / "expected.yaml")
TOLD = {
    *("b004.bib", "f18.bib", "f19.ris", "k39.json"),
    *("m04.ris", "m15.ris", "m16.ris", "m17.ris", "m24.txt", "m32.bib", "m33.bib", "m40.bib"),
    *("m47.json", "m48.json", "m49.json", "m59.csv", "m65.txt", "m66.txt"),
    *("p09.txt", "p17.bib", "p44.ris", "p45.txt", "p51.bib", "p52.bib", "p55.json", "p56.csv", "p57.txt"),
    *(
        "q16.xml",
        "q17.json",
        "q18.xml",
        "q19.json",
        "q20.xml",
        "q21.yaml",
        "q26.json",
        "q27.json",
        "q47.xml",
        "q49.rdf",
    ),
    *("q50.xml", "q59.bib"),
}
"""Files that cannot be read as meant by anybody, and say so."""

NAMES = {"authors": "author"}


def plain(value: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(value)).replace(",", " ").replace("–", "-").split())


def differing(entries: list[Entry], expect: dict[str, Any]) -> list[tuple[str, Any]]:
    """Expected fields that are otherwise, with what was read."""
    sound = [entry for entry in entries if not entry.refused]
    problems = [(p.field, p.message) for entry in entries for p in entry.problems]
    notices = [(n.kind, n.said) for entry in entries for n in entry.notices]
    said = json.dumps([problems, notices], ensure_ascii=False).lower()
    wrong: list[tuple[str, Any]] = []
    for name, value in expect.items():
        if name in ("warn", "notice"):
            same, found = value.lower() in said, "not told"
        elif name in ("entries", "sound"):
            found = str(len(entries if name == "entries" else sound))
            same = found == str(value)
        elif name == "authors":
            authors = [plain(author) for author in sound[0].fields.get("authors", [])]
            same, found = authors == [plain(one) for one in value], str(authors)
        else:
            found = str(sound[0].fields.get(name))
            same = plain(found) == plain(value)
        if not same:
            wrong.append((name, found))
    return wrong


def verdict(row: dict[str, Any]) -> tuple[str, list[tuple[str, Any]]]:
    entries = read_any(row["file"], (INPUTS / row["file"]).read_bytes())
    if all(entry.refused for entry in entries):
        return "told", []
    wrong = differing(entries, row["expect"])
    loud = [f"{p.field} {p.message}" for e in entries for p in e.problems if p.severity in ("warning", "critical")]
    if not wrong:
        return "right", []
    told = all(any(NAMES.get(name, name) in line for line in loud) for name, _ in wrong)
    return ("told" if told else "silent"), wrong


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['file']} {row['kind']}" for row in ROWS])
def test_a_file_after_a_bug_report_is_read_right_or_told(row: dict[str, Any]) -> None:
    how, wrong = verdict(row)
    assert how == ("told" if row["file"] in TOLD else "right"), wrong


def test_every_file_of_the_folder_is_expected() -> None:
    there = {path.name for path in INPUTS.iterdir()} - {"expected.yaml"}
    assert there == {row["file"] for row in ROWS}
    assert len(there) >= 548


def test_the_preview_names_how_a_table_was_read() -> None:
    done = CliRunner().invoke(main, ["--root", str(ROOT), "cite", "add", str(INPUTS / "t5.xlsx")])
    assert "'Publication Year' as year" in done.output
    assert "not read: 'My column'" in done.output
    assert "nothing saved" in done.output


@pytest.mark.parametrize("piece", [";", "A ", "{", "((((", "a@", ", ", " and ", "\u00a0"])
def test_a_hostile_list_of_authors_costs_no_more_than_its_length(piece: str) -> None:
    names = piece * (30_000 // len(piece))
    for name, text in (
        ("x.bib", f"@article{{a, title={{T}}, author={{{names}}}, year=2019}}"),
        ("x.ris", f"TY  - JOUR\nTI  - T\nAU  - {names}\nER  - \n"),
    ):
        assert read_any(name, text)  # a quadratic reading would run into the time limit of the tests
