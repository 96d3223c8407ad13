"""Figures and words as readers see them."""

from __future__ import annotations

import pytest

from kb.model import terms
from kb.views import words
from kb.views.templating import Citer


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (70.0, "70"),
        (70.5, "70.5"),
        (-0.55, "−0.55"),
        (1838, "1838"),
        (12345, "12\u202f345"),
        (0.00042, "0.00042"),
    ],
)
def test_numbers_are_set_and_not_rounded(value: float | None, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("<0.001", "p\u00a0<\u00a00.001"),
        ("0.27", "p\u00a0=\u00a00.27"),
        (".03", "p\u00a0=\u00a0.03"),
        ("<=.0001", "p\u00a0≤\u00a0.0001"),
        ("> .99", "p\u00a0>\u00a0.99"),
        ("not significant", "p: not significant"),
        (None, ""),
    ],
)
def test_p_values(printed: str | None, text: str) -> None:
    assert words.p_text(printed) == text


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ({"kind": "percent", "value": 70.0, "unit": "percent of patients"}, "70% of patients"),
        ({"kind": "percent-change", "value": 35.72, "unit": "percent"}, "35.72%"),
        (
            {"kind": "percent", "value": 26.09, "unit": "percent of patients", "events": 6, "n": 23},
            "26.09% of patients (6 of 23)",
        ),
        ({"kind": "count", "events": 368, "n": 513}, "368 of 513"),
        (
            {
                "kind": "mean-difference",
                "value": 15.92,
                "unit": "hairs",
                "interval": {"low": 9.87, "high": 21.96, "level": 95},
            },
            "mean difference 15.92 hairs (95%\u00a0CI 9.87 to 21.96)",
        ),
        ({"kind": "mean", "value": 18.6, "unit": "hairs/cm2", "sd": 25.4}, "18.6 hairs/cm² (SD\u00a025.4)"),
        ({"kind": "mean", "value": 6, "high": 12, "unit": "weeks"}, "6 to 12 weeks"),
        ({"kind": "mean", "value": 9.0, "baseline": 12.0, "unit": "points"}, "from 12 to 9 points"),
        ({"kind": "risk-ratio", "note": "printed as reduced, no figure"}, "printed as reduced, no figure"),
    ],
)
def test_outcomes_stand_as_printed(outcome: dict[str, object], text: str) -> None:
    assert words.outcome_text(outcome) == text


def test_only_people_are_counted_per_hundred() -> None:
    assert words.per_hundred({"kind": "percent", "value": 70.0, "unit": "percent of patients"}) == "70"
    assert words.per_hundred({"kind": "percent", "value": 70.0, "unit": "percent of doses"}) is None
    assert words.per_hundred({"kind": "percent-change", "value": 70.0, "unit": "percent"}) is None
    assert words.per_hundred({"events": 1, "n": 3}) == "33.3"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ({"authors": ["Olsen Elise A"], "people": ["Olsen, Elise A"], "year": 2002}, "Olsen 2002"),
        ({"authors": ["van der Berg Jan"], "people": ["van der Berg, Jan"], "year": 2011}, "van der Berg 2011"),
        ({"authors": ["AbbVie AG"], "people": ["AbbVie AG"], "year": 2020}, "AbbVie AG 2020"),
        ({"authors": ["Hospira, Inc."], "people": ["Hospira, Inc."], "year": None}, "Hospira, Inc."),
        ({"authors": [], "people": [], "title": "A label", "citation": "A label.", "year": 2015}, "A label 2015"),
    ],
)
def test_short_citations(reference: dict[str, object], text: str) -> None:
    assert words.short_citation(reference, "key") == text


