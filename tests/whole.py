"""The base as it stands, read and opened once for all tests of a process: reading it takes seconds.

Nobody may change what these hand out (a test that has to, patches and puts back), nor close it.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import kb
from kb.compile import ensure
from kb.knowledge import KnowledgeBase
from kb.snapshot import Snapshot, open_snapshot

ROOT = Path(__file__).resolve().parents[1]


@cache
def base() -> KnowledgeBase:
    """The records."""
    return kb.load(ROOT)


def snapshot_file() -> Path:
    """The snapshot of the base; KB_SNAPSHOT names one that is built already."""
    given = os.environ.get("KB_SNAPSHOT")
    return Path(given) if given else ensure(ROOT)


@cache
def snapshot() -> Snapshot:
    """What readers see of them."""
    return open_snapshot(snapshot_file())


def table(path: Path) -> Any:
    """A YAML file of cases."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
