"""Relational CSV: every record, link, code and reason as rows that join, described by a Frictionless Data Package."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.data import LICENCE, LICENCE_ADDRESS, LICENCE_TITLE, Data
from kb.questions.relational import Column, Table

_TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "date": "date"}
MISSING = ("Pages as they are shown, pooled effects and drawings: see the formats json and site.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/<table>.csv` for each table (UTF-8, comma, header line), and `datapackage.json` (Data Package 1)."""
    written = []
    for table in data.tables:
        path = folder / f"{table.name}.csv"
        write_text(path, text_of(table))
        written.append(path)
    path = folder / "datapackage.json"
    write_text(path, json.dumps(package(data), ensure_ascii=False, indent=1) + "\n")
    progress(f"{len(written)} tables, {sum(len(t.rows) for t in data.tables):,} rows")
    return [*written, path]


def text_of(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([c.name for c in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value, column) for value, column in zip(row, table.columns, strict=True)])
    return text.getvalue()


def _cell(value: Any, column: Column) -> Any:
    if value is not None and column.type == "boolean":
        return "true" if value else "false"
    return value


def package(data: Data) -> dict[str, Any]:
    """The descriptor: a resource a table, with types, keys and what each key leads to."""
    return {
        "profile": "tabular-data-package",
        "name": data.base,
        "title": data.title,
        "version": data.release,
        "created": f"{data.date}T00:00:00Z",
        "licenses": [{"name": LICENCE, "title": LICENCE_TITLE, "path": LICENCE_ADDRESS}],
        "contributors": [{"title": data.creator, "role": "author"}],
        "resources": [_resource(t) for t in data.tables],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": c.name, "type": _TYPES[c.type]} | ({"description": c.description} if c.description else {})
            for c in table.columns
        ],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [
        {"fields": [c.name], "reference": {"resource": c.refers.split(".")[0], "fields": [c.refers.split(".")[1]]}}
        for c in table.columns
        if c.refers
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
