"""The files of `learning/` to records, with every problem at once, as `kb.formulary.read` does for the formulary."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kb.formulary.validate import validate
from kb.formulary.yamltext import Document, parse, read_text
from kb.learning.records import DrawnDepth, GlossaryTerm, LearningPath, PatientCase
from kb.model import Record
from kb.problems import Problem

R = TypeVar("R", bound=Record)

FOLDER = "learning"


@dataclass
class Learning:
    """Everything that stands in `learning/`, by id, in the order of the files."""

    paths: dict[str, LearningPath] = field(default_factory=dict)
    glossary: dict[str, GlossaryTerm] = field(default_factory=dict)
    depths: dict[str, DrawnDepth] = field(default_factory=dict)
    cases: dict[str, PatientCase] = field(default_factory=dict)


def read(root: Path, references: Collection[str] | None = None) -> tuple[Learning, list[Problem]]:
    """Read `root/learning`; a missing folder is empty. With `references`, keys nobody knows are problems too."""
    learning, problems = Learning(), list[Problem]()
    _listed(root, "paths.yaml", "paths", LearningPath, learning.paths, problems)
    _listed(root, "glossary.yaml", "terms", GlossaryTerm, learning.glossary, problems)
    _listed(root, "depths.yaml", "techniques", DrawnDepth, learning.depths, problems)
    _listed(root, "cases.yaml", "cases", PatientCase, learning.cases, problems)
    problems += _links(learning, references)
    return learning, sorted(problems)


def _listed(root: Path, name: str, key: str, kind: type[R], into: dict[str, R], problems: list[Problem]) -> None:
    path = root / FOLDER / name
    if not path.exists():
        return
    file = f"{FOLDER}/{name}"
    text, found = read_text(path, file)
    document = None
    if text is not None:
        document, found = parse(text, file)
    problems += [*found, *(document.doubts if document else [])]
    for number in _entries(document, key, problems):
        assert document is not None
        record, found = validate(kind, document, (key, number))
        problems += found
        if record is None:
            continue
        record_id: str = record.id  # type: ignore[attr-defined]
        if record_id in into:
            line = document.line((key, number))
            problems.append(Problem(file, line, "id", f"{record_id!r} stands twice", "keep one of the two", record_id))
        into[record_id] = record


def _entries(document: Document | None, key: str, problems: list[Problem]) -> Iterator[int]:
    if document is None or document.value is None:
        return
    held: Any = document.value.get(key) if isinstance(document.value, dict) else None
    if not isinstance(held, list):
        cure = f"start the file with `{key}:`"
        problems.append(Problem(document.file, 1, key, f"does not hold a list called `{key}`", cure))
        return
    yield from range(len(held))


def _links(learning: Learning, references: Collection[str] | None) -> list[Problem]:
    """Terms that name terms, and keys of the bibliography, which nobody knows."""
    problems = []
    for term in learning.glossary.values():
        file, line = term.place or ("", 1)
        for other in term.see_also:
            if other not in learning.glossary:
                cure = "name a term of this file, or take it out"
                problems.append(Problem(file, line, "see_also", f"{other!r} is not a term", cure, term.id))
        for key in term.references:
            if references is not None and key not in references:
                cure = "add it with `kb cite add`, or correct the key"
                problems.append(Problem(file, line, "references", f"{key!r} is not in the bibliography", cure, term.id))
    return problems
