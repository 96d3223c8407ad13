"""Citations as readers see and copy them: Vancouver style, a short form, and the BibTeX entry.

Vancouver style follows "Citing Medicine" (NLM): family name and initials, six authors before `et al.`, the title as
printed, `Journal. Year;Volume(Issue):Pages.` Journal names stand as they were seen, in full or abbreviated.
"""

from __future__ import annotations

import re
from calendar import month_name

from kb.bibliography.names import SUFFIX
from kb.bibliography.write import to_entry as bibtex
from kb.model.reference import Author, Reference

__all__ = ["bibtex", "short", "vancouver"]

MOST_AUTHORS = 6
"""Authors that are named before `et al.`"""

NOTICES = {"retraction": "Retracted", "correction": "Corrected", "expression-of-concern": "Expression of concern"}

UNDATED = "[date unknown]"

_WORD = re.compile(r"[^\s.\-‐]+")


def vancouver(reference: Reference) -> str:
    """One reference in Vancouver style, as plain text."""
    parts = [_authors(reference), _sentence(reference.title)]
    if reference.type in ("article", "incollection") and reference.journal:
        parts.append(_sentence(reference.journal) + " " + _issue(reference) + ".")
    else:
        if reference.type == "online":
            parts[-1] = parts[-1].rstrip(".") + " [Internet]."
        source = "; ".join(part for part in (reference.publisher or reference.journal, _issue(reference)) if part)
        parts.append(source + ".")
    parts += _where(reference)
    if reference.notice:
        kind = {"retraction": "Retracted", "correction": "Corrected"}.get(
            reference.notice.kind, "Expression of concern"
        )
        parts.append(f"[{kind}: {reference.notice.said.rstrip('.')}.]")
    return " ".join(part for part in parts if part)


def short(reference: Reference) -> str:
    """`Moftah et al. 2013`, for a line in a table; the key where no author was seen."""
    year = f" {reference.year}" if reference.year else ""
    names = [author.family for author in reference.authors]
    if not names:
        return reference.key
    if len(names) > 2 or reference.authors_cut:
        return f"{names[0]} et al.{year}"
    return f"{' & '.join(names)}{year}"


def initials(given: str) -> str:
    """`Óscar M.` -> `ÓM`, `Jean-Luc` -> `JL`, `MS` -> `MS`; a suffix follows after a space: `Lucio, Jr.` -> `L Jr`."""
    first, _, suffix = given.rpartition(", ")
    if first and SUFFIX.fullmatch(suffix):
        return f"{initials(first)} {suffix.rstrip('.')}"
    words: list[str] = _WORD.findall(given)
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 3:
        return words[0]
    return "".join(word[0].upper() for word in words if word[0].isalpha())


def _name(author: Author) -> str:
    return f"{author.family} {initials(author.given)}".rstrip() if author.given else author.family


def _authors(reference: Reference) -> str:
    names = [_name(author) for author in reference.authors]
    if not names:
        return ""
    cut = reference.authors_cut or len(names) > MOST_AUTHORS
    return _sentence(", ".join(names[:MOST_AUTHORS]) + (", et al" if cut else ""))


def _issue(reference: Reference) -> str:
    """`2013;27(6):686-693`, without what was not seen."""
    volume = (reference.volume or "") + (f"({reference.issue})" if reference.issue else "")
    year = str(reference.year) if reference.year else UNDATED
    return year + (f";{volume}" if volume else "") + (f":{reference.pages}" if reference.pages else "")


def _where(reference: Reference) -> list[str]:
    """Identifiers, or the address of a source that has none."""
    parts = [f"doi: {reference.doi}."] if reference.doi else []
    if reference.pmid:
        parts.append(f"PMID: {reference.pmid}.")
    if reference.pmcid:
        parts.append(f"PMCID: {reference.pmcid}.")
    if not parts and reference.url:
        day = reference.verified_on
        cited = f" [cited {day.year} {month_name[day.month][:3]} {day.day}]" if day else ""
        parts.append(f"Available from: {reference.url}{cited}.")
    return parts


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."
