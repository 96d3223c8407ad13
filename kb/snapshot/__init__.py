"""The snapshot: the whole base in one SQLite file that dashboards open read-only."""

from kb.snapshot.build import FILE, build, ensure
from kb.snapshot.open import DamagedSnapshot, Snapshot, StaleSnapshot, open_snapshot

__all__ = ["FILE", "DamagedSnapshot", "Snapshot", "StaleSnapshot", "build", "ensure", "open_snapshot"]
