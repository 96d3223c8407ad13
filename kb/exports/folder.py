"""What every exported folder carries beside its data: licence, release, citation, checksums, and what was left behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.data import LICENCE, LICENCE_ADDRESS, LICENCE_TITLE, Data

MANIFEST = "manifest.json"


def seal(
    data: Data, folder: Path, name: str, what: str, files: Sequence[Path], missing: Sequence[str] = ()
) -> list[Path]:
    """Write README, LICENSE, CITATION.cff, manifest.json and SHA256SUMS for `files`; all files of the folder.

    `missing` says, a sentence each, what the format cannot carry. The same release gives the same bytes.
    """
    texts = notes(data, name, what, missing)
    for file_name, text in texts.items():
        write_text(folder / file_name, text)
    carried = sorted([*files, *(folder / n for n in texts)])
    listed = [
        {"path": p.relative_to(folder).as_posix(), "bytes": p.stat().st_size, "sha256": _sha256(p)} for p in carried
    ]
    manifest = about(data, name, missing) | {"files": listed}
    write_text(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    sums = "".join(f"{_sha256(p)}  {p.relative_to(folder).as_posix()}\n" for p in [*carried, folder / MANIFEST])
    write_text(folder / "SHA256SUMS", sums)
    return [*carried, folder / MANIFEST, folder / "SHA256SUMS"]


def notes(data: Data, name: str, what: str, missing: Sequence[str]) -> dict[str, str]:
    """The texts that stand beside the data: file name to text."""
    licence = f"{data.title}, release {data.release}\n{LICENCE_TITLE} ({LICENCE})\n{LICENCE_ADDRESS}\n\n{_cite(data)}\n"
    return {"README.md": _readme(data, name, what, missing), "LICENSE.txt": licence, "CITATION.cff": _citation(data)}


def about(data: Data, name: str, missing: Sequence[str]) -> dict[str, Any]:
    """The manifest without its files."""
    return {
        "title": data.title,
        "format": name,
        "release": data.release,
        "date": data.date,
        "content": data.content,
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "cite": _cite(data),
        "not_carried": list(missing),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _cite(data: Data) -> str:
    return f"{data.creator}. {data.title}, release {data.release}, {data.date}. {LICENCE}."


def _readme(data: Data, name: str, what: str, missing: Sequence[str]) -> str:
    lines = [
        f"# {data.title}: {name}",
        "",
        f"{what[:1].upper()}{what[1:]}.",
        "",
        f"Release {data.release}, {data.date}. A reference for professionals, not medical advice.",
        "",
        f"Licence: {LICENCE_TITLE} ({LICENCE_ADDRESS}). Please cite: {_cite(data)}",
        "",
        "`manifest.json` lists every file with its checksum; `sha256sum -c SHA256SUMS` checks them.",
    ]
    if missing:
        lines += ["", "## What this format does not carry", "", *(f"- {sentence}" for sentence in missing)]
    return "\n".join(lines) + "\n"


def _citation(data: Data) -> str:
    return (
        "cff-version: 1.2.0\n"
        "message: Please cite the release you used.\n"
        "type: dataset\n"
        f'title: "{data.title}"\n'
        "authors:\n"
        f"  - name: {data.creator}\n"
        f"version: {data.release}\n"
        f"date-released: {data.date}\n"
        f"license: {LICENCE}\n"
    )
