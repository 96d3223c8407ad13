"""The snapshot: the same bytes from the same inputs, refused when stale or damaged, open to any SQLite tool."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import kb
from kb.compile import build, compiler, ensure
from kb.problems import BadData
from kb.snapshot import FILE, FORMAT, DamagedSnapshot, StaleSnapshot, open_snapshot, seal
from kb.snapshot.fingerprint import compilers
from tests import whole
from tests.author.conftest import write_formulary

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small formulary in a folder of its own."""
    folder = tmp_path_factory.mktemp("root")
    write_formulary(folder)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def real() -> Path:
    return whole.snapshot_file()


def test_the_same_inputs_give_the_same_bytes(root: Path) -> None:
    first = (root / FILE).read_bytes()
    build_apart(root)
    assert (root / FILE).read_bytes() == first


def build_apart(root: Path) -> None:
    """Build in a process of its own, which has another hash seed: no order may hang on it."""
    code = f"from pathlib import Path; from kb.compile import build; build(Path({str(root)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table, its rows in the order they lie; without the name of the checkout's revision."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    return tables | {"meta": [row for row in tables["meta"] if row[0] != "version"]}


def test_the_whole_base_gives_the_same_content_in_the_same_order(real: Path, tmp_path: Path) -> None:
    for name in ("formulary", "learning"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "references.bib", tmp_path)
    build_apart(tmp_path)
    first, again = content(real), content(tmp_path / FILE)
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []
    assert len(first["page"]) > 200


def test_pages_are_those_of_the_base() -> None:
    base, snap = whole.base(), whole.snapshot()
    for slug in ("minoxidil", "mesotherapy", "melasma", "pregnancy"):
        page, stored = base.monograph(slug), snap.monograph(slug)
        assert stored["name"] == page["name"]
        assert [f["id"] for f in stored["findings"]] == [f["id"] for f in page["findings"]]
        assert stored["references"] == page["references"]
    with pytest.raises(KeyError):
        snap.monograph("no-such-thing")


def test_any_sqlite_tool_can_ask_it(real: Path) -> None:
    with sqlite3.connect(f"file:{real}?mode=ro", uri=True) as connection:
        (n,) = connection.execute("SELECT count(*) FROM table_findings WHERE subject = 'minoxidil'").fetchone()
        hits = connection.execute("SELECT id FROM entry_text WHERE entry_text MATCH 'minoxidil'").fetchall()
    assert n == len(whole.base().ingredients["minoxidil"].findings)
    assert ("minoxidil",) in hits


def test_it_cannot_be_written_to(root: Path) -> None:
    snap = open_snapshot(root / FILE)
    with pytest.raises(sqlite3.OperationalError, match="readonly|read-only"):
        snap._connection.execute("DELETE FROM page")


def copy(root: Path, folder: Path) -> Path:
    shutil.copytree(root / "formulary", folder / "formulary")
    shutil.copy(root / "references.bib", folder)
    (folder / "build").mkdir()
    shutil.copy(root / FILE, folder / FILE)
    return folder


def test_a_stale_one_is_refused_and_built_anew(root: Path, tmp_path: Path) -> None:
    folder = copy(root, tmp_path)
    path = folder / "formulary" / "ingredients" / "minoxidil.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("name: Minoxidil\n", "name: Minoxidil (new)\n", 1), encoding="utf-8"
    )
    with pytest.raises(StaleSnapshot, match="run `kb build`"):
        open_snapshot(folder / FILE, folder)
    said: list[str] = []
    assert open_snapshot(ensure(folder, said.append), folder).monograph("minoxidil")["name"] == "Minoxidil (new)"
    assert any("older than the formulary" in s for s in said)


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "text", "missing", "other database"])
def test_a_damaged_one_is_refused_with_the_cure(root: Path, tmp_path: Path, damage: str) -> None:
    path = copy(root, tmp_path) / FILE
    data = path.read_bytes()
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "garbage":
            path.write_bytes(data[:5000] + bytes(200_000) + data[205_000:])
        case "text":
            path.write_text("not a database at all, but long enough to look like one" * 50, encoding="utf-8")
        case "missing":
            path.unlink()
        case _:
            path.unlink()
            with sqlite3.connect(path) as other:
                other.execute("CREATE TABLE meta (key, value)")
    with pytest.raises((DamagedSnapshot, StaleSnapshot), match="kb build"):
        open_snapshot(path, tmp_path)
    assert open_snapshot(ensure(tmp_path), tmp_path).monograph("minoxidil")


