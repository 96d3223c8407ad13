"""The graph as GEXF 1.3, for Gephi."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.exports.data import Data
from kb.exports.graph import graph

MISSING = ("Arms, outcomes and reasons of findings and assessments: see the formats csv and json.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/kb.gexf`."""
    import networkx as nx

    plain = graph(data)
    for _, attributes in plain.nodes(data=True):
        attributes["label"] = attributes.get("name", "")
    text = io.BytesIO()
    nx.write_gexf(plain, text, encoding="utf-8", prettyprint=True, version="1.2draft")
    # networkx writes the day of writing into the file; the release's own day gives the same bytes every time.
    dated = re.sub(r'lastmodifieddate="[^"]*"', f'lastmodifieddate="{data.date}"', text.getvalue().decode("utf-8"))
    path = folder / "kb.gexf"
    write_text(path, dated)
    progress(f"{plain.number_of_nodes()} nodes, {plain.number_of_edges()} edges")
    return [path]
