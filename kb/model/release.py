"""A release of the formulary: what version it is, when it was made, and what changed for readers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.model.record import Record

Notes = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20000)]


MODEL = 3
"""The version of the record types. Raised with every change after which older files need a step of `kb migrate`."""


class Release(Record):
    """The release this checkout is, or is about to become. `formulary/release.yaml` holds one."""

    version: str = Field(
        pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$", description="semantic version, e.g. `0.1.0`"
    )
    model: int = Field(
        1, ge=1, description="version of the record types the files are written for; `kb migrate` raises it"
    )
    date: date
    notes: Notes = Field(description="what changed clinically, in plain words")
