"""The curator's work list: what is missing, and nothing that is there."""

from __future__ import annotations

import pandas as pd

from kb.validation.coverage import coverage
from tests.questions.small import base, caution, finding, ingredient

TODAY = pd.Timestamp("2026-01-01")
TERMS = {"conditions": [{"id": "pregnancy"}], "indications": [{"id": "scar"}]}


def test_a_narrower_ingredient_lacks_no_caution_that_it_inherits() -> None:
    made = base(
        ingredient("broad", cautions=[caution("b-p", "pregnancy", "avoid")]),
        ingredient("narrow", parents=["broad"], findings=[finding("f-n", object_="scar")]),
        ingredient("alone", findings=[finding("f-a", object_="scar")]),
        terms=TERMS,
    )
    lacking = [gap.record for gap in coverage(made, TODAY) if "no caution at all" in gap.what]
    assert lacking == ["alone"]
