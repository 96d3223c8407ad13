"""The literature as one BibTeX file whose titles keep their capitals in every style."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.bibliography.latex import encode
from kb.bibliography.write import to_entry
from kb.exports.data import Data, Record
from kb.model.reference import Reference

MISSING: tuple[str, ...] = ()


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<folder>/references.bib`, in the canonical form and order, with `% ` lines that name licence and release."""
    path = folder / "references.bib"
    head = f"% {data.title}, release {data.release}, {data.date}. CC-BY-4.0\n\n"
    write_text(path, head + "\n\n".join(entry(data.references[key]) for key in sorted(data.references)) + "\n")
    progress(f"{len(data.references)} references")
    return [path]


def entry(reference: Record) -> str:
    """The entry of a reference. Styles that set titles in lower case leave alone what stands in braces."""
    record = Reference.model_validate({k: v for k, v in reference.items() if k != "parsed"})
    title = encode(record.title)
    return to_entry(record).replace(f"  title = {{{title}}},\n", f"  title = {{{protected(title)}}},\n", 1)


def protected(title: str) -> str:
    """`Biotin in HIV: a trial` -> `{Biotin} in {HIV:} {a} trial`: every word in braces whose case a style might change.

    That is every word with a capital letter, and the small one that begins a title or follows a colon or a full stop, which
    pandoc makes large.
    """
    words = title.split(" ")
    after = [".", *words][: len(words)]
    return " ".join(
        f"{{{word}}}" if any(c.isupper() for c in word) or (word and before.endswith(_STOPS)) else word
        for before, word in zip(after, words, strict=True)
    )


_STOPS = (":", ".", "?", "!")
