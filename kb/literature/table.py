"""Tables of screening programs and data bases (CSV, TSV): Rayyan, Covidence, ASReview, PubMed, Scopus, Web of Science.

Columns are known by their heads. Which column was read as which field is told with the first row, so that the preview
shows it; columns that mean nothing here are named there as well.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence

from kb.literature import mend
from kb.literature.entry import Entry
from kb.literature.heads import HEADS, OTHERS
from kb.literature.inside import take_identifiers

FORMAT = "table"

_WORDS_OF = {
    "authors, full names": r"author|creator",
    "year": r"\byear|\bdate",
    "journal": r"journal|source|anthology",
    "volume": r"\bvol",
    "issue": r"\bissue",
    "pages, first page": r"\bpage",
    "doi": r"\bdoi\b",
    "pmid": r"pubmed|\bpmid\b",
}
"""Fields to the words that name them in heads nobody has met yet."""
_LOOKS = {
    "journal": re.compile(r"[^\W\d_]{3}"),
    "pages": re.compile(r"\A\s*[A-Za-z]?\d{1,6}\s*[-–]\s*[A-Za-z]?\d{1,6}\s*\Z"),
    "year": re.compile(r"\A\s*(?:19|20)\d\d\s*\Z"),
    "doi": re.compile(r"\b10\.\d{4,9}/\S"),
}
"""Fields to what their cells look like; words tell a journal only under a head in letters of another language."""
_BESIDE = re.compile(
    r"\b(?:ids?|counts?|status|issn|isbn|cited|references|abstract|created?|added|updated)\b", re.IGNORECASE
)
SOURCE = "source"
"""A column that names a data base or a whole citation."""
Columns = list[tuple[str, str]]
"""Head and field of each column."""
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ı": "i", "İ": "I", "ø": "o", "Ø": "O", "å": "aa", "Å": "aa", "\ufeff": ""}
)
_BARE = r'(?m)(^|{0})("[^"\n]{{1,300}}"[^"\n{0}]{{1,300}})(?=[{0}\n]|$)'
"""A cell that begins with a word in quotation marks which nobody escaped; `{0}` is the delimiter."""
_DELIMITERS = (",", "\t", ";", "|")
_CALENDAR = re.compile(
    r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d\d",
    re.I,
)


_BACKSLASHED = re.compile(r'\\"(?![,;|\t\r\n])')
_DOUBLED = re.compile(r'[^,;|\t\r\n]""[^,;|\t\r\n]')
"""A quotation mark inside a cell: as some programs write it, and as the format wants it."""


class _Table:
    """Stands for the pattern the other formats have: finds a first line whose columns are known."""

    def search(self, text: str) -> re.Match[str] | None:
        first = _heading(text)
        return re.match(r"", text) if first else None


START = _Table()


def _heading(text: str) -> tuple[int, str] | None:
    """Number of the line of heads (from 0) and the delimiter; None when the first lines hold none."""
    for number, line in enumerate(text.split("\n", 6)[:6]):
        for delimiter in _DELIMITERS:
            if delimiter in line and known(next(csv.reader([line], delimiter=delimiter), [])):
                return number, delimiter
    return None


def known(row: Sequence[str]) -> bool:
    """Whether a row is one of heads: a title, and at least one further field."""
    if len(row) >= 300:
        return False
    fields = [_field(cell) for cell in row]
    return "title" in fields and len({field for field in fields if field}) >= 2


def _field(head: str) -> str:
    return _FIELD_OF.get(_head(head), "")


def _head(head: str) -> str:
    """A head in small letters without accents and signs: `Número (1)` -> `numero 1`; other scripts keep their letters."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", head.strip().translate(_LETTERS)) if not unicodedata.combining(one)
    )
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", plain).casefold()).split())


_FIELD_OF = {_head(head): field for heads in (OTHERS, HEADS) for field, named in heads.items() for head in named}


