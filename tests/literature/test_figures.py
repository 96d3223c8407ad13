"""Numbers of a text, whatever their dress, and figures of findings in abstracts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.literature.figures import compare_figures, figures, numbers
from kb.model.finding import Finding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.50", {"3.5"}),
        ("3·5%", {"3.5"}),
        ("3∙5 and 3•5", {"3.5"}),
        ("3,5 points", {"3.5", "3", "5"}),
        ("1,234 people", {"1234", "1.234"}),
        ("1\u2009234 people", {"1234"}),
        ("12\u00a0345\u00a0678", {"12345678"}),
        ("p<.001, P = ·05", {"0.001", "0.05"}),
        ("35–40 %", {"35", "40"}),
        ("35-40%", {"35", "40"}),
        ("decreased by −2.49", {"2.49"}),
        ("12/30 (40%)", {"12", "30", "40"}),
        ("n=60;", {"60"}),
        ("10mg/mL", {"10"}),
        ("vitamin B12, 20 cm², 5 m2, TNF-α", {"20", "5"}),
        ("95% CI 0.5–1.5", {"95", "0.5", "1.5"}),
        ("sixty-two women and one hundred and twenty-four men", {"62", "124"}),
        ("Twenty patients", {"20"}),
        ("two thousand three hundred", {"2300"}),
        ("６０ patients", {"60"}),
        ("someone weighed tennis balls often", set()),
        ("the year 2013.", {"2013"}),
        ("10.1.2", {"10.1"}),
    ],
)
def test_numbers(text: str, expected: set[str]) -> None:
    assert {format(number, "f") for number in numbers(text)} == expected


@given(text=st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert all(number >= 0 for number in numbers(text))


@given(value=st.decimals(min_value=0, max_value=10**7, places=2))
def test_any_printed_number_is_found(value: Decimal) -> None:
    assert value.normalize() in numbers(f"it was {value} in all")
    assert value.normalize() in numbers(f"it was {value:,} in all")
    assert value.normalize() in numbers(f"it was {str(value).replace('.', '·')}% in all")


def test_very_long_digits_are_survived() -> None:
    assert numbers("9" * 10_000) is not None


def finding(**fields: object) -> Finding:
    base = {
        "id": "x-y", "reference": "moftah2013", "relation": "treats", "object": "z", "direction": "supports", "basis": "abstract",
        "seen_at": "https://example.org", "summary": "Made for the tests.",
    }  # fmt: skip
    return Finding.model_validate(base | fields)


def test_figures_of_a_finding() -> None:
    one = finding(
        n=126,
        arms=[{"name": "a", "n": 86}, {"name": "b", "n": 40}],
        outcomes=[
            {"measure": "improved", "value": 62.8, "n": 86, "unit": "percent"},
            {"measure": "density", "value": -17.5, "sd": 2.0, "p": "<0.05", "interval": {"low": -20, "high": -15}},
        ],
        frequency={"events": 3, "n": 86},
        follow_up_weeks=18,
    )  # fmt: skip
    assert [(f.field, f.value) for f in figures(one)] == [
        ("n", "126"), ("arms[0].n", "86"), ("arms[1].n", "40"), ("outcomes[0].value", "62.8"), ("outcomes[1].value", "-17.5"),
        ("outcomes[1].sd", "2.0"), ("outcomes[1].p", "<0.05"), ("outcomes[1].interval.low", "-20.0"),
        ("outcomes[1].interval.high", "-15.0"), ("frequency.events", "3"),
    ]  # fmt: skip


def test_what_is_in_the_abstract_and_what_is_not() -> None:
    one = finding(
        n=126, outcomes=[{"measure": "improved", "value": 62.8, "p": "<0.05"}, {"measure": "worse", "value": 17.5}]
    )
    report = compare_figures(one, "Of one hundred and twenty-six women 62·8% improved (P<.05); the others did not.")
    assert [f.value for f in report.found] == ["126", "62.8", "<0.05"]
    assert [f.field for f in report.missing] == ["outcomes[1].value"]
