"""What other systems take: FHIR, RDF, KGX and Neo4j, checked by their own validators where Python has one."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Namespace
from rdflib.compare import to_isomorphic

from kb.exports import export
from kb.exports.kgx import MATCHES
from kb.knowledge import KnowledgeBase
from kb.model import codes
from kb.model.terms import Direction
from kb.snapshot import Snapshot
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def folders(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("systems")
    for name in ("fhir", "rdf", "kgx", "neo4j"):
        export(name, snapshot, root / name)
    return root


def _resources(folder: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.ndjson"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_every_fhir_resource_is_valid_r5_and_every_reference_resolves(folders: Path, base: KnowledgeBase) -> None:
    resources = _resources(folders / "fhir")
    there = {f"{r['resourceType']}/{r['id']}" for r in resources}
    assert len(there) == len(resources), "an id is used twice"
    wanted: set[str] = set()
    for resource in resources:
        kind = str(resource["resourceType"])
        model = getattr(importlib.import_module(f"fhir.resources.{kind.lower()}"), kind)
        model.model_validate(resource)
        wanted |= set(_references(resource))
    assert wanted <= there, sorted(wanted - there)[:5]
    uses = [r for r in resources if r["resourceType"] == "ClinicalUseDefinition"]
    ours = {i["value"] for r in uses for i in r["identifier"]}  # type: ignore[union-attr, index]
    assert set(base.cautions) <= ours


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        here = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return here + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []


def test_a_contraindication_is_one_in_fhir(folders: Path, base: KnowledgeBase) -> None:
    kinds = {r["identifier"][0]["value"]: r["type"] for r in _resources(folders / "fhir") if "type" in r}  # type: ignore[index]
    told = {kinds[c.id] for c in base.cautions.values() if c.severity == "contraindicated"}
    assert told <= {"contraindication", "interaction"}
    mild = {kinds[c.id] for c in base.cautions.values() if c.severity in ("caution", "inform")}
    assert "contraindication" not in mild


def test_turtle_agrees_with_its_shapes_and_json_ld_says_the_same(folders: Path, base: KnowledgeBase) -> None:
    data = Graph().parse(folders / "rdf" / "kb.ttl")
    shapes = Graph().parse(folders / "rdf" / "shapes.ttl")
    conforms, _, text = validate(data, shacl_graph=shapes)
    assert conforms, text[:800]
    again = Graph().parse(folders / "rdf" / "kb.jsonld", format="json-ld")
    assert to_isomorphic(again) == to_isomorphic(data)
    mkb, prov = Namespace("urn:mesotherapy-kb:def:"), Namespace("http://www.w3.org/ns/prov#")
    found = {
        str(row[0]).removeprefix("urn:mesotherapy-kb:"): str(row[1]).removeprefix("urn:mesotherapy-kb:")
        for row in data.query(
            "SELECT ?f ?p { ?f a mkb:Finding ; prov:wasDerivedFrom ?p }", initNs={"mkb": mkb, "prov": prov}
        )
    }
    assert found == {f.id: f.reference for f in base.findings.values()}


def _pairs(graph: Graph, query: str) -> set[tuple[str, str]]:
    spaces = {
        "mkb": Namespace("urn:mesotherapy-kb:def:"),
        "cito": Namespace("http://purl.org/spar/cito/"),
        "skos": Namespace("http://www.w3.org/2004/02/skos/core#"),
    }
    return {
        (str(a).removeprefix("urn:mesotherapy-kb:"), str(b).removeprefix("urn:mesotherapy-kb:"))
        for a, b in graph.query(query, initNs=spaces)  # type: ignore[misc]
    }


def test_rdf_says_what_speaks_for_and_against_in_words_of_cito(folders: Path, base: KnowledgeBase) -> None:
    graph = Graph().parse(folders / "rdf" / "kb.ttl")
    backed = _pairs(graph, "SELECT ?a ?f { ?a cito:obtainsSupportFrom ?f }")
    against = _pairs(graph, "SELECT ?a ?f { ?a cito:disagreesWith ?f }")
    weighed = [(a, base.findings[f]) for a in base.assessments.values() for f in a.findings]
    judged = [(c.id, f) for c in base.cautions.values() for f in c.evidence_for]
    denied = [(c.id, f) for c in base.cautions.values() for f in c.evidence_against]
    assert backed == {(a.id, f.id) for a, f in weighed if a.direction is f.direction} | set(judged)
    assert against == {
        (a.id, f.id) for a, f in weighed if {a.direction, f.direction} == {Direction.SUPPORTS, Direction.REFUTES}
    } | set(denied)
    cited = _pairs(graph, "SELECT ?f ?p { ?f cito:citesAsEvidence ?p }")
    assert {f for f, _ in cited} == {
        f.id for f in base.findings.values() if f.direction in {Direction.SUPPORTS, Direction.REFUTES}
    }


def test_rdf_and_fhir_carry_the_codes_of_the_field(folders: Path, base: KnowledgeBase) -> None:
    graph = Graph().parse(folders / "rdf" / "kb.ttl")
    routes = _pairs(graph, "SELECT ?f ?c { ?f a mkb:Finding ; mkb:routeCode / skos:notation ?c }")
    assert routes == {
        (f.id, code.code) for f in base.findings.values() if (code := codes.of_route(f.route)) is not None
    }
    designs = _pairs(graph, "SELECT ?p ?c { ?p mkb:designCode / skos:notation ?c }")
    assert designs == {
        (r.key, code.code) for r in base.references.values() if (code := codes.DESIGNS.get(r.design)) is not None
    }
    resources = _resources(folders / "fhir")
    graded = {r["identifier"][0]["value"]: r for r in resources if r["resourceType"] == "Evidence"}  # type: ignore[index]
    for assessment in base.assessments.values():
        code = codes.of_route(assessment.route)
        contexts = graded[assessment.id].get("useContext", [])
        said = {c["code"] for u in contexts for c in u["valueCodeableConcept"]["coding"]}  # type: ignore[attr-defined]
        assert said == ({code.code} if code else set()), assessment.id
    told = [r for r in resources if r["resourceType"] == "ArtifactAssessment"]
    assert len(told) == sum(len(f.appraisals) for f in base.findings.values())


def test_shapes_refuse_a_finding_without_its_paper(folders: Path) -> None:
    shapes = Graph().parse(folders / "rdf" / "shapes.ttl")
    bad = Graph().parse(data="<urn:x> a <urn:mesotherapy-kb:def:Finding> .", format="turtle")
    assert not validate(bad, shacl_graph=shapes)[0]


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(
            csv.DictReader(
                file, delimiter=delimiter, quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
            )
        )


def test_kgx_edges_join_nodes_and_cite_papers(folders: Path, base: KnowledgeBase) -> None:
    nodes = {row["id"]: row for row in _rows(folders / "kgx" / "nodes.tsv", "\t")}
    edges = _rows(folders / "kgx" / "edges.tsv", "\t")
    for file in ("nodes.tsv", "edges.tsv"):
        ids = [row["id"] for row in _rows(folders / "kgx" / file, "\t")]
        assert len(ids) == len(set(ids)), file
    assert {e["id"].removeprefix("MKB:") for e in edges} >= {*base.findings, *base.cautions, *base.assessments}
    for edge in edges:
        assert edge["subject"] in nodes and edge["object"] in nodes, edge["id"]
        assert edge["predicate"].startswith("biolink:")
    assert all(e["publications"] for e in edges if e["original_predicate"] == "treats")
    assert "CAS:38304-91-5" in nodes["MKB:minoxidil"]["xref"].split("|")


def test_every_id_is_listed_with_its_codes_or_as_without(folders: Path, base: KnowledgeBase) -> None:
    rows = _rows(folders / "kgx" / "ids.tsv", "\t")
    listed = {r["id"].removeprefix("MKB:") for r in rows}
    assert listed >= {*base.ingredients, *base.techniques, *(t.id for t in base.terms.values())}
    told = {(r["id"].removeprefix("MKB:"), r["match"], r["code"], r["of"].removeprefix("MKB:")) for r in rows}
    assert ("mesotherapy", "exact", "MESH:D057748", "") in told
    assert ("narrowband-uvb", "approximate", "MESH:D014467", "") in told
    assert ("nappage", "broader", "MESH:D057748", "mesotherapy") in told, (
        "a way of doing mesotherapy has no code of its own"
    )
    assert ("cryolipolysis", "none", "", "") in told
    assert all(bool(r["code"]) == (r["match"] != "none") and bool(r["of"]) == (r["match"] == "broader") for r in rows)


def test_coverage_counts_each_thing_once(folders: Path) -> None:
    rows = _rows(folders / "kgx" / "ids.tsv", "\t")
    kinds = {r["id"]: r["kind"] for r in rows}
    counts = {r["kind"]: r for r in _rows(folders / "kgx" / "coverage.tsv", "\t")}
    assert counts.keys() == set(kinds.values())
    for kind, told in counts.items():
        things = [i for i, k in kinds.items() if k == kind]
        assert int(told["things"]) == len(things) == sum(int(told[m]) for m in MATCHES)
        exact = {r["id"] for r in rows if r["kind"] == kind and r["match"] == "exact"}
        assert int(told["exact"]) == len(exact)


@pytest.mark.parametrize(("kind", "least"), [("technique", 14 / 51), ("condition", 0.45), ("indication", 0.55)])
def test_codes_are_not_lost_as_the_vocabularies_grow(folders: Path, kind: str, least: float) -> None:
    (told,) = [r for r in _rows(folders / "kgx" / "coverage.tsv", "\t") if r["kind"] == kind]
    assert int(told["exact"]) / int(told["things"]) >= least


def test_rdf_tells_exact_codes_from_near_ones(folders: Path, base: KnowledgeBase) -> None:
    graph = Graph().parse(folders / "rdf" / "kb.ttl")
    near = _pairs(graph, "SELECT ?t ?c { ?t skos:closeMatch ?c }")
    exact = _pairs(graph, "SELECT ?t ?c { ?t skos:exactMatch ?c }")
    assert ("narrowband-uvb", "http://identifiers.org/mesh/D014467") in near - exact
    assert ("mesotherapy", "http://identifiers.org/mesh/D057748") in exact


def test_neo4j_files_have_the_heads_the_importer_wants(folders: Path, base: KnowledgeBase) -> None:
    nodes = _rows(folders / "neo4j" / "nodes.csv", ",")
    edges = _rows(folders / "neo4j" / "relationships.csv", ",")
    ids = {n["id:ID"] for n in nodes}
    assert len(ids) == len(nodes)
    assert all(e[":START_ID"] in ids and e[":END_ID"] in ids and e[":TYPE"].isupper() for e in edges)
    assert {n[":LABEL"] for n in nodes} >= {"Ingredient", "Finding", "Reference", "Assessment"}
