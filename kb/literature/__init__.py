"""Bringing references in, and checking those that are there against the public services.

`read_any` reads a file, `look_up` asks Crossref, Europe PMC and PubMed, `compare` finds what is there already, `plan`
says what would be done, `add` does it; `check` compares stored references with the services. Data flows file or service
-> Entry -> Reference; nothing is written but by `add`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.literature.checking import CheckReport, check
    from kb.literature.entry import Entry
    from kb.literature.intake import Action, BibliographyBusyError, Choice, Outcome, Plan, Report, add, merge, plan
    from kb.literature.lookup import LookUp, identifiers_in, identify, look_up
    from kb.literature.match import FieldComparison, Match, Verdict, compare
    from kb.literature.read import read_any

_PLACE = {
    "Action": "intake", "BibliographyBusyError": "intake", "Choice": "intake", "Outcome": "intake", "Plan": "intake",
    "Report": "intake", "add": "intake", "merge": "intake", "plan": "intake",
    "CheckReport": "checking", "check": "checking",
    "Entry": "entry",
    "LookUp": "lookup", "identifiers_in": "lookup", "identify": "lookup", "look_up": "lookup",
    "FieldComparison": "match", "Match": "match", "Verdict": "match", "compare": "match",
    "read_any": "read",
}  # fmt: skip
"""Name to the module that holds it, which is imported on first use: httpx and rapidfuzz take a while."""

__all__ = [
    "Action",
    "BibliographyBusyError",
    "CheckReport",
    "Choice",
    "Entry",
    "FieldComparison",
    "LookUp",
    "Match",
    "Outcome",
    "Plan",
    "Report",
    "Verdict",
    "add",
    "check",
    "compare",
    "identifiers_in",
    "identify",
    "look_up",
    "merge",
    "plan",
    "read_any",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"kb.literature.{_PLACE[name]}"), name)
