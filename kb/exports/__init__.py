"""The base in other shapes, one module per format. Each reads the snapshot and writes into a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

FORMATS = {
    "site": "the whole base as a web site of plain files; opens without a server and without a network",
    "json": "every record and every page as JSON, with JSON Schemas",
    "csv": "every record, link and code as relational CSV, with a Frictionless Data Package",
    "parquet": "the same tables as Parquet",
    "graphml": "the graph for Gephi, yEd, igraph or NetworkX",
    "gexf": "the graph for Gephi",
    "kgx": "the graph as KGX files on the Biolink model, with every code that is covered",
    "neo4j": "the graph for neo4j-admin import",
    "rdf": "linked data as Turtle and JSON-LD (schema.org, SKOS, PROV-O, CiTO), with SHACL shapes",
    "fhir": "FHIR R5: SubstanceDefinition, ClinicalUseDefinition, Evidence and Citation as NDJSON",
    "pdf": "monographs and sheets to print, by a Chromium on this machine",
    "wheel": "the content as a Python package, for use without a checkout",
    "bibtex": "the literature as BibTeX, capitals kept",
    "ris": "the literature as RIS, for EndNote, Zotero, Rayyan or Covidence",
    "csl": "the literature as CSL-JSON, for Zotero, pandoc or citeproc",
    "citations": "the literature as lists in Vancouver, AMA and APA style",
}
"""Name of each format, and what it is."""

Progress = Callable[[str], None]


class MissingExtra(Exception):
    """A format needs a package that is not installed; the message says how to get it."""


def export(
    name: str, snapshot: Snapshot, folder: Path, progress: Progress = lambda _: None, **options: Any
) -> list[Path]:
    """Write the base as `name` into `folder` (made if need be) and return the files.

    Every folder carries licence, release, citation, checksums and a manifest beside the data. Raises KeyError for another
    name, MissingExtra when a package for the format is not installed, and OSError when the disk takes nothing; the
    folder then holds what it held.
    """
    if name not in FORMATS:
        raise KeyError(f"no format {name!r}; there are: {', '.join(FORMATS)}")
    try:
        module = import_module(f"kb.exports.{name}")
        if name == "site":
            written: list[Path] = module.write(snapshot, folder, progress, **options)
            return written
        return _sealed(name, module, snapshot, folder, progress, options)
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(name)
        if extra is None:
            raise
        raise MissingExtra(
            f"the format {name} needs {error.name}; install it with: pip install 'mesotherapy-kb[{extra}]'"
        ) from error


def _sealed(
    name: str, module: Any, snapshot: Snapshot, folder: Path, progress: Progress, options: dict[str, Any]
) -> list[Path]:
    """Written whole beside what is there, then put in its place; what only an earlier release had is taken away."""
    from kb.exports.data import Data
    from kb.exports.folder import MANIFEST, seal
    from kb.exports.staging import move, outdated, staged

    data = Data(snapshot)
    with staged(folder) as place:
        made = seal(data, place, name, FORMATS[name], module.write(data, place, progress, **options), module.MISSING)
        files = [path.relative_to(place).as_posix() for path in made]
        old = [] if options.get("only") else outdated(folder, MANIFEST, name, files)
        move(place, folder, files)
    for path in old:
        path.unlink(missing_ok=True)
    return [folder / file for file in files]


_EXTRAS = {
    "pdf": "pdf",
    "wheel": "package",
    "parquet": "tables",
    "rdf": "rdf",
    "ris": "citations",
    "citations": "citations",
}
