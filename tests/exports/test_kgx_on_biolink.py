"""KGX against the Biolink model itself, through its toolkit (bmt) and the release that the package biolink-model ships."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from kb.exports import export
from kb.snapshot import Snapshot
from tests.programs import ON_CI

if not ON_CI:
    pytest.importorskip("bmt", reason="this environment is older than requirements-dev.lock; run: make install")

from bmt import Toolkit

MODEL = files("biolink_model")
Row = dict[str, str]

OWN_PREFIXES = {"MKB", "ATC", "ICD11"}
OWN_COLUMNS = {"direction", "route", "certainty", "severity"}
CLASSES = {"biolink:subclass_of"}
"""Its ends are *ontology class* in the model, which says that no node should have that category."""
WITH_A_MEDICINE = "biolink:contraindicated_in"
"""The note of this predicate names *being on a different medication*; its range does not."""


@pytest.fixture(scope="module")
def model() -> Toolkit:
    """Without the network: the schema comes from the package, and the map of other graphs' predicates is not needed."""
    return Toolkit(schema=str(MODEL / "schema" / "biolink_model.yaml"), predicate_map={"predicate mappings": []})


@pytest.fixture(scope="module")
def kgx(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Row], list[Row]]:
    folder = tmp_path_factory.mktemp("kgx")
    export("kgx", snapshot, folder)
    nodes, edges = _rows(folder / "nodes.tsv"), _rows(folder / "edges.tsv")
    return {row["id"]: row for row in nodes}, edges


def _rows(path: Path) -> list[Row]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _fits(model: Toolkit, subject: str, predicate: str, target: str) -> bool:
    """Does one of a node's categories suit the domain, and one of the other's the range?"""
    if predicate in CLASSES:
        return True
    if predicate == WITH_A_MEDICINE and target in ("biolink:ChemicalEntity", "biolink:Procedure|biolink:Treatment"):
        target = "biolink:BiologicalEntity"
    return any(model.validate_edge(s, predicate, o) for s in subject.split("|") for o in target.split("|"))


def test_categories_and_predicates_are_the_models(kgx: tuple[dict[str, Row], list[Row]], model: Toolkit) -> None:
    nodes, edges = kgx
    categories = {c for row in [*nodes.values(), *edges] for c in row["category"].split("|")}
    assert not {c for c in categories if not model.is_category(c) and not model.is_association(c)}
    assert not {c for c in categories if model.is_mixin(c)}
    assert not {p for row in edges if not model.is_predicate(p := row["predicate"])}
    assert not model.is_category("biolink:Cocktail") and not model.is_predicate("biolink:mixes_with")


def test_every_edge_joins_what_its_predicate_may_join(kgx: tuple[dict[str, Row], list[Row]], model: Toolkit) -> None:
    nodes, edges = kgx
    shapes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in edges:
        shapes[nodes[row["subject"]]["category"], row["predicate"], nodes[row["object"]]["category"]].append(row["id"])
    wrong = {shape: ids[:3] for shape, ids in shapes.items() if not _fits(model, *shape)}
    assert not wrong
    assert not _fits(model, "biolink:Procedure", "biolink:studied_to_treat", "biolink:Disease"), "this test can fail"


def test_prefixes_are_the_models(kgx: tuple[dict[str, Row], list[Row]]) -> None:
    nodes, edges = kgx
    known = json.loads((MODEL / "prefixmaps" / "biolink_model_prefix_map.json").read_text(encoding="utf-8"))
    known = set(known.get("@context", known))
    used = {i for row in nodes.values() for i in [row["id"], *row["xref"].split("|")] if i}
    used |= {i for row in edges for i in [row["id"], *row["publications"].split("|")] if i}
    assert {i.partition(":")[0] for i in used} - known == OWN_PREFIXES


def test_columns_are_slots_and_their_codes_values_of_the_model(
    kgx: tuple[dict[str, Row], list[Row]], model: Toolkit
) -> None:
    nodes, edges = kgx
    assert not {c for c in next(iter(nodes.values())) if not model.get_element(c)}
    assert {c for c in edges[0] if not model.get_element(c)} == OWN_COLUMNS
    for column, codes in (("knowledge_level", "KnowledgeLevelEnum"), ("agent_type", "AgentTypeEnum")):
        assert all(model.is_permissible_value_of_enum(codes, value) for value in {row[column] for row in edges})
    assert not model.is_permissible_value_of_enum("AgentTypeEnum", "apothecary")


def test_an_edge_never_says_what_a_finding_refutes_or_leaves_open(kgx: tuple[dict[str, Row], list[Row]]) -> None:
    findings = [row for row in kgx[1] if row["direction"] and row["original_predicate"] != "assessed-for"]
    assert {"supports", "refutes", "insufficient", "outcomes-differ"} <= {row["direction"] for row in findings}
    assert any(row["negated"] for row in findings)
    for row in findings:
        if row["predicate"] not in ("biolink:studied_to_treat", "biolink:related_to"):
            assert row["negated"] == {"supports": "", "refutes": "true"}[row["direction"]], row["id"]
