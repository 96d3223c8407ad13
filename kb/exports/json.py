"""Every page as a JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.atomic import write_text

if TYPE_CHECKING:
    from kb.snapshot import Snapshot


def write(snapshot: Snapshot, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/<id>.json` for everything that has a page, and `index.json`, the catalogue."""
    written = [folder / "index.json"]
    write_text(written[0], _text({"meta": snapshot.meta, "pages": snapshot.document("catalogue")}))
    for slug in sorted(snapshot.ids):
        path = folder / f"{slug}.json"
        write_text(path, _text(snapshot.monograph(slug)))
        written.append(path)
    progress(f"{len(written)} documents")
    return written


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
