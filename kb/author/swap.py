"""Several files given other texts or places as one: all of it can be taken back without room on the disk.

What a file held before stays beside it under another name until it is known whether the change stands, so taking back only
gives names back. A full disk that stops the third file leaves the first two as they were.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from kb.atomic import because, write_text


class Swap:
    """Changes to files that are kept by `done` or taken back by `back`."""

    def __init__(self) -> None:
        self._backups: list[Path] = []
        self._undo: list[tuple[Path, Path]] = []
        """What stands where now, and the name it had before."""

    def put(self, path: Path, text: str) -> None:
        """Give a file that is there another text. Raises OSError; the file is then as it was."""
        backup = path.with_name(f".{path.name}.{os.getpid()}.{len(self._backups)}.tmp")  # swept up if left by a crash
        self._backups.append(backup)
        try:
            os.link(path, backup)
        except OSError:  # a file system without hard links (FAT, many network drives)
            shutil.copy2(path, backup)
        write_text(path, text)
        self._undo.append((backup, path))

    def move(self, path: Path, to: Path) -> None:
        """Give a file another place. Raises OSError."""
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        self._undo.append((to, path))

    def back(self) -> list[str]:
        """Every file as it was before; a sentence for each that the system does not let have it, whose text then stays beside it."""
        trouble: list[str] = []
        for here, before in reversed(self._undo):
            try:
                os.replace(here, before)
            except OSError as error:
                trouble.append(f"{before.name} could not be given back ({because(error)}); it is in {here}")
                self._backups = [b for b in self._backups if b != here]
        self.done()
        return trouble

    def done(self) -> None:
        """Keep the change."""
        for backup in self._backups:
            with suppress(OSError):
                backup.unlink(missing_ok=True)