def sealed(folder: Path, pages: int) -> Path:
    """A snapshot whose content is nothing but its label, and a table of so many pages."""
    path = folder / f"{pages}.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE meta (key, value); CREATE TABLE page (id, kind, name, json)")
    told = {"format": str(FORMAT), "content": "c", "version": "v", "date": "2026-01-01"}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", told.items())
    connection.executemany("INSERT INTO page VALUES (?, 'k', 'n', ?)", ((n, "x" * 4000) for n in range(pages)))
    connection.commit()
    connection.close()
    seal.stamp(path)
    return path


@pytest.mark.parametrize("change", ["cut", "longer", "one byte"])
def test_a_changed_length_is_noticed_at_once_and_a_changed_byte_when_the_whole_is_looked_at(
    tmp_path: Path, change: str
) -> None:
    path = sealed(tmp_path, 50)
    open_snapshot(path, whole=True).close()
    data = path.read_bytes()
    middle = len(data) // 2
    changed = {"cut": data[:-4096], "longer": data + bytes(4096)}
    path.write_bytes(changed.get(change, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]))
    if change == "one byte":
        open_snapshot(path).close()
    else:
        with pytest.raises(DamagedSnapshot, match="kb build"):
            open_snapshot(path)
    with pytest.raises(DamagedSnapshot, match="kb build"):
        open_snapshot(path, whole=True)


def test_the_seal_is_the_crc_of_all_behind_the_header_and_the_first_byte_behind_it_counts(tmp_path: Path) -> None:
    path = sealed(tmp_path, 300)
    data = path.read_bytes()
    assert len(data) > 1 << 20, "more than is read at once"
    assert int.from_bytes(data[60:64], "big") == zlib.crc32(data[100:])
    for place, counts in ((99, False), (100, True), (len(data) - 1, True)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert seal.is_whole(path) is not counts, place


def test_opening_looks_at_the_first_pages_alone_and_damage_behind_them_is_noticed_where_it_is_read(
    tmp_path: Path,
) -> None:
    path = sealed(tmp_path, 500)
    data = path.read_bytes()
    path.write_bytes(data[:8192] + bytes(len(data) - 8192))
    snap = open_snapshot(path)  # its length and its label are right
    with pytest.raises(DamagedSnapshot, match="kb build"):
        snap.rows("page", ["id"])
    with pytest.raises(DamagedSnapshot, match="kb build"):
        open_snapshot(path, whole=True)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        snap.rows("nonesuch", ["id"])


def test_who_waited_for_anothers_build_does_not_build_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers started at once over a new checkout: the second opens what the first has made."""
    folder = copy(root, tmp_path)
    made = (folder / FILE).read_bytes()
    (folder / FILE).unlink()

    @contextmanager
    def held_by_another(_: str) -> Iterator[None]:
        (folder / FILE).write_bytes(made)  # while we waited
        yield

    monkeypatch.setattr(compiler, "FileLock", held_by_another)
    monkeypatch.setattr(compiler, "_compile", lambda *_: pytest.fail("it was built a second time"))
    assert ensure(folder) == folder / FILE
    (folder / "references.bib").write_text(
        (folder / "references.bib").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    monkeypatch.undo()
    with pytest.raises(StaleSnapshot):
        open_snapshot(folder / FILE, folder)
    assert open_snapshot(ensure(folder), folder).monograph("minoxidil"), "what is stale is built all the same"


def test_one_of_another_format_is_stale_not_damaged(tmp_path: Path) -> None:
    path = sealed(tmp_path, 3)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '7' WHERE key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(StaleSnapshot, match="has format 7"):
        open_snapshot(path)


def test_bad_data_leaves_the_old_snapshot_in_place(root: Path, tmp_path: Path) -> None:
    folder = copy(root, tmp_path)
    before = (folder / FILE).read_bytes()
    (folder / "formulary" / "ingredients" / "minoxidil.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(BadData, match=r"minoxidil\.yaml:\d: "):
        build(folder)
    assert (folder / FILE).read_bytes() == before
    assert [p.name for p in (folder / "build").iterdir() if p.suffix == ".tmp"] == []


def test_it_says_what_it_is(root: Path) -> None:
    meta = open_snapshot(root / FILE).meta
    assert {"version", "content", "date", "format", "kb"} <= meta.keys()
    assert len(meta["content"]) == 64


def test_every_module_that_makes_a_snapshot_is_in_its_fingerprint() -> None:
    code = "import sys, kb.compile.compiler; print('\\n'.join(m for m in sys.modules if m.startswith('kb.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    package = Path(kb.__file__).parent
    counted = {p.relative_to(package).with_suffix("").as_posix() for p in compilers(package)}
    modules = {m.removeprefix("kb.").replace(".", "/") for m in loaded}
    assert modules <= counted | {p.removesuffix("/__init__") for p in counted}
    assert not [p for p in counted if p.startswith(("views/", "serve/", "cli/"))], "what only shows pages makes none"
