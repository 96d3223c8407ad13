"""The check raises what applies, with the patient's own word as its trigger, and stays quiet otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from kb.questions.answer import Alert, timeline
from kb.questions.precheck import Precheck
from tests.questions.small import base, caution, ingredient, technique

TERMS = {
    "conditions": [
        {"id": "pregnancy"},
        {"id": "diabetes"},
        {"id": "insulin-treated-diabetes", "parents": ["diabetes"]},
        {"id": "anticoagulant-therapy", "same_as": ["anticoagulant"]},
    ],
    "substances": [
        {"id": "anticoagulant"},
        {"id": "warfarin", "parents": ["anticoagulant"]},
        {"id": "apixaban", "parents": ["anticoagulant"]},
    ],
}


@pytest.fixture
def check() -> Precheck:
    mixing = [
        {
            "other": "biotin",
            "compatibility": "tested-incompatible",
            "summary": "It falls out.",
            "references": ["smith2020"],
        }
    ]
    return Precheck.of(
        base(
            ingredient("finasteride", cautions=[caution("f-p", "pregnancy", "contraindicated")], mixing=mixing),
            ingredient("salt", parents=["finasteride"]),
            ingredient("biotin"),
            technique(
                "mesotherapy",
                cautions=[
                    caution("m-a", "anticoagulant", "caution", window={"before_days": 7, "after_days": 2}),
                    caution("m-d", "diabetes", "inform"),
                ],
            ),
            technique("nappage", parents=["mesotherapy"]),
            terms=TERMS,
        )
    )


def alerts(answer: object) -> list[tuple[str, str, str]]:
    return [(a.subject, a.trigger, a.severity) for a in answer.alerts]  # type: ignore[attr-defined]


def test_a_contraindication_is_raised_for_its_own_condition_only(check: Precheck) -> None:
    assert alerts(check.check(["finasteride"], None, ["pregnancy"])) == [
        ("finasteride", "pregnancy", "contraindicated")
    ]
    assert alerts(check.check(["finasteride"], None, [])) == []
    assert alerts(check.check(["biotin"], None, ["pregnancy"])) == []


def test_a_narrower_fact_raises_the_broader_caution_under_its_own_name(check: Precheck) -> None:
    (alert,) = check.check([], "mesotherapy", [], ["warfarin"]).alerts
    assert (alert.trigger, alert.rule) == ("warfarin", "anticoagulant")
    assert "Warfarin (Anticoagulant)" in alert.message


def test_two_facts_for_one_caution_are_both_named_in_one_alert(check: Precheck) -> None:
    (alert,) = check.check([], "mesotherapy", [], ["warfarin", "apixaban"]).alerts
    assert (alert.trigger, alert.also) == ("warfarin", ["apixaban"])
    assert "Warfarin and Apixaban (Anticoagulant)" in alert.message


def test_a_broader_fact_does_not_raise_a_narrower_caution() -> None:
    made = Precheck.of(base(ingredient("a", cautions=[caution("a-i", "insulin-treated-diabetes")]), terms=TERMS))
    assert alerts(made.check(["a"], None, ["diabetes"])) == []


def test_a_broader_fact_is_asked_about_when_a_narrower_one_would_raise_a_caution() -> None:
    holder = ingredient("minoxidil", cautions=[caution("m-i", "insulin-treated-diabetes")])
    answer = Precheck.of(base(holder, terms=TERMS)).check(["minoxidil"], None, ["diabetes", "pregnancy"])
    assert [(n.kind, n.subject) for n in answer.notices if n.kind == "say-which"] == [("say-which", "diabetes")]
    assert "insulin-treated-diabetes" in answer.notices[-1].message.casefold().replace(" ", "-")
    assert [s.id for s in answer.silent] == ["pregnancy"]
    precise = Precheck.of(base(holder, terms=TERMS)).check(
        ["minoxidil"], None, ["diabetes", "insulin-treated-diabetes"]
    )
    assert not [n for n in precise.notices if n.kind == "say-which"]


def test_the_same_thing_under_conditions_counts(check: Precheck) -> None:
    assert alerts(check.check([], "mesotherapy", ["anticoagulant-therapy"])) == [
        ("mesotherapy", "anticoagulant-therapy", "caution")
    ]


def test_one_caution_is_raised_once_and_by_the_fact_named_itself(check: Precheck) -> None:
    assert alerts(check.check([], "mesotherapy", ["anticoagulant-therapy"], ["warfarin", "anticoagulant"])) == [
        ("mesotherapy", "anticoagulant", "caution")
    ]


def test_kinds_carry_the_cautions_of_what_they_are_kinds_of(check: Precheck) -> None:
    (alert,) = check.check([], "nappage", ["insulin-treated-diabetes"]).alerts
    assert (alert.subject, alert.inherited_from) == ("nappage", "mesotherapy")
    assert alerts(check.check(["salt"], None, ["pregnancy"])) == [("salt", "pregnancy", "contraindicated")]


def test_gravest_first(check: Precheck) -> None:
    answer = check.check(["finasteride"], "mesotherapy", ["diabetes", "pregnancy"], ["warfarin"])
    assert [a.severity for a in answer.alerts] == ["contraindicated", "caution", "inform"]


def test_days_before_and_after_make_the_timeline(check: Precheck) -> None:
    answer = check.check([], "mesotherapy", [], ["warfarin"])
    assert [(t["day"], t["trigger"]) for t in answer.timeline] == [(-7, "warfarin"), (2, "warfarin")]
    assert answer.alerts[0].window_days == {"before": 7, "after": 2}


def alert_on(*facts: str, subject: str = "alphanol", **more: Any) -> Alert:
    trigger, *also = facts
    text = dict.fromkeys(("message", "action", "why", "strength"), "")
    held: dict[str, Any] = {
        "severity": "caution", "subject": subject, "subject_name": subject.title(), "trigger": trigger,
        "trigger_name": trigger.title(), "also": also, "also_names": [a.title() for a in also], "rule": trigger,
        "rule_name": trigger.title(), "routes": [], "window_days": {"before": 2, "after": None}, "evidence_for": [],
        "evidence_against": [], "references": ["a"], "caution": f"{subject}-x",
    }  # fmt: skip
    return Alert(**{**text, **held, **more})


def test_what_two_parts_of_the_plan_ask_in_the_same_words_is_said_once_with_all_its_references() -> None:
    first, second = timeline(
        [
            alert_on("aspirin", subject="plasma", action="Wait."),
            alert_on("aspirin", subject="peel", action="Wait longer.", references=["c"]),
            alert_on("aspirin", subject="filler", action="Wait.", references=["a", "b"]),
        ]
    )
    assert (first["subject_names"], first["references"]) == (["Plasma", "Filler"], ["a", "b"])
    assert (second["subject_names"], second["references"]) == (["Peel"], ["c"])


def test_the_same_words_on_another_fact_or_another_day_are_another_task() -> None:
    on = [["Aspirin"], ["Heparin"], ["Aspirin", "Heparin"]]
    told = timeline([alert_on("aspirin"), alert_on("heparin"), alert_on("aspirin", "heparin")])
    assert [t["fact_names"] for t in told] == on
    told = timeline([alert_on("aspirin"), alert_on("aspirin", window_days={"before": 3, "after": 0})])
    assert [t["day"] for t in told] == [-3, -2, 0]
    assert timeline([alert_on("aspirin", window_days=None)]) == []


def test_a_pair_nobody_tested_is_told_as_such_and_never_as_safe(check: Precheck) -> None:
    tested, untested = check.check(["finasteride", "biotin"]).mixing[0], check.check(["salt", "biotin"]).mixing[0]
    assert (tested.compatibility, tested.references) == ("tested-incompatible", ["smith2020"])
    assert untested.compatibility == "no-data-found"
    assert "not a statement that they may be mixed" in untested.summary


def test_the_same_action_twice_is_told(check: Precheck) -> None:
    assert check.check(["finasteride", "salt"]).duplicates[0]["ingredients"] == ["finasteride", "salt"]


@pytest.mark.parametrize(
    ("arguments", "unknown", "near"),
    [
        ((["fluoxetine", "biotin"], "mesotherapy"), "fluoxetine", []),
        (([], ["mesotherapy", "hypnosis"]), "hypnosis", []),
        (([], "mesotherapy", ["gout"]), "gout", []),
        ((["hypnosis", "biotin"],), "hypnosis", []),
    ],
)
def test_a_word_it_does_not_know_is_told_and_the_rest_is_checked(
    check: Precheck, arguments: tuple[object, ...], unknown: str, near: list[str]
) -> None:
    answer = check.check(*arguments)  # type: ignore[arg-type]
    assert [(u.said, u.near) for u in answer.unresolved] == [(unknown, near)]
    assert not answer.understood
    assert answer.given or answer.alerts, "the other words are read"


def test_a_slip_of_the_keyboard_is_understood_and_told(check: Precheck) -> None:
    answer = check.check(["finasterid"], "mesoterapy", ["pregnency"])
    assert alerts(answer) == [("finasteride", "pregnancy", "contraindicated")]
    assert [g.how for g in answer.given] == ["typing error"] * 3
    assert all(g.notes for g in answer.given)


def test_a_graver_word_on_the_narrower_condition_settles_the_broader_one() -> None:
    terms = {"conditions": [{"id": "kidney-disease"}, {"id": "severe-kidney-disease", "parents": ["kidney-disease"]}]}
    grave = caution("t-s", "severe-kidney-disease", "contraindicated")
    mild = caution("t-k", "kidney-disease", "avoid")

    def raised(*cautions: dict[str, object], facts: tuple[str, ...] = ("severe-kidney-disease",)) -> list[str]:
        check = Precheck.of(base(ingredient("txa", cautions=list(cautions)), terms=terms))
        return [a.caution for a in check.check(["txa"], None, facts).alerts]

    assert raised(grave, mild) == ["t-s"]
    assert raised(grave, mild, facts=("kidney-disease",)) == ["t-k"]
    assert raised(grave, mild, facts=("severe-kidney-disease", "kidney-disease")) == ["t-s", "t-k"]
    assert raised({**grave, "severity": "caution"}, mild) == ["t-k", "t-s"], "a milder word settles nothing"
    assert raised(grave, {**mild, "window": {"before_days": 7}}) == ["t-s", "t-k"], "days are told"
    assert raised({**grave, "routes": ["oral"]}, mild) == ["t-s", "t-k"], "one route settles nothing about others"


def test_an_ingredient_of_the_cocktail_sets_off_what_others_say_of_it_and_nothing_of_its_own() -> None:
    terms = {
        "substances": [
            {"id": "nsaid"},
            {"id": "ketorolac", "parents": ["nsaid"]},
            {"id": "filler"},
            {"id": "steroid"},
            {"id": "cortisone", "parents": ["steroid"]},
        ]
    }
    check = Precheck.of(
        base(
            ingredient("ketorolac", cautions=[caution("k-n", "nsaid", "contraindicated"), caution("k-s", "steroid")]),
            ingredient("cortisone"),
            ingredient("filler"),
            technique(
                "jet",
                cautions=[
                    caution("j-f", "filler", "contraindicated"),
                    caution("j-n", "nsaid", "avoid"),
                    caution("j-c", "cortisone", "inform"),
                ],
            ),
            terms=terms,
        )
    )
    assert alerts(check.check(["ketorolac"])) == [], "its own class is no second medicine"
    assert alerts(check.check(["ketorolac", "cortisone"])) == [("ketorolac", "cortisone", "caution")]
    assert alerts(check.check(["filler"], "jet")) == [("jet", "filler", "contraindicated")]
    assert alerts(check.check(["ketorolac"], "jet")) == [], "a word on a class is about what the patient takes"
    assert alerts(check.check(["cortisone"], "jet")) == [], "and so is a mild one"
    assert alerts(check.check(["filler"], "jet", (), ["ketorolac"])) == [
        ("jet", "filler", "contraindicated"),
        ("jet", "ketorolac", "avoid"),
    ]


@pytest.fixture
def peels() -> Precheck:
    fruit = ingredient("fruit-acid", name="Fruit acid", synonyms=["Fruit peel solution"])
    peel = technique("peel", name="Peel", cautions=[caution("peel", "pregnancy")])
    return Precheck.of(base(fruit, peel, terms=TERMS))


@pytest.mark.parametrize(
    ("syringe", "way"),
    [("fruit acid peel", "peel"), ("Fruit acid 20% peel", "peel"), ("fruit acid", None), ("fruit-acid", None)],
)
def test_a_technique_in_the_name_of_what_is_given_counts_and_is_told(
    peels: Precheck, syringe: str, way: str | None
) -> None:
    """`glycolic peel` in the line of the syringe raised nothing in pregnancy, because nobody had named the technique."""
    answer = peels.check([syringe], conditions=["pregnancy"])
    assert [a.subject for a in answer.alerts] == ([way] if way else [])
    assert [m.id for g in answer.given if g.role == "technique" for m in g.means] == ([way] if way else [])
    assert any(n.kind == "no-technique" for n in answer.notices) is (way is None)
    assert not answer.unresolved


def test_a_technique_in_the_line_of_the_syringe_is_how_it_is_given(peels: Precheck) -> None:
    answer = peels.check(["fruit acid", "peel"], conditions=["pregnancy"])
    assert [a.subject for a in answer.alerts] == ["peel"]
    assert not answer.unresolved and not any(n.kind == "no-technique" for n in answer.notices)


def test_a_technique_that_was_named_needs_no_guess(peels: Precheck) -> None:
    answer = peels.check(["fruit acid"], "peel", ["pregnancy"])
    assert [g.role for g in answer.given].count("technique") == 1
    assert not any(n.kind == "no-technique" for n in answer.notices)
