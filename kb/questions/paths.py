"""How two things are connected: the shortest ways through findings, each step a sentence with its citation."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

import networkx as nx

MOST_PATHS = 5
LONGEST = 8

# A step through a finding is what people ask for; a step through a shared reference or a broader term explains less.
_WEIGHT = {
    "has_finding": 1.0,
    "about": 1.0,
    "with": 1.5,
    "by": 1.5,
    "warns_of": 1.6,
    "broader": 2.5,
    "says": 4.0,
    "judged_by": 3.0,
}


def connect(graph: nx.MultiDiGraph[str], a: str, b: str) -> dict[str, Any]:
    """The ways from `a` to `b`, the most telling first.

    Returns `{"a", "b", "connected", "paths": [{"nodes": [{id, kind, name}], "steps": [{from, to, relation, sentence,
    finding, references}]}]}`. Raises KeyError when the graph does not know `a` or `b`.
    """
    for slug in (a, b):
        if slug not in graph:
            raise KeyError(slug)
    plain = _undirected(graph, {a, b})
    answer: dict[str, Any] = {"a": a, "b": b, "connected": False, "paths": []}
    try:
        ways = list(islice(nx.shortest_simple_paths(plain, a, b, weight="weight"), MOST_PATHS))
    except nx.NetworkXNoPath:
        return answer
    ways = [w for w in ways if len(w) <= LONGEST + 1]
    answer["connected"] = bool(ways)
    answer["paths"] = [_tell(graph, plain, way) for way in ways]
    return answer


def _undirected(graph: nx.MultiDiGraph[str], ends: set[str]) -> nx.Graph[str]:
    """People ask how things hang together, not which way an arrow points. Hubs that explain nothing are left out."""
    plain: nx.Graph[str] = nx.Graph()
    for u, v, relation in graph.edges(keys=True):
        if {graph.nodes[u]["kind"], graph.nodes[v]["kind"]} & {"jurisdiction", "reference", "claim"} and not {
            u,
            v,
        } & ends:
            continue
        weight = _WEIGHT.get(relation, 3.0)
        if not plain.has_edge(u, v) or plain.edges[u, v]["weight"] > weight:
            plain.add_edge(u, v, weight=weight, relation=relation, forward=u)
    plain.add_nodes_from(ends)
    return plain


def _tell(graph: nx.MultiDiGraph[str], plain: nx.Graph[str], way: list[str]) -> dict[str, Any]:
    steps = []
    for u, v in pairwise(way):
        edge = plain.edges[u, v]
        first, second = (u, v) if edge["forward"] == u else (v, u)
        finding = next((n for n in (first, second) if graph.nodes[n]["kind"] == "finding"), None)
        references = [r for r in graph.successors(finding) if graph.nodes[r]["kind"] == "reference"] if finding else []
        steps.append(
            {
                "from": u,
                "to": v,
                "relation": edge["relation"],
                "sentence": _sentence(graph, first, second, edge["relation"]),
                "finding": finding,
                "references": references,
            }
        )
    nodes = [{"id": n, "kind": graph.nodes[n]["kind"], "name": graph.nodes[n]["name"]} for n in way]
    return {"nodes": nodes, "steps": steps}


def _sentence(graph: nx.MultiDiGraph[str], u: str, v: str, relation: str) -> str:
    a, b = graph.nodes[u]["name"], graph.nodes[v]["name"]
    match relation:
        case "has_finding":
            return f"A finding on {a}: {graph.nodes[v]['summary']}"
        case "about":
            verb = graph.nodes[u].get("relation")
            return (
                f"This finding ({verb}: {graph.nodes[u]['direction']}) is about {b}."
                if verb
                else f"The claim is about {b}."
            )
        case "with":
            return f"{b} was in the same preparation."
        case "by":
            return f"The technique was {b}."
        case "warns_of":
            return f"{a} carries a caution ({graph.nodes[u]['kind']}) for {b}."
        case "broader":
            return f"{a} is a kind of {b}."
        case "cites":
            return f"It cites {b}."
        case "contradicts":
            return f"One claim contradicts the other: {b}"
        case "judged_by":
            return f"The claim is judged by a finding: {b}."
        case _:
            return f"{a} {relation.replace('_', ' ')} {b}."
