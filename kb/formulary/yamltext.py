"""YAML text to plain values, with the line of every field; refuses what a curated file never needs.

Only the YAML 1.2 core types are recognised: `no` is a word, not a boolean, and a date stays text until a record type
reads it. Anchors and aliases are refused, so no document can expand into more than its own length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kb.formulary.yamlwords import doubt, explain
from kb.problems import Problem, conflict_marks, unfit

MOST_DEPTH = 40

Path_ = tuple[str | int, ...]


class _CoreLoader(yaml.CSafeLoader):
    """CSafeLoader that resolves scalars as YAML 1.2 core does."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """What the general one finds, without its tags by place in the document, of which there are none here."""
        if kind is yaml.ScalarNode:
            if implicit[0]:
                for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return str(tag)
            return self.DEFAULT_SCALAR_TAG
        return self.DEFAULT_SEQUENCE_TAG if kind is yaml.SequenceNode else self.DEFAULT_MAPPING_TAG


_CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


@dataclass
class Document:
    """The value of a file, the line (from 1) of every path into it, and what to ask its author about (`doubts`)."""

    file: str
    value: Any
    lines: dict[Path_, int]
    doubts: list[Problem] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Line of the path, or of its nearest ancestor that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Refused(Exception):
    def __init__(self, line: int, message: str, cure: str) -> None:
        super().__init__(message)
        self.line, self.message, self.cure = line, message, cure


def read_text(path: Path, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file, or the problem that keeps it from being read. `file` is the name shown in problems."""
    if problem := unfit(path, file):
        return None, [problem]
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [
            Problem(file, 1, "", f"cannot be read ({error.strerror})", "check that it exists and may be read")
        ]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start]
        return None, [Problem(file, line, "", f"is not UTF-8 (byte 0x{bad:02x})", "save the file as UTF-8")]


def parse(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """The document in `text`, or the problems that stop it. Never raises on bad input.

    What can be read but may be meant otherwise is in `Document.doubts`.
    """
    lines: dict[Path_, int] = {}
    problems: list[Problem] = []
    if marks := conflict_marks(text, file):
        return None, [marks]
    try:
        _refuse_depth(text)
        _refuse_aliases(text)
        root = yaml.compose(text, Loader=_CoreLoader)
        reading = _Reading(file, lines, problems, text.split("\n"))
        value = None if root is None else reading.value(root, (), 0)
    except _Refused as refused:
        return None, [Problem(file, refused.line, "", refused.message, refused.cure)]
    except yaml.MarkedYAMLError as error:
        line, message, cure = explain(text, error)
        return None, [Problem(file, line, "", message, cure)]
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return None, [
            Problem(file, line, "", "holds a character that cannot be printed", "delete it and type the text again")
        ]
    except UnicodeEncodeError as error:  # half a character: no file holds one, text put together by a program may
        line = text.count("\n", 0, text.find(error.object[error.start])) + 1
        return None, [Problem(file, line, "", "holds half of a character", "delete it and type the text again")]
    except RecursionError:
        return None, [Problem(file, 1, "", "is nested too deeply", "a record never needs more than a few levels")]
    return (None if problems else Document(file, value, lines, reading.doubts if root else [])), problems


_DEEP_INDENT = re.compile(r"^[ \-?]{24,}", re.MULTILINE)
_BRACKET = re.compile(r"[\[{\]}]")


def _refuse_depth(text: str) -> None:
    """Composing recurses in C, so that a deep text would end the program; events tell the depth without recursion."""
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        depth = max(0, depth + (1 if match[0] in "[{" else -1))
        deepest = max(deepest, depth)
    if deepest <= MOST_DEPTH and not _DEEP_INDENT.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_DEPTH:
                mark = event.start_mark
                raise _Refused(
                    mark.line + 1 if mark else 1, "is nested too deeply", "a record never needs more than a few levels"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


_MAY_BE_ALIAS = re.compile(r"(?:^|[\s\[{,])[&*][^\s,\[\]{}]", re.MULTILINE)


def _refuse_aliases(text: str) -> None:
    """Aliases are where bombs go off; the scan for events costs time, so it is made only where one may stand."""
    if not _MAY_BE_ALIAS.search(text):
        return
    for event in yaml.parse(text, Loader=_CoreLoader):
        if getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise _Refused(line, "uses a YAML anchor or alias", "write the value out where it is needed")


class _Reading:
    """Nodes to plain values, with their lines, their problems and what to ask about them."""

    def __init__(self, file: str, lines: dict[Path_, int], problems: list[Problem], source: list[str]) -> None:
        self.file, self.lines, self.problems, self.source = file, lines, problems, source
        self.doubts: list[Problem] = []

    def value(self, node: yaml.Node, path: Path_, depth: int) -> Any:
        line = node.start_mark.line + 1
        if depth > MOST_DEPTH:
            raise _Refused(line, "is nested too deeply", "a record never needs more than a few levels")
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(n, (*path, i), depth + 1) for i, n in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        if not node.style and (asked := doubt(node, self.source)):
            message, cure, severity = asked
            self.doubts.append(Problem(self.file, line, dotted(path), message, cure, "", severity))
        return _scalar(node, line)

    def mapping(self, node: yaml.MappingNode, path: Path_, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Refused(line, "has a field whose name is not text", "write `name: value`")
            key = key_node.value
            here = (*path, key)
            if key in mapping:
                self.problems.append(Problem(self.file, line, dotted(here), "stands twice", "keep one of the two"))
            self.lines[here] = line
            mapping[key] = self.value(value_node, here, depth + 1)
        return mapping


def _scalar(node: yaml.Node, line: int) -> Any:
    kind = node.tag.rpartition(":")[2]
    text = node.value
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        if len(text) > 30:
            raise _Refused(line, "has a number of more than 30 digits", "quote it if it is meant as text")
        return int(text)
    if kind == "float":
        return float(text)
    raise _Refused(
        line, f"uses the YAML tag {node.tag}", "remove the tag; plain text and numbers are all a record holds"
    )


def dotted(path: Path_) -> str:
    """`findings[2].outcomes[0].value`, as people write it."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out
