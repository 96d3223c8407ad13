"""0.2.0 to parts: findings, assessments and cautions leave the subject's file for files of their own beside it.

A finding goes to `<folder>/<subject>/<reference>.yaml` with the others of its paper, an assessment to `assessment-<id>.yaml`,
a caution to `caution-<id>.yaml`. Comments go with the record they stand in. Texts are moved, never reworded.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from kb.atomic import write_text
from kb.formulary.write import dump, load

FOLDERS = ("ingredients", "techniques", "exposures")
HEAD = "# yaml-language-server: $schema=../../../schema/subject-part.json\n"


def split(root: Path) -> list[str]:
    """Split every subject's file under `root`; the files written, relative to the root. Twice changes nothing."""
    written = []
    for folder in FOLDERS:
        for path in sorted((root / "formulary" / folder).glob("*.yaml")):
            written += [p.relative_to(root).as_posix() for p in _split_subject(path)]
    return written


def _split_subject(path: Path) -> list[Path]:
    document = load(path.read_text(encoding="utf-8"))
    parts: dict[str, CommentedMap] = {}
    for name, file_of in (("findings", _finding), ("assessments", _assessment), ("cautions", _caution)):
        entries = document.get(name)
        if not isinstance(entries, list):
            continue
        for entry in entries:
            part = parts.setdefault(file_of(entry), CommentedMap())
            part.setdefault(name, CommentedSeq()).append(entry)
        del document[name]
    if not parts:
        return []
    written = []
    folder = path.with_suffix("")
    for name, part in parts.items():
        target = folder / f"{name}.yaml"
        _add(target, part)
        written.append(target)
    write_text(path, dump(document))
    return [*written, path]


def _add(target: Path, part: CommentedMap) -> None:
    """Write the part, after what the file may hold already."""
    if target.exists():
        there = load(target.read_text(encoding="utf-8"))
        for name, entries in part.items():
            there.setdefault(name, CommentedSeq()).extend(entries)
        write_text(target, dump(there))
        return
    target.parent.mkdir(exist_ok=True)
    write_text(target, HEAD + dump(part))


def _slug(text: Any) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-") or "record"


def _finding(entry: Any) -> str:
    return _slug(entry.get("reference"))


def _assessment(entry: Any) -> str:
    return f"assessment-{_slug(entry.get('id'))}"


def _caution(entry: Any) -> str:
    return f"caution-{_slug(entry.get('id'))}"
