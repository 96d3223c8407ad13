"""The other formats, read back by other people's programs."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import subprocess
from pathlib import Path

import bibtexparser
import duckdb
import frictionless
import igraph
import jsonschema
import networkx as nx
import pandas as pd
import pytest
import rispy
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware

from kb import bibliography
from kb.exports import FORMATS, MissingExtra, export
from kb.exports.bibtex import protected
from kb.exports.data import Data
from kb.exports.literature import csl
from kb.knowledge import KnowledgeBase
from kb.snapshot import Snapshot
from tests import whole
from tests.programs import needs

ROOT = Path(__file__).parents[2]
PLAIN = [name for name in FORMATS if name not in ("site", "pdf", "wheel")]  # these have tests of their own


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def folders(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format written once, each in its folder."""
    root = tmp_path_factory.mktemp("exports")
    for name in PLAIN:
        export(name, snapshot, root / name)
    return root


@pytest.mark.parametrize("name", PLAIN)
def test_every_folder_carries_licence_release_and_checksums(folders: Path, snapshot: Snapshot, name: str) -> None:
    folder = folders / name
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["licence"] == "CC-BY-4.0"
    assert manifest["release"] == snapshot.meta["release"] and manifest["date"] == snapshot.meta["released"]
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    for path, digest in listed.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert there == {*listed, "manifest.json", "SHA256SUMS"}
    cff = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(cff["version"]) == snapshot.meta["release"] and cff["license"] == "CC-BY-4.0"


@pytest.mark.parametrize("name", [n for n in PLAIN if n not in ("json", "citations")])
def test_the_same_release_gives_the_same_bytes(folders: Path, snapshot: Snapshot, tmp_path: Path, name: str) -> None:
    export(name, snapshot, tmp_path)
    assert (tmp_path / "SHA256SUMS").read_text() == (folders / name / "SHA256SUMS").read_text()


