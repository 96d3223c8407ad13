"""How a difference stands to the smallest one that matters, and where a reader sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.important import matters, reads
from kb.validation.depth import imprecision_named
from kb.views.charts.forest import pooled_plots
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (12, 19, "below"),
        (23, 69, "may reach it"),
        (42, 60, "may reach it"),  # between the two values that sources give
        (45, 60, "beyond"),
        (-3, 50, "cannot tell"),
        (-3, 6, "below"),
        (-60, -45, "beyond"),
    ],
)
def test_an_interval_is_set_against_the_smallest_difference_that_matters(low: float, high: float, said: str) -> None:
    assert reads(low, high, 41.69, 43.36) == said


def test_every_smallest_difference_has_its_source_and_a_value_its_unit(base: KnowledgeBase) -> None:
    known = base.formulary.field.important_differences
    assert {"Hair density", "Dermatology Life Quality Index"} <= {d.name for d in known}
    assert all(key in base.references and key in base.cited for d in known for key in d.references)
    assert all(d.unit for d in known if d.value)
    assert matters(base, "risk-ratio", "hairs per cm2", 1, 2) is None
    assert matters(base, "mean-difference", "stones", 1, 2) is None


def test_a_page_says_whether_a_pooled_difference_can_be_noticed(base: KnowledgeBase) -> None:
    page = base.monograph("dutasteride")
    (told,) = [p["matters"] for p in page["pooled"] if p["matters"]]
    assert told["reads"] == "below"
    assert set(told["references"]) <= base.references.keys()
    plots = pooled_plots(page, {}, {})
    (plot,) = [p for p in plots if "Smallest difference that matters: 41.69 to 43.36 hairs per cm²" in p.method]
    assert plot.sources == tuple(told["references"])


def test_an_assessment_that_leaves_open_whether_it_matters_names_imprecision(base: KnowledgeBase) -> None:
    found = base.assessments["microneedling-microneedling-androgenetic-alopecia"]
    assert imprecision_named(base, found)
    silent = found.model_copy(update={"down": [d for d in found.down if d.reason.value != "imprecision"]})
    assert not imprecision_named(base, silent)
