"""The bibliography: `references.bib` in, `Reference` records out, and back.

This room alone knows BibTeX. `read` gives the records and every problem of the file; `write` saves them in one
canonical form; `vancouver` and `to_entry` are what a reader copies.
"""

from kb.bibliography.cite import short, vancouver
from kb.bibliography.read import find_duplicates, keys_in, read, read_text
from kb.bibliography.write import DamagedBibliographyError, format_bib, to_bibtex, to_entry, write

__all__ = [
    "DamagedBibliographyError",
    "find_duplicates",
    "format_bib",
    "keys_in",
    "read",
    "read_text",
    "short",
    "to_bibtex",
    "to_entry",
    "vancouver",
    "write",
]
