"""Every question the real base gives is fair; and the checks that say so can fail."""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from kb.learning import bank, checks
from kb.learning.facts import Facts
from kb.learning.question import KINDS, Option, Point, Question
from kb.model.record import SLUG
from kb.snapshot import Snapshot

LEAST = {"claim": 200, "certainty": 60, "interval": 30, "harm": 60, "patient": 100, "stop": 10}


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_is_fair(questions: list[Question], facts: Facts, kind: str) -> None:
    found = [q for q in questions if q.kind == kind]
    assert len(found) >= LEAST[kind]
    assert [p for q in found for p in checks.problems(q, facts)] == []


def test_every_question_has_exactly_one_right_answer_and_no_two_alike(questions: list[Question]) -> None:
    for q in questions:
        assert [o.right for o in q.options].count(True) == 1, q.id
        assert len({o.text.casefold() for o in q.options}) == len(q.options) >= 3, q.id
        assert len({o.id for o in q.options}) == len(q.options), q.id
        assert re.match(SLUG, q.id), q.id
    assert [i for i, n in Counter(q.id for q in questions).items() if n > 1] == []


def test_the_right_answer_does_not_give_itself_away_by_its_place(questions: list[Question]) -> None:
    for kind in ("harm", "patient"):
        places = Counter(next(i for i, o in enumerate(q.options) if o.right) for q in questions if q.kind == kind)
        assert set(places) == {0, 1, 2, 3}
        assert max(places.values()) < sum(places.values()) / 2


def test_the_same_base_gives_the_same_questions(questions: list[Question], base: Snapshot) -> None:
    again = list(bank.generate(Facts(base)))
    assert [q.as_dict() for q in again] == [q.as_dict() for q in questions]


def test_the_snapshot_holds_all_of_them_by_address(questions: list[Question], base: Snapshot) -> None:
    index = base.document("questions")
    assert [row["id"] for row in index] == [q.id for q in questions]
    for q in questions[::37]:
        held = bank.find(base, q.id)
        assert held is not None
        assert held == Question.from_dict(json.loads(json.dumps(q.as_dict())))
    assert bank.find(base, "nonesuch") is None


def test_sets_hold_every_question_once_and_the_kinds_take_turns(base: Snapshot) -> None:
    ids = bank.chosen(base.document("questions"))
    assert len(ids) == len(set(ids)) == len(base.document("questions"))
    assert [i.split("-")[0] for i in ids[: len(KINDS)]] == list(KINDS)
    sets = -(-len(ids) // bank.IN_A_SET)
    assert [i for n in range(1, sets + 1) for i in bank.in_set(ids, n)] == ids
    assert bank.in_set(ids, sets + 1) == bank.in_set(ids, 1)
    assert bank.in_set([], 1) == []


def test_wrong_notes_of_a_patient_raise_no_alert_and_the_right_one_does(
    questions: list[Question], base: Snapshot
) -> None:
    for q in (q for q in questions if q.kind == "patient"):
        subject = q.data["subject"]
        technique = subject in {s for s, v in base.precheck.subjects.items() if v["kind"] == "technique"}
        for option in q.options:
            answer = base.precheck.check(
                [] if technique else [subject], subject if technique else None, [option.about or ""]
            )
            assert bool(answer.alerts) == option.right, (q.id, option.about)


def test_no_patient_has_notes_of_both_sexes(questions: list[Question]) -> None:
    for q in (q for q in questions if q.kind == "patient"):
        notes = {o.about for o in q.options}
        man, woman = "A man" in q.lead, "A woman" in q.lead
        assert man != woman
        assert not (man and notes & {"pregnancy", "breastfeeding", "child-bearing-potential"}), q.id
        assert not (woman and notes & {"impaired-spermatogenesis", "prostate-cancer"}), q.id


# --- the checks can fail ------------------------------------------------------------------------------------------------


def one(questions: list[Question], kind: str, where: object = None) -> Question:
    return next(q for q in questions if q.kind == kind and (where is None or where(q)))  # type: ignore[operator]


def turned(q: Question) -> Question:
    """The same question with another option called right."""
    wrong = next(o for o in q.options if not o.right)
    options = tuple(replace(o, right=o is wrong) for o in q.options)
    return replace(q, options=options)


@pytest.mark.parametrize("kind", KINDS)
def test_calling_another_option_right_is_found(questions: list[Question], facts: Facts, kind: str) -> None:
    found = [q for q in questions if q.kind == kind and (kind != "stop" or q.right.about)]
    assert all(checks.problems(turned(q), facts) for q in found[:25])


@pytest.mark.parametrize("kind", KINDS)
def test_hiding_a_dispute_is_found(questions: list[Question], facts: Facts, kind: str) -> None:
    disputed = [q for q in questions if q.kind == kind and q.disputed]
    assert disputed, f"the base holds no disputed question of kind {kind}"
    hidden = [q for q in disputed if kind != "stop" or "evidence against" in q.disputed]
    found = [q.id for q in hidden if checks.problems(replace(q, disputed=""), facts)]
    # A set of things to stop is disputed as soon as one wrong answer is; its own caution need not be.
    assert found == [q.id for q in hidden] or (kind == "stop" and found)


def test_a_true_wrong_answer_is_found(questions: list[Question], facts: Facts) -> None:
    held = {q.about: q for q in questions if q.kind == "harm"}
    pairs = ((q, h) for (subject, harm), q in held.items() for s, h in held if s == subject and h != harm)
    q, other = next(pairs)
    true = Option("true", "Another harm of the same", False, about=other)
    assert any("findings on it" in p for p in checks.problems(replace(q, options=(*q.options[:3], true)), facts))


def test_a_narrower_word_for_the_right_answer_is_found(questions: list[Question], facts: Facts) -> None:
    q = one(
        questions, "patient", lambda q: facts.narrower(q.data["fact"]) & facts.precheck.terms.keys() - {q.data["fact"]}
    )
    narrower = sorted(facts.narrower(q.data["fact"]) & facts.precheck.terms.keys() - {q.data["fact"]})[0]
    right = q.right
    options = (right, *(o for o in q.options if not o.right))[:3]
    bad = replace(q, options=(*options, Option("x", "A kind of the right one", False, about=narrower)))
    assert any("kind of the right answer" in p or "warns of it" in p for p in checks.problems(bad, facts))


def test_what_is_not_cited_or_said_twice_is_found(questions: list[Question], facts: Facts) -> None:
    q = one(questions, "claim")
    assert checks.problems(replace(q, explained=(Point("So it is."),)), facts) == [
        f"{q.id}: is explained without a citation"
    ]
    assert any(
        "bibliography" in p for p in checks.problems(replace(q, explained=(Point("x", ("nobody1900",)),)), facts)
    )
    twice = replace(q, options=(*q.options[:4], replace(q.options[0], id="again", right=False)))
    assert any("same texts" in p for p in checks.problems(twice, facts))
    assert any("right answers" in p for p in checks.problems(replace(q, options=q.options[:1] * 3), facts))


def test_no_claim_is_asked_on_which_no_decision_hangs(base: Snapshot, questions: list[Question]) -> None:
    relation = {c["id"]: c["relation"] for c in base.document("claims")}
    asked = {relation[q.data["claim"]] for q in questions if q.kind == "claim"}
    assert {"treats", "causes", "precaution", "contraindicated-in"} <= asked
    assert not asked & {"background", "definition", "defined-as", "technique-step", "popularity", "synonym"}
