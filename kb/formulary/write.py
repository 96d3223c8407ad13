"""Records and edited documents back to YAML: one canonical form, comments and order kept, saved atomically."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from kb.atomic import write_text
from kb.model.record import Record

WIDTH = 120


class _Resolver(VersionedResolver):
    """Dates stay text, as in `kb.formulary.yamltext`, so that they are written one way: without quotes."""

    _settled: ClassVar[dict[Any, Any]] = {}  # by version of YAML: they are asked for every value, and never change

    @property
    def versioned_resolver(self) -> Any:
        version = self.processing_version
        if version not in self._settled:
            self._settled[version] = {
                first: [(tag, pattern) for tag, pattern in rules if not str(tag).endswith(":timestamp")]
                for first, rules in super().versioned_resolver.items()
            }
        return self._settled[version]


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _Resolver
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = WIDTH
    yaml.allow_unicode = True
    yaml.preserve_quotes = False
    yaml.default_flow_style = False
    return yaml


def canonical(text: str) -> str:
    """The same document in the one form kept in the repository: indentation, quoting and folding are settled by it.

    Comments, the order of fields and every value are kept. Applying it twice changes nothing.
    Raises ruamel.yaml.error.YAMLError when the text is not YAML.
    """
    yaml = _yaml()
    document = yaml.load(text)
    if document is None:
        return text
    _block_style(document)
    return dump(document)


def dump(document: Any) -> str:
    """YAML text of a document in canonical form."""
    _paragraphs(document)
    stream = io.StringIO()
    _yaml().dump(document, stream)
    lines = [
        line.rstrip(" ") for line in stream.getvalue().split("\n")
    ]  # a no-break space at the end is part of a value
    return "\n".join(lines).strip("\n") + "\n"


def load(text: str) -> CommentedMap:
    """The document in `text` with its comments, ready for `merge` and `dump`; an empty one for an empty text.

    Raises ruamel.yaml.error.YAMLError when the text is not YAML, and TypeError when it does not hold fields.
    """
    document = _yaml().load(text)
    if document is None:
        document = CommentedMap()
    if not isinstance(document, CommentedMap):
        raise TypeError("the document does not hold `field: value` lines")
    return document


def plain(record: BaseModel) -> dict[str, Any]:
    """A record as plain YAML values: what was said, without fields left at their default or empty."""
    values: dict[str, Any] = _plain(record.model_dump(by_alias=True, exclude_none=True, exclude_unset=True))
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)  # 40, as printed, not 40.0
    if isinstance(value, Mapping):
        inner = {k: _plain(v) for k, v in value.items() if v is not None}
        return {k: v for k, v in inner.items() if v not in ([], {})}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def save(path: Path, record: Record, key: str | None = None) -> bool:
    """Write a record that has a file of its own; True when the file changed.

    An existing file is edited, not replaced: fields that did not change keep their comments.
    """
    fresh = plain(record)
    if path.exists():
        document = _yaml().load(path.read_text(encoding="utf-8")) or CommentedMap()
        merge(document, fresh)
    else:
        document = _commented(fresh)
    return write_text(path, dump(document))


def merge(document: CommentedMap, fresh: Mapping[str, Any]) -> None:
    """Make `document` hold exactly `fresh`, touching only what differs, so that comments stay where they were."""
    for name in [k for k in document if k not in fresh]:
        del document[name]
    before = ""
    for name, value in fresh.items():
        if name not in document:
            # A new field goes where it stands in the record, not to the end of the file.
            document.insert(list(document).index(before) + 1 if before else 0, name, None)
        before = name
        old = document[name]
        if isinstance(old, CommentedMap) and isinstance(value, Mapping):
            merge(old, value)
        elif isinstance(old, CommentedSeq) and isinstance(value, list):
            _merge_list(old, value)
        elif not _same(old, value):
            document[name] = _commented(value)


def _merge_list(old: CommentedSeq, fresh: list[Any]) -> None:
    """Match the entries of a list by id where they have one, else by place."""
    by_id: dict[str, Any] = {}
    for entry in old:
        if isinstance(entry, Mapping) and "id" in entry:
            by_id.setdefault(entry["id"], entry)
    kept: list[Any] = []
    for i, value in enumerate(fresh):
        # An entry is taken once: two entries of one id are a mistake the checks tell, not a reason to lose the second.
        match = (
            by_id.pop(value["id"], None)
            if isinstance(value, Mapping) and "id" in value
            else old[i]
            if i < len(old)
            else None
        )
        if isinstance(match, CommentedMap) and isinstance(value, Mapping):
            merge(match, value)
            kept.append(match)
        else:
            kept.append(match if match is not None and _same(match, value) else _commented(value))
    if len(kept) == len(old) and all(a is b for a, b in zip(kept, old, strict=True)):
        return
    old[:] = kept


def _same(old: Any, fresh: Any) -> bool:
    """Equal as values: 40 and 40.0 are one number, but 1 and true, or 1 and "1", are not the same."""
    numbers = (int, float)
    if isinstance(old, bool) or isinstance(fresh, bool):
        return old is fresh or (isinstance(old, bool) and isinstance(fresh, bool) and bool(old) == bool(fresh))
    if isinstance(old, numbers) and isinstance(fresh, numbers):
        return float(old) == float(fresh)
    return isinstance(old, str) == isinstance(fresh, str) and bool(old == fresh)


def _commented(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap((k, _commented(v)) for k, v in value.items())
    if isinstance(value, list | tuple):
        return CommentedSeq(_commented(v) for v in value)
    return value


def _block_style(value: Any) -> None:
    """Write every mapping and list one entry a line, so that a diff shows one change a line."""
    if isinstance(value, CommentedMap | CommentedSeq):
        value.fa.set_block_style()
        for item in value.values() if isinstance(value, CommentedMap) else value:
            _block_style(item)


def _paragraphs(value: Any) -> None:
    """Write text of several lines as a block, line by line, where nothing in it would be lost by that; keep runs of spaces."""
    if isinstance(value, CommentedMap | CommentedSeq):
        for key, item in list(value.items() if isinstance(value, CommentedMap) else enumerate(value)):
            if isinstance(item, str) and "\n" in item:
                value[key] = LiteralScalarString(item) if _keeps(item) else str(item)
            elif isinstance(item, str) and "  " in item:
                value[key] = DoubleQuotedScalarString(item)  # a line broken within a run of spaces would lose them
            else:
                _paragraphs(item)


def _keeps(text: str) -> bool:
    lines = text.split("\n")
    return (
        text[:1].strip() != ""
        and all(line == line.rstrip() and line.isprintable() for line in lines)
        and lines[-1] != ""
    )
