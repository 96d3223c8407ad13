"""The literature as CSL-JSON, for Zotero, pandoc and citeproc."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.exports.data import Data
from kb.exports.literature import csl

MISSING = ("Pages where a reference was seen and the day it was checked: see the format bibtex.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/references.json`."""
    path = folder / "references.json"
    items = [csl(data.references[key]) for key in sorted(data.references)]
    write_text(path, json.dumps(items, ensure_ascii=False, indent=1) + "\n")
    progress(f"{len(items)} references")
    return [path]
