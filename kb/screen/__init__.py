"""Finding, in bulk literature, the studies that should be read for this base.

Files are taken apart record by record (`source`, `records`), each record is searched for the words of the base
(`vocabulary`, `matcher`, `mentions`), what speaks of a subject and of an indication or a harm is weighed (`design`,
`gaps`, `score`), and the best are kept (`run`). Nothing is held in memory but the record at hand and the best so far.
"""

from __future__ import annotations

from kb.screen.run import Filters, Screening, screen

__all__ = ["Filters", "Screening", "screen"]
