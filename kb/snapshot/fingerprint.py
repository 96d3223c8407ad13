"""What a snapshot was made from: one hash over the curated files and the code that compiles them."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kb.problems import unfit

_COMPILER = "kb.compile"
_IMPORT = re.compile(r"^[ ]*(?:from (kb[\w.]*) import (\([^)]*\)|[^\n]*)|import (kb[\w.]*))", re.MULTILINE)


def content_hash(root: Path) -> str:
    """SHA-256 over names and bytes of `formulary/`, `learning/` and `references.bib`, and over the modules that compile them."""
    digest = hashlib.sha256()
    for name, path in _inputs(root):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(b"" if unfit(path, name) else path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in ("formulary", "learning"):
        for path in sorted((root / folder).rglob("*.yaml")):
            yield path.relative_to(root).as_posix(), path
    if (root / "references.bib").exists():
        yield "references.bib", root / "references.bib"
    package = Path(__file__).parent.parent
    for path in sorted(compilers(package)):
        yield f"kb/{path.relative_to(package).as_posix()}", path


def compilers(package: Path) -> set[Path]:
    """The modules that make a snapshot: `kb.compile` and whatever it imports, directly or through others.

    Read from the import lines and not from what is loaded, so that a program that never compiles comes to the same set.
    """
    found: set[Path] = set()
    waiting = list((package / _COMPILER.removeprefix("kb.")).rglob("*.py"))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for module, names, plain in _IMPORT.findall(path.read_text(encoding="utf-8")):
            target = package.joinpath(*(module or plain).split(".")[1:])
            parts = [target / name for name in re.findall(r"\w+", names)]
            for candidate in (target, *target.parents, *parts):
                if package in (candidate, *candidate.parents):
                    modules = (candidate.with_suffix(".py"), candidate / "__init__.py")
                    waiting += [m for m in modules if m.is_file()]
    return found


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
