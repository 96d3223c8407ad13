"""Records and their links inside the snapshot: as documents for programs, as tables that join for any SQLite tool."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from kb.knowledge import KnowledgeBase
from kb.questions.plain import records
from kb.questions.relational import Table, tables

_TYPES = {"text": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT"}


def fill(base: KnowledgeBase, connection: sqlite3.Connection) -> None:
    """Write the documents `records` and `relational`, and a table `rel_<name>` for each relational table."""
    layout: list[dict[str, Any]] = []
    for table in tables(base):
        _create(connection, table)
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f'INSERT INTO "rel_{table.name}" VALUES ({marks})', table.rows)
        columns = [
            {"name": c.name, "type": c.type, "description": c.description, "refers": c.refers} for c in table.columns
        ]
        layout.append({"name": table.name, "title": table.title, "key": list(table.key), "columns": columns})
    for name, value in (("records", records(base)), ("relational", layout)):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        connection.execute("INSERT INTO document VALUES (?, ?)", (name, text))


def _create(connection: sqlite3.Connection, table: Table) -> None:
    columns = ", ".join(f'"{c.name}" {_TYPES[c.type]}' for c in table.columns)
    connection.execute(f'CREATE TABLE "rel_{table.name}" ({columns})')
