"""Write references as `references.bib` in its one canonical form, so that a change shows as the lines that changed.

Entries are sorted by key, fields stand in a fixed order, one a line, in UTF-8; one blank line parts entries. Comments
(lines that begin with `%`, and `@comment` blocks) are kept: those before an entry move with it, those at the top of the
file, parted from the first entry by a blank line, stay there, and those after the last entry stay last. `@string`
abbreviations are written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kb.atomic import write_text
from kb.bibliography.blocks import Comment, split
from kb.bibliography.latex import encode, encode_literal
from kb.bibliography.names import format_names
from kb.bibliography.read import decode_file, read_text
from kb.model.reference import Reference
from kb.problems import Problem


class DamagedBibliographyError(ValueError):
    """A text that cannot be put into canonical form without losing something; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def write(path: Path | str, references: Mapping[str, Reference] | Iterable[Reference]) -> bool:
    """Save references in canonical form, atomically; False when the file held exactly that already.

    Comments of the file that is replaced are kept; those of an entry that is gone go with it.
    """
    path = Path(path)
    comments: list[Comment] = []
    if path.is_file():
        comments = split(decode_file(path.read_bytes(), path.name)[0], path.name).comments
    return write_text(path, to_bibtex(references, comments))


def format_bib(text: str, file: str = "references.bib") -> str:
    """The canonical form of a BibTeX text. Raises DamagedBibliographyError when `read_text` finds a problem in it."""
    references, problems = read_text(text, file)
    if problems:
        raise DamagedBibliographyError(problems)
    return to_bibtex(references, split(text, file).comments)


def to_bibtex(references: Mapping[str, Reference] | Iterable[Reference], comments: Iterable[Comment] = ()) -> str:
    """The canonical text of a whole file."""
    listed = references.values() if isinstance(references, Mapping) else references
    entries = {reference.key: reference for reference in listed}
    head, tail, above = _arrange(comments, set(entries))
    parts = [*head, *(above.get(key, "") + to_entry(entries[key]) for key in sorted(entries)), *tail]
    return "\n\n".join(parts) + "\n" if parts else ""


def to_entry(reference: Reference) -> str:
    """The BibTeX entry of one reference, without a line end."""
    checked = reference.retraction_checked
    values = {
        "author": format_names(reference.authors, reference.authors_cut),
        "title": encode(reference.title),
        "journal": encode(reference.journal or ""),
        "publisher": encode(reference.publisher or ""),
        "year": str(reference.year or ""),
        "volume": encode(reference.volume or ""),
        "number": encode(reference.issue or ""),
        "pages": encode(reference.pages or ""),
        "doi": encode_literal(reference.doi or ""),
        "pmid": reference.pmid or "",
        "pmcid": reference.pmcid or "",
        "url": encode_literal(reference.url or ""),
        "design": reference.design.value,
        "seenat": "; ".join(re.sub(r";(?=\s)", "{;}", encode_literal(page)) for page in reference.seen_at),
        "verifiedon": reference.verified_on.isoformat() if reference.verified_on else "",
        "notice": encode(f"{reference.notice.kind}: {reference.notice.said}") if reference.notice else "",
        "retractionchecked": encode(f"{checked.on.isoformat()}: {checked.against}") if checked else "",
        "note": encode(reference.note or ""),
    }
    lines = (f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
    return f"@{reference.type}{{{reference.key},\n{''.join(lines)}}}"


def _arrange(comments: Iterable[Comment], keys: set[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """Comments at the top, comments at the end, and comments above the entry of a key (with their line end)."""
    head: list[str] = []
    tail: list[str] = []
    above: dict[str, str] = {}
    for comment in comments:
        explicit = comment.text.startswith("@")
        paragraphs = (
            [comment.text] if explicit else [p for p in re.split(r"\n(?:[ \t]*\n)+", comment.text) if p.strip()]
        )
        if comment.before is None:
            tail.extend(paragraphs)
            continue
        if comment.at_top:
            loose = paragraphs[:-1] if comment.touches else paragraphs
            head.extend(loose)
            paragraphs = paragraphs[len(loose) :]
        if comment.before in keys:
            above[comment.before] = above.get(comment.before, "") + "".join(f"{part}\n" for part in paragraphs)
    return head, tail, above
