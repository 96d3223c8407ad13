"""The relational tables as Parquet, typed, for pandas, DuckDB, R and Spark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kb.exports.data import Data
from kb.questions.relational import Table

MISSING = ("Keys between tables: their columns are there, and the format csv describes them (datapackage.json).",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/<table>.parquet`; licence, release and date stand in the metadata of each file too."""
    import pyarrow.parquet as pq

    written = []
    for table in data.tables:
        path = folder / f"{table.name}.parquet"
        pq.write_table(_arrow(table, data), path, compression="zstd")
        written.append(path)
    progress(f"{len(written)} tables")
    return written


def _arrow(table: Table, data: Data) -> object:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.string(),
    }
    fields = [pa.field(c.name, kinds[c.type], metadata={"description": c.description}) for c in table.columns]
    told = {"licence": "CC-BY-4.0", "release": data.release, "date": data.date, "title": table.title}
    columns = [
        pa.array([_cast(row[i], c.type) for row in table.rows], kinds[c.type]) for i, c in enumerate(table.columns)
    ]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=told))


def _cast(value: object, kind: str) -> object:
    """SQLite keeps a boolean as 0 or 1 and may keep a whole number printed as 40 for a number."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "number":
        return float(value)  # type: ignore[arg-type]
    return value
