"""Plain values to records: pydantic's errors retold with file, line, field and cure."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from kb.formulary.yamltext import Document, Path_, dotted
from kb.model.record import Place, Record
from kb.problems import Problem

R = TypeVar("R", bound=Record)


def validate(kind: type[R], document: Document, path: Path_ = ()) -> tuple[R | None, list[Problem]]:
    """The record of type `kind` at `path` in the document, placed, or every problem it has."""
    value: Any = document.value
    for step in path:
        value = value[step]
    if not isinstance(value, dict):
        what = "is empty" if value is None else f"is {_described(value)}"
        return None, [
            _problem(document, path, f"{what}, not a {kind.__name__.lower()} record", "write `field: value` lines")
        ]
    try:
        record = kind.model_validate(value)
    except ValidationError as error:
        # A union reports one error per branch; one line per place is enough for a reader.
        told: dict[tuple[Path_, str], Problem] = {}
        for details in error.errors():
            problem = _retell(kind, document, path, details)
            told.setdefault(((problem.field,), problem.message), problem)
        return None, list(told.values())
    _place(record, document, path)
    return record, []


def _place(record: BaseModel, document: Document, path: Path_) -> None:
    """Tell the record and the records inside it where they stand."""
    if isinstance(record, Record):
        record._place = Place(document.file, document.line(path))
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, Record):
                    _place(item, document, (*path, name, i))
        elif isinstance(value, Record):
            _place(value, document, (*path, name))


def _problem(document: Document, path: Path_, message: str, cure: str) -> Problem:
    record = ""
    value = document.value
    for step in path:
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            record = value["id"]
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        record = value["id"]
    return Problem(document.file, document.line(path), dotted(path), message, cure, record)


def _retell(kind: type[BaseModel], document: Document, at: Path_, details: ErrorDetails) -> Problem:
    path = _path_in_file(document, at, details)
    given, name = details["input"], str(details["loc"][-1]) if details["loc"] else ""
    match details["type"]:
        case "missing":
            return _problem(document, path, f"`{name}` is missing", "add the field")
        case "extra_forbidden":
            near = _nearest(name, _fields_at(kind, details["loc"][:-1]))
            return _problem(document, path, f"`{name}` is not a field of this record", f"remove it{near}")
        case "enum" | "literal_error":
            expected = details.get("ctx", {}).get("expected", "")
            words = [w.strip("' ") for w in expected.replace(" or ", ", ").split(",")]
            cure = f"use one of: {', '.join(words)}{_nearest(str(given), words)}"
            if (name, given) == ("direction", "mixed"):
                cure += "; `kb migrate` proposes one for each record"
            return _problem(document, path, f"{given!r} is not allowed here", cure)
        case "string_pattern_mismatch":
            pattern = details.get("ctx", {}).get("pattern", "")
            return _problem(
                document, path, f"{given!r} has the wrong form", _PATTERNS.get(pattern, f"it must match {pattern}")
            )
        case "value_error":
            message, _, cure = details["msg"].removeprefix("Value error, ").partition("; ")
            return _problem(document, path, message, cure or "compare with the source")
        case "float_parsing" | "int_parsing" if "," in str(given) and str(given).replace(",", "").isdigit():
            plain = str(given)
            told = f"{plain!r} may be {plain.replace(',', '')} or {plain.replace(',', '.')}"
            return _problem(document, path, told, f"write {plain.replace(',', '')} or {plain.replace(',', '.')}")
        case "too_short" | "string_too_short":
            return _problem(document, path, "is empty", "fill it in, or remove the field")
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return _problem(
                document, path, f"{_shown(given)} is not a whole number", "write the digits alone, e.g. `60`"
            )
        case "float_parsing" | "float_type":
            return _problem(document, path, f"{_shown(given)} is not a number", "write the number alone, e.g. `4.8`")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return _problem(
                document,
                path,
                f"{_shown(given)} is not a day of the calendar",
                "write year-month-day, e.g. `2026-11-22`",
            )
        case "list_type":
            return _problem(
                document, path, f"is {_described(given)}, not a list", "begin each entry with `- `, one below the other"
            )
        case "model_type" | "dict_type" | "model_attributes_type":
            return _problem(
                document, path, f"is {_described(given)}, not a group of fields", "write its fields below it, indented"
            )
        case _:
            return _problem(document, path, f"{_shown(given)}: {details['msg'].lower()}", "correct the value")


_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "use lower-case letters, digits and single hyphens, e.g. `acne-scar`",
    r"^[a-z]+(\d{4}|nd)[a-z]*$": "use a reference key such as `moftah2013` or `vitraselabelnd`",
    r"^\d{4}(-\d{2}(-\d{2})?)?$": "write a year, year-month or full date, e.g. `2023-12-13`",
}


def _path_in_file(document: Document, at: Path_, details: ErrorDetails) -> Path_:
    """Pydantic's `loc` without the names of union branches, which are no part of the path in the file."""
    value: Any = document.value
    for step in at:
        value = value[step]
    path = at
    for step in details["loc"]:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        elif details["type"] != "missing" or step != details["loc"][-1]:
            continue
        path = (*path, step)
    return path


def _fields_at(kind: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] | None = kind
    for step in loc:
        if model is None or isinstance(step, int):
            continue
        model = _model_of(model, str(step))
    return [] if model is None else [f.alias or n for n, f in model.model_fields.items()]


def _model_of(model: type[BaseModel], field: str) -> type[BaseModel] | None:
    info = model.model_fields.get(field)
    stack = [info.annotation] if info else []
    while stack:
        kind = stack.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
        stack.extend(getattr(kind, "__args__", ()))
    return None


def _nearest(word: str, known: list[str]) -> str:
    near = nearest(word, known)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def nearest(word: str, known: list[str] | set[str], most: int = 3) -> list[str]:
    """The known words closest to a misspelt one, best first; none when nothing is close."""
    return [w for w, _score, _ in process.extract(word, sorted(known), scorer=fuzz.ratio, limit=most, score_cutoff=65)]


def _described(value: Any) -> str:
    return {
        list: "a list",
        dict: "one group of fields",
        str: "text",
        int: "a number",
        float: "a number",
        bool: "true or false",
    }.get(type(value), "something else")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
