"""The suites: one YAML file per table in `validation/suites/`, each expectation with its severity and its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path("validation") / "suites"


class Expectation(BaseModel):
    """One expectation: its Great Expectations type, the arguments of that type, how grave a breach is, and why it exists."""

    model_config = ConfigDict(extra="forbid")

    expect: str = Field(pattern=r"^expect_[a-z_]+$", description="Great Expectations' own name")
    severity: Literal["critical", "warning", "info"]
    reason: str = Field(min_length=20, description="why the expectation exists")
    cure: str = Field(min_length=5, description="what the curator is to do")
    arguments: dict[str, Any] = Field(default_factory=dict)

    @property
    def column(self) -> str:
        """The column a breach is reported on."""
        for name in ("column", "column_A", "column_list"):
            value = self.arguments.get(name)
            if value:
                return str(value[0] if isinstance(value, list) else value)
        return ""


class Suite(BaseModel):
    """The expectations on one table."""

    model_config = ConfigDict(extra="forbid")

    table: str
    about: str
    expectations: list[Expectation]


def read_suites(root: Path) -> list[Suite]:
    """Every suite under `root`, by table name. Raises ValueError naming the file when one is not well formed."""
    suites = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        try:
            suites.append(Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (yaml.YAMLError, ValidationError) as error:
            raise ValueError(f"{path}: is not a suite of expectations: {error}") from error
    return suites
