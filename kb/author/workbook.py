"""A table as a workbook (XLSX) that spreadsheets open: the other way round from `kb.literature.spreadsheet`."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.sax.saxutils import escape


def workbook_out(text: str) -> bytes:
    """CSV text as a workbook (XLSX) of one sheet; every cell is text, so no program turns a value into a date or a formula."""
    rows = []
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        cells = "".join(
            f'<c r="{_letters(place)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(_legal(cell))}</t></is></c>'
            for place, cell in enumerate(row)
            if cell
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    sheet = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in (*_PARTS.items(), ("xl/worksheets/sheet1.xml", sheet)):
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _letters(place: int) -> str:
    """The letters of a column, from 0: A, B, ... Z, AA."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def _legal(cell: str) -> str:
    return "".join(c for c in cell if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        '<sheets><sheet name="Records" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
"""Parts of a workbook with one sheet (ECMA-376, part 1: SpreadsheetML)."""
