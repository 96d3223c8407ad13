"""The base as it stands on disk, kept fresh, with one unsaved record put in: for checks, suggestions and the preview."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.author.stamp import Stamp, stamp
from kb.author.target import Target
from kb.formulary.swap import with_file
from kb.formulary.validate import validate
from kb.formulary.yamltext import Document, Path_
from kb.knowledge import KnowledgeBase, load
from kb.problems import Problem


class Workbench:
    """One per root and kernel; sessions share it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamp: Stamp | None = None
        self._base: KnowledgeBase | None = None
        self._reading = threading.RLock()
        self._at_once = threading.local()

    @property
    def base(self) -> KnowledgeBase:
        """What the files say now, read again whenever one has changed; records that cannot be read are left out."""
        looked: list[KnowledgeBase] | None = getattr(self._at_once, "looked", None)
        if looked:
            return looked[0]
        with self._reading:
            seen = self._look()
            if self._base is None or seen != self._stamp:
                self._base, self._stamp = load(self.root, strict=False), seen
            found = self._base
        if looked is not None:
            looked.append(found)
        return found

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Inside, this thread looks at the files once, however often it asks: for what writes none of them.

        A letter typed asks for the words of every field; looking at some four thousand files each time made it wait for seconds.
        """
        if getattr(self._at_once, "looked", None) is not None:
            yield
            return
        self._at_once.looked = list[KnowledgeBase]()
        try:
            yield
        finally:
            self._at_once.looked = None

    @property
    def is_read(self) -> bool:
        """Whether the files were read once; before that, asking for `base` takes seconds."""
        return self._base is not None

    def _look(self) -> Stamp:
        return stamp(self.root, ["formulary"], "*.yaml")

    def with_file(self, target: Target, value: Any) -> tuple[KnowledgeBase | None, Document, list[Problem]]:
        """The base with the file of `target` holding `value`, the file as a document, and what is wrong with it.

        The base is None when the file cannot be read. Every path of the document has a line of its own, so that a
        problem's line tells its field.
        """
        document = Document(target.file, value, numbered(value))
        record, problems = validate(target.file_type, document)
        if record is None:
            return None, document, problems
        base = self.base
        return replace(base, formulary=with_file(base.formulary, target.file, [record])), document, problems


def numbered(value: Any) -> dict[Path_, int]:
    """Every path of a plain value to a number of its own, from 1."""
    lines: dict[Path_, int] = {}

    def visit(item: Any, path: Path_) -> None:
        lines[path] = len(lines) + 1
        if isinstance(item, Mapping):
            for name, inner in item.items():
                visit(inner, (*path, name))
        elif isinstance(item, list):
            for place, inner in enumerate(item):
                visit(inner, (*path, place))

    visit(value, ())
    return lines
