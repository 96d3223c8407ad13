"""CSL-JSON, as Zotero, Mendeley and pandoc write it, and Crossref's own JSON, which is nearly the same.

Fields as the Citation Style Language's `csl-data.json` schema names them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from kb.literature import mend, people
from kb.literature.entry import Entry, author
from kb.literature.inside import take_identifiers
from kb.model.reference import Author, Notice

FORMAT = "CSL-JSON"

START = re.compile(r"\A\s*[\[{]\s*(?=[\"{\]}])")

_TYPES = {
    "article": "article", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "journal-article": "article", "review": "article", "book": "book", "monograph": "book", "chapter": "incollection",
    "book-chapter": "incollection", "paper-conference": "incollection", "proceedings-article": "incollection",
    "entry-encyclopedia": "incollection", "webpage": "online", "post": "online", "post-weblog": "online", "report": "report",
    "posted-content": "online",
}  # fmt: skip


_UPDATES: dict[str, Any] = {
    "retraction": "retraction", "partial_retraction": "retraction", "withdrawal": "retraction", "removal": "retraction",
    "expression_of_concern": "expression-of-concern", "concern": "expression-of-concern", "correction": "correction",
    "erratum": "correction", "corrigendum": "correction", "clarification": "correction", "addendum": "correction",
}  # fmt: skip


def read(text: str, name: str) -> list[Entry]:
    """Entries of a JSON text, sound and refused, in its order. Never raises on what the text holds."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        entry = Entry(name, FORMAT, getattr(error, "lineno", 1))
        entry.refuse(
            "file", f"is not sound JSON: {getattr(error, 'msg', 'nested too deeply')}", "export the references again"
        )
        return [entry]
    items = _items(value)
    lines = _lines(text, len(items))
    return [_entry(item, name, line) for item, line in zip(items, lines, strict=True)]


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for key in ("items", "references", "message"):
            inside = value.get(key)
            if isinstance(inside, list):
                return inside
            if isinstance(inside, dict):
                return _items(inside)
    return [value]


def _lines(text: str, count: int) -> list[int]:
    """Line of each item: where objects of the outermost list begin, as far as that can be seen."""
    depth, begins, quoted, line = 0, [], False, 1
    for match in re.finditer(r"\\.|[\"{}\[\]\n]", text):
        char = match[0]
        if char == "\n":
            line += 1
        elif char == '"':
            quoted = not quoted
        elif quoted or len(char) > 1:
            continue
        elif char == "{":
            if depth <= 1:
                begins.append(line)
            depth += 1
        elif char == "[":
            depth += 1
        else:
            depth -= 1
    return begins if len(begins) == count else [1] * count


def _entry(item: Any, name: str, line: int) -> Entry:
    entry = Entry(name, FORMAT, line, json.dumps(item, ensure_ascii=False, indent=1))
    if (
        not isinstance(item, dict)
        or len({"title", "author", "DOI", "container-title", "issued", "type", "id"} & item.keys()) < 2
    ):
        entry.refuse("entry", "is JSON, but no reference of CSL-JSON", "export the references as CSL JSON")
        return entry
    if "author" not in item and ("authors" in item or "identifiers" in item):
        entry.refuse(
            "entry",
            "is JSON of another kind, with authors under a name of its own",
            "export the references as CSL JSON",
        )
        return entry
    if "itemType" in item:
        entry.refuse("entry", "is Zotero's own JSON", "export the references as CSL JSON")
        return entry
    kind = _plain(item.get("type")).lower()
    entry.fields["type"] = _TYPES.get(kind, "misc")
    entry.declared += [kind, _plain(item.get("genre")).lower(), _plain(item.get("status")).lower()]
    entry.declared += [
        _plain(one.get("type")).replace("_", " ") for one in item.get("update-to") or [] if isinstance(one, dict)
    ]
    _notices(entry, item)
    entry.abstract = mend.text(_plain(item.get("abstract")))
    entry.keywords = [word.strip() for word in re.split(r"[;,]", _plain(item.get("keyword"))) if word.strip()]
    title, subtitle = _plain(item.get("title")), _plain(item.get("subtitle")).lstrip(" :")
    entry.put(
        "title",
        f"{title.rstrip(' :')}: {subtitle}" if subtitle and mend.fold(subtitle) not in mend.fold(title) else title,
    )
    _people(entry, item)
    entry.put("journal", _plain(item.get("container-title")))
    entry.put("publisher", _plain(item.get("publisher")) if entry.fields["type"] != "article" else "")
    entry.put("year", _year(item.get("issued")) or _year(item.get("published-print")) or _year(item.get("published")))
    entry.put("volume", _plain(item.get("volume")))
    entry.put("issue", _plain(item.get("issue")))
    entry.put("pages", _plain(item.get("page")) or _plain(item.get("number")) or _plain(item.get("article-number")))
    entry.put("doi", _plain(item.get("DOI") or item.get("doi")))
    entry.put("pmid", _plain(item.get("PMID")))
    entry.put("pmcid", _plain(item.get("PMCID")))
    address = _plain(item.get("URL"))
    take_identifiers(entry, [address], "the address")
    take_identifiers(entry, [_plain(item.get("note"))])
    entry.put("url", address)
    return entry.settle()


