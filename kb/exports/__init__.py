"""The base in other shapes, one module per format. Each reads the snapshot and writes into a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

FORMATS = {
    "site": "the whole base as a web site of plain files; opens without a server and without a network",
    "json": "every page as a JSON document, as `kb show --json` prints it",
    "csv": "every table as a CSV file",
    "graphml": "the graph for Gephi, yEd, igraph or NetworkX",
    "bibtex": "the literature",
}
"""Name of each format, and what it is."""

Progress = Callable[[str], None]


def export(
    name: str, snapshot: Snapshot, folder: Path, progress: Progress = lambda _: None, **options: str
) -> list[Path]:
    """Write the base as `name` into `folder` (made if need be) and return the files. Raises KeyError for another name."""
    if name not in FORMATS:
        raise KeyError(f"no format {name!r}; there are: {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = import_module(f"kb.exports.{name}").write(snapshot, folder, progress, **options)
    return written
