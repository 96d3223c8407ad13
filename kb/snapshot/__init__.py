"""The snapshot: the whole base in one SQLite file that dashboards open read-only. `kb.compile` makes it."""

from kb.snapshot.open import FILE, FORMAT, Snapshot, StaleSnapshot, open_snapshot
from kb.snapshot.seal import DamagedSnapshot

__all__ = ["FILE", "FORMAT", "DamagedSnapshot", "Snapshot", "StaleSnapshot", "open_snapshot"]
