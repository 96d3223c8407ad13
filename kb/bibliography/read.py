"""Read `references.bib` into `Reference` records, with every problem of the file at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from kb.bibliography.blocks import RawEntry, RawField, no_garbage_collection, split
from kb.bibliography.latex import decode, decode_literal
from kb.bibliography.names import Name, parse_names
from kb.model.record import Place
from kb.model.reference import EntryType, Reference
from kb.problems import Problem, conflict_marks, unfit

ENTRY_TYPES = get_args(EntryType)

TEXT_FIELDS = {
    "title": "title", "journal": "journal", "publisher": "publisher", "year": "year", "volume": "volume",
    "number": "issue", "pages": "pages", "design": "design", "verifiedon": "verified_on", "note": "note",
}  # fmt: skip
"""BibTeX field whose value is LaTeX text -> field of `Reference`."""

LITERAL_FIELDS = {"doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "url": "url"}
"""BibTeX field whose value names something literally -> field of `Reference`."""

FIELDS = (
    "author", "title", "journal", "publisher", "year", "volume", "number", "pages", "doi", "pmid", "pmcid", "url",
    "design", "seenat", "verifiedon", "notice", "retractionchecked", "note",
)  # fmt: skip
"""Every field an entry may have, in the order of the canonical form."""

_BIBTEX_NAME = {v: k for k, v in (TEXT_FIELDS | LITERAL_FIELDS).items()} | {
    "authors": "author", "authors_cut": "author", "seen_at": "seenat", "key": "key", "type": "entry",
    "retraction_checked": "retractionchecked",
}  # fmt: skip
_PAGE_END = re.compile(r";[ \t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_NOT_WORD = re.compile(r"[\W_]+")


def read(path: Path | str, root: Path | str | None = None) -> tuple[dict[str, Reference], list[Problem]]:
    """References by key, in the order of the file, and everything that is wrong with it, in the order of its lines.

    A reference with a problem in one of its fields is left out; the sound ones are returned. Problems name the file
    relative to `root` (default: by its name alone). Never raises on what a file holds.
    """
    path = Path(path)
    file = path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else path.name
    if problem := unfit(path, file):
        return {}, [replace(problem, line=0, field="file")]
    try:
        data = path.read_bytes()
    except OSError as error:
        return {}, [Problem(file, 0, "file", f"cannot be read: {error.strerror or error}", "check its path and rights")]
    text, problems = decode_file(data, file)
    if marks := conflict_marks(text, file):
        return {}, [marks]
    references, more = read_text(text, file)
    return references, sorted(problems + more, key=lambda p: (p.line, p.field, p.message))


def decode_file(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """Text of a file's bytes with `\\n` line ends, and a problem for each line that is not UTF-8 (the first twenty)."""
    problems = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", errors="replace")
        for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                message = f"byte 0x{line[error.start]:02x} at column {error.start + 1} is not UTF-8"
                problems.append(Problem(file, number, "text", message, "save the file as UTF-8"))
                if len(problems) == 20:
                    break
    return text.replace("\r\n", "\n").replace("\r", "\n"), problems


