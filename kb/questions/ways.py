"""Why two things are connected: the most telling ways between them, each hop with the findings that make it.

Works on plain nodes and edges, wherever they come from. Findings are folded into hops between the things they speak of, so that ten
trials of one drug in one indication are one hop with ten findings and not ten ways.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, count, islice, pairwise
from math import log2
from typing import Any, NamedTuple, Protocol

from kb.questions.shapes import Because, Connection, Node, Step, Way

MOST_WAYS = 5
LONGEST = 4
"""Hops. Beyond that everything is connected with everything."""
_MOST_TRIES = 20_000

_ROLES = {"has_finding": 1.0, "about": 1.0, "with": 1.5, "by": 1.5}
"""How a thing takes part in a finding, and what that adds to the length of a hop."""
_DIRECT = {"warns_of": 1.6, "broader": 0.6, "contains": 0.6}
"""A step to the class of a drug is short here: cautions are kept on classes."""
_USED = frozenset({*_ROLES, *_DIRECT})
_ABOUT = frozenset({"about", "with", "by", "says"})
_PASSING = {"topic": 3.0, "jurisdiction": 3.0, "condition": 1.5}
"""Added for a way through such a thing: *both have a mechanism*, *both carry a caution in pregnancy* says little."""
_SIBLINGS = 4.0
"""Added for *both are B vitamins*: it says little about either."""
_PER_DOUBLING = 0.2
"""Added per doubling of a thing's links: a way through what everything is linked with explains less."""
_SLACK = 3.0
"""Ways longer than the shortest one by more than this are noise beside it."""


class Teller(Protocol):
    """Where the words of a way come from: records in memory or a snapshot."""

    def node(self, id: str) -> Mapping[str, Any]:
        """`{kind, name}` of anything in the graph; of a finding also subject, object, relation, direction, summary."""

    def cited(self, id: str) -> list[str]:
        """Keys of the references a finding or a claim cites."""

    def citing(self, key: str) -> list[str]:
        """Ids of the findings that cite a reference."""

    def about(self, id: str) -> list[str]:
        """The things a finding or a claim is about."""

    def cautions(self, holder: str, trigger: str) -> list[Mapping[str, Any]]:
        """`{id, severity, action, why, references}` of the holder's cautions with this trigger."""


class Hop(NamedTuple):
    """What links two neighbouring things: finding ids, or the relation of a direct edge and its first end."""

    cost: float
    findings: tuple[str, ...]
    direct: tuple[tuple[str, str], ...]


@dataclass
class Network:
    """Things and their hops: `hops[u][v]` is the hop between u and v, the same both ways."""

    hops: dict[str, dict[str, Hop]]
    kinds: dict[str, str]

    def toll(self, thing: str) -> float:
        """What passing through a thing adds to a way."""
        passing = _PASSING.get(self.kinds.get(thing, ""), 0.0)
        return _PER_DOUBLING * log2(1 + len(self.hops.get(thing, ()))) + passing

    def siblings(self, way: list[str]) -> float:
        """What is added when the last two steps only go up to a class and down again to another member of it."""
        if len(way) < 3:
            return 0.0
        one, shared, other = way[-3:]
        up, down = self.hops[one][shared], self.hops[shared][other]
        kin = up.direct == ((one, "broader"),) and down.direct == ((other, "broader"),)
        return _SIBLINGS if kin and not up.findings and not down.findings else 0.0


