"""Finding, in bulk literature, the studies that should be read for this base.

Files of any format are brought into Parquet once (`source`, `records`, `pubmed`, `europepmc`, `rows`, `ingest`). The questions to
those rows are written once on Ibis (`queries`) and carried out by DuckDB or Spark (`engines`). Most rows are released by the
`sieve`; each that is left is searched for the words of the base (`vocabulary`, `matcher`, `mentions`) and weighed (`design`,
`gaps`, `likeness`, `score`, `learned`) by a `judge`; `run` puts the candidates in order and leaves out what is known or was decided
(`decisions`); `alarms` tells what happened to papers that are cited. The libraries for it are an extra (`extras`).
"""

from __future__ import annotations

from kb.screen.run import Filters, Screening, screen

__all__ = ["Filters", "Screening", "screen"]