def keys_in(path: Path | str) -> set[str]:
    """Keys of every entry that begins in a file, readable or not: what may be cited while the file is being mended."""
    path = Path(path)
    if unfit(path, path.name) or not path.is_file():
        return set()
    return set(
        re.findall(r"^@\w+\{\s*([^,\s{}]+)\s*,", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    )


def read_text(text: str, file: str = "references.bib") -> tuple[dict[str, Reference], list[Problem]]:
    """The same for a text in memory."""
    references: dict[str, Reference] = {}
    with no_garbage_collection():
        blocks = split(text, file)
        problems = blocks.problems
        for entry in blocks.entries:
            reference = _reference(entry, file, problems)
            if reference is not None:
                references.setdefault(entry.key, reference)
    problems.extend(find_duplicates(references.values(), file))
    return references, sorted(problems, key=lambda p: (p.line, p.field, p.message))


def _reference(entry: RawEntry, file: str, problems: list[Problem]) -> Reference | None:
    """The record of an entry, or None when something is wrong with it; what is wrong is added to `problems`."""
    before = len(problems)

    def wrong(line: int, field: str, message: str, cure: str) -> None:
        problems.append(Problem(file, line, field, message, cure, entry.key))

    values: dict[str, Any] = {"key": entry.key, "type": entry.type}
    if entry.type not in ENTRY_TYPES:
        wrong(
            entry.line, "entry", f"unknown entry type @{entry.type}", f"use one of {_nearest(entry.type, ENTRY_TYPES)}"
        )
    for name, raw in entry.fields.items():
        if _CONTROL.search(raw.value):
            wrong(raw.line, name, "a control character is in the value", "retype the value")
            continue
        try:
            _read_field(name, raw, values)
        except ValueError as error:
            message, _, cure = str(error).partition("; ")
            wrong(raw.line, name, message, cure)
    try:
        reference = Reference.model_validate(values)
    except ValidationError as error:
        for line, field, message, cure in _explain(error, entry):
            if not any(p.line == line and p.field == field for p in problems[before:]):
                wrong(line, field, message, cure)
        return None
    reference._place = Place(file, entry.line)
    return reference if len(problems) == before else None


def _read_field(name: str, raw: RawField, values: dict[str, Any]) -> None:
    """Decode one field into `values`. Raises ValueError `what is wrong; how to mend it`."""
    value = raw.value
    if name in LITERAL_FIELDS:
        values[LITERAL_FIELDS[name]] = decode_literal(value)
    elif name == "author":
        names, cut = parse_names(value)
        values["authors"] = [_author(name) for name in names]
        values["authors_cut"] = cut
    elif name == "seenat":
        values["seen_at"] = [decode_literal(page) for page in _PAGE_END.split(value) if page.strip()]
    elif name == "notice":
        kind, colon, said = decode(value, strict=True).partition(":")
        if not colon:
            raise ValueError("the kind of notice is missing; write `retraction: where and when`")
        values["notice"] = {"kind": kind.strip(), "said": said}
    elif name == "retractionchecked":
        on, colon, against = decode(value, strict=True).partition(": ")
        if not colon:
            raise ValueError("the day is missing; write `2026-11-29: the list that was looked into`")
        values["retraction_checked"] = {"on": on.strip(), "against": against}
    elif name in TEXT_FIELDS:
        values[TEXT_FIELDS[name]] = decode(value.replace("--", "-") if name == "pages" else value, strict=True)
    else:
        raise ValueError(f"unknown field; remove it or use one of {_nearest(name, FIELDS)}")


@lru_cache(maxsize=65536)
def _author(name: Name) -> dict[str, Any]:
    return {"family": name.family, "given": name.given, "body": name.body}


def _nearest(word: str, words: Iterable[str]) -> str:
    words = list(words)
    return ", ".join(get_close_matches(word[:60], words, n=3, cutoff=0.5) or words)


def _explain(error: ValidationError, entry: RawEntry) -> Iterable[tuple[int, str, str, str]]:
    """Line, field, message and cure of each thing pydantic found."""
    for found in error.errors(include_url=False):
        inner = [str(part) for part in found["loc"]]
        field = _BIBTEX_NAME.get(inner[0], inner[0]) if inner else "entry"
        raw = entry.fields.get(field)
        kind, context, shown = found["type"], found.get("ctx", {}), str(found["input"])[:80]
        if kind == "missing":
            message, cure = "is missing", f"add {field} = {{...}}"
        elif field == "key":
            message, cure = (
                f"{shown!r} does not follow the pattern of keys",
                "write it as moftah2013, moftah2013b, fdand",
            )
        elif kind == "string_too_long":
            message, cure = f"is longer than {context.get('max_length')} characters", "shorten it, or split the field"
        elif kind in ("string_too_short", "too_short"):
            message, cure = "is empty", "fill it, or remove the field"
        elif kind == "enum":
            message, cure = f"{shown!r} is not a study design", f"use one of {context.get('expected')}"
        elif kind.startswith("int"):
            message, cure = f"{shown!r} is not a year", "write four digits, or remove the field"
        elif kind.startswith("date"):
            message, cure = f"{shown!r} is not a date", "write it as 2026-11-22"
        elif kind == "value_error":
            message, _, cure = found["msg"].removeprefix("Value error, ").partition("; ")
        else:
            message, cure = f"{found['msg']} ({shown!r})", "compare it with the source"
        yield raw.line if raw else entry.line, field, message, cure or "compare it with the source"


def find_duplicates(references: Iterable[Reference], file: str = "references.bib") -> list[Problem]:
    """A problem for each reference that repeats the DOI, PMID, PMCID, or title and year of an earlier one."""
    problems, seen = [], dict[tuple[str, str], Reference]()
    for reference in references:
        place = reference.place or Place(file, 0)
        for field, value in (
            ("doi", reference.doi and reference.doi.lower()),
            ("pmid", reference.pmid),
            ("pmcid", reference.pmcid),
            ("title", f"{_NOT_WORD.sub('', reference.title.lower())} {reference.year}"),
        ):
            if not value:
                continue
            first = seen.setdefault((field, value), reference)
            if first is not reference:
                what = "title and year" if field == "title" else field.upper()
                where = f" at line {first.place.line}" if first.place else ""
                problems.append(
                    Problem(
                        place.file,
                        place.line,
                        field,
                        f"same {what} as {first.key}{where}",
                        "merge the two entries if they are one source, else correct one of them",
                        reference.key,
                    )
                )
    return problems
