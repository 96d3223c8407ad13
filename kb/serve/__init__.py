"""Serving the dashboards: Voilà, hardened; pages drawn by the server itself, notebooks run in kernels of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.serve.options import Options


def run(
    edition: str = "clinician",
    port: int = 8866,
    root: Path | str = ".",
    open_browser: bool = False,
    *,
    snapshot: Path | None = None,
    host: str = "127.0.0.1",
    **more: Any,
) -> None:
    """Serve until interrupted. `snapshot` is `build/kb.sqlite` under `root` unless given; it is not built here.

    `more` are the other fields of `kb.serve.options.Options`. Raises `ValueError` for an unknown edition or options that
    make no sense, `DamagedSnapshot` or `StaleSnapshot` (see `kb.snapshot`) for a snapshot that cannot be shown,
    `PortTakenError` for a port in use.
    """
    from kb.serve.options import Options

    root = Path(root).resolve()
    options = Options(
        root=root,
        snapshot=(snapshot or root / "build" / "kb.sqlite").resolve(),
        edition=edition,
        port=port,
        host=host,
        open_browser=open_browser,
        **more,
    )
    serve(options)


def serve(options: Options) -> None:
    """The same with options made elsewhere."""
    # When jsonschema is imported it builds the grammar of RFC 3987, a quarter of a server's start, to look at addresses in event
    # schemas of Jupyter, which are Jupyter's own. Without this package it leaves them unlooked at, in this program alone.
    if "jsonschema" not in sys.modules:
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from kb.serve import journal
    from kb.serve.app import LIMITS, build  # Jupyter takes a second to import; `kb --help` should not wait for it
    from kb.snapshot import open_snapshot

    if options.edition not in LIMITS:
        raise ValueError(f"no edition {options.edition!r}; choose one of {', '.join(LIMITS)}")
    open_snapshot(options.snapshot).close()  # said before anything starts
    journal.start(requests=options.log_requests)
    build(options).start()