def _notices(entry: Entry, item: dict[str, Any]) -> None:
    """What Crossref says was published about the article later, under `updated-by`."""
    for one in item.get("updated-by") or []:
        said = _plain(one.get("type")).lower().replace("-", "_") if isinstance(one, dict) else ""
        if (kind := _UPDATES.get(said)) and not any(notice.kind == kind for notice in entry.notices):
            entry.notices.append(
                Notice(kind=kind, said=f"{said.replace('_', ' ')} {_plain(one.get('DOI'))}, by Crossref".strip())
            )


def _people(entry: Entry, item: dict[str, Any]) -> None:
    people = item.get("author")
    if not people and entry.fields["type"] == "book" and item.get("editor"):
        entry.mended("authors", "there is no author; the editors were taken")
        people = item["editor"]
    for person in people if isinstance(people, list) else [people] if people else []:
        if isinstance(person, str):
            entry.put_people([person])
        elif isinstance(person, dict):
            _person(entry, person)


def _person(entry: Entry, person: dict[str, Any]) -> None:
    body = _plain(person.get("literal")) or _plain(person.get("name"))
    if (
        body
    ):  # by the schema a name that is not to be taken apart: an institution, though some programs write persons so
        entry.put_authors([author(body, body=True)])
        if not people.BODY.search(body) and 2 <= len(body.split()) <= 3 and body.istitle():
            entry.warn(
                "authors", f"{body[:60]!r} is not taken apart in the file and may be a person", "compare the authors"
            )
        return
    found = _named(person)
    if found is None:
        entry.warn("authors", "an author without a name was left out", "compare the authors with the source")
    entry.put_authors([found])


def _named(person: dict[str, Any]) -> Author | None:
    part = {
        key: _plain(person.get(key))
        for key in ("family", "given", "suffix", "non-dropping-particle", "dropping-particle")
    }
    family = " ".join(filter(None, (part["dropping-particle"], part["non-dropping-particle"], part["family"])))
    given = ", ".join(filter(None, (part["given"], part["suffix"])))
    family = family.strip('"“”')  # marks that keep a program from taking the name apart
    return author(family, given) if part["family"] else author(given)


def _year(date: Any) -> str:
    if isinstance(date, list) and date:  # one version of pandoc wrote a list of dates
        return _year(date[0])
    if isinstance(date, dict):
        parts = date.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], int | str):
            parts = [parts]
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] and parts[0][0] is not None:
            return str(parts[0][0])
        return next((_plain(date.get(key)) for key in ("raw", "literal", "year") if date.get(key)), "")
    return _plain(date)


def _plain(value: Any) -> str:
    """A string or number as text, the first of a list; anything else counts for nothing."""
    if isinstance(value, list):
        return _plain(value[0]) if value else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
