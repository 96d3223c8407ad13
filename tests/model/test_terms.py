"""Frequency bands follow ICH E2/CIOMS III at their very borders."""

from __future__ import annotations

import pytest

from kb.model import Frequency
from kb.model.terms import FrequencyBand


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (1.0, "very common"),
        (0.1, "very common"),
        (0.0999, "common"),
        (0.01, "common"),
        (0.00999, "uncommon"),
        (0.001, "uncommon"),
        (0.0001, "rare"),
        (0.000099, "very rare"),
        (0.0, "frequency unknown"),
    ],
)
def test_bands_change_where_the_rule_says(share: float, band: str) -> None:
    assert FrequencyBand.of(share).value == band


def test_counts_go_before_a_rounded_percent() -> None:
    assert Frequency(events=99, n=1000, percent=10).band is FrequencyBand.COMMON


def test_a_stated_band_serves_when_there_are_no_figures() -> None:
    assert Frequency(stated_band=FrequencyBand.RARE).band is FrequencyBand.RARE


@pytest.mark.parametrize("fields", [{}, {"events": 3}, {"events": 5, "n": 4}, {"percent": 101}])
def test_a_frequency_that_says_nothing_or_too_much_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="."):
        Frequency(**fields)
