"""Why two things are connected: the most telling ways between them, each hop with the findings that make it.

Works on the edges of the snapshot alone. Findings are folded into hops between the things they speak of, so that ten
trials of one drug in one indication are one hop with ten findings and not ten ways.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, count, islice, pairwise
from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

MOST_WAYS = 5
LONGEST = 4
"""Hops. Beyond that everything is connected with everything."""
_MOST_TRIES = 20_000

_ROLES = {"has_finding": 1.0, "about": 1.0, "with": 1.5, "by": 1.5}
"""How a thing takes part in a finding, and what that adds to the length of a hop (as in `kb.paths`)."""
_DIRECT = {"warns_of": 1.6, "broader": 0.6}
"""A step to the class of a drug is short here: cautions are kept on classes."""
_PASSING = {"topic": 3.0, "jurisdiction": 3.0, "condition": 1.5}
"""Added for a way through such a thing: *both have a mechanism*, *both carry a caution in pregnancy* says little."""
_PER_DOUBLING = 0.2
"""Added per doubling of a thing's links: a way through what everything is linked with explains less."""
_SLACK = 3.0
"""Ways longer than the shortest one by more than this are noise beside it."""


_networks: WeakKeyDictionary[Any, Network] = WeakKeyDictionary()


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


def network(connection: sqlite3.Connection) -> Network:
    """Read the edges that explain something: findings, cautions and kinship; claims and shared papers do not."""
    parts: dict[str, dict[str, float]] = {}
    direct: list[tuple[str, str, str]] = []
    rows = connection.execute(
        "SELECT e.source, e.target, e.relation FROM edge e JOIN node n ON n.id = e.source"
        " WHERE e.relation IN ('has_finding', 'about', 'with', 'by', 'warns_of', 'broader') AND n.kind != 'claim'"
        " ORDER BY e.source, e.target, e.relation"
    )
    for source, target, relation in rows:
        if relation in _DIRECT:
            direct.append((source, target, relation))
            continue
        finding, thing = (target, source) if relation == "has_finding" else (source, target)
        taken = parts.setdefault(finding, {})
        taken[thing] = min(taken.get(thing, 9.0), _ROLES[relation])
    gathered: dict[tuple[str, str], tuple[float, list[str], list[tuple[str, str]]]] = {}
    for finding, taken in parts.items():
        for u, v in combinations(sorted(taken), 2):
            cost, findings, edges = gathered.setdefault((u, v), (9.0, [], []))
            gathered[u, v] = (min(cost, taken[u] + taken[v]), [*findings, finding], edges)
    for source, target, relation in direct:
        if source != target:
            u, v = sorted((source, target))
            cost, findings, edges = gathered.setdefault((u, v), (9.0, [], []))
            gathered[u, v] = (min(cost, _DIRECT[relation]), findings, [*edges, (source, relation)])
    hops: dict[str, dict[str, Hop]] = {}
    for (u, v), (cost, findings, edges) in gathered.items():
        hops.setdefault(u, {})[v] = hops.setdefault(v, {})[u] = Hop(cost, tuple(findings), tuple(edges))
    kinds = dict(
        connection.execute("SELECT id, kind FROM node WHERE kind IN ('topic', 'jurisdiction', 'condition')").fetchall()
    )
    return Network(hops, kinds)


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
                ahead = cost + hop.cost + (0.0 if other == b else net.toll(other))
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


def connect(snapshot: Snapshot, a: str, b: str) -> list[list[dict[str, Any]]]:
    """The ways from `a` to `b`, each a list of hops `{from, to, findings, direct}`; empty when there is none.

    `findings` holds `{id, name, relation, direction, summary, references}`, what supports or refutes first; `direct`
    pairs of the first end and the relation (`warns_of`, `broader`).
    """
    connection = snapshot.index.connection
    net = _networks.get(snapshot)
    if net is None:
        net = _networks[snapshot] = network(connection)
    ways: list[list[dict[str, Any]]] = []
    found = list(islice(shortest(net, a, b), MOST_WAYS))
    for way in (way for cost, way in found if cost <= found[0][0] + _SLACK):
        hops = [(u, v, net.hops[u][v]) for u, v in pairwise(way)]
        told = _findings(connection, {f for _, _, hop in hops for f in hop.findings})
        steps: list[dict[str, Any]] = []
        for u, v, hop in hops:
            findings = sorted((told[f] for f in hop.findings), key=_telling)
            steps.append({"from": u, "to": v, "findings": findings, "direct": list(hop.direct)})
        ways.append(steps)
    return ways


def _telling(finding: dict[str, Any]) -> tuple[bool, bool, str]:
    return (finding["relation"] != "treats", finding["direction"] == "insufficient", finding["id"])


def _findings(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for id_ in ids:
        name, data = connection.execute("SELECT name, data FROM node WHERE id = ?", (id_,)).fetchone()
        cited = connection.execute("SELECT target FROM edge WHERE source = ? AND relation = 'cites'", (id_,))
        found[id_] = {"id": id_, "name": name, **json.loads(data), "references": sorted(row[0] for row in cited)}
    return found
