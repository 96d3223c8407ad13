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
    release: str = "",
    host: str = "127.0.0.1",
) -> None:
    """Serve until interrupted. `snapshot` is `build/kb.sqlite` under `root` unless given; it must exist and be fresh.

    Raises `ValueError` for an unknown edition and `FileNotFoundError` where the snapshot or the notebooks are missing.
    """
    from kb.serve.app import LIMITS, build  # Jupyter takes a second to import; `kb --help` should not wait for it

    root = Path(root).resolve()
    snapshot = snapshot or root / "build" / "kb.sqlite"
    if edition not in LIMITS:
        raise ValueError(f"no edition {edition!r}; choose one of {', '.join(LIMITS)}")
    dashboards = root / "notebooks" / "dashboards"
    if not snapshot.exists():
        raise FileNotFoundError(f"{snapshot}: is missing; run `kb build`")
    if not dashboards.is_dir():
        raise FileNotFoundError(f"{dashboards}: is missing; give the project's directory as root")
    build(edition, port, root, snapshot, release, host, open_browser).start()
