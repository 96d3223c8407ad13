"""Papers that references.bib cites and that the literature says are retracted, corrected or in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.literature.pubmedxml import ABOUT
from kb.model.reference import Reference

_GRAVITY = {"retraction": 0, "expression-of-concern": 1, "correction": 2}
_OF_NOTICE = {
    "retraction notice": "retraction",
    "expression of concern": "expression-of-concern",
    "erratum": "correction",
}
"""What a record is, to what it means for the paper that it is about; a comment means nothing."""
assert set(_OF_NOTICE) < set(ABOUT.values())

_PMID = re.compile(r"PMID (\d+)")


@dataclass(frozen=True)
class Alarm:
    """A cited paper (its key), what happened to it, where that is said, and where it was read.

    `recorded` tells that references.bib holds a notice of this kind already.
    """

    key: str
    kind: str
    said: str
    file: str
    place: int
    recorded: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "reference": self.key, "kind": self.kind, "said": self.said, "recorded": self.recorded, "file": self.file,
            "place": self.place,
        }  # fmt: skip


def alarms(rows: Iterable[Mapping[str, Any]], references: Mapping[str, Reference]) -> list[Alarm]:
    """The alarms of the rows that carry notices, the gravest first: from the paper's own record, or from the notice's."""
    by_pmid = {reference.pmid: key for key, reference in references.items() if reference.pmid}
    by_doi = {reference.doi.lower(): key for key, reference in references.items() if reference.doi}
    found: dict[tuple[str, str], Alarm] = {}
    for row in rows:
        itself = by_pmid.get(str(row["pmid"])) or by_doi.get(row["doi"])
        for note in row["notices"].splitlines():
            kind, _, said = note.partition("\t")
            if kind in _GRAVITY:
                key = itself
            else:
                kind, about = _OF_NOTICE.get(kind, ""), _PMID.search(said)
                key = by_pmid.get(about[1]) if about else None
                said = f"{row['title']}; PMID {row['pmid']}" if row["pmid"] else row["title"]
            if key and kind:
                notice = references[key].notice
                same = notice is not None and _GRAVITY[notice.kind] <= _GRAVITY[kind]
                found.setdefault((key, kind), Alarm(key, kind, said, row["file"], row["place"], same))
    return sorted(found.values(), key=lambda alarm: (alarm.recorded, _GRAVITY[alarm.kind], alarm.key))