@pytest.mark.parametrize(
    ("names", "vocabulary"),
    [
        (words.DIRECTIONS, terms.Direction),
        (words.CERTAINTIES, terms.Certainty),
        (words.RELATIONS, terms.Relation),
        (words.ROUTES, terms.Route),
        (words.DESIGNS, terms.Design),
        (words.BASES, terms.Basis),
        (words.RISKS, terms.RiskOfBias),
        (words.SEVERITIES, terms.Severity),
        (words.REGULATORY, terms.RegulatoryState),
        (words.BANDS, terms.FrequencyBand),
        (words.COMPATIBILITIES, terms.Compatibility),
        (words.VERDICTS, terms.Verdict),
        (words.SAYS, terms.Says),
        (words.KINDS, terms.Kind),
        (words.INGREDIENT_KINDS, terms.IngredientKind),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_every_word_of_a_closed_vocabulary_has_a_name(names: dict[str, object], vocabulary: type) -> None:
    assert set(names) == {str(word.value) for word in vocabulary}  # type: ignore[attr-defined]


def test_a_cut_text_ends_between_words() -> None:
    assert words.cut("one two three", 9) == "one two…"
    assert words.cut("w" * 50, 10) == "w" * 10 + "…"
    assert words.cut(None, 10) == ""


def test_release_notes_become_headings_lists_and_text() -> None:
    notes = "2 new findings.\n\n## Cautions: 1 new\n\n- new: a thing\n  - severity: added\n* another\n\nThe end\nof it."
    assert words.note_blocks(notes) == [
        ("text", ["2 new findings."]),
        ("heading", ["Cautions: 1 new"]),
        ("list", ["new: a thing", "severity: added", "another"]),
        ("text", ["The end", "of it."]),
    ]
    assert words.note_blocks(None) == []
    wrapped = "- one that goes\n  on here\n- two\nThe end"
    assert words.note_blocks(wrapped) == [("list", ["one that goes on here", "two"]), ("text", ["The end"])]


def test_what_was_worked_out_here_has_three_digits() -> None:
    assert [words.rounded(v) for v in (3.3234, 0.010614, 2460.4, -0.5, 12)] == ["3.32", "0.0106", "2460", "−0.5", "12"]


def test_keys_of_papers_in_a_text_are_told_as_names() -> None:
    known = {
        "alam2018b": {
            "key": "alam2018b",
            "authors": ["Alam M"],
            "people": ["Alam, M"],
            "citation": "Alam M. A title.",
            "year": 2018,
        }
    }
    told = Citer(known).told("headlines on alam2018b and the url2014 of nobody")
    assert told == "headlines on Alam 2018 and the url2014 of nobody"


def test_a_capital_leaves_hyphens_alone() -> None:
    assert words.capital(words.design("meta-analysis")) == "Meta-analysis"
    assert words.capital("") == ""


@pytest.mark.parametrize(
    ("protocol", "text"),
    [
        (
            {"dose": "0.2 mL per site", "sessions": "up to 6", "interval": "at least 1 month"},
            "0.2 mL per site; up to 6\u00a0sessions, at least 1 month apart",
        ),
        ({"dose": "1 mg", "sessions": None, "interval": "daily"}, "1 mg; daily"),
        ({"dose": "1 mL", "sessions": None, "interval": "4 weeks"}, "1 mL; 4 weeks apart"),
        ({"dose": None, "sessions": "10", "interval": "weekly"}, "10\u00a0sessions, weekly"),
        (
            {"dose": None, "sessions": "6", "interval": "2 weeks for 3 months"},
            "6\u00a0sessions, 2 weeks apart for 3 months",
        ),
        (
            {"dose": None, "sessions": "10", "interval": "10 sessions in four months"},
            "10\u00a0sessions, 10 sessions in four months",
        ),
        ({"dose": None, "sessions": "1", "interval": None}, "1\u00a0session"),
        ({}, ""),
    ],
)
def test_protocols_in_a_line(protocol: dict[str, object], text: str) -> None:
    assert words.protocol_text(protocol) == text


@pytest.mark.parametrize(
    ("dose", "comparator", "told"),
    [
        ("5% versus 2%", "alphanol 2%", "5% versus 2%"),
        ("1 mg daily by mouth", "topical alphanol 5%", "1 mg daily by mouth against topical alphanol 5%"),
        (None, "topical alphanol", "oral against topical alphanol"),
        (None, None, "oral, one form against another"),
    ],
)
def test_a_thing_held_against_itself_is_told_by_its_forms(dose: str | None, comparator: str | None, told: str) -> None:
    assert words.two_forms({"dose": dose, "comparator": comparator, "route": "oral"}) == told
