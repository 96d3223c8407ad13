"""What the sieve releases is never a candidate: real words of the base in every spelling, and whole rows against the reader."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.knowledge import KnowledgeBase
from kb.screen.gaps import Coverage
from kb.screen.judge import NO_CANDIDATE, Judge
from kb.screen.mentions import Reader
from kb.screen.sieve import Sieve
from kb.screen.vocabulary import Sure, Word
from kb.screen.ways import Ways

NOTHING = Ways(frozenset(), frozenset(), frozenset(), "")

FILLING = [
    "in", "of", "and", "patients with", "the skin", "hair", "a randomised trial of", "intradermal", "injection of", "β", "±",
    "cosmetic procedures", "treatment of", "dermatologic surgery", "fillers", "periorbital", "5 mg", "mésothérapie",
    "\u00ad", "µ", "ſkin", "safety", "rats", "ΑΒ", "—", "дерма", "\u0301",
]  # fmt: skip
"""What stands between the words of the base, some of it odd on purpose."""


@pytest.fixture(scope="module")
def reader(base: KnowledgeBase) -> Reader:
    return Reader.of(base)


def kept(sieve: Sieve, *rows: tuple[str, str, str]) -> list[bool]:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return [bool(one) for one in sieve.kept(*columns)]


def spelled(word: str, how: str) -> str:
    parts = word.split()
    return {
        "as it is": word,
        "capitals": word.upper(),
        "small": word.lower(),
        "hyphens": "-".join(parts),
        "broken": word[: len(word) // 2] + "-" + word[len(word) // 2 :],
        "plural": word + "s",
        "commas": ",  ".join(parts),
        "twice hyphened": f"x--{'-'.join(parts)}--y",
        "marked": f"({word})",
        "under": f"_{word}_",
    }[how]


HOWS = [
    "as it is", "capitals", "small", "hyphens", "broken", "plural", "commas", "twice hyphened", "marked", "under",
]  # fmt: skip


@given(data=st.data())
def test_what_is_released_is_no_candidate(reader: Reader, data: st.DataObject) -> None:
    words = [word.text for word in reader._words]
    part = st.one_of(
        st.builds(spelled, st.sampled_from(words), st.sampled_from(HOWS)),
        st.sampled_from(FILLING),
        st.text(max_size=6),
    )
    text = st.lists(part, max_size=6).map(" ".join)
    rows = data.draw(st.lists(st.tuples(text, text, text), min_size=1, max_size=8))
    for row, may in zip(rows, kept(reader.sieve, *rows), strict=True):
        title, keywords, abstract = row
        if not may:
            assert reader.mentions(title, keywords.split("\n") if keywords else (), abstract) is None


def test_every_subject_is_kept_beside_an_indication(reader: Reader) -> None:
    rows = [(f"Intradermal {word.text} in melasma of the skin", "", "") for word in reader._words]
    for row, may, word in zip(rows, kept(reader.sieve, *rows), reader._words, strict=True):
        if not may:
            assert reader.mentions(*row) is None, word


def test_most_of_other_fields_is_released(reader: Reader) -> None:
    rows = [
        ("Suspended bridges under wind load", "bridges", "A model of vibrations was fitted."),
        (
            "Heart failure and diabetes in older patients",
            "",
            "Mortality was studied in 300 patients with hypertension.",
        ),
        ("Peptide vaccination in prostate cancer", "", "No patient withdrew."),
        ("Intradermal tranexamic acid in melasma", "", ""),
        ("La mésothérapie aujourd'hui", "", ""),
        ("Peptide creams", "", "Melasma of the face was photographed."),
    ]
    assert kept(reader.sieve, *rows) == [False, False, False, True, True, True]


def test_characters_that_part_rows_cost_nothing_but_speed(reader: Reader) -> None:
    assert kept(reader.sieve, ("A \x01 bridge", "", ""), ("Another \x02", "", "")) == [True, True]


def test_no_words_keep_nothing() -> None:
    assert kept(Sieve([], {}, NOTHING), ("Intradermal tranexamic acid in melasma", "", "")) == [False]


def test_points_of_columns_are_the_points_of_each_row(base: KnowledgeBase, reader: Reader) -> None:
    judge = Judge(reader, Coverage.of(base))
    rows = [
        ("Intradermal tranexamic acid in melasma", "", "", "Humans", "Randomized Controlled Trial", "", ""),
        ("Suspended bridges", "", "", "", "", "", ""),
        ("Minoxidil in alopecia", "hair\nscalp", "Patients were randomised.", "", "", "", ""),
    ]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    assert judge.points_of(*columns).to_pylist() == [judge.points(*row) for row in rows]
    assert judge.points(*rows[1]) == NO_CANDIDATE
    assert judge.points_of(*(pa.chunked_array([column]) for column in columns)).to_pylist()[1] == NO_CANDIDATE


def test_greek_endings(reader: Reader) -> None:
    word = Word("λόγος", ("mesotherapy",), Sure.PLAIN)
    sieve = Sieve([word], reader.things, NOTHING)
    assert kept(sieve, ("Ο ΛΌΓΟΣ", "", ""), ("ο λόγος.", "", ""), ("nothing", "", "")) == [True, True, False]
