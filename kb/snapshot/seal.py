"""What tells a whole snapshot from a damaged one: its length, known from its own first page, and a checksum over the rest.

The length is looked at on every opening and costs the same for any size. The checksum stands where SQLite leaves room for a
number of the application's own (`user_version`); every byte behind the file's header counts. It is compared where a file is
taken over for long: by `kb build` and `kb doctor`, when a server starts, and when a new file goes live. What was damaged in
between is noticed by the read that comes across it.
"""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

_HEADER, _SEAL = 100, 60
"""Bytes of SQLite's header, and where `user_version` stands in it."""
_PIECE = 1 << 20


class DamagedSnapshot(Exception):
    """The file is not a whole snapshot."""


def stamp(path: Path) -> None:
    """Write the checksum of a finished, closed snapshot. Nothing may be written to it afterwards."""
    with open(path, "rb+") as file:
        file.seek(_SEAL)
        file.write(checksum(path).to_bytes(4, "big"))


def checksum(path: Path) -> int:
    """CRC-32 over everything behind the header."""
    found = 0
    with open(path, "rb") as file:
        file.seek(_HEADER)
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found


def is_whole(path: Path) -> bool:
    """Whether every byte is as the build left it."""
    return int.from_bytes(_header(path)[_SEAL : _SEAL + 4], "big") == checksum(path)


def has_its_length(path: Path) -> bool:
    """Whether it is a database as long as its own first page says."""
    head = _header(path)
    page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    return head.startswith(b"SQLite format 3\0") and path.stat().st_size == page * pages


def _header(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(_HEADER)


def reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads, and says DamagedSnapshot where it comes across what is no database any more."""
    # The file is replaced, never written to, so SQLite may skip its locks: it stays readable on read-only disks.
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"  # a name may hold # ? and %
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, factory=_Reading)
    connection.path = path
    return connection


class _Reading(sqlite3.Connection):
    path: Path

    def execute(self, *asked: Any) -> Any:
        return self.cursor(_Rows).execute(*asked)


class _Rows(sqlite3.Cursor):
    def execute(self, *asked: Any) -> Any:
        return self._read(super().execute, *asked)

    def fetchone(self) -> Any:
        return self._read(super().fetchone)

    def fetchall(self) -> Any:
        return self._read(super().fetchall)

    def __next__(self) -> Any:
        return self._read(super().__next__)

    def _read(self, read: Any, *asked: Any) -> Any:
        try:
            return read(*asked)
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # a wrong question, a full disk
                raise
            path = getattr(self.connection, "path", "")
            raise DamagedSnapshot(f"{path}: the snapshot is damaged ({error}); run `kb build`") from error
