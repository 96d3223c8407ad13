"""Every table of the snapshot as a CSV file (UTF-8, comma, header line)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.atomic import write_text

if TYPE_CHECKING:
    from kb.snapshot import Snapshot


def write(snapshot: Snapshot, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/<table>.csv` for each table."""
    written = []
    for table, columns, rows in snapshot.tables():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        path = folder / f"{table}.csv"
        write_text(path, text.getvalue())
        written.append(path)
    progress(f"{len(written)} tables")
    return written
