"""A small formulary on disk, and strategies that make any formulary."""

from __future__ import annotations

from pathlib import Path

import pytest

INGREDIENT = """\
# yaml-language-server: $schema=../../schema/ingredient.json
id: minoxidil
name: Minoxidil
kind: drug # a comment an author wrote
role:
  value: principal
  why: Given for its own effect on hair.
findings:
  - id: moftah2013-minoxidil-hair-loss
    reference: moftah2013
    relation: treats
    object: hair-loss
    direction: supports
    route: topical
    n: 60
    outcomes:
      - measure: regrowth
        kind: percent
        arm: minoxidil
        value: 40
        unit: percent of patients
    basis: abstract
    seen_at: https://example.org/page
    summary: More people regrew hair with minoxidil than without it in this trial.
review:
  last: 2026-11-22
  by: editorial team
  due: 2027-11-22
"""

VOCABULARY = """\
terms:
  - id: hair-loss
    name: Hair loss
  - id: androgenetic-alopecia
    name: Androgenetic alopecia
    parents:
      - hair-loss
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with one ingredient and one vocabulary."""
    (tmp_path / "formulary" / "ingredients").mkdir(parents=True)
    (tmp_path / "formulary" / "vocabulary").mkdir()
    (tmp_path / "formulary" / "ingredients" / "minoxidil.yaml").write_text(INGREDIENT, encoding="utf-8")
    (tmp_path / "formulary" / "vocabulary" / "indications.yaml").write_text(VOCABULARY, encoding="utf-8")
    return tmp_path
