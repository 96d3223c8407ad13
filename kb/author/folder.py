"""The folder `.authoring` at the root: drafts, states git does not have, locks. Git does not see it; `make clean` keeps it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.atomic import write_text

NAME = ".authoring"
PATIENCE_SECONDS = 60.0
"""How long a save waits for another author's save; one takes about a second."""


class BusyError(Exception):
    """Another program holds the formulary and does not let go."""


def authoring(root: Path, *parts: str) -> Path:
    """The folder `.authoring/<parts>` of a root, made when it is not there."""
    top = root / NAME
    top.mkdir(mode=0o700, exist_ok=True)  # what is not saved yet is its author's alone
    folder = top.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    ignore = top / ".gitignore"
    if not ignore.exists():
        write_text(ignore, "*\n")
    return folder


@contextlib.contextmanager
def writing(root: Path) -> Iterator[None]:
    """Alone with the files of `root` among all programs that ask the same way. Raises BusyError after a minute."""
    lock = FileLock(str(authoring(root, "locks") / "save.lock"), timeout=PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            "another author's save has not finished for a minute; try again, or restart the kernel that hangs"
        ) from error
    try:
        yield
    finally:
        lock.release()


def find_root(start: Path | str | None = None) -> Path:
    """The nearest folder, from `start` (or KB_ROOT, or here) upwards, that holds `formulary/`.

    Raises FileNotFoundError when there is none.
    """
    here = Path(start or os.environ.get("KB_ROOT") or ".").resolve()
    for folder in (here, *here.parents):
        if (folder / "formulary").is_dir():
            return folder
    raise FileNotFoundError(
        f"{here}: no folder from here upwards holds `formulary/`; open the notebook in its checkout"
    )


def now() -> datetime:
    return datetime.now(UTC).astimezone()
