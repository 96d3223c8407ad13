"""What was decided about a record, kept in the repository: `screening/decisions/<record>.yaml`, one file for each record.

One file for each record, so that two people who decide at the same time have nothing to merge; the folder lies beside
`formulary/` because a decision changes no page, so nothing is built anew for it. Abstracts are not stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.atomic import write_text
from kb.literature import mend

FOLDER = Path("screening") / "decisions"

CRITERIA = {
    "accept": ("new finding", "harm or precaution", "changes a certainty", "null result", "background"),
    "reject": (
        "not in humans", "another intervention", "another outcome", "no study", "a copy of another report", "retracted",
        "nothing new",
    ),
    "later": ("full text not at hand", "results not published yet", "language not read here", "to be discussed"),
}  # fmt: skip
"""Decision to the criteria from which one is chosen."""


class Decided(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    LATER = "later"


class Decision(BaseModel):
    """One record's decision. `score` and `reasons` are what the list showed when it was taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    title: str = Field(min_length=1, max_length=600)
    year: int | None = None
    journal: str | None = None
    pmid: str | None = Field(None, pattern=r"^\d{1,9}$")
    doi: str | None = None
    decision: Decided
    criterion: str = Field(min_length=1, max_length=200)
    note: str | None = Field(None, max_length=2000)
    by: str = Field(min_length=1, max_length=200)
    on: date
    score: int | None = None
    reasons: list[str] = Field(default_factory=list)
    keywords: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Unsound:
    """A file of decisions that cannot be read: where, and what to do."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class Decisions:
    """All decisions of a checkout, found by number, DOI or title and year. `unsound` files are told and left aside."""

    def __init__(self, found: Iterable[Decision] = (), unsound: Iterable[Unsound] = ()) -> None:
        self.all = {decision.id: decision for decision in found}
        self.unsound = list(unsound)
        self._marks = {mark: one for one in self.all.values() for mark in marks(one.model_dump())}

    def of(self, fields: Mapping[str, Any]) -> Decision | None:
        """The decision about a record with these fields (`pmid`, `doi`, `title`, `year`)."""
        return next((self._marks[mark] for mark in marks(fields) if mark in self._marks), None)

    def texts(self) -> list[tuple[str, bool]]:
        """Title and keywords of what was accepted or rejected, for learning, in the order of their names."""
        told = [one for _, one in sorted(self.all.items()) if one.decision is not Decided.LATER]
        return [(" ".join([one.title, *one.keywords]), one.decision is Decided.ACCEPT) for one in told]


def marks(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """By what a record is known again."""
    found = [(name, str(fields[name]).lower()) for name in ("pmid", "doi") if fields.get(name)]
    title = mend.fold(str(fields.get("title") or ""))
    return [*found, ("title", f"{title} {fields.get('year') or ''}")] if title else found


def name_of(fields: Mapping[str, Any]) -> str:
    """The name of a record's file: its number in PubMed, else its DOI, else its title."""
    if fields.get("pmid"):
        return f"pmid-{fields['pmid']}"
    text = str(fields.get("doi") or fields.get("title") or "").lower()
    plain = re.sub(r"[^a-z0-9]+", "-", mend.fold(text)).strip("-")[:60].strip("-")
    return f"{plain or 'record'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def read(root: Path) -> Decisions:
    """The decisions of a checkout; a file that is not sound is told by name and field."""
    found, unsound = [], []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        file = path.relative_to(root).as_posix()
        try:
            found.append(Decision.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            unsound.append(Unsound(file, f"{where}: {first['msg']}; correct it or delete the file"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            said = str(error).splitlines()[0]
            unsound.append(Unsound(file, f"cannot be read ({said}); after a merge, choose one of the two decisions"))
    return Decisions(found, unsound)


def write(root: Path, decision: Decision) -> str:
    """Save a decision; its file, relative to the root. Raises OSError."""
    file = FOLDER / f"{decision.id}.yaml"
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    held = decision.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    write_text(root / file, yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=110))
    return file.as_posix()
