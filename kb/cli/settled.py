"""Texts that `kb fmt` has found in canonical form already, so that a second run reads only what has changed since."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from kb.atomic import write_text

_RULES = ("formulary", "bibliography")
"""Rooms whose code decides what is canonical: with any change in them everything is read again."""


def _rules() -> str:
    digest = hashlib.sha256(version("ruamel.yaml").encode())
    for room in _RULES:
        for path in sorted((Path(__file__).parents[1] / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Settled:
    """The hashes of such texts, kept in `build/fmt-settled.txt`; losing the file only costs time."""

    def __init__(self, root: Path) -> None:
        self._path = root / "build" / "fmt-settled.txt"
        self._rules = _rules()
        try:
            lines = self._path.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            lines = []
        self._before = set(lines[1:]) if lines[:1] == [self._rules] else set()
        self._now: set[str] = set()

    def has(self, content: bytes) -> bool:
        """Is this, byte for byte, a text that was canonical at an earlier run?"""
        seen = _hash(content) in self._before
        if seen:
            self._now.add(_hash(content))
        return seen

    def add(self, content: bytes) -> None:
        """Remember a text that is canonical."""
        self._now.add(_hash(content))

    def keep(self, *, whole: bool) -> None:
        """Write them down: those of this run alone after a run over all files, else beside the earlier ones."""
        texts = self._now if whole else self._now | self._before
        if texts == self._before or not (self._path.parents[1] / "formulary").is_dir():
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._path, "\n".join([self._rules, *sorted(texts)]) + "\n")
        except OSError:
            return  # a checkout that cannot be written to is formatted without a memory


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
