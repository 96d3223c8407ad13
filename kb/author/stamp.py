"""What files look like from outside: another value after any save, without reading one of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Stamp = frozenset[tuple[str, int, int]]


def stamp(root: Path, folders: Iterable[str], pattern: str = "*.*") -> Stamp:
    """Name, time and size of the bibliography and of every file in these folders of `root` whose name fits."""
    found = []
    for path in [root / "references.bib", *(p for folder in folders for p in (root / folder).rglob(pattern))]:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(found)
