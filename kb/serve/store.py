"""Drawn pages, packed and kept: what a release says at an address never changes."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

LEVEL = 6
OVERHEAD = 400  # bytes that an entry takes beside its body


@dataclass(frozen=True)
class Packed:
    """An answer: its status and its body, packed with gzip."""

    status: int
    body: bytes

    @classmethod
    def of(cls, text: str, status: int) -> Packed:
        return cls.of_bytes(text.encode("utf-8", "replace"), status)

    @classmethod
    def of_bytes(cls, body: bytes, status: int) -> Packed:
        return cls(status, gzip.compress(body, LEVEL, mtime=0))

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.body)


class Store:
    """The answers used last, as many as fit into `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.bytes = 0
        self._held: OrderedDict[Hashable, Packed] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable) -> Packed | None:
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, packed: Packed) -> None:
        weight = len(packed.body) + OVERHEAD
        if weight > self.size or key in self._held:
            return
        self._held[key] = packed
        self.bytes += weight
        while self.bytes > self.size:
            _, dropped = self._held.popitem(last=False)
            self.bytes -= len(dropped.body) + OVERHEAD

    def clear(self) -> None:
        self._held.clear()
        self.bytes = 0
