"""A slug or a reference key changed in every file that names it: records, their files and folders, learning, references.bib."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author.folder import writing
from kb.author.history import GitError, run_git
from kb.author.session import edited
from kb.formulary.yamltext import parse
from kb.knowledge import KnowledgeBase, load
from kb.model.record import REFERENCE_KEY, SLUG

TEXTS = frozenset(
    {
        "name",
        "synonyms",
        "brands",
        "lay_terms",
        "lay",
        "summary",
        "mechanism",
        "evidence_note",
        "bottom_line",
        "would_change",
        "why",
        "action",
        "strength",
        "says",
        "limitations",
        "note",
        "doubt",
        "title",
        "measure",
        "arm",
        "unit",
        "at",
        "dose",
        "population",
        "comparator",
        "trial",
        "definition",
        "seen_at",
        "looked",
        "source",
        "relation",
        "reason",
        "wrong",
        "right",
        "fr",
        "it",
        "es",
        "pt",
        "de",
        "notes",
        "p",
        "text",
        "prompt",
        "answer",
        "explanation",
    }
)
"""Fields that hold words of a language; a slug in them is a word, and stays."""


class RenameError(Exception):
    """It cannot be renamed; the message says why, and nothing was changed."""


@dataclass
class Renamed:
    """Files that change, with the number of places in each, and files that move."""

    old: str
    new: str
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)


def plan(root: Path, old: str, new: str) -> Renamed:
    """What renaming `old` to `new` changes. Raises RenameError for words that are no slug, unknown or taken."""
    base = load(root, strict=False)
    _fit(base, old, new)
    made = Renamed(old, new)
    for folder in ("formulary", "learning", "reviews"):
        for path in sorted((root / folder).rglob("*.yaml")):
            file = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            if old in text:
                _one(made, file, text)
            moved = re.sub(rf"(?<=/){re.escape(old)}(?=/|\.yaml$)", new, file)
            if moved != file and not file.startswith("formulary/vocabulary/"):
                made.moves[file] = moved
    if old in base.references:
        bib = (root / "references.bib").read_text(encoding="utf-8")
        fresh, count = re.subn(rf"^(@\w+\{{){re.escape(old)},", rf"\g<1>{new},", bib, flags=re.MULTILINE)
        if count:
            made.texts["references.bib"], made.places["references.bib"] = fresh, count
    return made


def _fit(base: KnowledgeBase, old: str, new: str) -> None:
    known = {*base.lookup.kinds, *base.references, *base.findings, *base.assessments, *base.cautions, *base.protocols}
    for vocabulary in base.formulary.vocabularies.values():
        known |= set(vocabulary)
    if old not in known:
        from kb.formulary.validate import nearest

        near = nearest(old, known)
        raise RenameError(f"nothing is called {old!r}{'; did you mean ' + ' or '.join(near) + '?' if near else ''}")
    if new in known:
        raise RenameError(f"{new!r} is taken; merge the two by hand, or choose another word")
    pattern, shape = (
        (REFERENCE_KEY, "a reference key such as `moftah2013`")
        if old in base.references
        else (SLUG, "a slug such as `acne-scar`")
    )
    if not re.fullmatch(pattern, new):
        raise RenameError(f"{new!r} is not {shape}")


def _one(made: Renamed, file: str, text: str) -> None:
    document, problems = parse(text, file)
    if document is None:
        raise RenameError(f"{problems[0]}; mend this file first")
    if not isinstance(document.value, dict):
        return
    count = [0]
    value = _replaced(document.value, made, count, "")
    if count[0]:
        made.texts[file], made.places[file] = edited(text, value), count[0]


def _replaced(value: Any, made: Renamed, count: list[int], name: str) -> Any:
    if isinstance(value, Mapping):
        return {k: _replaced(v, made, count, str(k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, made, count, name) for v in value]
    if value == made.old and name not in TEXTS:
        count[0] += 1
        return made.new
    return value


def carry_out(root: Path, made: Renamed, author: str) -> str:
    """Write, move and commit it as one; what git could not do, in a sentence.

    Raises RenameError when the base would have problems it has not now; every file is then as it was.
    """
    before = _critical(root)
    kept = {file: (root / file).read_bytes() for file in {*made.texts, *made.moves}}
    with writing(root):
        try:
            for file, text in made.texts.items():
                write_text(root / file, text)
            for file, to in made.moves.items():
                (root / to).parent.mkdir(parents=True, exist_ok=True)
                (root / file).rename(root / to)
            worse = _critical(root) - before
            if worse:
                raise RenameError(f"nothing was renamed: {min(worse)}")
        except BaseException:
            for to in made.moves.values():
                (root / to).unlink(missing_ok=True)
            for file, data in kept.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_bytes(data)
            raise
        for file in made.moves:
            folder = (root / file).parent
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        files = sorted({*made.texts, *made.moves, *made.moves.values()})
        try:
            run_git(root, "add", "-A", "--", *files)
            who = ["-c", f"user.name={author}", "-c", "user.email=author@authors.invalid"]
            message = f"Rename {made.old} to {made.new}"
            run_git(root, *who, "commit", "-q", "--no-verify", "--only", "-m", message, "--", *files, author=author)
        except GitError as error:
            return f"git could not take it: {error}"
    return ""


def _critical(root: Path) -> set[str]:
    base = load(root, strict=False)
    from kb.formulary import check

    found = [*base.problems, *check(base.formulary, base.references)]
    return {f"{p.field}: {p.message}" for p in found if p.severity == "critical"}
