"""Extraction as reviewers do it: tables pasted, figures worked out and marked, risk of bias by domain, templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.appraisal.signalling import QUESTIONS, leaning
from kb.author import pico, tablepaste
from kb.author.converting import CONVERTERS, by_name, converted
from kb.author.forms.desks import StudyDesk
from kb.author.forms.study import StudyForm
from kb.author.workbench import Workbench
from kb.model import DOMAINS, Finding
from kb.model.appraisal import Judgement
from tests.author.conftest import FINDING, open_as

TABLE = (
    "Outcome\tGroup\tWeek\tN\tMean (SD)\t95% CI\tp-value\tColour\n"
    "hair count\tminoxidil\t24 weeks\t30\t12,5 (4.1)\t10.9 to 14.1\t<0.001\tblue\n"
    "\tplacebo\t\t30\t3.2 ± 4\t1.7–4.7\t\t\n"
)


def test_rows_of_a_spreadsheet_become_outcomes() -> None:
    found = tablepaste.read(TABLE)
    assert found.problems == []
    assert found.unknown == ["Colour"]
    assert found.rows[0] == {
        "measure": "hair count",
        "arm": "minoxidil",
        "at": "24 weeks",
        "n": "30",
        "value": "12,5",
        "sd": "4.1",
        "kind": "mean",
        "interval": {"low": "10.9", "high": "14.1"},
        "p": "<0.001",
    }
    assert found.rows[1]["measure"] == "hair count"  # a merged cell
    assert (found.rows[1]["value"], found.rows[1]["sd"], found.rows[1]["at"]) == ("3.2", "4", "24 weeks")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "heads of the columns"),
        ("a,b\n1,2\n", "no column is called measure"),
        ("outcome,role\nx,doctor\n", "row 2, role: 'doctor' is not one of"),
        ("outcome,95% CI\nx,wide\n", "row 2, interval: 'wide' is not two figures"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text: str, told: str) -> None:
    assert any(told in p for p in tablepaste.read(text).problems)


def test_a_table_given_out_comes_back_the_same() -> None:
    rows: list[Any] = [
        {
            "measure": "x",
            "arm": "a",
            "n": 30,
            "events": 20,
            "interval": {"low": 1, "high": 2},
            "p": "0.03",
            "at": "8 weeks",
        },
        {"measure": "y, z", "kind": "mean", "value": -1.5, "unit": "points"},
    ]
    back = tablepaste.read(tablepaste.write(rows)).rows
    assert back[0] == {**{k: str(v) for k, v in rows[0].items()}, "interval": {"low": "1", "high": "2"}}
    assert back[1]["measure"] == "y, z" and back[1]["value"] == "-1.5"
    assert tablepaste.left_out([{"measure": "x", "computed": {"from": "y"}}]) == ["computed"]


@pytest.mark.parametrize(
    ("name", "typed", "gives"),
    [
        ("se", {"se": "1.2", "n": "25"}, {"sd": 6.0, "n": 25}),
        ("interval", {"low": "8.1", "high": "10.9", "n": "25"}, {"sd": 3.392}),
        ("percent", {"percent": "46.7", "n": "30", "decimals": "1"}, {"events": 14, "n": 30}),
        ("events", {"events": "14", "n": "30"}, {"value": 46.67, "kind": "percent"}),
        ("change", {"baseline_sd": "3", "final_sd": "4", "correlation": "0"}, {"sd": 5.0}),
    ],
)
def test_a_converted_figure_carries_its_mark(name: str, typed: dict[str, str], gives: dict[str, Any]) -> None:
    made = converted(by_name(name), typed)
    assert gives.items() <= made.items()
    assert made["computed"]["formula"] == by_name(name).mark.value
    assert typed["n" if "n" in typed else "final_sd"] in made["computed"]["from"]


def test_what_cannot_be_converted_is_said() -> None:
    with pytest.raises(ValueError, match="n is missing"):
        converted(by_name("se"), {"se": "1.2"})
    with pytest.raises(ValueError, match=r"SE: 'one' is not a figure"):
        converted(by_name("se"), {"se": "one", "n": "3"})
    with pytest.raises(ValueError, match="several numbers"):
        converted(by_name("percent"), {"percent": "46", "n": "300"})


def test_every_converter_says_its_formula() -> None:
    assert len({c.mark for c in CONVERTERS}) == len(CONVERTERS)
    assert all(c.formula and c.asks for c in CONVERTERS)


def test_every_domain_has_questions_and_the_answers_only_lean() -> None:
    for instrument, domains in DOMAINS.items():
        assert set(QUESTIONS[instrument]) == set(domains)
        for questions in QUESTIONS[instrument].values():
            good = {q.number: "yes" if q.yes_is_good else "no" for q in questions}
            assert leaning(questions, good) is Judgement.LOW
            bad = {q.number: "no" if q.yes_is_good else "yes" for q in questions}
            assert leaning(questions, bad) is Judgement.SOME_CONCERNS
            assert leaning(questions, {questions[0].number: "no information"}) is Judgement.UNCLEAR
            assert leaning(questions, {}) is None


def test_the_form_takes_a_table_a_converted_figure_and_a_risk_of_bias(bench: Workbench, root: Path) -> None:
    form = StudyForm(open_as(bench, FINDING))
    assert "<svg" in form.effects.value and 'aria-label="regrowth: risk ratio' in form.effects.value
    outcomes = form.group.nodes["outcomes"]
    outcomes.table.value = TABLE
    outcomes._take(False)
    assert "2 rows taken" in outcomes.told.value and "Colour" in outcomes.told.value
    assert len(form.session.clean["outcomes"]) == 4
    assert form.session.clean["outcomes"][2]["value"] == 12.5
    outcomes.give(3, converted(by_name("se"), {"se": "1", "n": "30"}))
    assert form.session.clean["outcomes"][3]["computed"]["from"] == "SE 1, n 30"
    risk = form.group.nodes["appraisals"]
    risk.add()
    for row in risk.judged[0].rows:
        row.judgement.value, row.why.value = "low", "Told in the methods."
    risk.judged[0].rows[0].answers["1.1"].value = "yes"
    assert risk.judged[0].rows[0].why.value == "1.1 yes. Told in the methods."
    assert form.session.clean["risk_of_bias"] == "low"
    risk.judged[0].rows[1].judgement.value = "high"
    form.save()
    assert "Saved" in form.status.value, form.status.value
    text = (root / FINDING.file).read_text()
    assert "risk_of_bias: high" in text and "instrument: rob2" in text and "sd-from-standard-error" in text


def test_templates_hold_no_figures_and_a_recorded_shape_can_be_taken(root: Path) -> None:
    for name in pico.TEMPLATES:
        made = pico.template(name, "Minoxidil")
        assert not any(
            isinstance(v, int | float) and v is not True for o in made.get("outcomes", []) for v in o.values()
        )
        assert set(made) <= {f.alias or n for n, f in Finding.model_fields.items()}
    shape = pico.like(Workbench(root).base, FINDING.id)
    assert shape["outcomes"][0] == {"measure": "regrowth", "arm": "minoxidil", "role": "intervention"}
    desk = StudyDesk(root)
    desk.reference.widget.value, desk.subject.widget.value = "olsen2002", "minoxidil"
    desk.object.widget.value, desk.kind.value = "hair-loss", "events"
    desk.begin()
    assert desk.form is not None
    assert [o["role"] for o in desk.form.session.values["outcomes"]] == ["intervention", "control"]
