"""The pre-procedure check page: alerts with their evidence, what was not said, and nothing of a patient in a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from kb.questions.answer import Card, Pair
from kb.questions.precheck import NO_DATA, Precheck
from kb.snapshot import Snapshot
from kb.views import precheck, render, sections
from kb.views.charts.labels import text_width
from kb.views.charts.timeline import Bar, timeline
from kb.views.precheck_plan import OWN_WORDS
from tests import whole
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


@pytest.mark.parametrize(
    ("params", "kept"),
    [
        ({"ingredient": ["kybella"]}, {"kybella"}),
        ({"ingredient": ["Radiesse in the lips"]}, {"Radiesse in the lips"}),
        ({"technique": ["mesotherapy of the scalp"]}, {"mesotherapy of the scalp"}),
        ({"technique": ["oral"], "ingredient": ["minoxidil"]}, {"oral", "minoxidil"}),
        ({"condition": ["isotretinoin stopped 5 months ago"]}, {"isotretinoin stopped 5 months ago"}),
        ({"condition": ["xyzzy"], "ingredient": ["minoxidil"]}, {"xyzzy", "minoxidil"}),
        ({"ingredient": ["Regaine"]}, {"minoxidil"}),
    ],
)
def test_what_no_choice_of_the_list_stands_for_stays_in_the_form_as_it_was_written(
    params: Params, kept: set[str]
) -> None:
    """Else the next check would be asked without it."""
    page = show(whole.snapshot(), params)
    chosen = {a["value"] for tag, a in page.tags if tag == "option" and "selected" in a and a["value"]}
    assert chosen == kept


def test_a_product_that_a_link_brought_is_called_by_its_name() -> None:
    assert ">Kybella</option>" in show(whole.snapshot(), {"ingredient": ["kybella"]}).html


def test_a_place_is_told_as_the_site_and_not_among_what_is_injected() -> None:
    page = show(whole.snapshot(), {"ingredient": ["Radiesse in the lips"], "technique": ["cosmetic injection"]})
    rows = page.html.split('<dl class="facts plan">')[1].split("</dl>")[0]
    assert "<dt>Cocktail</dt><dd>Radiesse</dd>" in rows
    assert "<dt>Site</dt><dd>Lips</dd>" in rows


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


def test_a_medicine_looked_for_among_conditions_is_found_in_the_list_beside(snapshot: Snapshot) -> None:
    lists = {a["name"]: a for tag, a in show(snapshot, {}).tags if tag == "select"}
    assert {name for name, a in lists.items() if "data-beside" in a} == {"condition", "substance"}


def alert(subject: str = "alphanol", trigger: str = "aspirin", **more: Any) -> dict[str, Any]:
    held = {
        "subject": subject, "subject_name": subject.title(), "trigger": trigger, "also": [], "caution": f"{subject}-x",
        "action": "Stop it.", "fact_names": [trigger.title()], "references": ["a"], "window_days": None,
        "severity": "caution",
    }  # fmt: skip
    return held | more


def window(before: int | None, after: int | None) -> dict[str, int | None]:
    return {"before": before, "after": after}


def task(day: int, name: str = "Aspirin") -> dict[str, Any]:
    return {"day": day, "fact_names": [name], "subject_names": ["Alphanol"], "action": "Stop it.", "references": ["a"]}


def test_the_days_of_a_session_stand_in_order_and_the_session_among_them() -> None:
    def days(*told: int) -> list[tuple[int, int]]:
        return [(d["day"], len(d["tasks"])) for d in precheck._days([task(day) for day in told])]  # type: ignore[misc]

    assert days(2, -7) == days(-7, 2) == [(-7, 1), (0, 0), (2, 1)]
    assert days(-7, -7, 0) == [(-7, 2), (0, 1)], "a word for the day itself is told"
    assert days() == []


def test_a_fact_without_days_is_named_unless_another_alert_gives_it_days() -> None:
    told = [alert(), alert(trigger="zinc"), alert("betanol", window_days=window(7, None))]
    assert precheck._windowless(told) == ["Zinc"]
    assert precheck._windowless([alert(trigger="zinc"), alert(trigger="Ash")]) == ["Ash", "Zinc"]


def test_a_bar_is_drawn_for_what_has_days_only() -> None:
    told = [
        alert(),
        alert(window_days=window(7, 2)),
        alert(window_days=window(None, 3)),
        alert(window_days=window(5, None)),
    ]
    assert [(b.first, b.last) for b in precheck.bars(told)] == [(-7, 2), (0, 3), (-5, 0)]


def card(*facts: str, subjects: tuple[str, ...] = ("alphanol",), cautions: tuple[str, ...] = ("alphanol-x",)) -> Any:
    names = [s.title() for s in subjects], [f.title() for f in facts]
    return Card("caution", list(facts), names[1], "r", "R", list(subjects), names[0], list(cautions))


def test_a_card_holds_the_alerts_on_its_own_subjects_cautions_and_facts_alone() -> None:
    told = [
        alert(action="own"), alert("betanol", caution="alphanol-x", action="inherited"),
        alert(caution="alphanol-y", action="another caution"), alert(trigger="zinc", action="another fact"),
        alert(also=["zinc"], action="more facts"), alert("gammanol", caution="alphanol-x", action="another subject"),
    ]  # fmt: skip
    shown = precheck._card(card("aspirin", subjects=("alphanol", "betanol")), told)
    assert shown["heading"] == "Alphanol and Betanol · Aspirin"
    assert [(p["action"], p["subject_names"]) for p in shown["parts"]] == [("own", ["Alphanol", "Betanol"])]
    (both,) = precheck._card(card("aspirin", "zinc"), told)["parts"]
    assert both["action"] == "more facts"


def pair(compatibility: str, summary: str = "Read.", *references: str, a: str = "A") -> Pair:
    return Pair(a.lower(), "b", a, "B", compatibility, summary, list(references))


def test_a_pair_with_a_word_or_a_source_is_told_and_the_gravest_first() -> None:
    silent, noted, cited = (
        pair("no-data-found", NO_DATA), pair("no-data-found", "Looked for in two books."),
        pair("no-data-found", NO_DATA, "adams2001"),
    )  # fmt: skip
    tested, clash, stated = pair("tested-compatible", NO_DATA), pair("tested-incompatible"), pair("stated-incompatible")
    told = precheck._pairs(SimpleNamespace(mixing=[tested, cited, silent, stated, noted, clash]))  # type: ignore[arg-type]
    assert told["bare"] == [silent]
    assert told["told"] == [clash, stated, cited, noted, tested]


def test_a_doubled_action_names_the_others_and_whether_one_is_a_form_of_the_other(snapshot: Snapshot) -> None:
    def told(action: str) -> Any:
        double = {"action": action, "ingredients": ["alphanol", "betanol"]}
        (shown,) = precheck._duplicates(SimpleNamespace(duplicates=[double]), snapshot)  # type: ignore[arg-type]
        return shown["others"], shown["within"]

    assert told("alphanol") == (["Betanol"], True)
    assert told("family") == (["Alphanol", "Betanol"], False)


def test_a_finding_behind_an_alert_is_shown_wherever_it_is_kept(snapshot: Snapshot) -> None:
    def shown(*against: str) -> set[str]:
        asked = SimpleNamespace(evidence_for=["clark2003-alphanol-pregnancy"], evidence_against=list(against))
        return set(sections.cited_findings([asked], {}, snapshot))  # type: ignore[list-item]

    own, other = "clark2003-alphanol-pregnancy", "brown2002-alphanol-bruising"
    assert shown() == {own}, "the other findings of the page are not"
    assert shown(other, "nobody2000-nothing") == {own, other}


def test_how_a_word_was_read_is_told_when_it_was_no_plain_name(snapshot: Snapshot) -> None:
    def read(name: str) -> bool:
        return "How the words were read" in show(snapshot, {"ingredient": [name], "condition": ["pregnancy"]}).text

    assert not read("alphanol") and not read("Alphanol")
    assert read("alfanol") and read("Alphabrand")


def test_the_rule_for_a_broader_fact_is_named_and_the_own_one_is_not(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = snapshot.precheck
    terms = {**known.terms, "ibuprofen": {"name": "Ibuprofen", "parents": ["aspirin"], "same_as": []}}
    lexicon = [*known.lexicon, ["Ibuprofen", "ibuprofen", "substance", "name"]]
    rules = {f.name: getattr(known, f.name) for f in fields(known)} | {"terms": terms, "lexicon": lexicon}
    monkeypatch.setitem(snapshot.__dict__, "precheck", Precheck(**rules))

    def named(*substances: str) -> bool:
        return "rule for Aspirin" in show(snapshot, {"ingredient": ["alphanol"], "substance": list(substances)}).text

    assert named("ibuprofen")
    assert not named("aspirin") and not named("ibuprofen", "aspirin") and not named("aspirin", "ibuprofen")


def test_a_technique_taken_from_the_name_of_what_is_given_stands_in_the_plan(snapshot: Snapshot) -> None:
    page = render("precheck", {"ingredient": ["alphanol needling"]}, snapshot).html
    assert re.search(r"<dt>Technique</dt><dd>Needling</dd>", page)
    assert "<dt>Technique</dt>" not in render("precheck", {"ingredient": ["alphanol"]}, snapshot).html
