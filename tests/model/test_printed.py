"""What is printed as words, read into values: every spelling of one figure reads alike, and nothing unreadable passes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kb.model import Arm, Outcome, printed
from kb.model.derived import DERIVED, parsed
from kb.model.printed import P, PrintedUnit, Since, arm_id, p_value, sides, time, unit
from kb.model.terms import Route

SPELT = {"<": ("<", "< "), "≤": ("≤", "<=", "≤ "), "=": ("", "=", "= "), "≥": ("≥", ">="), ">": (">", "> ")}


@given(st.sampled_from(sorted(SPELT)), st.integers(0, 99999), st.data())
def test_a_p_value_reads_alike_however_it_is_spelt(sign: str, figure: int, data: st.DataObject) -> None:
    digits = f".{figure:05}"
    written = data.draw(st.sampled_from([digits, f"0{digits}", f"0·{figure:05}"]))
    lead = data.draw(st.sampled_from(["", "p", "P ", "p  "]))
    text = f"{lead}{data.draw(st.sampled_from(SPELT[sign]))}{written}"
    assert p_value(text) == P(sign, float(f"0{digits}"))


@pytest.mark.parametrize(
    ("text", "limit", "significant"),
    [
        ("<0.05", 0.05, True),
        ("<.001", 0.001, True),
        ("0.05", 0.05, False),
        ("≤0.05", 0.05, False),
        ("0.049", 0.049, True),
        (">0.05", None, False),
        ("> .01", None, False),
        ("0.000", None, True),
        ("1", None, False),
        ("1e-5", None, None),
        (".5e-3", 0.0005, True),
    ],
)
def test_limits_and_significance_of_p(text: str, limit: float | None, significant: bool | None) -> None:
    found = p_value(text)
    if significant is None:
        assert found.value == pytest.approx(1e-5)
        return
    assert (found.limit, found.significant) == (limit, significant)


@pytest.mark.parametrize("text", ["not significant", "<0.05 or <0.01", "0,03", "5", "1.2", "", "p", "<", "0.03*"])
def test_what_is_no_p_value_is_refused_with_a_cure(text: str) -> None:
    with pytest.raises(ValueError, match="is not a p value; write one figure"):
        p_value(text)


WEEKS = {"minute": 1 / 10080, "hour": 1 / 168, "day": 1 / 7, "week": 1, "month": 52 / 12, "year": 52}


@given(st.integers(1, 400), st.sampled_from(sorted(WEEKS)))
def test_a_time_reads_alike_before_and_after_its_unit(n: int, word: str) -> None:
    weeks = n * WEEKS[word]
    plural = word if n == 1 else f"{word}s"
    for text in (f"{n} {plural}", f"{word} {n}", f"about {n} {plural}", f"up to {word} {n}", f"within {n} {plural}"):
        assert time(text).weeks == pytest.approx(weeks)
        assert time(text).first_weeks is None
        assert time(text).since is Since.START
    assert time(f"{n} {plural} after the last session") == (time(f"{n} {plural}").points, Since.END)


@given(st.lists(st.integers(0, 200), min_size=2, max_size=4), st.sampled_from(sorted(WEEKS)))
def test_several_times_are_several_points(numbers: list[int], word: str) -> None:
    listed = ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"
    for text in (f"{listed} {word}s", f"{word}s {listed}"):
        found = time(text)
        assert found.points == pytest.approx(tuple(n * WEEKS[word] for n in numbers))
        assert (found.first_weeks, found.weeks) == pytest.approx((min(found.points), max(found.points)))


@pytest.mark.parametrize(
    ("text", "points", "since"),
    [
        ("12 weeks (4 weeks after the last session)", (12.0,), "start"),
        ("after 12 injections (6 weeks)", (6.0,), "start"),
        ("6 months (3 months after stopping)", (26.0,), "start"),
        ("end of treatment and 6 months later", (26.0,), "end"),
        ("1 week after the fifth session", (1.0,), "event"),
        ("2 weeks, 3 and 6 months", (2.0, 13.0, 26.0), "start"),
        ("24 to 36 weeks", (24.0, 36.0), "start"),
        ("within one week", (1.0,), "start"),
        ("year five", (260.0,), "start"),
        ("after twelve weekly injections", (), "start"),
        ("third visit", (), "start"),
        ("January 1969 to June 2015", (), "start"),
    ],
)
def test_times_as_papers_print_them(text: str, points: tuple[float, ...], since: str) -> None:
    assert time(text) == (points, Since(since))


@pytest.mark.parametrize("text", ["12 wks", "6 mo", "24h", "3 yrs", "90 min"])
def test_an_abbreviated_time_is_refused_with_a_cure(text: str) -> None:
    with pytest.raises(ValueError, match="write it out"):
        time(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("percent of patients", PrintedUnit("%", "patients")),
        ("percentage of women treated", PrintedUnit("%", "women treated")),
        ("percent", PrintedUnit("%")),
        ("%", PrintedUnit("%")),
        ("percent, base not stated", PrintedUnit("%", None, "base not stated")),
        ("percent better than before", PrintedUnit("%", None, "better than before")),
        ("pooled share of patients", PrintedUnit("1", "patients")),
        ("hairs per cm2", PrintedUnit("{hairs}/cm2")),
        ("hairs/cm2", PrintedUnit("{hairs}/cm2")),
        ("terminal hairs per square inch", PrintedUnit("{terminal_hairs}/[in_i]2")),
        ("points of 10", PrintedUnit("{points}", None, "10")),
        ("of 10", PrintedUnit("{points}", None, "10")),
        ("points, 5-point scale", PrintedUnit("{points}", None, "5-point scale")),
        ("points (scale not named)", PrintedUnit("{points}", None, "scale not named")),
        ("mMASI points", PrintedUnit("{mMASI_points}")),
        ("trials of 11", PrintedUnit("{trials}", "trials", "11")),
        ("patients", PrintedUnit("{patients}", "patients")),
        ("micrometres", PrintedUnit("um")),
        ("micrograms per dL", PrintedUnit("ug/dL")),
        ("ng/dL as printed", PrintedUnit("ng/dL")),
        ("reporting odds ratio", PrintedUnit("1")),
        ("unit not printed", PrintedUnit(None)),
        ("as printed, unit not clear", PrintedUnit(None)),
    ],
)
def test_units_as_papers_print_them(text: str, read: PrintedUnit) -> None:
    assert unit(text) == read


@pytest.mark.parametrize("text", ["mg/xx", "10^3 cells", "µg·h/mL", "3 of 5 of 9"])
def test_a_unit_nobody_knows_is_refused_with_a_cure(text: str) -> None:
    with pytest.raises(ValueError, match="is not understood; write"):
        unit(text)


def refused(read: Callable[[str], object], text: str) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30))
def test_every_unit_is_a_ucum_code_or_is_refused(text: str) -> None:
    if not refused(unit, text):
        code = unit(text).ucum
        assert code is None or (code.isascii() and code.isprintable() and " " not in code)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_cure(text: str) -> None:
    for read in (p_value, time, unit):
        assert "; write" in (refused(read, text) or "; write")


@pytest.mark.parametrize(
    ("arm", "first", "second"),
    [
        ("minoxidil 5% vs placebo", "minoxidil-5-percent", "placebo"),
        ("PRP against saline", "prp", "saline"),
        ("before v after", "before", "after"),
        ("vehicle", "vehicle", None),
    ],
)
def test_a_contrast_names_its_arms_by_id(arm: str, first: str, second: str | None) -> None:
    one, other = sides(arm)
    assert (arm_id(one), other and arm_id(other)) == (first, second)
    found = parsed(Outcome.model_validate({"measure": "x", "value": 1, "arm": arm}))
    assert (found["arm_id"], found.get("against_id")) == (first, second)
    assert parsed(Arm.model_validate({"name": one}))["id"] == found["arm_id"]


def test_an_outcome_says_what_its_print_means_and_keeps_the_print() -> None:
    outcome = Outcome.model_validate(
        {"measure": "regrowth", "p": "< .001", "at": "3 and 6 months", "unit": "percent of patients", "value": 40}
    )
    assert (outcome.p, outcome.at, outcome.unit) == ("< .001", "3 and 6 months", "percent of patients")
    assert parsed(outcome) == {
        "p_sign": "<",
        "p_value": 0.001,
        "weeks": 26.0,
        "weeks_from": 13.0,
        "weeks_since": "start",
        "ucum": "%",
        "unit_population": "patients",
    }
    assert {d.name for d in DERIVED[Outcome]} >= parsed(outcome).keys()


@pytest.mark.parametrize(("field", "text"), [("p", "about half"), ("at", "12 wks"), ("unit", "mg/xx")])
def test_a_record_whose_print_cannot_be_read_is_refused_at_its_field(field: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Outcome.model_validate({"measure": "regrowth", "value": 40, field: text})
    assert [e["loc"] for e in caught.value.errors()] == [(field,)]


def test_a_route_is_told_without_its_technique() -> None:
    assert {r: r.alone for r in Route if r.technique} == {
        Route.MICRONEEDLING: Route.TOPICAL,
        Route.ELECTROPORATION: Route.TOPICAL,
    }
    assert all(r.alone is r for r in Route if r.technique is None)


@pytest.mark.parametrize(
    ("measure", "at", "note", "before"),
    [
        ("mMASI", "baseline", None, True),
        ("mMASI", "week 0", None, True),
        ("mMASI before treatment", None, None, True),
        ("mMASI", None, "mMASI at baseline", True),
        ("change from baseline", "12 weeks", None, False),
        ("mMASI", "12 weeks", "change from baseline", False),
        ("mMASI", "week 10", None, False),
    ],
)
def test_what_was_measured_before_treatment_is_told_from_a_change(
    measure: str, at: str | None, note: str | None, before: bool
) -> None:
    assert printed.before_treatment(measure, at, note) is before


def test_adverse_events_and_withdrawals_are_measures_of_harm() -> None:
    assert [m for m in ("Adverse events", "withdrew", "discontinued", "hair count") if printed.of_harm(m)] == [
        "Adverse events",
        "withdrew",
        "discontinued",
    ]
