"""The page of one thing gathers what every record of the same slug says."""

from __future__ import annotations

import pytest

from kb.questions.page import monograph
from tests.questions.small import base, caution, ingredient

SCAR = {
    "indications": [{"id": "scar", "identifiers": {"icd10": "L90.5", "icd11": "EH94", "hpo": "HP:0100699"}}],
    "adverse-effects": [
        {"id": "scar", "identifiers": {"icd10": "L90.5", "icd11": "EL73.6"}, "approximate": ["icd10", "icd11"]}
    ],
}


def test_codes_of_an_indication_and_of_the_harm_of_the_same_name_both_show() -> None:
    page = monograph(base(terms=SCAR), "scar")
    assert page["identifiers"] == {"icd10": "L90.5", "icd11": ["EH94", "EL73.6"], "hpo": "HP:0100699"}


@pytest.mark.parametrize(("code", "approximate"), [("L90.5", False), ("EH94", False), ("EL73.6", True)])
def test_a_code_is_approximate_only_where_no_record_gives_it_as_exact(code: str, approximate: bool) -> None:
    links = monograph(base(terms=SCAR), "scar")["identifier_links"]
    assert [link["approximate"] for link in links if link["code"] == code] == [approximate]


def test_a_medicine_that_is_also_an_ingredient_has_the_codes_of_both_records() -> None:
    made = base(
        ingredient("lidocaine", identifiers={"cas": "137-58-6", "atc": ["N01BB02"]}),
        terms={"substances": [{"id": "lidocaine", "identifiers": {"cas": "137-58-6", "mesh": "D008012"}}]},
    )
    assert monograph(made, "lidocaine")["identifiers"] == {"cas": "137-58-6", "atc": ["N01BB02"], "mesh": "D008012"}


def test_cautions_of_the_broader_thing_hold_unless_its_own_is_as_grave() -> None:
    base_ = base(
        ingredient("narrow", parents=["broad"], cautions=[caution("n-age", "age", "contraindicated")]),
        ingredient(
            "broad",
            parents=["broadest"],
            cautions=[
                caution("b-fish", "fish", "contraindicated"),
                caution("b-sun", "sun", "inform"),
                caution("b-age", "age", "avoid"),
            ],
        ),
        ingredient(
            "broadest", cautions=[caution("w-sun", "sun", "contraindicated"), caution("w-fish", "fish", "avoid")]
        ),
        terms={"conditions": [{"id": "age"}, {"id": "fish"}, {"id": "sun"}]},
    )
    page = monograph(base_, "narrow")
    assert [c["id"] for c in page["cautions"]] == ["n-age"]
    assert [(c["id"], c["subject"]) for c in page["inherited_cautions"]] == [
        ("b-fish", "broad"),
        ("b-sun", "broad"),
        ("w-sun", "broadest"),
    ]
    assert monograph(base_, "fish")["inherited_cautions"] == []
