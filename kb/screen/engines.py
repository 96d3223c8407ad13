"""Where the questions of `queries` are carried out: DuckDB within this program, or Spark for many machines.

Both hand columns of some thousand rows to the judge. Python judges on one core; so the parts are shared out to one process
a core, each with a DuckDB of its own. Spark does the same with its own workers. Both give the same rows; `run` puts
them in order.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from kb.screen import queries
from kb.screen.extras import need
from kb.screen.ingest import each
from kb.screen.judge import Judge

MEMORY = "1GB"
"""What each DuckDB may keep in memory before it goes to disk."""

SHARE = 8
"""Parts of a core's share that are done before the next: progress, and an even load."""

Found = list[dict[str, Any]]


class Engine(Protocol):
    """Answers about the Parquet parts it was made for; rows as dictionaries, in no order."""

    def candidates(self, judge: Judge, since: int | None) -> Found: ...

    def notices(self) -> Found: ...

    def whole(self, places: Sequence[tuple[str, int]]) -> Found: ...

    def close(self) -> None: ...


class DuckDB:
    """The parts in DuckDB, with `cores` processes for what Python has to judge. Raises MissingExtraError."""

    def __init__(self, parts: Sequence[str], cores: int | None = None) -> None:
        self._parts, self._cores = list(parts), cores or os.cpu_count() or 1
        self._connection, self._rows = _duck(self._parts, self._cores)
        self._left_out = queries.superseded(self._rows).to_pyarrow()

    def candidates(self, judge: Judge, since: int | None) -> Found:
        size = max(1, min(SHARE, len(self._parts) // self._cores))
        shares = [self._parts[at : at + size] for at in range(0, len(self._parts), size)]
        tasks = [(share, self._left_out, judge, since) for share in shares]
        return [row for found in each(_judge_share, tasks, self._cores) for row in found]

    def notices(self) -> Found:
        left_out = need("ibis").memtable(self._left_out)
        return _listed(self._connection.to_pyarrow(queries.notices(self._rows, left_out)))

    def whole(self, places: Sequence[tuple[str, int]]) -> Found:
        named = {part for part, _ in places}
        rows = self._connection.read_parquet([p for p in self._parts if Path(p).stem in named])
        return _listed(self._connection.to_pyarrow(queries.whole(rows, _places(places))))

    def close(self) -> None:
        self._connection.disconnect()


class Spark:
    """The parts in Apache Spark: on this machine's cores unless SPARK_MASTER or a configuration names a cluster.

    Raises MissingExtraError without pyspark; the session says itself when there is no Java.
    """

    def __init__(self, parts: Sequence[str], cores: int | None = None) -> None:
        sql, ibis = need("pyspark.sql"), need("ibis")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = sql.SparkSession.builder.appName("kb screen")
        settings = {
            "spark.master": os.environ.get("SPARK_MASTER", f"local[{cores or os.cpu_count() or 1}]"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": str(2 * (cores or os.cpu_count() or 1)),
            "spark.sql.session.timeZone": "UTC",
            "spark.log.level": "ERROR",
        }
        if "SPARK_MASTER" not in os.environ:  # nothing leaves this machine
            settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        for name, value in settings.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._connection = ibis.pyspark.connect(self._session)
        self._rows = self._connection.table(self._named("kb_rows", self._session.read.parquet(*parts)))
        self._left_out = queries.superseded(self._rows)

    def _named(self, name: str, frame: Any) -> str:
        frame.createOrReplaceTempView(name)
        return name

    def candidates(self, judge: Judge, since: int | None) -> Found:
        return _listed(
            self._connection.to_pyarrow(queries.candidates(self._rows, self._left_out, queries.by_pandas(judge), since))
        )

    def notices(self) -> Found:
        return _listed(self._connection.to_pyarrow(queries.notices(self._rows, self._left_out)))

    def whole(self, places: Sequence[tuple[str, int]]) -> Found:
        return _listed(self._connection.to_pyarrow(queries.whole(self._rows, _places(places))))

    def close(self) -> None:
        self._session.stop()


def engine(name: str, parts: Sequence[str], cores: int | None = None) -> Engine:
    """The engine of a name, over the parts: `duckdb` or `spark`."""
    return Spark(parts, cores) if name == "spark" else DuckDB(parts, cores)


def _duck(parts: Sequence[str], threads: int) -> tuple[Any, Any]:
    need("duckdb")
    connection = need("ibis").duckdb.connect(threads=threads, memory_limit=MEMORY, preserve_insertion_order=False)
    return connection, connection.read_parquet(list(parts))


def _judge_share(task: tuple[list[str], Any, Judge, int | None]) -> Found:
    parts, left_out, judge, since = task
    connection, rows = _duck(parts, 1)
    try:
        out = need("ibis").memtable(left_out)
        return _listed(connection.to_pyarrow(queries.candidates(rows, out, queries.by_arrow(judge), since)))
    finally:
        connection.disconnect()


def _places(places: Sequence[tuple[str, int]]) -> Any:
    library = need("pyarrow")
    parts, numbers = [part for part, _ in places], [row for _, row in places]
    table = library.table({"part": parts, "row": library.array(numbers, library.int32())})
    return need("ibis").memtable(table)


def _listed(table: Any) -> Found:
    return list(table.to_pylist())
