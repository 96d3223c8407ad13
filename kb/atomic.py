"""Saving a text file so that a crash at any moment leaves the old file or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from pathlib import Path

_TEMPORARY = re.compile(r"\..+\.([a-z0-9_]{8}|\d+)\.tmp")  # .minoxidil.yaml.ab12cd34.tmp, .kb.sqlite.4711.tmp


def write_text(path: Path | str, text: str) -> bool:
    """Replace the file at `path` with `text` (UTF-8, line ends as given); False when it held exactly that already.

    The text goes to a temporary file in the same directory, reaches the disk, and takes the name in one step; the
    directory is then written to disk as well. An existing file keeps its mode, and a symbolic link its target.
    Raises OSError when the place cannot be written, and UnicodeEncodeError for text that is not Unicode (a lone
    surrogate); in both cases the old file is untouched and no temporary file stays behind.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path | str, data: bytes) -> bool:
    """Replace the file at `path` with `data`, in the way of `write_text`."""
    target = Path(os.path.realpath(path))
    mode = 0o644
    with contextlib.suppress(FileNotFoundError):
        if target.read_bytes() == data:
            return False
        mode = target.stat().st_mode & 0o777
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(target.parent)
    return True


def because(error: Exception) -> str:
    """Why a file or a database could not be written, in the words of the system where it has some."""
    return getattr(error, "strerror", None) or str(error)


def leftovers(folder: Path, older_than: float = 3600) -> list[Path]:
    """Temporary files below `folder` of saves and builds that were killed; those of the last hour may be in use.

    A file from an hour that is still to come was written before the clock was set back.
    """
    now = time.time()
    found = []
    for path in folder.rglob(".*.tmp"):
        with contextlib.suppress(OSError):
            if _TEMPORARY.fullmatch(path.name) and path.is_file() and abs(now - path.lstat().st_mtime) > older_than:
                found.append(path)
    return sorted(found)


def sweep(folder: Path, older_than: float = 3600) -> list[Path]:
    """Remove what killed saves and builds left below `folder`, and say what that was."""
    found = leftovers(folder, older_than)
    for path in found:
        with contextlib.suppress(OSError):
            path.unlink()
    return found


def _sync_directory(directory: Path) -> None:
    """Write the new name to disk; systems that cannot open a directory (Windows) do this by themselves."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
