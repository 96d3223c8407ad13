"""One question, two engines: the same answers."""

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.screen import screen
from kb.screen.extras import MissingExtraError, need
from tests.programs import needs
from tests.screen.conftest import ALL
from tests.screen.test_ingest import pubmed, revised


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Four formats, an update file with a revision and a deletion, and a retraction of a cited paper."""
    folder = tmp_path_factory.mktemp("files")
    old = pubmed(
        folder / "pubmed26n0001.xml.gz",
        revised("Mesotherapy, an old title", 990000101, "2020-01-01"),
        revised("Intradermal minoxidil in alopecia", 990000102, "2020-01-01"),
    )
    new = pubmed(
        folder / "pubmed26n1300.xml.gz",
        revised("Mesotherapy, a new title", 990000101, "2026-01-01"),
        deleted=[990000102],
    )
    return [*ALL, old, new]


def test_update_files_are_honoured(base: KnowledgeBase, library: list[str]) -> None:
    titles = [str(one.entry.fields["title"]) for one in screen(base, library, limit=50, cores=1).candidates]
    assert "Mesotherapy, a new title" in titles
    assert "Mesotherapy, an old title" not in titles
    assert "Intradermal minoxidil in alopecia" not in titles


def test_processes_side_by_side_give_the_same(base: KnowledgeBase, library: list[str]) -> None:
    one, two = (screen(base, library, limit=50, cores=cores).as_dict() for cores in (1, 2))
    assert one == two


@pytest.mark.slow
@needs("java", "default-jre-headless")
def test_spark_gives_the_same(base: KnowledgeBase, library: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    duck, spark = (screen(base, library, limit=50, engine=engine, cores=1).as_dict() for engine in ("duckdb", "spark"))
    assert len(duck["candidates"]) > 5
    assert spark == duck


def test_a_library_is_screened_again_without_its_files(base: KnowledgeBase, library: list[str], tmp_path: Path) -> None:
    first = screen(base, library, library=tmp_path, limit=50, cores=1)
    again = screen(base, [], library=tmp_path, limit=50, cores=1)
    assert [one.as_dict() for one in again.candidates] == [one.as_dict() for one in first.candidates]
    assert again.damaged == first.damaged


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def gone(name: str) -> None:
        raise ImportError(name=name)

    monkeypatch.setattr("kb.screen.extras.import_module", gone)
    with pytest.raises(MissingExtraError, match=r"pip install 'mesotherapy-kb\[screen\]'"):
        need("ibis")
    with pytest.raises(MissingExtraError, match=r"mesotherapy-kb\[spark\]"):
        need("pyspark.sql")
    assert importlib.import_module("json")
