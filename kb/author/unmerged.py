"""A file that a merge of git left with marks: both sides as values, the fields to decide, and the file without marks. No widgets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author.folder import writing
from kb.author.history import GitError, run_git
from kb.author.merge import Merge, three_way
from kb.author.session import UnreadableError, edited
from kb.diff.fields import Path as FieldPath
from kb.diff.fields import same
from kb.formulary.yamltext import parse
from kb.problems import Problem, conflict_marks

_BLOCK = re.compile(
    r"^<{7}[^\n]*\n(?P<ours>.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}\n(?P<theirs>.*?)^>{7}[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


def unmerged(root: Path) -> list[str]:
    """YAML files of the formulary (and of `reviews`) that hold marks of a merge, relative to the root."""
    found = []
    for folder in ("formulary", "reviews"):
        for path in sorted((root / folder).rglob("*.yaml")):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            if "<<<<<<<" in text and conflict_marks(text, path.name):
                found.append(path.relative_to(root).as_posix())
    return found


@dataclass
class Unmerged:
    """Both sides of a file with marks; `merge.conflicts` are the fields both changed, everything else is joined already."""

    root: Path
    file: str
    ours: str
    merge: Merge

    @classmethod
    def read(cls, root: Path, file: str) -> Unmerged:
        """Take the file apart. Raises UnreadableError when it has no marks, or when a side is no YAML."""
        text = (root / file).read_text(encoding="utf-8")
        if not conflict_marks(text, file):
            raise UnreadableError([Problem(file, 1, "", "holds no marks of a merge", "open its record as usual")])
        ours, theirs = (_BLOCK.sub(lambda m, side=side: m[side], text) for side in ("ours", "theirs"))  # type: ignore[misc]
        sides = [_value(file, "our side", ours), _value(file, "their side", theirs)]
        return cls(root, file, ours, three_way(_base(root, file), *sides))

    def decide(self, choices: Mapping[FieldPath, str], author: str = "") -> str:
        """Write the file as chosen and tell git it is decided; what is left to do, in a sentence.

        Raises UnreadableError when the text would not read back, OSError when the disk takes nothing; the file stays then.
        """
        value = self.merge.resolved(choices)
        text = edited(self.ours, value)
        document, problems = parse(text, self.file)
        if document is None or not same(document.value, value):
            raise UnreadableError(
                problems or [Problem(self.file, 1, "", "would not read back as chosen", "decide it by hand")]
            )
        with writing(self.root):
            write_text(self.root / self.file, text)
            return self._tell_git(author)

    def _tell_git(self, author: str) -> str:
        try:
            run_git(self.root, "add", "--", self.file)
            left = run_git(self.root, "diff", "--name-only", "--diff-filter=U").split()
            if left:
                return f"Decided. Still to decide: {', '.join(left)}."
            run_git(self.root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD")
        except GitError as error:
            if str(error) == "git failed":  # no merge is under way: the marks came another way
                return "Decided and saved."
            return f"Decided and saved; git could not be told: {error}."
        try:
            who = ["-c", f"user.name={author or 'author'}", "-c", "user.email=author@authors.invalid"]
            run_git(self.root, *(who if author else []), "commit", "--no-edit", "--no-verify", "--quiet", author=author)
        except GitError as error:
            return f"Decided and saved; the merge waits for `git commit`: {error}."
        return "Decided, and the merge is finished."


def _value(file: str, side: str, text: str) -> Any:
    document, problems = parse(text, file)
    if document is None:
        first = problems[0]
        told = Problem(file, first.line, "", f"{side} cannot be read: {first.message}", "decide this file by hand")
        raise UnreadableError([told])
    return document.value


def _base(root: Path, file: str) -> Any:
    """What both sides came from, as git has it; nothing, when it is not there or cannot be read."""
    try:
        prefix = run_git(root, "rev-parse", "--show-prefix").strip()
        document, _ = parse(run_git(root, "show", f":1:{prefix}{file}"), file)
    except GitError:
        return {}
    return document.value if document is not None and isinstance(document.value, dict) else {}
