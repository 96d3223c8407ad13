"""A snapshot that was installed as a package: what `kb` answers from where there is no checkout."""

from __future__ import annotations

import importlib.util
import os
from importlib.metadata import entry_points
from pathlib import Path

GROUP = "kb.content"
"""Entry point group under which a content package names its module."""
FILE_NAME = "kb.sqlite"
VARIABLE = "KB_CONTENT"


def installed() -> Path | None:
    """The snapshot of the installed content package, or None without one.

    With several, the environment variable KB_CONTENT names the one to take; else LookupError lists them.
    """
    found = {point.name: point.value for point in entry_points(group=GROUP)}
    wanted = os.environ.get(VARIABLE)
    if wanted:
        if wanted not in found:
            raise LookupError(f"{VARIABLE}={wanted}: no such content is installed; there is: {_listed(found)}")
        return _file(found[wanted])
    if len(found) > 1:
        raise LookupError(f"several contents are installed ({_listed(found)}); name one in {VARIABLE}")
    return next(map(_file, found.values()), None)


def _listed(found: dict[str, str]) -> str:
    return ", ".join(sorted(found)) or "none"


def _file(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"the content package {module} is damaged; install it again")
    return Path(spec.origin).parent / FILE_NAME
