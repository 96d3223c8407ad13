"""Why two things are connected: the most telling ways between them, each hop with the findings that make it.

Works on plain nodes and edges, wherever they come from. Findings are folded into hops between the things they speak of, so that ten
trials of one drug in one indication are one hop with ten findings and not ten ways.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, count, islice, pairwise
from math import log2
from typing import Any, NamedTuple

MOST_WAYS = 5
LONGEST = 4
"""Hops. Beyond that everything is connected with everything."""
_MOST_TRIES = 20_000

_ROLES = {"has_finding": 1.0, "about": 1.0, "with": 1.5, "by": 1.5}
"""How a thing takes part in a finding, and what that adds to the length of a hop (as in `kb.questions.paths`)."""
_DIRECT = {"warns_of": 1.6, "broader": 0.6}
"""A step to the class of a drug is short here: cautions are kept on classes."""
_USED = frozenset({*_ROLES, *_DIRECT})
_PASSING = {"topic": 3.0, "jurisdiction": 3.0, "condition": 1.5}
"""Added for a way through such a thing: *both have a mechanism*, *both carry a caution in pregnancy* says little."""
_PER_DOUBLING = 0.2
"""Added per doubling of a thing's links: a way through what everything is linked with explains less."""
_SLACK = 3.0
"""Ways longer than the shortest one by more than this are noise beside it."""


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


def connect(
    net: Network, told: Callable[[Collection[str]], Mapping[str, dict[str, Any]]], a: str, b: str
) -> list[list[dict[str, Any]]]:
    """The ways from `a` to `b`, each a list of hops `{from, to, findings, direct}`; empty when there is none.

    `told` gives for finding ids `{id, name, relation, direction, summary, references}`; a hop's `findings` are such
    values, what supports or refutes first; `direct` pairs of the first end and the relation (`warns_of`, `broader`).
    """
    ways: list[list[dict[str, Any]]] = []
    found = list(islice(shortest(net, a, b), MOST_WAYS))
    for way in (way for cost, way in found if cost <= found[0][0] + _SLACK):
        hops = [(u, v, net.hops[u][v]) for u, v in pairwise(way)]
        values = told({f for _, _, hop in hops for f in hop.findings})
        steps: list[dict[str, Any]] = []
        for u, v, hop in hops:
            findings = sorted((values[f] for f in hop.findings), key=_telling)
            steps.append({"from": u, "to": v, "findings": findings, "direct": list(hop.direct)})
        ways.append(steps)
    return ways


def _telling(finding: dict[str, Any]) -> tuple[bool, bool, str]:
    return (finding["relation"] != "treats", finding["direction"] == "insufficient", finding["id"])
