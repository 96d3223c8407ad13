"""The graph for `neo4j-admin database import`: a CSV file of nodes, one of relationships, and the command."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.data import Data
from kb.exports.graph import graph

MISSING = ("Arms, outcomes and reasons of findings and assessments: see the formats csv and json.",)

_NODE = (
    "name",
    "kind",
    "summary",
    "direction",
    "certainty",
    "route",
    "n",
    "year",
    "doi",
    "pmid",
    "cas",
    "unii",
    "mesh",
)
_NUMBERS = {"n", "year", "weight"}
_EDGE = ("severity", "caution", "weight")


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`nodes.csv`, `relationships.csv` and `import.sh`; labels and types are those of the graph in CamelCase and CAPITALS."""
    found = graph(data)
    nodes = ((n, *(a.get(k) for k in _NODE), _label(a["kind"])) for n, a in found.nodes(data=True))
    edges = (
        (u, v, str(a.get("relation", k)).upper().replace("-", "_"), *(a.get(x) for x in _EDGE))
        for u, v, k, a in found.edges(keys=True, data=True)
    )
    files = {
        "nodes.csv": _csv(("id:ID", *map(_typed, _NODE), ":LABEL"), nodes),
        "relationships.csv": _csv((":START_ID", ":END_ID", ":TYPE", *map(_typed, _EDGE)), edges),
        "import.sh": f"neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv {data.base}\n",
    }
    for name, text in files.items():
        write_text(folder / name, text)
    progress(f"{found.number_of_nodes()} nodes, {found.number_of_edges()} relationships")
    return [folder / name for name in files]


def _label(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("-"))


def _typed(name: str) -> str:
    return f"{name}:int" if name in _NUMBERS else name


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    return text.getvalue()
