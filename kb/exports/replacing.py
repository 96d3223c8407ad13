"""A folder that an export may replace: what it wrote there, and nothing else, makes way for the next one.

The list stands in `.kb-site`. A site is often a checkout of its own (`gh-pages`), with a `.git` and somebody's notes in it.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from kb.atomic import write_text
from kb.exports.staging import NAME, move

MARKER = ".kb-site"


class Replaced:
    """The folder of an export, cleared of what the last one left there."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError for a folder that holds other things and no list, and OSError."""
        self.folder, self.marker, self.place = folder, folder / MARKER, folder / NAME
        self.written: set[str] = set()
        strange = sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")) if folder.exists() else []
        told = self._told()
        if told is None and strange:
            raise ValueError(
                f"{folder}: is not empty and holds no list of an earlier export ({strange[0]} is in it); "
                "choose an empty folder, or empty this one yourself"
            )
        listed = told.get("files", []) if told else []
        self.old = [str(file) for file in listed] if isinstance(listed, list) else []
        self.unfinished = bool(told and told.get("unfinished"))

    def write(self, file: str, text: str) -> None:
        """Write one file. Raises ValueError when something of somebody else's stands in its place."""
        self._put(file, text.encode("utf-8"))

    def copy(self, file: str, source: Path) -> None:
        """Copy one file as it is, under the rules of `write`."""
        self._put(file, source.read_bytes())

    def read(self, file: str) -> bytes:
        """A file as it was written."""
        return (self.place / file).read_bytes()

    def finish(self) -> list[Path]:
        """Take the place of what the last export left, remember what was written, and give the paths.

        The list names old and new files while they change places, so an export that is killed then is replaced by the next.
        """
        files = sorted(self.written)
        self._write(sorted({*self.old, *files}), unfinished=True)
        move(self.place, self.folder, files)
        self._remove([file for file in self.old if file not in self.written])
        self._write(files, unfinished=False)
        return [self.marker, *(self.folder / file for file in files)]

    def _put(self, file: str, data: bytes) -> None:
        path = self.folder / file
        known = self.unfinished or file in self.old or file in self.written
        if not known and (path.exists() or path.is_symlink()):
            raise ValueError(f"{path}: no export wrote this; move it away, then export again")
        (self.place / file).parent.mkdir(parents=True, exist_ok=True)
        (self.place / file).write_bytes(data)
        self.written.add(file)

    def _told(self) -> dict[str, list[str] | bool] | None:
        try:
            told = json.loads(self.marker.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return told if isinstance(told, dict) and isinstance(told.get("files"), list) else None

    def _remove(self, files: list[str]) -> None:
        folders: set[Path] = set()
        for file in files:
            inside = PurePosixPath(file)
            if inside.is_absolute() or ".." in inside.parts:
                continue
            path = self.folder / inside
            path.unlink(missing_ok=True)
            folders.update(p for p in path.parents if self.folder in p.parents)
        for folder in sorted(folders, key=lambda p: -len(p.parts)):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _write(self, files: list[str], unfinished: bool) -> None:
        says = "Made by `kb export site`; the next export takes away the files listed here and no others."
        value = {"about": says, "unfinished": unfinished, "files": files}
        write_text(self.marker, json.dumps(value, indent=0) + "\n")
