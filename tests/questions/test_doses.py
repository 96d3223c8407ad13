"""A plan beside the maxima that sources state: session totals, single injections, and parts that are not known yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.answer import Share
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


def shares(base: KnowledgeBase, *ingredients: str, **more: float) -> dict[tuple[str, str, str | None], Share]:
    found = base.precheck(list(ingredients), "mesotherapy", **more).maxima
    return {(s.of, s.unit, s.per): s for s in found if s.jurisdiction == "united-states"}


def test_a_session_total_is_no_single_injection(base: KnowledgeBase) -> None:
    found = shares(base, "deoxycholic acid 12 mL of 10 mg/mL")
    assert found["deoxycholic-acid", "mL", "session"].share == pytest.approx(1.2)
    single = found["deoxycholic-acid", "mL", "injection"]
    assert (single.share, single.needs) == (None, ["the number of injections"])
    whole = shares(base, "deoxycholic acid 8 mL of 10 mg/mL 40 injections")["deoxycholic-acid", "mL", "injection"]
    assert whole.share == pytest.approx(1.0)


def test_what_is_known_counts_while_a_part_is_missing(base: KnowledgeBase) -> None:
    share = shares(base, "lidocaine 2% 20 mL", "lidocaine-prilocaine", kg=60)["lidocaine", "mg", "session"]
    assert share.planned == pytest.approx(400)
    assert share.share == pytest.approx(400 / 300)
    assert "at least 400 mg" in share.message


def test_a_maximum_by_weight_needs_the_weight(base: KnowledgeBase) -> None:
    assert shares(base, "lidocaine 2% 10 mL")["lidocaine", "mg/kg", "session"].needs == ["the body weight"]
    share = shares(base, "lidocaine 2% 10 mL", kg=50)["lidocaine", "mg/kg", "session"]
    assert share.planned == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("line", "lidocaine", "adrenaline"),
    [
        ("lidocaine 1% with adrenaline 60 ml", 600, None),
        ("lidocaine 1% with adrenaline 1:100000 60 ml", 600, 0.6),
        ("Xylocaine 2% with epinephrine 1:100,000, 30 mL", 600, 0.3),
        ("lignocaine 1% 40 mL + adrenaline 1:200 000", 400, 0.2),
        ("lidocaine 2% with adrenaline 1:80000 2.2 ml", 44, 0.0275),
    ],
)
def test_adrenaline_is_one_solution_with_the_anaesthetic_of_its_line(
    base: KnowledgeBase, line: str, lidocaine: float, adrenaline: float | None
) -> None:
    given = {d.ingredient: d.amount for d in base.precheck([line], "mesotherapy", kg=60).doses}
    assert given == {"lidocaine": pytest.approx(lidocaine), "epinephrine": adrenaline and pytest.approx(adrenaline)}


def test_a_volume_of_something_else_in_the_line_is_its_own(base: KnowledgeBase) -> None:
    given = {
        d.ingredient: d for d in base.precheck(["lidocaine 1% and triamcinolone 10 mg/mL 2 ml"], "mesotherapy").doses
    }
    assert (given["lidocaine"].volume_ml, given["triamcinolone-acetonide"].amount) == (None, pytest.approx(20))
