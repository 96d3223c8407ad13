"""The other formats, read back by the libraries that read them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx as nx
import pytest

from kb import bibliography
from kb.compile import ensure
from kb.exports import FORMATS, export
from kb.knowledge import load
from kb.snapshot import Snapshot, open_snapshot

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot(ensure(ROOT))


def test_bibtex_reads_back_to_the_same_references(snapshot: Snapshot, tmp_path: Path) -> None:
    (path,) = export("bibtex", snapshot, tmp_path)
    again, problems = bibliography.read(path)
    assert problems == []
    assert again == bibliography.read(ROOT / "references.bib")[0]


def test_graphml_reads_back_to_the_same_graph(snapshot: Snapshot, tmp_path: Path) -> None:
    (path,) = export("graphml", snapshot, tmp_path)
    again = nx.read_graphml(path)
    graph = load(ROOT).graph
    assert set(again.nodes) == set(graph.nodes)
    assert again.number_of_edges() == graph.number_of_edges()
    assert again.nodes["minoxidil"]["kind"] == "ingredient"


def test_csv_holds_a_row_a_record(snapshot: Snapshot, tmp_path: Path) -> None:
    export("csv", snapshot, tmp_path)
    with open(tmp_path / "findings.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["id"] for r in rows] == list(load(ROOT).findings)


def test_json_holds_a_document_a_page(snapshot: Snapshot, tmp_path: Path) -> None:
    export("json", snapshot, tmp_path)
    assert {p.stem for p in tmp_path.glob("*.json")} == {*snapshot.ids, "index"}
    assert json.loads((tmp_path / "biotin.json").read_text(encoding="utf-8"))["name"] == "Biotin"


def test_a_format_there_is_not_names_those_there_are(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="graphml"):
        export("docx", snapshot, tmp_path)
    assert set(FORMATS) == {"site", "json", "csv", "graphml", "bibtex"}
