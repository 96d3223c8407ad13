"""What every export reads: records and tables of a snapshot, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.questions.relational import Column, Table

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Record = dict[str, Any]

_NAMED = ("ingredients", "techniques", "exposures", "terms")
"""Kinds of records that name things and carry their codes."""
LICENCE = "CC-BY-4.0"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"


class Data:
    """One release: its records by kind, its tables, and who may use it how."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.release = snapshot.meta.get("release", "")
        self.date = snapshot.meta.get("released", "") or snapshot.meta.get("date", "")
        self.content = snapshot.meta["content"]
        self.field = snapshot.field
        self.title: str = self.field["name"]
        self.creator: str = self.field["creator"]
        self.base: str = self.field["id"]
        """Name of the base for machines, e.g. `mesotherapy-kb`."""

    @cached_property
    def records(self) -> dict[str, dict[str, Record]]:
        """Kind (findings, cautions, ...) to id to record; a record of a subject has the subject's id as `subject`."""
        found: dict[str, dict[str, Record]] = self.snapshot.document("records")
        return found

    @cached_property
    def tables(self) -> list[Table]:
        """Every relational table, in an order in which each stands after those its keys lead to."""
        found = []
        for layout in self.snapshot.document("relational"):
            columns = [Column(**c) for c in layout["columns"]]
            rows = self.snapshot.rows(f"rel_{layout['name']}", [c.name for c in columns])
            found.append(Table(layout["name"], tuple(layout["key"]), columns, rows, layout["title"]))
        return found

    @property
    def references(self) -> dict[str, Record]:
        return self.records["references"]

    def name(self, slug: str) -> str:
        """What people call a thing; the slug itself for an id that names nothing."""
        return self._names.get(slug, slug)

    @cached_property
    def _names(self) -> dict[str, str]:
        things = next(t for t in self.tables if t.name == "things")
        return {str(row[0]): str(row[2]) for row in things.rows}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Slug to its leading kind."""
        things = next(t for t in self.tables if t.name == "things")
        return {str(row[0]): str(row[1]) for row in things.rows}

    def identifiers(self, slug: str) -> dict[str, list[str]]:
        """Scheme to codes of a subject or term, over everything the slug stands for."""
        return self._identifiers.get(slug, {})

    def approximate(self, slug: str) -> dict[str, list[str]]:
        """Scheme to codes that stand near a subject or term without meaning the same."""
        return self._approximate.get(slug, {})

    def broader(self, slug: str) -> list[str]:
        """Slugs of what a subject or term is a kind of, as its records name them."""
        return self._broader.get(slug, [])

    @cached_property
    def _broader(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind in _NAMED:
            for record in self.records[kind].values():
                found.setdefault(record["id"], []).extend(record.get("parents", []))
        return found

    @cached_property
    def _identifiers(self) -> dict[str, dict[str, list[str]]]:
        return self._codes(lambda scheme, record: scheme not in record.get("approximate", []))

    @cached_property
    def _approximate(self) -> dict[str, dict[str, list[str]]]:
        return self._codes(lambda scheme, record: scheme in record.get("approximate", []))

    def _codes(self, wanted: Callable[[str, Record], bool]) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for kind in _NAMED:
            for record in self.records[kind].values():
                for scheme, codes in record.get("identifiers", {}).items():
                    if scheme == "seen_at" or not wanted(scheme, record):
                        continue
                    into = found.setdefault(record["id"], {}).setdefault(scheme, [])
                    into += [c for c in (codes if isinstance(codes, list) else [codes]) if c not in into]
        return found
