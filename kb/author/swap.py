"""Several files given other texts or places as one: all of it can be taken back without room on the disk.

What a file held before stays beside it under another name until it is known whether the change stands, so taking back only
gives names back. A full disk that stops the third file leaves the first two as they were.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kb.atomic import write_text


class Swap:
    """Changes to files that are kept by `done` or taken back by `back`."""

    def __init__(self) -> None:
        self._backups: list[Path] = []
        self._undo: list[Callable[[], object]] = []

    def put(self, path: Path, text: str) -> None:
        """Give a file that is there another text. Raises OSError; the file is then as it was."""
        backup = path.with_name(f".{path.name}.{os.getpid()}.{len(self._backups)}.tmp")  # swept up if left by a crash
        os.link(path, backup)
        self._backups.append(backup)
        write_text(path, text)
        self._undo.append(lambda: os.replace(backup, path))

    def move(self, path: Path, to: Path) -> None:
        """Give a file another place. Raises OSError."""
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        self._undo.append(lambda: to.rename(path))

    def back(self) -> None:
        """Every file as it was before."""
        for action in reversed(self._undo):
            action()
        self.done()

    def done(self) -> None:
        """Keep the change."""
        for backup in self._backups:
            with suppress(OSError):
                backup.unlink(missing_ok=True)
