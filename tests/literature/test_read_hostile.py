"""Hostile and broken files: an answer in reasonable time, never a traceback."""

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.bibliography import to_entry
from kb.bibliography.read import read_text
from kb.literature import plan, read_any
from kb.literature.read import FORMATS, LARGEST
from tests.literature.conftest import FILES

REAL = {name: (FILES / name).read_text() for name in ("export.bib", "export.ris", "pubmed-set.nbib", "pubmed-set.xml")}
PIECES = sorted({line[:80] for text in REAL.values() for line in text.split("\n")}) + [
    "{",
    "}",
    "@article{",
    "TY  - JOUR",
    "PMID- 1",
    "<",
    "&",
    "\x00",
    "\ud800",
    "\\",
]


def check(data: bytes | str) -> None:
    """Whatever came of it can be shown, planned, and written back."""
    entries = read_any("file", data)
    assert entries
    for planned in plan(entries, {}):
        entry = planned.entry
        assert all(str(problem) and problem.cure for problem in entry.problems)
        assert entry.label
        if planned.choice.action == "add":
            reference = entry.reference(planned.choice.key or "", today=date(2026, 1, 1))
            again, problems = read_text(to_entry(reference))
            assert problems == []
            assert again[reference.key] == reference


@given(data=st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(parts=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_pieces_of_real_files_in_any_order(parts: list[str]) -> None:
    check("\n".join(parts))


@pytest.mark.parametrize("name", sorted(REAL))
@given(data=st.data())
@settings(max_examples=60)
def test_real_files_with_a_piece_cut_out_or_put_in(name: str, data: st.DataObject) -> None:
    text = REAL[name]
    begin = data.draw(st.integers(0, len(text)))
    end = min(len(text), begin + data.draw(st.integers(0, 200)))
    check(text[:begin] + data.draw(st.text(max_size=20)) + text[end:])


BILLION = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)) + "]>"
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{}</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle>"
)


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0"?>{BILLION}<PubmedArticleSet>{ARTICLE.format("&a9;")}</PubmedArticleSet>',
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>' + ARTICLE.format("&file;"),
        '<!DOCTYPE x [<!ENTITY % far SYSTEM "http://127.0.0.1:9/x">%far;]>' + ARTICLE.format("x"),
        ARTICLE.format("&undefined;"),
        ARTICLE.format("<!DOCTYPE y [<!ENTITY b 'c'>]>"),
    ],
)
def test_xml_with_entities_is_refused(text: str) -> None:
    started = time.process_time()
    entries = read_any("bomb.xml", text)
    assert all(entry.refused for entry in entries)
    assert "root:" not in str(entries)
    assert time.process_time() - started < 10


def test_50_mb_are_refused_at_once() -> None:
    started = time.process_time()
    (entry,) = read_any("huge.bib", b"@article{x,\n" * (50_000_000 // 12))
    assert entry.refused
    assert "larger than 10 MB" in entry.problems[0].message
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "unit",
    [
        "<PubmedArticle>",
        "<a>",
        "TY  - JOUR\n",
        "PMID- 1\n",
        "@article{a,",
        "{",
        "@",
        "10.1234/((((",
        "&amp;",
        "<i ",
        "TI  - x\n",
        "and ",
        "....... ",
        "\u00a0",
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        "",
        "TY  - JOUR\nTI  - ",
        "PMID- 1\nTI  - ",
        "@article{a, title = {",
        "<PubmedArticle>",
        "TY  - JOUR\nSP  - ",
        "@article{a, author = {",
    ],
)
def test_repeated_marks_take_linear_time(unit: str, start: str) -> None:
    started = time.process_time()
    assert read_any("file", start + unit * (100_000 // len(unit)))
    assert time.process_time() - started < 30


def test_deep_nesting_is_survived() -> None:
    check(ARTICLE.format("<b>" * 50_000 + "</b>" * 50_000))


def test_a_title_too_long_is_refused_and_the_rest_is_read() -> None:
    text = f"TY  - JOUR\nTI  - {'word ' * 500}\nER  - \nTY  - JOUR\nTI  - A sound title\nPY  - 2020\nER  - \n"
    long, sound = read_any("a.ris", text)
    assert long.refused
    assert not sound.refused


def test_the_limit_is_what_the_docs_say() -> None:
    assert LARGEST == 10_000_000
    assert len(FORMATS) == 4
