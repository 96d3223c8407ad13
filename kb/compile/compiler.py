"""Compile the base into `build/kb.sqlite`, byte for byte the same from the same inputs."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

import kb
from kb.atomic import sweep
from kb.compile import rows
from kb.compile.documents import documents
from kb.formulary.content import CHANGED_SINCE, review_state
from kb.knowledge import KnowledgeBase, load
from kb.learning.bank import documents as questions
from kb.questions import search
from kb.questions.rules import rules
from kb.questions.tables import NAMES
from kb.snapshot import seal
from kb.snapshot.fingerprint import content_hash, git_describe
from kb.snapshot.open import FILE, FORMAT, Snapshot

Progress = Callable[[str], None]

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE page (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE edge (source TEXT NOT NULL, target TEXT NOT NULL, relation TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE node (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX edge_source ON edge (source);
CREATE INDEX edge_target ON edge (target);
"""


def build(
    root: Path,
    base: KnowledgeBase | None = None,
    progress: Progress = lambda _: None,
    approve: Callable[[], None] = lambda: None,
    needed: Callable[[], bool] = lambda: True,
) -> Path:
    """Compile `root` into its snapshot and return the path. The old file stays until the new one is whole.

    `approve` is called before the new file takes the old one's place; when it raises, the old one stays.
    Raises BadData when the files hold errors; two builds at once wait for each other, and `needed` is asked
    after the wait.
    """
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(path) + ".lock"):
        if not needed():
            return path
        for folder in (path.parent, root / "formulary"):
            sweep(folder)  # what a build or a save left that was killed
        hash_before = content_hash(root)
        progress("reading the formulary and the bibliography")
        base = base or load(root)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        temporary.unlink(missing_ok=True)
        try:
            _compile(base, temporary, hash_before, progress)
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
            approve()
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _compile(base: KnowledgeBase, path: Path, content: str, progress: Progress) -> None:
    connection = sqlite3.connect(path)
    try:
        # No journal file beside it, one settled page size, no free pages: the same inputs give the same bytes.
        connection.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.executescript(_SCHEMA)
        _fill(base, connection, content, progress)
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()
    seal.stamp(path)


_WITHOUT_PAGE = frozenset({"finding", "reference", "claim", "product"})


def _fill(base: KnowledgeBase, connection: sqlite3.Connection, content: str, progress: Progress) -> None:
    progress("pooling comparable outcomes")
    graph = base.graph
    progress("writing the pages")
    for slug in sorted(n for n, d in graph.nodes(data=True) if d["kind"] not in _WITHOUT_PAGE):
        page = base.monograph(slug)
        connection.execute("INSERT INTO page VALUES (?, ?, ?, ?)", (slug, page["kind"], page["name"], _json(page)))
    for node, data in sorted(graph.nodes(data=True)):
        rest = {k: v for k, v in data.items() if k not in {"kind", "name"}}
        connection.execute("INSERT INTO node VALUES (?, ?, ?, ?)", (node, data["kind"], data["name"], _json(rest)))
    edges = sorted(
        (u, v, k, _json({a: b for a, b in d.items() if a != "relation"}))
        for u, v, k, d in graph.edges(keys=True, data=True)
    )
    connection.executemany("INSERT INTO edge VALUES (?, ?, ?, ?)", edges)
    connection.execute("INSERT INTO document VALUES ('precheck', ?)", (_json(rules(base)),))
    for name, value in sorted(documents(base).items()):
        connection.execute("INSERT INTO document VALUES (?, ?)", (name, _json(value)))
    progress("making the questions for learners")
    for name, value in questions(Snapshot(base.root / FILE, connection, {})).items():
        connection.execute("INSERT INTO document VALUES (?, ?)", (name, _json(value)))
    progress("writing the tables and the search index")
    _tables(base, connection)
    rows.fill(base, connection)
    search.fill(connection, search.entries(base))
    release = base.formulary.release
    meta = {
        "release": release.version if release else "",
        "released": str(release.date) if release else "",
        "notes": release.notes if release else "",
        "format": str(FORMAT),
        "kb": kb.__version__,
        "content": content,
        "version": git_describe(base.root),
        "date": max((str(s.review.last) for s in base.subjects.values()), default=""),
        "reviews": _reviews(base),
    }
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))


def _reviews(base: KnowledgeBase) -> str:
    """How many pages still say what was read at their review, and whether people are named; `""` without pages."""
    subjects = list(base.subjects.values())
    changed = sum(review_state(s) == CHANGED_SINCE for s in subjects)
    unnamed = sum(not s.review.names_a_person for s in subjects)
    if not subjects:
        return ""
    told = f"{changed} of {len(subjects)} pages have changed since their review"
    return told + (f", and the reviews of {unnamed} name no person" if unnamed else "")


def _tables(base: KnowledgeBase, connection: sqlite3.Connection) -> None:
    """Every pandas table as an SQL table of the same name, so that any SQLite tool can ask the base."""
    for name in NAMES:
        base.table(name).to_sql(f"table_{name}", connection, index=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False, separators=(",", ":"), default=list)
