"""How wrong answers are chosen: mentions found by an index, an order of their own for every question."""

import json
from dataclasses import replace

from kb.learning import causes, checks
from kb.learning.facts import Facts
from kb.learning.mentions import Mentions
from kb.learning.question import Question, by_chance
from kb.questions.search import fold


def test_a_name_is_mentioned_from_the_beginning_of_a_word_on() -> None:
    mentions = Mentions({"a": "with biotinylated blue dye", "b": "abiotin dye blue", "c": "blue dyes"})
    assert mentions.of("biotin") == {"a"}
    assert mentions.of("blue dye") == {"a", "c"}
    assert mentions.of("dye blue") == {"b"}
    assert mentions.of("red") == frozenset()


def test_the_index_agrees_with_reading_every_page(facts: Facts) -> None:
    texts = {slug: f" {fold(json.dumps(page, ensure_ascii=False))} " for slug, page in facts.pages.items()}
    for term in ("pregnancy", "warfarin", "gynecomastia", "anticoagulant", "5-alpha-reductase-inhibitor"):
        names = facts._names_of(term)
        assert names
        for slug, text in texts.items():
            assert facts.mentions(slug, term) == any(f" {name}" in text for name in names), (slug, term)


def test_every_seed_has_an_order_of_its_own_with_every_item_once() -> None:
    items = [f"i{n}" for n in range(12)]
    orders = [list(by_chance(items, seed)) for seed in "abcdefgh"]
    assert all(sorted(order) == sorted(items) for order in orders)
    assert len({tuple(order) for order in orders}) > 4
    assert list(by_chance(items, "a")) == orders[0]
    assert list(by_chance([], "a")) == []


def test_what_brings_about_a_harm_of_the_needle_is_asked_among_things_never_injected(
    questions: list[Question], facts: Facts
) -> None:
    asked = [q for q in questions if q.data.get("asks") == "cause"]
    assert len(asked) >= 10
    for q in asked:
        assert q.about[1] in facts.practice.harms_of_the_needle
        assert all(causes.only_on_or_by_mouth(facts, o.about or "") != o.right for o in q.options), q.id
        wrong = next(o for o in q.options if not o.right)
        other = replace(
            wrong, about=next(o.about for x in asked for o in x.options if o.right and o.about != q.about[0])
        )
        bad = replace(q, options=tuple(other if o is wrong else o for o in q.options))
        assert checks.problems(bad, facts), q.id


def test_no_wrong_note_is_one_a_careful_colleague_would_ask_about(questions: list[Question], facts: Facts) -> None:
    for q in (q for q in questions if q.kind == "patient"):
        for option in (o for o in q.options if not o.right):
            assert option.about not in {*facts.practice.never_harmless, *facts.practice.no_note}
            assert q.data["subject"] not in facts.not_with.get(option.about or "", ())
