"""Reading: every problem of a file at once, each with its place and its cure; nothing a file holds raises or hangs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.bibliography import read, read_text, to_bibtex
from kb.model.record import Place
from kb.problems import Problem
from tests.bibliography.generated_references import REFERENCES

SOUND = """\
@article{moftah2013,
  author = {Moftah, N. and Abd-Elaziz, G. and others},
  title = {Mesotherapy using dutasteride},
  year = {2013},
  pages = {686--693},
  doi = {10.1111/j.1468-3083.2012.04535.x},
  pmid = {22540889},
  pmcid = {PMC7706484},
  design = {controlled-trial},
  seenat = {https://a.org/x;y=1; public reference list 7},
  verifiedon = {2026-11-22},
  notice = {correction: 10.1111/x, 2014},
}
"""


def problems_of(text: str) -> list[Problem]:
    return read_text(text)[1]


def test_a_sound_entry() -> None:
    references, problems = read_text(SOUND)
    assert problems == []
    reference = references["moftah2013"]
    assert reference.place == Place("references.bib", 1)
    assert [str(author) for author in reference.authors] == ["Moftah N.", "Abd-Elaziz G."]
    assert reference.authors_cut
    assert reference.pages == "686-693"
    assert reference.seen_at == ["https://a.org/x;y=1", "public reference list 7"]
    assert reference.notice is not None
    assert reference.notice.said == "10.1111/x, 2014"


# What is damaged in the sound entry, and the problem it must give: line, field, words of the message and of the cure.
DAMAGE = [
    ("@article", "@artikle", 1, "entry", "unknown entry type @artikle", "article"),
    ("moftah2013,", "Moftah_13,", 1, "key", "does not follow the pattern", "moftah2013b"),
    ("  title =", "  titel =", 3, "titel", "unknown field", "title"),
    ("  title = {Mesotherapy using dutasteride},\n", "", 1, "title", "is missing", "add title"),
    ("Moftah, N. and", "Moftah, N. and and", 2, "author", "an empty name", "one `and`"),
    ("{Mesotherapy using", "{\\weird{} using", 3, "title", "\\weird is not known", "in UTF-8"),
    ("Mesotherapy", "Meso\x07therapy", 3, "title", "control character", "retype"),
    ("Mesotherapy", "x" * 700, 3, "title", "longer than 600 characters", "shorten"),
    ("{Mesotherapy using dutasteride}", "Mesotherapy", 3, "title", "not a defined string", "braces"),
    ("{Mesotherapy using dutasteride}", "{a} {b}", 3, "title", "text follows the end", "one pair of braces"),
    ("{2013}", "{n.d.}", 4, "year", "is not a year", "four digits"),
    ("{2013}", "{1013}", 4, "year", "1800", "source"),
    ("{10.1111/", "{11.1111/", 6, "doi", "not a DOI", "10.1111/jdv"),
    ("{22540889}", "{PMC22540889}", 7, "pmid", "not a PubMed", "22540889"),
    ("{PMC7706484}", "{7706484}", 8, "pmcid", "not a PubMed Central", "PMC7706484"),
    ("controlled-trial", "trial", 9, "design", "not a study design", "controlled-trial"),
    ("{https://a.org/x;y=1; public reference list 7}", "{}", 10, "seenat", "is empty", "fill it"),
    ("2026-11-22", "22.11.2026", 11, "verifiedon", "is not a date", "2026-11-22"),
    ("{correction: ", "{", 12, "notice", "kind of notice is missing", "retraction"),
    ("  year = {2013},\n", "  year = {2013},\n  year = {2014},\n", 1, "year", "given twice", "keep one"),
    ("  year = {2013},\n", "  year = {2013},\n  YEAR = {2014},\n", 5, "year", "given twice", "keep one"),
    ("  title = {Meso", "  title = {{Meso", 1, "entry", "never closed", "@type{key"),
    ("dutasteride}", "dutasteride}}", 3, "text", "text outside any entry", "balance the braces"),
    ("moftah2013,", "moftah2013", 1, "entry", "no comma after the key", "@type{key"),
    ("@article", "% ok\nstray words\n@article", 2, "text", "text outside any entry: 'stray words'", "%"),
    ("@article", "@preamble{x}\n@article", 1, "@preamble", "no use", "remove"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "message", "cure"), DAMAGE)
def test_each_kind_of_damage(old: str, new: str, line: int, field: str, message: str, cure: str) -> None:
    assert SOUND.count(old) == 1
    problems = problems_of(SOUND.replace(old, new))
    found = [problem for problem in problems if problem.line == line and problem.field == field]
    assert len(found) == 1, problems
    assert message in found[0].message
    assert cure in found[0].cure
    assert str(found[0]).startswith(f"references.bib:{line}: {field}: ")
    assert found[0].severity == "critical"


def test_all_problems_at_once_in_the_order_of_the_lines() -> None:
    text = SOUND
    for old, new in (("{2013}", "{20x3}"), ("{22540889}", "{x}"), ("2026-11-22", "today"), ("@article", "@artikle")):
        text = text.replace(old, new)
    assert [(problem.line, problem.field) for problem in problems_of(text)] == [
        (1, "entry"),
        (4, "year"),
        (7, "pmid"),
        (11, "verifiedon"),
    ]


def test_one_damaged_entry_leaves_the_others() -> None:
    text = SOUND.replace("dutasteride}", "dutasteride") + SOUND.replace("moftah2013", "later2014").replace(
        "{2013}", "{2014}"
    )
    references, problems = read_text(text)
    assert list(references) == ["later2014"]
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("doi", {"  pmid = {22540889},\n": "", "PMC7706484": "PMC1", "{2013}": "{2014}", "10.1111/j": "10.1111/J"}),
        ("pmid", {"10.1111/": "10.2222/", "PMC7706484": "PMC1", "{2013}": "{2014}"}),
        ("pmcid", {"10.1111/": "10.2222/", "22540889": "1", "{2013}": "{2014}"}),
        ("title", {"10.1111/": "10.2222/", "22540889": "1", "PMC7706484": "PMC1", "Mesotherapy": "MESOTHERAPY:"}),
    ],
)
def test_the_same_source_twice(field: str, changes: dict[str, str]) -> None:
    other = SOUND.replace("moftah2013", "moftah2013b")
    for old, new in changes.items():
        other = other.replace(old, new)
    (problem,) = problems_of(SOUND + other)
    assert (problem.line, problem.field, problem.record) == (14, field, "moftah2013b")
    assert "as moftah2013 at line 1" in problem.message


def test_the_same_key_twice() -> None:
    other = (
        SOUND.replace("10.1111/", "10.2222/")
        .replace("22540889", "1")
        .replace("PMC7706484", "PMC1")
        .replace("Meso", "A")
    )
    references, problems = read_text(SOUND + other)
    assert references["moftah2013"].pmid == "22540889"
    assert [(problem.line, problem.field) for problem in problems] == [(14, "key")]
    assert "at line 1" in problems[0].message


def test_strings_months_and_concatenation() -> None:
    text = '@string{dt = "Dermatologic "}\n' + SOUND.replace(
        "{Mesotherapy using dutasteride}", 'dt # {Therapy} # " 2, " # may'
    )
    references, problems = read_text(text)
    assert problems == []
    assert references["moftah2013"].title == "Dermatologic Therapy 2, May"


def test_strings_that_double_one_another_do_not_fill_the_memory() -> None:
    doubling = "".join(f"@string{{s{i + 1} = s{i} # s{i}}}\n" for i in range(60))
    text = '@string{s0 = "0123456789"}\n' + doubling + SOUND.replace("{Mesotherapy using dutasteride}", "s60")
    assert any("longer than" in problem.message for problem in problems_of(text))


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    file.write_bytes(SOUND.replace("using", "üsing").encode("latin-1"))
    _, problems = read(file)
    assert [(problem.line, problem.field) for problem in problems] == [(3, "text")]
    assert problems[0].message == "byte 0xfc at column 24 is not UTF-8"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems(tmp_path: Path, ends: str) -> None:
    file = tmp_path / "references.bib"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("{2013}", "{x}").replace("\n", ends).encode())
    references, problems = read(file)
    assert not references
    assert [(problem.line, problem.field) for problem in problems] == [(4, "year")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "references.bib", tmp_path):
        references, problems = read(path)
        assert not references
        assert [(problem.line, problem.field) for problem in problems] == [(0, "file")]


def test_the_file_is_named_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "my.bib"
    file.write_text(SOUND.replace("2026-11-22", "x"))
    assert read(file, root=tmp_path)[1][0].file == "sub/my.bib"


def test_a_damaged_file_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    read_text("@article{a, title={x, @@@ \n@article{b, = ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "{" * 300_000,
        "@article{a2000, title = {" + "{" * 300_000,
        "@article{a2000, title = {" + "x" * 3_000_000 + "}}",
        "@article{a2000, author = {" + "A and " * 200_000 + "}}",
        "@article{a2000,\n" + "x = {1},\n" * 20_000 + "}",
        "@article{a2000, title = " + "{a} # " * 50_000 + "}",
        "@a{" * 100_000,
        "\n@a{b," * 50_000,
        "@article{" + "k" * 1_000_000 + ", title={x}}",
        " " * 500_000 + "@article{a",
        "%" * 500_000,
        "@string{" * 50_000,
        '@article{a2000, title = "' + '{"}' * 100_000,
    ],
    ids=lambda text: text[:20].strip() or "blank",
)
def test_huge_damage_takes_no_time(text: str) -> None:
    _, problems = read_text(text)
    for problem in problems:
        assert len(str(problem)) < 2000


def check_problems(problems: list[Problem], text: str) -> None:
    last = text.count("\n") + 1
    for problem in problems:
        assert 1 <= problem.line <= last
        assert problem.file == "references.bib"
        assert problem.field
        assert problem.message
        assert problem.cure
        assert "\n" not in str(problem)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(st.lists(REFERENCES, min_size=1, max_size=3, unique_by=lambda r: r.key), st.data())
def test_random_damage_gives_problems_with_a_place(references: list, data: st.DataObject) -> None:
    text = to_bibtex(references)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        until = at + data.draw(st.integers(0, 20))
        junk = data.draw(st.text(st.sampled_from(list('{}\\"@,=%#()\n \x00ü')), max_size=6))
        text = text[:at] + junk + text[until:]
        if not text:
            return
    check_problems(read_text(text)[1], text)


@given(st.binary(max_size=300))
def test_random_bytes_give_problems_with_a_place(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "references.bib"
    file.write_bytes(data)
    for problem in read(file)[1]:
        assert problem.file == "references.bib"
        assert problem.line >= 1


@given(REFERENCES, st.data())
def test_a_lost_brace_is_never_silent(reference: object, data: st.DataObject) -> None:
    """Dropping any one delimiter of an entry gives a problem: nothing vanishes unseen."""
    text = to_bibtex([reference])  # type: ignore[list-item]
    braces = [i for i, char in enumerate(text) if char in "{}" and (not i or text[i - 1] != "\\")]
    at = data.draw(st.sampled_from(braces))
    changed = text[:at] + text[at + 1 :]
    references, problems = read_text(changed)
    kept = references.get(reference.key)  # type: ignore[attr-defined]
    assert problems or (kept is not None and kept.model_dump() == reference.model_dump())  # type: ignore[attr-defined]
