"""`kb table`; see `kb.cli.change`."""

from __future__ import annotations

from kb.cli.change import table as command

__all__ = ["command"]
