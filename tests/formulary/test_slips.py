"""Slips of the keyboard in YAML: told in the author's words with the place, mended by `kb fmt` where nothing is guessed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.formulary.read import read
from kb.formulary.yamlmend import mend
from kb.formulary.yamltext import parse, read_text
from kb.problems import MOST_BYTES
from tests.author.conftest import write_formulary
from tests.literature.conftest import ROOT

PARSER = ("mapping values", "block mapping", "expected", "token", "scalar", "anchor while", "flow", "YAML")
"""Words of the parser that no author should have to know."""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("id: x\nwhy: dose: 2 mg\n", 2, "a colon with a space"),
        ('id: x\nwhy: "open\nname: y\n', 2, "never closed"),
        ("id: x\n\twhy: y\n", 2, "a tab"),
        ("id: x\nwhy: @home\n", 2, "cannot begin with '@'"),
        ("id: x\nwhy:\u00a0y\nname: z\n", 2, "non-breaking space"),
        ("id: x\nwhy: see #3 there\n  and here\nname: z\n", 2, "cut off at ` #`"),
        ("id: x\na:\n  b: 1\n c: 2\n", 4, "does not fit in"),
        ("id: x\nwhy: [a, b\nname: y\n", 2, "bracket"),
        ("id: x\n<<<<<<< HEAD\nwhy: a\n=======\nwhy: b\n>>>>>>> other\n", 2, "merge that is not finished"),
        ("id: " + "[" * 40_000, 1, "nested too deeply"),
        ("- " * 40_000, 1, "nested too deeply"),
        ("{" * 60_000, 1, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_once_in_plain_words(text: str, line: int, says: str) -> None:
    document, (problem, *more) = parse(text, "x.yaml")
    assert document is None
    assert not more
    assert problem.line == line
    assert says in problem.message
    assert problem.cure
    assert not any(word in problem.message for word in PARSER)


@pytest.mark.parametrize(
    ("value", "says", "severity"),
    [
        ("Case #1 reports, no trial", "cut off", "critical"),
        ("no trial # as far as seen", "is a comment", "warning"),
        ("010", "begins with a zero", "critical"),
        ("1e3", "short notation", "warning"),
        ("1_000", "underscore", "warning"),
        ("12:30", "time or a ratio", "warning"),
        ("4,8", "decimal comma", "warning"),
        ("1,000", "thousands", "warning"),
        ("−3.5", "sign or space", "warning"),
        ("1\u202f000", "sign or space", "warning"),
        ("12–15", "is a range", "warning"),
        ("no", "read as a word", "warning"),
        ("“as printed”", "typographic", "warning"),
    ],
)
def test_what_may_be_meant_otherwise_is_asked_about(value: str, says: str, severity: str) -> None:
    document, problems = parse(f"findings:\n  - id: x\n    value: {value}\n", "x.yaml")
    assert document is not None
    assert problems == []
    (asked,) = document.doubts
    assert (asked.line, asked.field, asked.severity) == (3, "findings[0].value", severity)
    assert says in asked.message


@pytest.mark.parametrize(
    "value", ["0", "0.05", "-3", "2013-01-02", "10.5555/x", "'Case #1'", "high # per label", "A: 'b'", "|\n      a # b"]
)
def test_what_is_plain_is_not_asked_about(value: str) -> None:
    document, _ = parse(f"findings:\n  - id: x\n    value: {value}\n", "x.yaml")
    assert document is None or document.doubts == []


def test_the_formulary_itself_raises_no_question() -> None:
    for path in sorted((ROOT / "formulary" / "ingredients").glob("*.yaml")):
        document, problems = parse(path.read_text(encoding="utf-8"), path.name)
        assert problems == []
        assert document is not None
        assert document.doubts == []


@pytest.mark.parametrize(
    ("slip", "mended"),
    [
        ("why: Case #1 reports", "why: 'Case #1 reports'"),
        ("why: it's so: yes", "why: 'it''s so: yes'"),
        ("\twhy: x", "  why: x"),
        ("why:\u00a0x", "why: x"),
        ("value: −3.5", "value: -3.5"),
        ("n: 1\u202f000", "n: 1000"),
        ("name: “Biotin”", "name: 'Biotin'"),
        ("  - id: x", "  - id: x"),
        ("why: plain text", "why: plain text"),
        ("value: 12–15", "value: 12–15"),
        ("note: |\n  Case #1: “x”\n  −3", "note: |\n  Case #1: “x”\n  −3"),
        ("note: see 3\n  and #4: more", "note: see 3\n  and #4: more"),
    ],
)
def test_slips_are_mended_and_blocks_left_alone(slip: str, mended: str) -> None:
    text, done = mend(slip)
    assert text == mended
    assert bool(done) == (slip != mended)


def test_kb_fmt_mends_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: x\nwhy: Case #1 reports: none\nvalue: −2\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["fmt", str(path)])
    assert done.exit_code == 0
    assert f"{path}:2: mended" in done.output
    document, _ = parse(path.read_text(encoding="utf-8"), "x.yaml")
    assert document is not None
    assert document.value == {"id": "x", "why": "Case #1 reports: none", "value": -2}


def test_what_is_no_plain_file_is_refused_by_name_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for name, says in (
        ("pipe.yaml", "a pipe or a device"),
        ("zero.yaml", "a pipe or a device"),
        ("huge.yaml", "bytes long"),
    ):
        text, (problem,) = read_text(tmp_path / name, name)
        assert text is None
        assert problem.file == name
        assert says in problem.message
        done = CliRunner().invoke(main, ["fmt", str(tmp_path / name)])
        assert done.exit_code == 1
        assert name in done.output


def test_an_unreadable_subject_brings_no_problems_of_others_and_no_strangers(tmp_path: Path) -> None:
    write_formulary(tmp_path)
    path = tmp_path / "formulary" / "ingredients" / "minoxidil.yaml"
    path.write_text("<<<<<<< HEAD\n" + path.read_text(encoding="utf-8") + "=======\n>>>>>>> other\n", encoding="utf-8")
    from kb.bibliography import keys_in
    from kb.formulary.links import check

    formulary, problems = read(tmp_path)
    told = [*problems, *check(formulary, keys_in(tmp_path / "references.bib"))]
    assert [p.file for p in told if p.severity == "critical"] == ["formulary/ingredients/minoxidil.yaml"]
