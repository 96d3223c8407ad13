"""The design of a study, from its publication types and, where these leave it open, from plain words of its title."""

from __future__ import annotations

import pytest

from kb.literature.entry import design_of
from kb.model.terms import Design


@pytest.mark.parametrize(
    ("types", "title", "design"),
    [
        (["Review"], "Needling of scars: a systematic review", Design.SYSTEMATIC_REVIEW),
        (["Review"], "Needling of scars: a systematic review and meta-analysis", Design.META_ANALYSIS),
        (["Review"], "Needling of scars", Design.NARRATIVE_REVIEW),
        (["Randomized Controlled Trial"], "A case report within a trial", Design.RCT),
        (["Randomized Controlled Trial", "Review"], "A meta-analysis", Design.RCT),
        (["Case Reports"], "A systematic review of cases", Design.CASE_REPORT),
        (["  CASE REPORTS "], "A scar", Design.CASE_REPORT),
        ([], "A randomised, double-blind trial", Design.RCT),
        ([], "A randomized controlled comparison", Design.RCT),
        ([], "A nonrandomized trial", None),
        ([], "A non-randomised study", None),
        ([], "Report of one case", Design.CASE_REPORT),
        ([], "A case series", Design.CASE_SERIES),
        ([], "Scars", None),
        (["Journal Article"], "Scars", None),
    ],
)
def test_the_design_is_what_is_stated_and_no_more(types: list[str], title: str, design: Design | None) -> None:
    assert design_of(types, title) is design