def test_the_data_package_is_valid_to_frictionless(folders: Path) -> None:
    report = frictionless.validate(str(folders / "csv" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_joins_in_duckdb_give_back_the_paper_of_every_finding(folders: Path, base: KnowledgeBase) -> None:
    where = folders / "csv"
    rows = duckdb.sql(
        f"""SELECT f.id, r.key, r.title FROM read_csv('{where}/findings.csv', header=true, all_varchar=true) f
            JOIN read_csv('{where}/references.csv', header=true, all_varchar=true) r ON r.key = f.reference"""
    ).fetchall()
    assert {row[0]: (row[1], row[2]) for row in rows} == {
        f.id: (f.reference, base.references[f.reference].title) for f in base.findings.values()
    }


def test_joins_in_pandas_give_back_the_papers_of_every_caution(folders: Path, base: KnowledgeBase) -> None:
    links = pd.read_csv(folders / "csv" / "cautions_references.csv")
    found = links.groupby("caution")["reference"].agg(list).to_dict()
    assert found == {c.id: c.references for c in base.cautions.values() if c.references}
    reasons = pd.read_csv(folders / "csv" / "assessments_down.csv")
    assert len(reasons) == sum(len(a.down) for a in base.assessments.values())


def test_authors_and_codes_are_rows(folders: Path, base: KnowledgeBase) -> None:
    with open(folders / "csv" / "references_authors.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["reference"] == "moftah2013"]
    assert [row["family"] for row in rows] == [a.family for a in base.references["moftah2013"].authors]
    codes = pd.read_csv(folders / "csv" / "ingredients_identifiers.csv", dtype=str)
    cas = codes[(codes.ingredient == "minoxidil") & (codes.scheme == "cas")].code.tolist()
    assert cas == [base.ingredients["minoxidil"].identifiers.cas]


def test_parquet_holds_the_same_rows_typed(folders: Path, base: KnowledgeBase) -> None:
    outcomes = pd.read_parquet(folders / "parquet" / "findings_outcomes.parquet")
    assert len(outcomes) == sum(len(f.outcomes) for f in base.findings.values())
    assert outcomes["value"].dtype == "float64"


def test_the_snapshot_holds_the_same_tables(base: KnowledgeBase, snapshot: Snapshot) -> None:
    rows = snapshot.rows("rel_cautions_references", ["caution", "reference"])
    assert rows == [(c.id, key) for c in base.cautions.values() for key in c.references]


def test_json_records_agree_with_their_schemas(folders: Path, base: KnowledgeBase) -> None:
    folder = folders / "json"
    whole = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    for kind, records in whole["records"].items():
        schema = json.loads((folder / "schema" / f"{kind}.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        for record_id, record in records.items():
            assert not list(validator.iter_errors(record)), (kind, record_id)
            assert (folder / "records" / kind / f"{record_id}.json").is_file()
    assert whole["records"]["findings"].keys() == base.findings.keys()
    assert json.loads((folder / "pages" / "biotin.json").read_text(encoding="utf-8"))["name"] == "Biotin"


@pytest.mark.parametrize("read", [lambda p: nx.read_graphml(p), lambda p: igraph.Graph.Read_GraphML(str(p))])
def test_graphml_is_read_by_networkx_and_igraph(folders: Path, base: KnowledgeBase, read: object) -> None:
    graph = read(folders / "graphml" / "kb.graphml")  # type: ignore[operator]
    if isinstance(graph, igraph.Graph):
        names = set(graph.vs["id"])
        minoxidil = graph.vs.find(id="minoxidil")
    else:
        names = set(graph.nodes)
        minoxidil = graph.nodes["minoxidil"]
    assert names == {*base.graph.nodes, *base.assessments}
    assert minoxidil["cas"] == base.ingredients["minoxidil"].identifiers.cas


def test_gexf_is_read_by_networkx_with_certainty_on_assessments(folders: Path, base: KnowledgeBase) -> None:
    graph = nx.read_gexf(folders / "gexf" / "kb.gexf", version="1.2draft")
    some = next(iter(base.assessments.values()))
    assert graph.nodes[some.id]["certainty"] == some.certainty.value


def test_bibtex_reads_back_to_the_same_references(folders: Path) -> None:
    again, problems = bibliography.read(folders / "bibtex" / "references.bib")
    assert problems == []
    assert again == bibliography.read(ROOT / "references.bib")[0]


def test_bibtex_keeps_every_capital_of_every_title(folders: Path, base: KnowledgeBase) -> None:
    """A style that sets titles in lower case spares what stands in braces, as BibTeX's change.case$ does."""
    text = (folders / "bibtex" / "references.bib").read_text(encoding="utf-8")
    titles = dict(re.findall(r"@\w+\{([^,]+),(?:.*\n)*?  title = \{(.*)\},\n", text))
    assert titles.keys() == base.references.keys()
    for key, title in titles.items():
        outside = re.sub(r"\{[^{}]*\}", "", title.replace("{}", ""))
        assert not any(c.isupper() for c in outside), key


def test_bibtexparser_reads_back_every_title_as_it_is(folders: Path, base: KnowledgeBase) -> None:
    library = bibtexparser.parse_file(
        str(folders / "bibtex" / "references.bib"), append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    told = {key: re.sub("[{}]", "", entry["title"]) for key, entry in library.entries_dict.items()}
    assert told == {key: r.title for key, r in base.references.items()}


@needs("pandoc")
def test_pandoc_changes_no_letter_of_a_title(folders: Path, base: KnowledgeBase) -> None:
    """But for the apostrophe, which it sets as a typographic one, as LaTeX means it."""
    given = ["pandoc", "--from=bibtex", "--to=csljson", str(folders / "bibtex" / "references.bib")]
    items = json.loads(subprocess.run(given, check=True, capture_output=True, text=True).stdout)
    told = {i["id"]: html.unescape(re.sub(r"</?(?:span|i|b|sub|sup)\b[^>]*>", "", i["title"])) for i in items}
    straight = str.maketrans({"’": "'", "‘": "'", "\N{NO-BREAK SPACE}": " "})
    assert {key: title.translate(straight) for key, title in told.items()} == {
        key: r.title.translate(straight) for key, r in base.references.items()
    }


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Biotin in HIV", "{Biotin} in {HIV}"),
        ("Biotin for hair: a trial", "{Biotin} for hair: {a} trial"),
        ("mTOR inhibitors. a review", "{mTOR} inhibitors. {a} review"),
        ("amiea med pen: manual", "{amiea} med pen: {manual}"),
    ],
)
def test_words_whose_case_a_program_would_change_stand_in_braces(title: str, kept: str) -> None:
    """pandoc makes the first letter of a title, and of what follows a colon, a capital unless it stands in braces."""
    assert protected(title) == kept


def test_ris_is_read_by_rispy(folders: Path, base: KnowledgeBase) -> None:
    records = rispy.loads((folders / "ris" / "references.ris").read_text(encoding="utf-8"))
    assert {r["id"]: r["title"] for r in records} == {k: r.title for k, r in base.references.items()}
    assert {r["id"]: r.get("doi") for r in records} == {k: r.doi for k, r in base.references.items()}


def test_csl_items_are_laid_out_by_citeproc_in_three_styles(folders: Path, base: KnowledgeBase) -> None:
    items = json.loads((folders / "csl" / "references.json").read_text(encoding="utf-8"))
    assert {i["id"] for i in items} == set(base.references)
    for style in ("vancouver", "ama", "apa"):
        lines = (folders / "citations" / f"{style}.txt").read_text(encoding="utf-8").splitlines()
        told = dict(line.split("\t", 1) for line in lines)
        assert told.keys() == base.references.keys()
        assert "Moftah N" in told["moftah2013"] or "Moftah, N" in told["moftah2013"]


def test_a_body_as_author_keeps_its_name(snapshot: Snapshot) -> None:
    bodies = [r for r in Data(snapshot).references.values() if any(a.get("body") for a in r.get("authors", []))]
    assert bodies
    assert all("literal" in csl(r)["author"][0] or not r["authors"][0].get("body") for r in bodies)


def test_a_format_there_is_not_names_those_there_are(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="graphml"):
        export("docx", snapshot, tmp_path)


def test_a_package_that_is_missing_is_told_with_the_way_to_get_it(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtra, match=r"mesotherapy-kb\[tables\]"):
        export("parquet", snapshot, tmp_path)
