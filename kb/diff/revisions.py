"""The base as it stood at a git revision, read without touching the checkout."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.knowledge import KnowledgeBase, load


class RevisionError(Exception):
    """There is no such revision, or git cannot be asked; the message says what to do."""


@contextmanager
def at_revision(root: Path, revision: str) -> Iterator[KnowledgeBase]:
    """The base at `revision` (a commit, a tag, `HEAD~3`), read into a folder that goes away after the block.

    Records that could not be read then are left out; `base.problems` names them. Raises RevisionError.
    """
    commit = resolve(root, revision)
    listed = _git(root, "ls-tree", "--name-only", commit, "--", "formulary", "references.bib").decode().split()
    if "formulary" not in listed:
        raise RevisionError(f"revision {revision!r} holds no formulary; name a later one")
    packed = _git(root, "archive", "--format=tar", commit, "--", *listed)
    with tempfile.TemporaryDirectory(prefix="kb-revision-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(folder, filter="data")
            else:  # Python before 3.11.4, which Debian 12 has, knows no filters; what is unpacked was packed by git just now
                archive.extractall(folder)
        yield load(folder, strict=False)


def resolve(root: Path, revision: str) -> str:
    """The commit a revision names. Raises RevisionError when there is none."""
    if not revision or revision.startswith("-"):
        raise RevisionError(f"{revision!r} is not a git revision; `git log --oneline` and `git tag` list them")
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except RevisionError as error:
        if str(error):
            raise
        raise RevisionError(
            f"{revision!r} is not a git revision; `git log --oneline` and `git tag` list them"
        ) from error


def last_release(root: Path) -> str | None:
    """The newest commit that set the version of the release record; None when there is none (or no git).

    A later commit that mends the notes, or carries the record to another model, makes no release.
    """
    try:
        changed = _git(root, "log", "-1", "--format=%H", "-G^version:", "--", "formulary/release.yaml")
        return changed.decode().strip() or None
    except RevisionError:
        return None


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, timeout=60)
    except FileNotFoundError as error:
        raise RevisionError("git is not installed on this machine") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise RevisionError(f"git did not answer ({type(error).__name__})") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(said[0] if said else "")
    return done.stdout
