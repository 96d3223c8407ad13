"""Records as JSON: a document a record, one document for all, and the pages as they are shown; with their JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.exports.data import LICENCE, Data
from kb.model.schema import record_schemas

MISSING: tuple[str, ...] = ()


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`records/<kind>/<id>.json`, `all.json`, `schema/<kind>.json`, `pages/<id>.json` and `index.json`, the catalogue."""
    files: dict[str, object] = {
        "index.json": {"meta": data.snapshot.meta, "pages": data.snapshot.document("catalogue")},
        "all.json": {
            "title": data.title,
            "creator": data.creator,
            "licence": LICENCE,
            "release": data.release,
            "date": data.date,
            "records": data.records,
        },
    }
    for kind, records in data.records.items():
        for record_id, record in records.items():
            files[f"records/{kind}/{record_id}.json"] = record
    for slug in sorted(data.snapshot.ids):
        files[f"pages/{slug}.json"] = data.snapshot.monograph(slug)
    for kind, schema in record_schemas().items():
        files[f"schema/{kind}.json"] = schema
    for name, value in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(folder / name, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    progress(f"{len(files)} documents")
    return [folder / name for name in files]