def read(text: str, name: str) -> list[Entry]:
    """Entries of a table, one a row, sound and refused. Never raises on what the text holds."""
    place = _heading(text)
    if place is None:
        return []
    number, delimiter = place
    body = text.split("\n", number)[number] if number else text
    csv.field_size_limit(1_000_000)
    escaped = bool(_BACKSLASHED.search(body)) and not _DOUBLED.search(body)
    if not escaped:  # `"Gentle" care` for a cell whose first word is in quotation marks
        body = re.sub(
            _BARE.format(re.escape(delimiter)), lambda m: f'{m[1]}"{m[2].replace(chr(34), chr(34) * 2)}"', body
        )
    reader = csv.reader(
        io.StringIO(body, newline=""),
        delimiter=delimiter,
        escapechar="\\" if escaped else None,
        doublequote=not escaped,
    )
    rows: list[tuple[int, list[str]]] = []
    try:
        before = 0
        for row in reader:
            rows.append((number + before + 1, row))
            before = reader.line_num
    except csv.Error as error:
        entry = Entry(name, FORMAT, number + reader.line_num)
        entry.refuse("file", f"the table cannot be read on from here: {error}", "save it as CSV again")
        return [*read_rows(rows, name), entry]
    return read_rows(rows, name)


def read_rows(rows: Sequence[tuple[int, Sequence[str]]], name: str, kind: str = FORMAT) -> list[Entry]:
    """Entries of rows given with their lines, the first of which holds the heads."""
    if not rows:
        return []
    heads = rows[0][1]
    columns = list(zip(heads, _columns(heads), strict=True))
    entries = [_entry(line, row, columns, name, kind) for line, row in rows[1:] if any(cell.strip() for cell in row)]
    if entries:
        for said in _mapping(columns):
            entries[0].mended("columns", said, "look at the preview before you save")
    return entries


def _columns(heads: Sequence[str]) -> list[str]:
    """The field of each column, `""` for those that mean nothing here.

    `Source` is the journal in some tables; beside a column of the journal it is the data base, or a whole citation.
    """
    fields = [_field(head) for head in heads]
    vague = [head.strip().lower() in ("source", "publication") for head in heads]
    plain = {field for field, is_vague in zip(fields, vague, strict=True) if not is_vague}
    return [SOURCE if v and field in plain else field for field, v in zip(fields, vague, strict=True)]


def _mapping(columns: Columns) -> Iterator[str]:
    used = [f"{head.strip()!r} as {field}" for head, field in columns if field and field != SOURCE]
    passed = [head.strip() for head, field in columns if head.strip() and field in ("", SOURCE)]
    yield f"read by their heads: {', '.join(used)}"
    if passed:
        yield f"not read: {', '.join(map(repr, passed[:30]))}"


def _entry(line: int, row: Sequence[str], columns: Columns, name: str, kind: str) -> Entry:
    cells = list(zip(columns, row, strict=False))
    entry = Entry(name, kind, line, "\n".join(f"{head}: {cell}" for (head, _), cell in cells))
    values: dict[str, str] = {}
    for (_, field), cell in cells:
        if field and cell.strip() and field not in values:
            values[field] = _cell(cell)
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        entry.warn(
            "title, authors",
            f"the row has {len(row)} cells under {len(columns)} heads; they may have moved",
            "look at each field",
        )
    _fill(entry, values)
    known_fields = {field for _, field in columns}
    for (head, field), cell in cells:
        if cell.strip() and not field and (missed := _may_be(head, known_fields)):
            entry.warn(missed, f"the column {head.strip()[:60]!r} may hold it and was not read", "add it by hand")
    _strange(entry, [(head, cell) for (head, field), cell in cells if not field], known_fields)
    return entry.settle()


def _strange(entry: Entry, unread: list[tuple[str, str]], known_fields: set[str]) -> None:
    """What a column under an unknown head looks like, where no other column is that field: told, and nothing is taken."""
    for field, looks in _LOOKS.items():
        listed = [head.strip()[:40] for head, cell in unread if looks.search(cell) and not _BESIDE.search(head)]
        if field == "journal":
            listed = [head for head in listed if not head.isascii()]
        if listed and field not in known_fields and not any(p.field == field for p in entry.problems):
            entry.warn(field, f"a column not read may hold it: {', '.join(map(repr, listed))}", "add it by hand")