def network(kinds: Mapping[str, str], edges: Iterable[tuple[str, str, str]]) -> Network:
    """The hops that `edges` (source, target, relation) make; `kinds`: node to its kind.

    Only what explains something is used: findings, cautions and kinship; claims and shared papers do not.
    """
    parts: dict[str, dict[str, float]] = {}
    direct: list[tuple[str, str, str]] = []
    for source, target, relation in sorted(edges):
        if relation not in _USED or kinds.get(source) == "claim":
            continue
        if relation in _DIRECT:
            direct.append((source, target, relation))
            continue
        finding, thing = (target, source) if relation == "has_finding" else (source, target)
        taken = parts.setdefault(finding, {})
        taken[thing] = min(taken.get(thing, 9.0), _ROLES[relation])
    gathered: dict[tuple[str, str], tuple[float, list[str], list[tuple[str, str]]]] = {}
    for finding, taken in parts.items():
        for u, v in combinations(sorted(taken), 2):
            cost, findings, steps = gathered.setdefault((u, v), (9.0, [], []))
            gathered[u, v] = (min(cost, taken[u] + taken[v]), [*findings, finding], steps)
    for source, target, relation in direct:
        if source != target:
            u, v = sorted((source, target))
            cost, findings, steps = gathered.setdefault((u, v), (9.0, [], []))
            gathered[u, v] = (min(cost, _DIRECT[relation]), findings, [*steps, (source, relation)])
    hops: dict[str, dict[str, Hop]] = {}
    for (u, v), (cost, findings, steps) in gathered.items():
        hops.setdefault(u, {})[v] = hops.setdefault(v, {})[u] = Hop(cost, tuple(findings), tuple(steps))
    return Network(hops, {thing: kind for thing, kind in kinds.items() if kind in _PASSING})


def shortest(net: Network, a: str, b: str) -> Iterator[tuple[float, list[str]]]:
    """Length and things of each way without a loop, the shortest first: best-first search led by the true distance."""
    left = _distances(net, b)
    if a not in left:
        return
    tick = count()
    heap: list[tuple[float, int, float, list[str]]] = [(left[a], next(tick), 0.0, [a])]
    for _ in range(_MOST_TRIES):
        if not heap:
            return
        _, _, cost, way = heapq.heappop(heap)
        last = way[-1]
        if last == b:
            yield cost, way
            continue
        if len(way) > LONGEST:
            continue
        for other, hop in net.hops.get(last, {}).items():
            if other in left and other not in way:
                ahead = cost + hop.cost + (0.0 if other == b else net.toll(other)) + net.siblings([*way, other])
                heapq.heappush(heap, (ahead + left[other], next(tick), ahead, [*way, other]))


def _distances(net: Network, b: str) -> dict[str, float]:
    """The length of the rest of the way from each thing to `b`, tolls of the things passed included."""
    left: dict[str, float] = {}
    heap = [(0.0, b)]
    while heap:
        cost, thing = heapq.heappop(heap)
        if thing in left:
            continue
        left[thing] = cost
        toll = 0.0 if thing == b else net.toll(thing)
        for other, hop in net.hops.get(thing, {}).items():
            if other not in left:
                heapq.heappush(heap, (cost + toll + hop.cost, other))
    return left


def connect(net: Network, teller: Teller, a: str, b: str) -> Connection:
    """Why `a` and `b` are connected: the ways from one to the other, the most telling first.

    Returns `{"a", "b", "connected", "paths": [{"nodes": [{id, kind, name}], "steps": [{from, to, because}]}]}`, where
    `because` lists `{kind, id, text, references}`: broader terms, cautions (with `severity`), findings (with subject,
    object, relation and direction; what supports or refutes a benefit first) and claims. `a` and `b` may be anything in
    the graph; raises KeyError for what is not. No way is `connected: false`, the same thing twice as well.
    """
    for end in (a, b):
        teller.node(end)
    if a != b:
        net = _with_ends(net, teller, (a, b))
    found = islice(_telling_ways(net, a, b), MOST_WAYS) if a != b else []
    ways = [_way(net, teller, way) for way in found]
    return {"a": a, "b": b, "connected": bool(ways), "paths": ways}


def _telling_ways(net: Network, a: str, b: str) -> Iterator[list[str]]:
    """The shortest ways, without those that only make a detour of one told before, nor those that are noise beside it."""
    told: list[set[str]] = []
    longest = 0.0
    for cost, way in shortest(net, a, b):
        longest = longest or cost + _SLACK
        if cost > longest:
            return
        between = set(way[1:-1])
        if not any(earlier and earlier <= between for earlier in told):
            told.append(between)
            yield way


