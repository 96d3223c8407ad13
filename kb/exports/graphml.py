"""The graph as GraphML."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.atomic import write_text

if TYPE_CHECKING:
    from kb.snapshot import Snapshot


def write(snapshot: Snapshot, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/kb.graphml`; attributes that are lists become words joined by spaces, missing ones stay out."""
    import networkx as nx

    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph = snapshot.graph
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **_scalars(data))
    for source, target, key, data in graph.edges(keys=True, data=True):
        plain.add_edge(source, target, key=key, **_scalars(data))
    text = io.BytesIO()
    nx.write_graphml(plain, text, encoding="utf-8", prettyprint=True)
    path = folder / "kb.graphml"
    write_text(path, text.getvalue().decode("utf-8"))
    progress(f"{plain.number_of_nodes()} nodes, {plain.number_of_edges()} edges")
    return [path]


def _scalars(data: dict[str, object]) -> dict[str, object]:
    return {k: " ".join(map(str, v)) if isinstance(v, list | tuple) else v for k, v in data.items() if v is not None}
