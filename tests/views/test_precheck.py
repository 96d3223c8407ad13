"""The pre-procedure check page: alerts with their evidence, what was not said, and nothing of a patient in a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from kb.questions.precheck import Precheck
from kb.snapshot import Snapshot
from kb.views import precheck, render
from kb.views.charts.labels import text_width
from kb.views.charts.timeline import Bar, timeline
from kb.views.precheck_plan import OWN_WORDS
from tests.views.markup import Markup

Params = Mapping[str, list[str]]

FULL: Params = {
    "ingredient": ["alphanol", "betanol"],
    "technique": ["needling"],
    "condition": ["pregnancy"],
    "substance": ["aspirin"],
}
PLANS: list[Params] = [
    {},
    FULL,
    {"ingredient": ["alphanol"]},
    {"technique": ["needling"], "condition": ["pregnancy"]},
    {"condition": ["pregnancy"]},
    {"condition": ["aspirin"], "ingredient": ["alphanol"]},
    {"ingredient": ["alfanol", "needling"], "technique": ["alphanol"], "condition": ["nonesuch"], "substance": [""]},
    {"technique": ["needling", "needling"], "ingredient": ['"><script>alert(1)</script>', "{{191*7}}", "x" * 5000]},
]


def show(snapshot: Snapshot, params: Params) -> Markup:
    page = render("precheck", params, snapshot)
    assert page.status == 200
    return Markup(page.html)


@pytest.mark.parametrize("params", PLANS, ids=lambda p: str(p)[:60])
def test_the_page_is_whole_and_safe(snapshot: Snapshot, hostile_snapshot: Snapshot, params: Params) -> None:
    for held in (snapshot, hostile_snapshot):
        page = render("precheck", params, held)
        markup = Markup(page.html)
        assert markup.faults == []
        assert markup.count("h1") == 1
        assert "1337" not in page.html


def test_alerts_stand_by_severity_with_action_why_window_evidence_and_strength(snapshot: Snapshot) -> None:
    page = show(snapshot, FULL)
    assert [a["data-tone"] for tag, a in page.tags if tag == "article" and "data-tone" in a] == [
        "contraindicated",
        "inform",
    ]
    for words in (
        "What to do about pregnancy.", "Because of one report.", "One label.",
        "from 7\u00a0days before until 2\u00a0days after the session", "What clark2003-alphanol-pregnancy found",
        "Evidence: 1 for, 0 against",
    ):  # fmt: skip
        assert words in page.text


def test_no_link_says_anything_of_the_patient_or_jumps_but_to_the_answer(snapshot: Snapshot) -> None:
    for link in show(snapshot, FULL).links():
        assert not re.search("pregnancy|aspirin|condition=|substance=", link)
        assert not link.startswith("#") or link == "#answer", "a jump would take the place of the facts behind the #"


def test_the_form_keeps_to_itself(snapshot: Snapshot) -> None:
    form = next(a for tag, a in show(snapshot, FULL).tags if tag == "form")
    assert form["method"] == "post"
    assert {"data-kb", "data-private"} <= form.keys()
    names = {a["name"] for tag, a in show(snapshot, {}).tags if tag in {"input", "select", "textarea"} and "name" in a}
    assert names == {"ingredient", "technique", "condition", "substance", "years", "kg", "sex", *OWN_WORDS}


def test_what_was_chosen_stays_chosen_wherever_it_is_listed(snapshot: Snapshot) -> None:
    for params in (FULL, FULL | {"condition": ["pregnancy", "aspirin"], "substance": []}):
        page = show(snapshot, params)
        chosen = {a["value"] for tag, a in page.tags if tag == "option" and "selected" in a and a["value"]}
        assert chosen == {"alphanol", "betanol", "needling", "pregnancy", "aspirin"}


def test_silence_is_never_told_as_safety(snapshot: Snapshot) -> None:
    page = show(snapshot, {"ingredient": ["betanol"], "condition": ["pregnancy"]})
    assert "No alert recorded" in page.text
    assert "No alert does not mean safe." in page.text
    assert "Nothing is recorded with this plan for: Pregnancy." in page.text
    assert "No caution of any kind is recorded for Betanol" in page.text


def test_a_fact_that_raises_an_alert_is_not_called_silent(snapshot: Snapshot) -> None:
    assert "Nothing is recorded with this plan" not in show(snapshot, FULL).text


def test_untested_pairs_are_flagged(snapshot: Snapshot) -> None:
    page = show(snapshot, FULL)
    assert "Alphanol with Betanol." in page.text
    assert "No data found" in page.text
    assert "ompatible" not in page.text


def test_what_was_not_asked_is_listed(snapshot: Snapshot) -> None:
    page = show(snapshot, {"ingredient": ["alphanol"], "condition": ["pregnancy"]})
    ask = page.text[page.text.index("Still to ask") :]
    assert "Aspirin" in ask
    assert "Pregnancy" not in ask.split("As plain text")[0]


def test_unknown_words_stay_visible_as_not_checked_and_the_rest_is_checked(snapshot: Snapshot) -> None:
    page = show(
        snapshot, {"ingredient": ["xylophone", "alphanol"], "condition": ["pregnancy"], "also": ["zzyzx fever"]}
    )
    assert "Not checked: “xylophone”." in page.text
    assert "Not checked: “zzyzx fever”." in page.text
    assert "What to do about pregnancy." in page.text


def test_a_slip_of_the_keyboard_is_read_and_told(snapshot: Snapshot) -> None:
    page = show(snapshot, {"ingredient": ["alfanol"], "condition": ["pregnancy"]})
    assert "“alfanol”: Alphanol" in page.text
    assert "What to do about pregnancy." in page.text


def test_own_words_age_and_amounts_are_read_and_kept_in_their_fields(snapshot: Snapshot) -> None:
    params = {
        "ingredient": ["alphanol"],
        "also": ["pregnant 10 weeks; no aspirin"],
        "years": ["31"],
        "kg": ["60"],
        "amounts": ["alphanol: 5 mL of 2 %"],
    }
    page = show(snapshot, params)
    assert "Alphanol: 100 mg this session (5 mL of 20 mg/mL), 1.67 mg/kg" in page.text
    assert "no aspirin (said to be absent)" in page.text
    fields = {a["name"]: a.get("value") for tag, a in page.tags if tag == "input" and "name" in a}
    assert (fields["years"], fields["kg"], fields["also"]) == ("31", "60", params["also"][0])


@pytest.mark.parametrize("wrong", ["-5", "ten", "9999", "1e9", "<b>"])
def test_a_wrong_age_or_weight_is_left_out(snapshot: Snapshot, wrong: str) -> None:
    page = show(snapshot, {"ingredient": ["alphanol"], "years": [wrong], "kg": [wrong]})
    assert {a.get("value") for tag, a in page.tags if tag == "input" and a.get("name") in ("years", "kg")} == {""}


def test_status_stands_before_every_alert(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    word = {
        "state": "withdrawn", "jurisdiction": "oz", "route": "any", "use": "all uses", "since": "2012", "note": None, "references": [],
    }  # fmt: skip
    monkeypatch.setattr(snapshot.precheck, "status", {"alphanol": [word]})
    page = show(snapshot, FULL)
    articles = [a for tag, a in page.tags if tag == "article" and "alert" in a.get("class", "")]
    assert articles[0]["data-status"] == "withdrawn"
    assert "Authorisation withdrawn or suspended" in page.text


def test_the_record_is_plain_text_with_what_was_not_checked(snapshot: Snapshot) -> None:
    text = show(snapshot, FULL | {"also": ["zzyzx fever"]}).text
    record = text[text.index("PRE-PROCEDURE CHECK") :]
    assert "NOT CHECKED" in record
    assert "zzyzx fever" in record
    assert "CONTRAINDICATED: Alphanol and Pregnancy" in record


def test_two_facts_behind_one_caution_are_both_named(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    known = snapshot.precheck
    terms = {**known.terms, "ibuprofen": {"name": "Ibuprofen", "parents": ["aspirin"], "same_as": []}}
    lexicon = [*known.lexicon, ["Ibuprofen", "ibuprofen", "substance", "name"]]
    rules = {f.name: getattr(known, f.name) for f in fields(known)} | {"terms": terms, "lexicon": lexicon}
    monkeypatch.setitem(snapshot.__dict__, "precheck", Precheck(**rules))
    page = show(snapshot, {"ingredient": ["alphanol"], "substance": ["aspirin", "ibuprofen"]})
    assert "Alphanol · Aspirin, Ibuprofen" in page.text
    assert "Nothing is recorded with this plan" not in page.text


def test_the_sheet_leaves_date_and_signature_blank_and_asks_no_name(snapshot: Snapshot) -> None:
    text = show(snapshot, FULL).text
    assert re.search(r"Date _{5,}.*Checked by _{5,}.*Signature _{5,}", text, re.DOTALL)
    assert "name of the patient" not in text.lower()


def test_days_are_listed_in_order_with_the_session_between(snapshot: Snapshot) -> None:
    text = show(snapshot, FULL).text
    days = text[text.index("Days around the session") :]
    assert days.index("Day −7") < days.index("Session", 30) < days.rindex("Day +2")


def test_bars_reach_from_the_first_to_the_last_day() -> None:
    drawn = Markup(str(timeline([Bar("Garlic", -14, 0, "caution"), Bar("Sun", 0, 2, "avoid")])))
    bars = [(float(a["x"]), float(a["width"])) for tag, a in drawn.tags if a.get("class") == "mark"]
    (first, first_width), (second, second_width) = bars
    assert first + first_width == pytest.approx(second, abs=0.2), "both meet at the session"
    assert first_width == pytest.approx(second_width, abs=0.2), "days are evenly spaced"


def test_no_label_of_the_timeline_leaves_the_drawing() -> None:
    label = "W" * 300
    drawn = Markup(str(timeline([Bar(f"{label} & <b>", -183, 28, "caution"), Bar("Sun", 0, 2, "avoid")])))
    width = float(next(a["width"] for tag, a in drawn.tags if tag == "svg"))
    shown = [line for line in drawn.text.split("\n") if line]
    assert drawn.faults == []
    assert drawn.count("b") == 0
    assert text_width("W" * re.findall("W+…", "".join(shown))[0].count("W")) <= width


def test_no_window_means_no_drawing() -> None:
    assert timeline([]) is None
    assert precheck._days([]) == []


def test_nothing_chosen_about_the_patient_is_not_called_no_alert(snapshot: Snapshot) -> None:
    page = show(snapshot, {"ingredient": ["alphanol"]})
    assert "Nothing about the patient chosen yet" in page.text
    assert "No alert recorded" not in page.text


def test_a_pair_named_incompatible_is_told_at_the_head(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = {"other": "betanol", "compatibility": "stated-incompatible", "summary": "It clots.", "references": []}
    monkeypatch.setattr(snapshot.precheck, "mixing", {"alphanol": [pair]})
    text = show(snapshot, {"ingredient": ["alphanol", "betanol"]}).text
    assert "1\u00a0pair named incompatible in one syringe" in text.partition("Cocktail")[0]
    assert "Stated incompatible, no test read" in text, "what a label names need not have been tested"
    assert "Tested incompatible" not in text


def test_a_finding_against_two_parts_of_the_plan_together_is_told(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "id": "x",
        "object": "needling",
        "object_name": "Needling",
        "reference": "clark2003",
        "summary": "Not by needle.",
    }
    monkeypatch.setattr(snapshot.precheck, "noted", {"alphanol": [told]})
    shown = show(snapshot, {"ingredient": ["alphanol"], "technique": ["needling"]})
    assert "Alphanol and Needling: Not by needle." in shown.text
    assert "Not by needle." not in show(snapshot, {"ingredient": ["alphanol"]}).text


def test_what_two_parts_of_the_plan_ask_in_the_same_words_is_said_once() -> None:
    alert = {"action": "Wait.", "fact_names": ["Aspirin"], "window_days": {"before": 2, "after": None}}
    alerts = [
        alert | {"subject_name": "Plasma", "references": ["a"]},
        alert | {"subject_name": "Plasma injection", "references": ["a", "b"]},
        alert | {"subject_name": "Peel", "references": ["c"], "action": "Wait longer."},
    ]
    day = precheck._days(alerts)[0]
    assert [(a["subjects"], a["references"]) for a in day["alerts"]] == [
        (["Plasma", "Plasma injection"], ["a", "b"]),
        (["Peel"], ["c"]),
    ]


def test_a_medicine_looked_for_among_conditions_is_found_in_the_list_beside(snapshot: Snapshot) -> None:
    lists = {a["name"]: a for tag, a in show(snapshot, {}).tags if tag == "select"}
    assert {name for name, a in lists.items() if "data-beside" in a} == {"condition", "substance"}
