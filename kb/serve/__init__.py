"""Serving the dashboards: Voilà, hardened, with kernels that are warm before a reader comes."""

from __future__ import annotations

from pathlib import Path


def run(
    edition: str = "clinician",
    port: int = 8866,
    root: Path | str = ".",
    open_browser: bool = False,
    *,
    snapshot: Path | None = None,
    host: str = "127.0.0.1",
) -> None:
    """Serve until interrupted. `snapshot` is `build/kb.sqlite` under `root` unless given; it is not built here.

    Raises `ValueError` for an unknown edition, `FileNotFoundError` where the notebooks are missing, `DamagedSnapshot`
    or `StaleSnapshot` (see `kb.snapshot`) for a snapshot that cannot be shown, `PortTakenError` for a port in use.
    """
    from kb.serve.app import LIMITS, build  # Jupyter takes a second to import; `kb --help` should not wait for it
    from kb.snapshot import open_snapshot

    root = Path(root).resolve()
    snapshot = snapshot or root / "build" / "kb.sqlite"
    if edition not in LIMITS:
        raise ValueError(f"no edition {edition!r}; choose one of {', '.join(LIMITS)}")
    dashboards = root / "notebooks" / "dashboards"
    if not dashboards.is_dir():
        raise FileNotFoundError(f"{dashboards}: is missing; give the project's directory as root")
    base = open_snapshot(snapshot)
    release = base.meta.get("release") or base.meta["version"]
    base.close()
    build(edition, port, root, snapshot, release, host, open_browser).start()