def _may_be(head: str, known_fields: set[str]) -> str:
    """The field that a column which is not read may be, where no other column is that field; `""` when none."""
    if re.search(r"\b(?:ids?|counts?|types?|status|issn|isbn)\b|\bnumber of\b", head, re.IGNORECASE):
        return ""
    for field, words in _WORDS_OF.items():
        if field not in ("volume", "issue") and re.search(r"\bnumbers?\b", head, re.IGNORECASE):
            continue
        if not known_fields & set(field.split(", ")) and re.search(words, head, re.IGNORECASE):
            return field.partition(",")[0]
    return ""


def _cell(cell: str) -> str:
    """A cell without what spreadsheets put around it: `="..."`, a leading apostrophe, errors."""
    clean = cell.strip()
    if match := re.fullmatch(r'="(.*)"', clean):
        clean = match[1]
    if re.fullmatch(r"#(?:NAME|N/A|REF|VALUE|NUM|DIV/0)[?!]?", clean):
        return ""
    return clean.removeprefix("'") if re.match(r"'[\d=+-]", clean) else clean


def _fill(entry: Entry, values: dict[str, str]) -> None:
    kinds = values.get("kind", "")
    entry.publication_types = [part.strip() for part in re.split(r"[;,|]", kinds) if part.strip()]
    if "book" in kinds.lower():
        entry.fields["type"] = "incollection" if "chapter" in kinds.lower() or "section" in kinds.lower() else "book"
    entry.abstract = mend.text(values.get("abstract", ""))
    entry.keywords = [mend.text(word) for word in re.split(r"[;|]", values.get("keywords", "")) if word.strip()]
    entry.put("title", values.get("title", ""))
    _authors(entry, values.get("full names") or values.get("authors", ""))
    for field in ("journal", "publisher", "year", "volume", "issue"):
        entry.put(field, values.get(field, ""))
    if _CALENDAR.fullmatch(values.get("issue", "")):
        entry.warn("issue", "a spreadsheet may have turned it into a date", "compare it with the source")
    first, last = values.get("first page", ""), values.get("last page", "")
    pages = values.get("pages") or (f"{first}-{last}" if first and last and first != last else first)
    entry.put("pages", pages or values.get("article number", ""))
    for field in ("doi", "pmid"):
        entry.put(field, values.get(field, ""))
    number = values.get("pmcid", "")
    entry.put("pmcid", f"PMC{number}" if number.isdigit() else number)
    if values.get(SOURCE) == "MED" and "pmid" not in entry.fields:  # Europe PMC's sign for PubMed
        entry.put("pmid", values.get("number in the source", ""))
    accession = values.get("accession", "")
    if re.search(r"pubmed|medline", values.get("database", ""), re.IGNORECASE) and mend.pmid(accession):
        entry.put("pmid", "" if "pmid" in entry.fields else accession)
    take_identifiers(entry, [accession], "")
    take_identifiers(entry, [values.get("url", "")], "the address")
    take_identifiers(entry, [values.get("notes", "")])
    entry.put("url", next((word for word in re.split(r"[\s;|]+", values.get("url", "")) if mend.url(word)), ""))


def _authors(entry: Entry, text: str) -> None:
    """The authors of one cell: by semicolons, else `Low A, High BC.` as PubMed and Scopus write it, else as guessed."""
    text = re.sub(r"\s*\(\d{6,}\)", "", text.strip())  # Scopus's numbers of authors
    if not text:
        return
    if re.search(r"[;|]", text):
        entry.put_people([part for part in re.split(r"\s*[;|]\s*", text) if part], initials_last=True)
    elif (parts := re.split(r",\s+", _without_stop(text))) and all(_short(part) for part in parts):
        entry.put_people(parts, initials_last=True)
    else:
        entry.put_people([text], initials_last=True)


def _without_stop(text: str) -> str:
    """The full stop that PubMed sets behind its list, not the one behind an initial (`High B.C.`)."""
    return text if re.search(r"\b[A-Z]\.$", text) and re.search(r"[A-Z]\.,", text) else text.rstrip(".")


def _short(part: str) -> bool:
    """`Low A`, `High BC`, `van der Mid K Jr`."""
    return bool(
        re.fullmatch(
            r"[^\d,;]*[^\W\d_]{2,}(?:[ -][^\W\d_]+)*\s+[A-ZÀ-Þ](?:[.-]?[A-ZÀ-Þ]){0,3}\.?(?:\s+(?:Jr|Sr|2nd|3rd|II|III))?",
            part,
        )
    )
