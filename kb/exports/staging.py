"""An export is made whole beside the folder's files before it takes their place: a full disk or a kill leaves the old one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

NAME = ".kb-export.tmp"


@contextlib.contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A place inside `folder` to write to. It is gone at the end, and so is `folder` when nothing came to be in it."""
    place = folder / NAME
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)  # of an export that was killed
        place.mkdir()
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def move(place: Path, folder: Path, files: Iterable[str]) -> None:
    """Give each file of `place` its name in `folder`. Every folder is made before the first file is replaced."""
    files = list(files)
    for parent in sorted({(folder / file).parent for file in files}):
        parent.mkdir(parents=True, exist_ok=True)
    for file in files:
        os.replace(place / file, folder / file)


def outdated(folder: Path, manifest: str, name: str, files: Iterable[str]) -> list[Path]:
    """Files that an earlier export as `name` lists in its manifest, in the size it gave them, and this one does not write."""
    try:
        told = json.loads((folder / manifest).read_text(encoding="utf-8"))
        listed = {str(f["path"]): int(f["bytes"]) for f in told["files"]} if told["format"] == name else {}
    except (OSError, ValueError, KeyError, TypeError):
        return []
    keep = {manifest, *files}
    found = []
    for file, size in listed.items():
        inside = PurePosixPath(file)
        path = folder / inside
        if file in keep or inside.is_absolute() or ".." in inside.parts or not path.is_file() or path.is_symlink():
            continue
        if path.stat().st_size == size:
            found.append(path)
    return found
