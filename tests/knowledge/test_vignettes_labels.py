"""The pre-procedure check raises what labels, guidelines and device manuals say, for patients described in a clinician's words."""

from __future__ import annotations

import re

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_labels.yaml", "vignettes_formulary.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_the_text_says_is_raised(base: KnowledgeBase, case: Case) -> None:
    understood_and_raised(put(base, case), case)


def test_every_vignette_names_its_text_and_a_severity() -> None:
    known = {"contraindicated", "avoid", "caution", "inform"}
    assert len(VIGNETTES) >= 500
    assert len({c["id"] for c in VIGNETTES}) == len(VIGNETTES)
    for case in VIGNETTES:
        for want in case["expect"]:
            assert want["source"] and set(want["severity"]) <= known and re.compile(want["match"]), case["id"]
