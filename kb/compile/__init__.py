"""Making a snapshot: every page, table and question of the base written into one SQLite file.

Importing this package is quick; what compiles (pandas, NetworkX, statsmodels) is loaded when something has to be built.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.snapshot import FILE, DamagedSnapshot, StaleSnapshot, open_snapshot

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

__all__ = ["build", "ensure"]

Progress = Callable[[str], None]


def ensure(root: Path, progress: Progress = lambda _: None) -> Path:
    """The path of a fresh, whole snapshot of `root`, built first when it is missing, stale or damaged.

    Raises BadData when the files hold errors.
    """
    path = root / FILE
    reason = _unfit(path, root)
    if not reason:
        return path
    if path.exists():
        progress(f"{reason}; building it anew")
    from kb.compile import compiler

    # Who waited for another program's build finds it done.
    return compiler.build(root, None, progress, needed=lambda: bool(_unfit(path, root)))


def _unfit(path: Path, root: Path) -> str:
    """Why this file cannot serve as the snapshot of `root`; empty when it can."""
    if not path.exists():
        return "missing"
    try:
        open_snapshot(path, root).close()
    except (StaleSnapshot, DamagedSnapshot) as reason:
        return str(reason)
    return ""


def build(
    root: Path,
    base: KnowledgeBase | None = None,
    progress: Progress = lambda _: None,
    approve: Callable[[], None] = lambda: None,
) -> Path:
    """Compile `root` into its snapshot and return the path: see `kb.compile.compiler.build`."""
    from kb.compile import compiler

    return compiler.build(root, base, progress, approve)