def _with_ends(net: Network, teller: Teller, ends: Iterable[str]) -> Network:
    """The network with ends that are no things of their own hung on: a paper, a finding, a claim."""
    hops = dict(net.hops)
    for end in ends:
        kind = teller.node(end)["kind"]
        linked: dict[str, Hop] = {}
        if kind in {"finding", "reference"}:
            for finding in [end] if kind == "finding" else teller.citing(end):
                for thing in teller.about(finding):
                    known = linked.get(thing, Hop(1.0, (), ()))
                    linked[thing] = known._replace(findings=(*known.findings, finding))
        elif kind == "claim":
            linked = {thing: Hop(1.0, (), ((end, "says"),)) for thing in teller.about(end)}
        for thing, hop in linked.items():
            hops[end] = {**hops.get(end, {}), thing: hop}
            hops[thing] = {**hops.get(thing, {}), end: hop}
    return Network(hops, net.kinds)


def _way(net: Network, teller: Teller, way: list[str]) -> Way:
    nodes = [Node(id=n, kind=(node := teller.node(n))["kind"], name=node["name"]) for n in way]
    steps: list[Step] = [
        {"from": u, "to": v, "because": _because(net.hops[u][v], teller, {u, v})} for u, v in pairwise(way)
    ]
    return {"nodes": nodes, "steps": steps}


def _because(hop: Hop, teller: Teller, ends: set[str]) -> list[Because]:
    reasons: list[Because] = []
    for first, relation in hop.direct:
        (second,) = ends - {first}
        one, other = teller.node(first)["name"], teller.node(second)["name"]
        if relation == "broader":
            reasons.append(_reason("broader", first, f"{one} is a kind of {other}.", []))
        elif relation == "contains":
            references = list(teller.node(first).get("references", ()))
            reasons.append(_reason("contains", first, f"{one} contains {other}.", references))
        elif relation == "says":
            reasons.append(_reason("claim", first, one, teller.cited(first)))
        else:
            for caution in teller.cautions(first, second):
                text = f"{one} has a caution about {other}: {caution['action']} {caution['why']}"
                reasons.append(_reason("caution", caution["id"], text, caution["references"], caution["severity"]))
    findings: list[Because] = []
    for id_ in hop.findings:
        node = teller.node(id_)
        found: Because = {"kind": "finding", "id": id_, "text": node["summary"], "references": teller.cited(id_)}
        found.update({"subject": node["subject"], "object": node["object"]})
        found.update({"relation": node["relation"], "direction": node["direction"]})
        findings.append(found)
    return reasons + sorted(findings, key=_telling)


def _reason(kind: str, id: str, text: str, references: list[str], severity: str | None = None) -> Because:
    return {"kind": kind, "id": id, "severity": severity, "text": text, "references": references}


def _telling(finding: Because) -> tuple[bool, bool, str]:
    return (finding["relation"] != "treats", finding["direction"] == "insufficient", finding["id"])


class GraphTeller:
    """Tells from a graph (see `kb.questions.graph.build`) and from caution values by holder."""

    def __init__(self, graph: Any, cautions: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._graph, self._cautions = graph, cautions

    def node(self, id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._graph.nodes[id]
        return found

    def cited(self, id: str) -> list[str]:
        return sorted(v for _, v, relation in self._graph.out_edges(id, keys=True) if relation == "cites")

    def citing(self, key: str) -> list[str]:
        citing = (u for u, _, relation in self._graph.in_edges(key, keys=True) if relation == "cites")
        return sorted(u for u in citing if self._graph.nodes[u]["kind"] == "finding")

    def about(self, id: str) -> list[str]:
        out = [v for _, v, relation in self._graph.out_edges(id, keys=True) if relation in _ABOUT]
        return sorted(
            {*out, *(u for u, _, relation in self._graph.in_edges(id, keys=True) if relation == "has_finding")}
        )

    def cautions(self, holder: str, trigger: str) -> list[Mapping[str, Any]]:
        return [c for c in self._cautions.get(holder, ()) if c["trigger"] == trigger]
