"""The graph with what an analyst needs on it: identifiers, numbers of people, certainty, assessments, weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.exports.data import Data
from kb.model.terms import Certainty

if TYPE_CHECKING:
    import networkx as nx


def graph(data: Data) -> nx.MultiDiGraph[str]:
    """The snapshot's graph with assessments as nodes; attributes are words and numbers only, missing ones stay out."""
    import networkx as nx

    found: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        title=data.title, release=data.release, date=data.date, licence="CC-BY-4.0"
    )
    source = data.snapshot.graph
    for node, attributes in sorted(source.nodes(data=True)):
        found.add_node(node, **_scalars({**attributes, **_more(data, node, attributes["kind"])}))
    for start, end, key, attributes in sorted(source.edges(keys=True, data=True), key=lambda e: e[:3]):
        found.add_edge(start, end, key=key, **_scalars({"weight": 1, **attributes}))
    for record in data.records["assessments"].values():
        _assessment(found, data, record)
    return found


def _assessment(found: nx.MultiDiGraph[str], data: Data, record: dict[str, Any]) -> None:
    name = f"{data.name(record['subject'])} for {data.name(record['object'])}, {record['route'].replace('-', ' ')}"
    known = {k: record.get(k) for k in ("certainty", "direction", "route", "technique", "bottom_line")}
    found.add_node(record["id"], **_scalars({"kind": "assessment", "name": name, **known}))
    weight = Certainty(record["certainty"]).level  # a single finding weighs 1
    found.add_edge(record["subject"], record["id"], key="has_assessment", relation="has_assessment", weight=weight)
    found.add_edge(record["id"], record["object"], key="about", relation="about", weight=weight)
    for finding in record["findings"]:
        if finding in found:
            found.add_edge(record["id"], finding, key="rests_on", relation="rests_on", weight=1)


def _more(data: Data, node: str, kind: str) -> dict[str, Any]:
    if kind == "reference":
        keep = ("doi", "pmid", "pmcid", "journal", "url")
        return {k: data.references.get(node, {}).get(k) for k in keep}
    if kind == "finding":
        record = data.records["findings"].get(node, {})
        return {
            k: record.get(k)
            for k in ("n", "basis", "risk_of_bias", "dose", "technique", "subject", "object", "reference")
        }
    return {scheme: " ".join(codes) for scheme, codes in data.identifiers(node).items()}


def _scalars(attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        k: " ".join(map(str, v)) if isinstance(v, list | tuple) else v
        for k, v in attributes.items()
        if v not in (None, "")
    }
