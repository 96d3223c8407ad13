"""Spreadsheets (`.xlsx`) as rows of text for `kb.literature.table`: the first sheet whose heads are known.

An `.xlsx` is a folder of XML files packed with zip (ECMA-376); the few that hold the cells are read, and nothing of a
file is run. What unpacks to far more than its size is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from kb.literature import table
from kb.literature.entry import Entry

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "spreadsheet"

MOST_UNPACKED = 60_000_000
"""Bytes of one packed file that are unpacked."""

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(data: bytes, name: str) -> list[Entry]:
    """Entries of a spreadsheet; one refused entry when it is none. Never raises on what the bytes hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names, sheets = packed.namelist(), _sheets(packed)
            if not sheets:
                what = "a text document" if any(n.startswith("word/") for n in names) else "a packed folder"
                return [
                    _refused(
                        name,
                        f"is {what}, not a file of references",
                        "export the references, or unpack the folder first",
                    )
                ]
            shared = _shared(packed)
            for sheet in sheets:
                rows = _rows(_xml(packed, sheet), shared)
                start = next((i for i, (_, row) in enumerate(rows[:10]) if table.known(row)), None)
                if start is not None:
                    return table.read_rows(rows[start:], name, FORMAT)
    except (zipfile.BadZipFile, ValueError, KeyError, RuntimeError, NotImplementedError, OSError) as error:
        return [_refused(name, f"is a damaged spreadsheet ({str(error)[:100]})", "save it as CSV")]
    return [
        _refused(
            name,
            "has no sheet with a column `title`",
            "name the columns in its first row: title, authors, year, journal, doi",
        )
    ]


def sheet_rows(data: bytes) -> list[list[str]]:
    """The rows of a workbook's first sheet as text, for tables that are no references. Raises ValueError when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sheets = _sheets(packed)
            if not sheets:
                raise ValueError("it is not a spreadsheet")
            return [row for _, row in _rows(_xml(packed, sheets[0]), _shared(packed))]
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError) as error:
        raise ValueError(f"it is damaged ({str(error)[:100]})") from error


def _sheets(packed: zipfile.ZipFile) -> list[str]:
    found = (n for n in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
    return sorted(found, key=lambda n: (len(n), n))


def _xml(packed: zipfile.ZipFile, name: str) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if packed.getinfo(name).file_size > MOST_UNPACKED:
        raise ValueError(f"{name} is too large")
    with packed.open(name) as file:
        data = file.read(MOST_UNPACKED + 1)
    try:
        root: Element = fromstring(data)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(str(error)) from None
    return root


def _shared(packed: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    return [
        "".join(t.text or "" for t in one.iter(f"{_NS}t"))
        for one in _xml(packed, "xl/sharedStrings.xml").iter(f"{_NS}si")
    ]


def _rows(root: Element, shared: list[str]) -> list[tuple[int, list[str]]]:
    rows = []
    for number, row in enumerate(root.iter(f"{_NS}row"), 1):
        cells: dict[int, str] = {}
        for place, cell in enumerate(row.iter(f"{_NS}c")):
            cells[_column(cell.get("r", ""), place)] = _value(cell, shared)
        width = min(max(cells, default=-1) + 1, 300)
        rows.append((int(row.get("r", number)), [cells.get(i, "") for i in range(width)]))
    return rows


def _column(reference: str, place: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if not letters:
        return place
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_NS}t"))
    value = cell.find(f"{_NS}v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    if kind == "e":
        return ""
    if kind == "n" and re.fullmatch(r"-?\d+\.\d{15,}", text):
        return f"{float(text):.15g}"  # 2.2999999999999998, which spreadsheets show as 2.3
    if re.fullmatch(r"\d+\.0+|\d(?:\.\d+)?E\+\d+", text):
        return f"{float(text):.0f}"
    return text


def _refused(name: str, message: str, cure: str) -> Entry:
    entry = Entry(name, FORMAT)
    entry.refuse("file", message, cure)
    return entry
