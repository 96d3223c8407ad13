"""What a snapshot was made from: one hash over the curated files and the code that compiles them."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

_COMPILERS = ("model", "formulary", "bibliography", "base", "appraisal", "learning", "snapshot")
_COMPILER_FILES = ("graph.py", "monograph.py", "precheck.py", "search.py", "paths.py")


def content_hash(root: Path) -> str:
    """SHA-256 over names and bytes of `formulary/`, `learning/` and `references.bib`, and over the modules that compile them."""
    digest = hashlib.sha256()
    for name, path in _inputs(root):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in ("formulary", "learning"):
        for path in sorted((root / folder).rglob("*.yaml")):
            yield path.relative_to(root).as_posix(), path
    if (root / "references.bib").exists():
        yield "references.bib", root / "references.bib"
    package = Path(__file__).parent.parent
    for folder in _COMPILERS:
        for path in sorted((package / folder).rglob("*.py")):
            yield f"kb/{path.relative_to(package).as_posix()}", path
    for name in _COMPILER_FILES:
        yield f"kb/{name}", package / name


def git_describe(root: Path) -> str:
    """`git describe` of the checkout, or `unversioned` outside one."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--tags", "--dirty"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unversioned"
    return done.stdout.strip() or "unversioned"
