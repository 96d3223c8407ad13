"""Streams of every format cut into records, whatever the pieces; damage told with its line; bombs refused."""

import contextlib
import gzip
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.literature import read_any
from kb.literature.entry import Entry
from kb.screen.records import LONGEST, Damaged, read_stream
from kb.screen.source import Unreadable, files_in, texts
from tests.screen.conftest import FILES, OURS, article

Record = Entry | Damaged | None


def all_of(data: bytes) -> list[Record]:
    return list(read_stream(texts(io.BytesIO(data)), "file", lambda *words: True))


def pieces(text: str, size: int) -> Iterator[str]:
    for at in range(0, len(text), size):
        yield text[at : at + size]


def shape(records: list[Record]) -> list[tuple[int, str]]:
    return [
        (record.line, "damaged" if isinstance(record, Damaged) or record.refused else str(record.fields["title"]))
        for record in records
        if record is not None
    ]


@pytest.mark.parametrize("kind", ["nbib", "ris", "bib"])
def test_the_same_as_reading_the_whole(kind: str) -> None:
    data = (FILES / f"search.{kind}").read_bytes()
    whole = read_any("file", data)
    assert shape(all_of(data)) == shape(list(whole))
    assert [e.fields for e in all_of(data) if isinstance(e, Entry)] == [e.fields for e in whole]


@pytest.mark.parametrize("kind", ["xml", "nbib", "ris", "bib"])
@given(size=st.integers(1, 900))
@settings(max_examples=25)
def test_pieces_of_any_size_give_the_same(kind: str, size: int) -> None:
    text = (FILES / f"search.{kind}").read_text() * 3
    cut = list(read_stream(pieces(text, size), "file", lambda *words: True))
    assert shape(cut) == shape(list(read_stream(iter([text]), "file", lambda *words: True)))
    assert len(cut) >= 6


def test_a_damaged_article_costs_nothing_but_itself() -> None:
    records = all_of((FILES / "search.xml").read_bytes())
    assert [isinstance(record, Damaged) for record in records] == [False, False, False, True, False]
    damaged = records[3]
    assert isinstance(damaged, Damaged)
    assert damaged.line == 60
    assert damaged.message == "is not well-formed XML: mismatched tag in line 61"


def test_what_is_not_promising_is_not_read() -> None:
    data = (FILES / "search.xml").read_bytes()
    seen: list[tuple[str, list[str], str]] = []

    def promising(title: str, keywords: list[str], abstract: str) -> bool:
        seen.append((title, keywords, abstract))
        return False

    records = list(read_stream(texts(io.BytesIO(data)), "file", promising))
    assert [record for record in records if isinstance(record, Entry)] == []
    assert seen[0][1] == ["Melanosis"]
    assert "randomly assigned to 4 mg/mL" in seen[0][2]
    assert "<5%" in seen[0][2]


@given(
    title=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60),
    marked=st.sampled_from(["{}", "<i>{}</i> and <sub>2</sub>", "a<b>{}</b>", "<!-- aside -->{}"]),
)
def test_the_cheap_look_sees_the_words_that_the_reader_sees(title: str, marked: str) -> None:
    from xml.sax.saxutils import escape

    from kb.screen.matcher import _TOKEN, plain

    looks: list[str] = []

    def promising(title: str, keywords: list[str], abstract: str) -> bool:
        looks.append(title)
        return True

    text = article(marked.format(escape(title)))
    (record,) = read_stream(iter([text]), "file", promising)
    if isinstance(record, Entry) and not record.refused and looks:
        assert set(_TOKEN.findall(plain(str(record.fields["title"])))) <= set(_TOKEN.findall(plain(looks[0])))


def test_packed_files_are_unpacked_member_by_member() -> None:
    half = OURS.encode()
    packed = gzip.compress(half) + gzip.compress(half)
    assert len(all_of(packed)) == 2


