"""The literature as one BibTeX file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.atomic import write_text

if TYPE_CHECKING:
    from kb.snapshot import Snapshot


def write(snapshot: Snapshot, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/references.bib`, in the canonical form and order."""
    references = snapshot.document("references")
    path = folder / "references.bib"
    write_text(path, "\n\n".join(references[key]["bibtex"].strip() for key in sorted(references)) + "\n")
    progress(f"{len(references)} references")
    return [path]
