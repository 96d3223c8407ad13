"""Two versions of a file that both came from a third, merged record by record: what git calls to join two branches.

YAML of the formulary merges by ids and fields, `references.bib` by keys and fields. Where both sides changed one field
otherwise, the file gets conflict marks around the lines of that field alone, which `kb check` names.
"""

from __future__ import annotations

import difflib
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.author.merge import Merge, three_way
from kb.diff.fields import ABSENT, dotted
from kb.formulary.yamltext import parse
from kb.problems import conflict_marks

OURS, THEIRS = "<<<<<<< ours", ">>>>>>> theirs"


@dataclass
class Merged:
    """The joined text; `conflicts` are sentences on what both sides changed, `notes` on how it was joined."""

    text: str
    conflicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def merge_texts(base: str, ours: str, theirs: str, name: str) -> Merged:
    """Join `ours` and `theirs`, which came from `base` (empty: both added the file). `name` tells the kind of file.

    A side that cannot be read as records is joined line by line, as git does it. Never raises on what the texts hold.
    """
    try:
        merged = _bibliography(base, ours, theirs) if name.endswith(".bib") else _yaml(base, ours, theirs, name)
    except (_NotRecords, RecursionError) as reason:
        merged = _by_lines(base, ours, theirs)
        merged.notes.append(f"{name}: joined line by line, since {reason or 'it is nested too deeply'}")
    return merged


class _NotRecords(Exception):
    """A side that does not hold what its name says; the text says which and why."""


def _yaml(base: str, ours: str, theirs: str, name: str) -> Merged:
    from kb.formulary.write import canonical, dump, load
    from kb.formulary.write import merge as put_into

    values = [
        _value(side, text, name)
        for side, text in (("the common version", base), ("our side", ours), ("their side", theirs))
    ]
    merge = three_way(*values)
    lines = _by_lines(base, ours, theirs)
    if not merge.conflicts and not lines.conflicts and parse(lines.text, name)[0] is not None:
        joined = canonical(lines.text)
        if _value("the join", joined, name) == merge.value:  # keeps the comments of both sides
            return Merged(joined)

    def written(value: Any) -> str:
        document = load(ours)
        put_into(document, value)
        return dump(document)

    merged = _written(merge, written)
    if lost := [line for line in _comments(theirs) if line not in _comments(base) and line not in merged.text]:
        merged.notes.append(f"{name}: comments of the other side were left out: {'; '.join(lost)[:200]}")
    return merged


def _value(side: str, text: str, name: str) -> Any:
    document, problems = parse(text, name)
    if document is None:
        raise _NotRecords(f"{side} cannot be read (line {problems[0].line}: {problems[0].message})")
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        raise _NotRecords(f"{side} holds no fields")
    return value


def _comments(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.lstrip().startswith("#")]


def _bibliography(base: str, ours: str, theirs: str) -> Merged:
    from kb.bibliography import read_text, to_bibtex
    from kb.bibliography.blocks import split
    from kb.model import Reference

    sides: list[dict[str, dict[str, Any]]] = []
    for side, text in (("the common version", base), ("our side", ours), ("their side", theirs)):
        references, problems = read_text(text)
        if any(problem.field != "doi" or "same" not in problem.message for problem in problems) or conflict_marks(
            text, "x"
        ):
            first = problems[0] if problems else None
            raise _NotRecords(
                f"{side} has problems" + (f" (line {first.line}: {first.field}: {first.message})" if first else "")
            )
        sides.append({key: one.model_dump(mode="json", exclude_none=True) for key, one in references.items()})
    merge = three_way(*sides)
    known = {comment.text for text in (base, ours) for comment in split(text).comments}
    comments = [*split(ours).comments, *(one for one in split(theirs).comments if one.text not in known)]

    def written(value: Mapping[str, Any]) -> str:
        return to_bibtex([Reference.model_validate(one) for one in value.values()], comments)

    merged = _written(merge, written)
    for key in sides[1].keys() & sides[2].keys() - sides[0].keys():
        titles = [side[key]["title"] for side in sides[1:]]
        if titles[0] != titles[1]:
            merged.notes.append(f"{key}: both sides added it for different papers; give one of them the key {key}b")
    return merged


def _written(merge: Merge, written: Any) -> Merged:
    """The text of a merge; conflict marks stand where the text with our choices differs from the one with theirs."""
    mine = merge.resolved({c.path: "mine" for c in merge.conflicts})
    if not merge.conflicts:
        return Merged(written(mine))
    theirs = merge.resolved({c.path: "theirs" for c in merge.conflicts})
    text = _marked(written(mine), written(theirs))
    told = [
        f"{dotted(c.path) or 'the file'}: ours {_shown(c.mine)}, theirs {_shown(c.theirs)}, before {_shown(c.base)}"
        for c in merge.conflicts
    ]
    return Merged(text, told)


def _shown(value: Any) -> str:
    text = "nothing" if value is ABSENT else " ".join(str(value).split())
    return repr(text if len(text) <= 60 else text[:57] + "...") if value is not ABSENT else text


def _marked(ours: str, theirs: str) -> str:
    a, b = ours.split("\n"), theirs.split("\n")
    lines: list[str] = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        lines += a[i:j] if what == "equal" else [OURS, *a[i:j], "=======", *b[k:m], THEIRS]
    return "\n".join(lines)


def _by_lines(base: str, ours: str, theirs: str) -> Merged:
    """As `git merge-file` joins them."""
    with tempfile.TemporaryDirectory(prefix="kb-merge-") as folder:
        paths = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_text(text, encoding="utf-8")
        command = ["git", "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", *map(str, paths)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    conflicts = [f"{done.returncode} places that both sides changed"] if done.returncode else []
    return Merged(done.stdout, conflicts)
