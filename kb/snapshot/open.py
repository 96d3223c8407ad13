"""Open a snapshot read-only; a stale or damaged one is refused with a clear message, never shown."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kb.questions.shapes import Neighbour
from kb.snapshot import seal
from kb.snapshot.fingerprint import content_hash
from kb.snapshot.seal import DamagedSnapshot

if TYPE_CHECKING:
    import networkx as nx

    from kb.questions.precheck import Precheck
    from kb.questions.search import Hit, Index
    from kb.questions.shapes import Connection, Page, ReferenceValue
    from kb.questions.ways import Network

T = TypeVar("T")

FILE = Path("build") / "kb.sqlite"
FORMAT = 9
"""Raised whenever the tables change, so that an older program refuses a newer file and the other way round."""


class StaleSnapshot(Exception):
    """The snapshot was made from other files, or by another version of the program."""


def open_snapshot(path: Path, root: Path | None = None, *, whole: bool | None = None) -> Snapshot:
    """Open the snapshot at `path`; with `root`, only if it was made from the files that stand there now.

    Opening takes as long for a large file as for a small one: its length and its format are looked at. `whole`
    compares every byte with the checksum the build left, which a look at every file of `root` does anyhow.
    Raises DamagedSnapshot, or StaleSnapshot, with the cure in the message.
    """
    if not path.is_file():
        raise DamagedSnapshot(f"{path}: there is no snapshot; run `kb build`")
    damaged = DamagedSnapshot(f"{path}: the snapshot is damaged; run `kb build`")
    try:
        if not seal.has_its_length(path):
            raise damaged
        connection = seal.reading(path)
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except (sqlite3.DatabaseError, OSError) as error:
        raise DamagedSnapshot(f"{path}: the snapshot is damaged ({error}); run `kb build`") from error
    if not {"format", "content", "version", "date"} <= meta.keys():
        connection.close()
        raise damaged
    if meta["format"] != str(FORMAT):
        connection.close()
        raise StaleSnapshot(
            f"{path}: the snapshot has format {meta['format']}, this program reads {FORMAT}; run `kb build`"
        )
    if (root is not None if whole is None else whole) and not seal.is_whole(path):
        connection.close()
        raise damaged
    if root is not None and meta["content"] != content_hash(root):
        connection.close()
        raise StaleSnapshot(f"{path}: the snapshot is older than the formulary; run `kb build`")
    return Snapshot(path, connection, meta)


class Snapshot:
    """A read-only base. Pages come as plain values, so a session holds only what it shows."""

    def __init__(self, path: Path, connection: sqlite3.Connection, meta: dict[str, str]) -> None:
        self.file = path
        self.meta = meta
        self._connection = connection
        self._page = lru_cache(maxsize=64)(self._read_page)

    def close(self) -> None:
        self._connection.close()

    def reopen(self) -> None:
        """Read on after `close`, in a process forked since: SQLite's connections must not be carried into one."""
        self._connection = seal.reading(self.file)
        if "index" in self.__dict__:
            self.index.connection = self._connection

    def hold(self, pages: int) -> None:
        """Keep so many pages once they are read: an export comes to each of them again and again."""
        self._page = lru_cache(maxsize=pages)(self._read_page)

    def monograph(self, slug: str) -> Page:
        """The page of one thing (see `kb.questions.shapes`). Raises KeyError for an unknown id."""
        return self._page(slug)

    def _read_page(self, slug: str) -> Page:
        row = self._connection.execute("SELECT json FROM page WHERE id = ?", (slug,)).fetchone()
        if row is None:
            raise KeyError(slug)
        page: Page = self._value(row[0])
        return page

    @lru_cache(maxsize=64)  # noqa: B019 - a snapshot lives as long as its process
    def document(self, name: str) -> Any:
        """One whole-base document: catalogue, evidence-map, claims, counts, corrections, left-out, precheck."""
        row = self._connection.execute("SELECT json FROM document WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return self._value(row[0])

    def _value(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise DamagedSnapshot(f"{self.file}: the snapshot is damaged; run `kb build`") from error

    @cached_property
    def _derived(self) -> dict[str, Any]:
        return {}

    def derived(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this snapshot and kept as long as it; `name` is that of the making function."""
        if name not in self._derived:
            self._derived[name] = make()
        found: T = self._derived[name]
        return found

    @cached_property
    def field(self) -> dict[str, Any]:
        """What the base is about and what its pages are called: `kb.model.KnowledgeField` as plain values."""
        found: dict[str, Any] = self.document("field")
        return found

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._connection.execute("SELECT id FROM page"))

    @cached_property
    def index(self) -> Index:
        from kb.questions.search import Index

        return Index(self._connection)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        return self.index.search(text, limit)

    @cached_property
    def precheck(self) -> Precheck:
        from kb.questions.precheck import Precheck

        check = Precheck(**self.document("precheck"))
        assert check.resolver.names
        # The rules are some hundred thousand small objects that live as long as the snapshot. Left to the collector, each full
        # collection walks all of them, 50 ms in the middle of a check.
        gc.freeze()
        return check

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The whole graph, for `kb path`; a page that shows a neighbourhood uses `neighbours`."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node, kind, name, data in self._connection.execute("SELECT id, kind, name, data FROM node"):
            graph.add_node(node, kind=kind, name=name, **json.loads(data))
        for source, target, relation, data in self._connection.execute(
            "SELECT source, target, relation, data FROM edge"
        ):
            graph.add_edge(source, target, key=relation, relation=relation, **json.loads(data))
        return graph

    @cached_property
    def nodes(self) -> frozenset[str]:
        """Ids of everything in the graph: what has a page, and findings, papers and claims."""
        return frozenset(row[0] for row in self._connection.execute("SELECT id FROM node"))

    @cached_property
    def network(self) -> Network:
        """What is linked with what, folded for `ways`."""
        from kb.questions.ways import network

        kinds = dict(self._connection.execute("SELECT id, kind FROM node").fetchall())
        return network(kinds, self._connection.execute("SELECT source, target, relation FROM edge"))

    def path(self, a: str, b: str) -> Connection:
        """Why two things are connected; see `kb.questions.ways.connect`. Raises KeyError for an unknown id."""
        from kb.questions.ways import connect

        return connect(self.network, Teller(self._connection, self.precheck.cautions), a, b)

    def neighbours(self, node: str) -> list[Neighbour]:
        """Edges in and out of one node: {source, target, relation, kind, name} with kind and name of the other end."""
        rows = self._connection.execute(
            "SELECT e.source, e.target, e.relation, n.kind, n.name FROM edge e JOIN node n ON n.id = e.target WHERE e.source = ?"
            " UNION ALL "
            "SELECT e.source, e.target, e.relation, n.kind, n.name FROM edge e JOIN node n ON n.id = e.source WHERE e.target = ?",
            (node, node),
        )
        return [Neighbour(source=s, target=t, relation=r, kind=k, name=n) for s, t, r, k, n in rows]

    def entries(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Everything that can be found: id, kind, name, other names as a JSON list, hint."""
        yield from self._connection.execute("SELECT id, kind, name, aliases, hint FROM entry ORDER BY id")

    def texts(self) -> dict[str, str]:
        """What full text finds each thing by besides its names: id to text."""
        return dict(self._connection.execute("SELECT id, body FROM entry_text").fetchall())

    def tables(self) -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
        """Every table of the base: its name, its columns, its rows."""
        names = self._connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'table\\_%' ESCAPE '\\' ORDER BY name"
        )
        for (name,) in names.fetchall():
            found = self._connection.execute(f'SELECT * FROM "{name}"')
            yield name.removeprefix("table_"), [c[0] for c in found.description], found.fetchall()

    def rows(self, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
        """All rows of one table, in the order they were written. Raises sqlite3.OperationalError for an unknown table."""
        listed = ", ".join(f'"{c}"' for c in columns)
        return self._connection.execute(f'SELECT {listed} FROM "{table}" ORDER BY rowid').fetchall()

    def reference(self, key: str) -> ReferenceValue | None:
        """A reference as `kb.questions.page.reference_value` gives it, or None."""
        found: ReferenceValue | None = self.document("references").get(key)
        return found


class Teller:
    """Tells the words of a way from the tables of a snapshot: see `kb.questions.ways.Teller`."""

    def __init__(self, connection: sqlite3.Connection, cautions: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._connection, self._cautions = connection, cautions

    def node(self, id: str) -> Mapping[str, Any]:
        row = self._connection.execute("SELECT kind, name, data FROM node WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise KeyError(id)
        return {"kind": row[0], "name": row[1], **json.loads(row[2])}

    def cited(self, id: str) -> list[str]:
        return self._ids("SELECT target FROM edge WHERE source = ? AND relation = 'cites' ORDER BY target", id)

    def citing(self, key: str) -> list[str]:
        return self._ids(
            "SELECT e.source FROM edge e JOIN node n ON n.id = e.source WHERE e.target = ? AND e.relation = 'cites'"
            " AND n.kind = 'finding' ORDER BY e.source",
            key,
        )

    def about(self, id: str) -> list[str]:
        out = "SELECT target FROM edge WHERE source = ? AND relation IN ('about', 'with', 'by', 'says')"
        into = "SELECT source FROM edge WHERE target = ? AND relation = 'has_finding'"
        return sorted({*self._ids(out, id), *self._ids(into, id)})

    def cautions(self, holder: str, trigger: str) -> list[Mapping[str, Any]]:
        return [c for c in self._cautions.get(holder, ()) if c["trigger"] == trigger]

    def _ids(self, query: str, id: str) -> list[str]:
        return [row[0] for row in self._connection.execute(query, (id,))]
