"""A mixture is called tested only where a test is cited, and stated where a text says so without one."""

import pytest
from pydantic import ValidationError

from kb.model import Mixing

TEST = {"reference": "smith2020", "vehicle": "saline", "days": 7, "method": "HPLC", "levels": ["chemical"]}


def pair(**fields: object) -> Mixing:
    whole = {
        "other": "betanol",
        "compatibility": "tested-compatible",
        "summary": "Both kept.",
        "references": ["smith2020"],
    }
    return Mixing.model_validate({**whole, **fields})


def test_a_test_keeps_its_conditions() -> None:
    test = pair(tests=[TEST]).tests[0]
    assert (test.vehicle, test.days, test.method) == ("saline", 7, "HPLC")


@pytest.mark.parametrize("compatibility", ["tested-compatible", "stated-incompatible"])
def test_without_a_reference_nothing_is_tested_or_stated(compatibility: str) -> None:
    with pytest.raises(ValidationError, match="no-data-found"):
        pair(compatibility=compatibility, references=[])


def test_a_statement_cannot_carry_a_test() -> None:
    with pytest.raises(ValidationError, match="tested-compatible or tested-incompatible"):
        pair(compatibility="stated-compatible", tests=[TEST])


def test_a_test_is_among_the_references() -> None:
    with pytest.raises(ValidationError, match="not among `references`"):
        pair(tests=[{**TEST, "reference": "jones2021"}])


def test_a_time_is_in_hours_or_days() -> None:
    with pytest.raises(ValidationError, match="one of the two"):
        pair(tests=[{**TEST, "hours": 2}])
