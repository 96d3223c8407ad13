"""The graph as GraphML."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.exports.data import Data
from kb.exports.graph import graph

MISSING = ("Arms, outcomes and reasons of findings and assessments: see the formats csv and json.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/kb.graphml`; attributes that are lists become words joined by spaces, missing ones stay out."""
    import networkx as nx

    plain = graph(data)
    text = io.BytesIO()
    nx.write_graphml(plain, text, encoding="utf-8", prettyprint=True)
    path = folder / "kb.graphml"
    write_text(path, text.getvalue().decode("utf-8"))
    progress(f"{plain.number_of_nodes()} nodes, {plain.number_of_edges()} edges")
    return [path]