def test_a_packed_file_that_breaks_off() -> None:
    text = "".join(article(f"Number {n} {hash(str(n))}") for n in range(2000))
    packed = gzip.compress(text.encode())
    with pytest.raises(Unreadable, match="breaks off; download it again"):
        all_of(packed[: len(packed) // 2])
    with pytest.raises(Unreadable, match="damaged gzip"):
        all_of(packed[:500] + b"\xff" * 500 + packed[1000:])


def test_a_gzip_bomb_is_refused() -> None:
    started = time.process_time()
    bomb = gzip.compress(OURS.encode() + b" " * 300_000_000, 9)
    with pytest.raises(Unreadable, match="more than 200 times"):
        all_of(bomb)
    assert time.process_time() - started < 30


ENTITIES = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)) + "]>"


@pytest.mark.parametrize(
    "text",
    [
        f"{ENTITIES}<PubmedArticleSet>{article('&a9;')}</PubmedArticleSet>",
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>' + article("&file;"),
        OURS + '<!DOCTYPE x [<!ENTITY % far SYSTEM "http://127.0.0.1:9/x">%far;]>' + OURS,
    ],
)
def test_files_with_entities_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="declares entities"):
        all_of(text.encode())


@pytest.mark.parametrize("title", ["&undefined;", "<!DOCTYPE y [<!ENTITY b 'c'>]>", "a\x00b", "<b>", "\ufffe"])
def test_a_wrong_article_is_told_and_the_next_one_read(title: str) -> None:
    wrong, sound = all_of((article(title) + OURS).encode())
    assert isinstance(wrong, Damaged)
    assert isinstance(sound, Entry)
    assert not sound.refused


@pytest.mark.parametrize(
    ("start", "unit", "sound"),
    [
        ("<PubmedArticle>", "<a>", OURS),
        ("PMID- 1\nTI  - ", "word ", "\n\nPMID- 2\nTI  - A sound title\nDP  - 2020\n"),
        ("TY  - JOUR\nTI  - ", "word ", "\nTY  - JOUR\nTI  - A sound title\nER  - \n"),
        ("@article{a, title = {", "word\n", "\n@article{b, title = {A sound title}}\n"),
    ],
)
def test_a_record_without_end_is_dropped_and_the_next_one_read(start: str, unit: str, sound: str) -> None:
    text = start + unit * (2 * LONGEST // len(unit)) + sound
    long, last = list(read_stream(pieces(text, 100_000), "file", lambda *words: True))
    assert isinstance(long, Damaged)
    assert long.line == 1
    assert isinstance(last, Entry)
    assert last.line == text[: text.rindex(sound.strip()[:12])].count("\n") + 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\0\1\2\3\0\0\0\0", "not a text file"),
        (b"<!doctype html><p>Sign in", "web page"),
        (b"Dear colleague, here are the studies.", "a format that cannot be read"),
        (gzip.compress(gzip.compress(OURS.encode())), "a format that cannot be read|not a text file"),
    ],
)
def test_what_is_no_literature(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        all_of(data)


def survive(data: bytes) -> None:
    """Records, or a reason why there are none; never anything else."""
    with contextlib.suppress(Unreadable):
        assert all(record is None or isinstance(record, Entry | Damaged) for record in all_of(data))


@given(data=st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    survive(data)


@pytest.mark.parametrize("kind", ["xml", "nbib", "ris", "bib"])
@given(data=st.data())
@settings(max_examples=40)
def test_files_with_a_piece_cut_out_or_put_in(kind: str, data: st.DataObject) -> None:
    whole = (FILES / f"search.{kind}").read_bytes()
    begin = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), begin + data.draw(st.integers(0, 300)))
    survive(whole[:begin] + data.draw(st.binary(max_size=30)) + whole[end:])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    (record,) = all_of(article("Mélasma à l'acide").encode(encoding))
    assert isinstance(record, Entry)
    assert record.fields["title"] == "Mélasma à l'acide"


def test_folders_are_read_by_name(tmp_path: Path) -> None:
    folder = tmp_path
    for name in ("b.xml.gz", "a.ris", "notes.md", "deeper/c.nbib", ".hidden.xml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    assert [Path(p).name for p in files_in([str(folder), "-", str(folder / "a.ris")])] == [
        "a.ris",
        "b.xml.gz",
        "c.nbib",
        "-",
    ]
