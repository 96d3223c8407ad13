"""Loading tells every problem at once, each with file, line, field, what is wrong and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import formulary
from kb.problems import Problem

MINOXIDIL = "formulary/ingredients/minoxidil.yaml"


def change(root: Path, old: str, new: str, file: str = MINOXIDIL) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(root: Path, references: tuple[str, ...] = ("moftah2013",)) -> list[Problem]:
    records, found = formulary.read(root)
    return [*found, *formulary.check(records, references)]


def test_a_sound_formulary_has_no_problem_and_knows_its_lines(root: Path) -> None:
    records, found = formulary.read(root)
    assert found == []
    assert formulary.check(records, ["moftah2013"]) == []
    finding = records.ingredients["minoxidil"].findings[0]
    assert str(finding.place) == f"{MINOXIDIL}:9"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says", "cure"),
    [
        ("kind: drug", "kind: dug", 4, "kind", "'dug' is not allowed", "did you mean drug"),
        ("name: Minoxidil\n", "", 2, "name", "`name` is missing", "add the field"),
        (
            "direction: supports",
            "directoin: supports",
            13,
            "findings[0].directoin",
            "is not a field",
            "did you mean direction",
        ),
        ("object: hair-loss", "object: hair-los", 9, "object", "unknown slug 'hair-los'", "did you mean hair-loss"),
        (
            "reference: moftah2013",
            "reference: moftah2031",
            9,
            "reference",
            "not in references.bib",
            "did you mean moftah2013",
        ),
        ("value: 40", "value: forty", 20, "findings[0].outcomes[0].value", "'forty'", "write the number alone"),
        ("n: 60", "n: -60", 15, "findings[0].n", "-60", "correct the value"),
        (
            "id: moftah2013-minoxidil-hair-loss",
            "id: Moftah 2013",
            9,
            "findings[0].id",
            "wrong form",
            "lower-case letters",
        ),
        ("object: hair-loss", "object: moftah2013-minoxidil-hair-loss", 9, "object", "unknown slug", ""),
        ("due: 2027-11-22", "due: next year", 28, "review.due", "'next year'", "write year-month-day"),
        (
            "kind: drug # a comment an author wrote\n",
            "kind: drug\nkind: vitamin\n",
            5,
            "kind",
            "stands twice",
            "keep one",
        ),
    ],
)
def test_one_slip_is_told_with_its_place_and_cure(
    root: Path, old: str, new: str, line: int, field: str, says: str, cure: str
) -> None:
    change(root, old, new)
    found = [p for p in problems(root) if p.field == field]
    assert found, problems(root)
    assert (found[0].file, found[0].line) == (MINOXIDIL, line)
    assert says in found[0].message
    assert cure in found[0].cure


def test_all_problems_come_at_once(root: Path) -> None:
    change(root, "kind: drug", "kind: dug")
    change(root, "parents:\n      - hair-loss", "parents:\n      - hair", "formulary/vocabulary/indications.yaml")
    (root / "formulary" / "ingredients" / "broken.yaml").write_text("id: [", encoding="utf-8")
    (root / "formulary" / "notes.txt").write_text("not a record", encoding="utf-8")
    files = {p.file for p in problems(root)}
    assert files == {
        MINOXIDIL,
        "formulary/vocabulary/indications.yaml",
        "formulary/ingredients/broken.yaml",
        "formulary/notes.txt",
    }


def test_a_vocabulary_that_goes_round_in_a_circle_is_told(root: Path) -> None:
    change(
        root,
        "name: Hair loss",
        "name: Hair loss\n    parents: [androgenetic-alopecia]",
        "formulary/vocabulary/indications.yaml",
    )
    assert [p.message for p in problems(root) if "circle" in p.message] == [
        "goes round in a circle: hair-loss -> androgenetic-alopecia -> hair-loss"
    ]


def test_a_circle_through_a_second_parent_is_told(root: Path) -> None:
    more = "parents: [scar, androgenetic-alopecia]\n  - id: scar\n    name: Scar"
    change(root, "name: Hair loss", f"name: Hair loss\n    {more}", "formulary/vocabulary/indications.yaml")
    assert any("circle" in p.message for p in problems(root))


def test_two_findings_of_one_id_are_told_with_both_places(root: Path) -> None:
    text = (root / MINOXIDIL).read_text(encoding="utf-8")
    other = text.replace("id: minoxidil\n", "id: other\n").replace("name: Minoxidil", "name: Other")
    (root / "formulary" / "ingredients" / "other.yaml").write_text(other, encoding="utf-8")
    found = [p for p in problems(root) if "stands twice" in p.message]
    assert len(found) == 1
    assert found[0].file == "formulary/ingredients/other.yaml"
    assert f"{MINOXIDIL}:9" in found[0].cure


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfeid: x", "not UTF-8"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b]", "anchor or alias"),
        (b"- a\n- b\n", "is a list"),
        (b"", "is empty"),
        (b"just text", "is text"),
        (b"id: !!python/object:os.system x", "tag"),
        (b"a: {b: {c: " * 60, "bracket"),
        (b"\x00\x01", "cannot be printed"),
        (b"id: \x07", "cannot be printed"),
        (b"key: 'unclosed", "never closed"),
        (b"n: " + b"9" * 5000, "digits"),
    ],
)
def test_what_is_no_record_at_all_is_told_calmly(root: Path, data: bytes, says: str) -> None:
    (root / "formulary" / "ingredients" / "odd.yaml").write_bytes(data)
    found = [p for p in problems(root) if p.file == "formulary/ingredients/odd.yaml"]
    assert found
    assert any(says in p.message for p in found), found
    assert all(p.line >= 1 and p.cure for p in found)


def test_a_file_under_another_name_is_told(root: Path) -> None:
    (root / MINOXIDIL).rename(root / "formulary" / "ingredients" / "rogaine.yaml")
    assert any("not the file's name" in p.message for p in problems(root))


def test_a_missing_formulary_is_told(tmp_path: Path) -> None:
    _, found = formulary.read(tmp_path)
    assert "is not there" in found[0].message


def test_a_term_that_questions_name_and_that_has_gone_is_an_error_with_its_place(root: Path) -> None:
    (root / "formulary" / "field.yaml").write_text(
        "id: base\ncheck:\n  child: grown-up\n"
        "practice:\n  women:\n    - no-such-state\n  not_with:\n    - fact: gone\n      subjects:\n        - minoxidil\n",
        encoding="utf-8",
    )
    found = {(p.file, p.field): p.message for p in problems(root) if p.file == "formulary/field.yaml"}
    assert "grown-up" in found["formulary/field.yaml", "check.child"]
    assert "no-such-state" in found["formulary/field.yaml", "practice.women"]
    assert "gone" in found["formulary/field.yaml", "practice.not_with"]
