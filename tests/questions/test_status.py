"""What regulators say of a plan: for whose places, for which routes, of which ingredients, and each fact once."""

from __future__ import annotations

from typing import Any

import pytest

from kb.questions import status
from kb.questions.plan import Item, Plan
from kb.questions.rulebook import Rulebook

PLACES = {
    "european-union": "European Union", "france": "France", "germany": "Germany", "united-kingdom": "United Kingdom",
    "scotland": "Scotland",
}  # fmt: skip
WITHIN = {"france": ["european-union"], "germany": ["european-union"], "scotland": ["united-kingdom"]}


def word(state: str = "withdrawn", place: str = "france", **more: Any) -> dict[str, Any]:
    held = {"route": "any", "use": "all uses", "since": "2012", "note": None, "references": ["adams2001"]}
    return {"state": state, "jurisdiction": place} | held | more


def check(**words: list[dict[str, Any]]) -> Rulebook:
    subjects = {
        "salt": {"name": "Salt", "parents": ["acid"]},
        "acid": {"name": "Acid", "parents": ["family"]},
        "family": {"name": "Family"},
        "other": {"name": "Other"},
        "needle": {"name": "Needle", "routes": ["intradermal", "subcutaneous"], "parents": ["device"]},
        "device": {"name": "Device", "routes": ["oral"]},
    }
    return Rulebook(subjects, {}, {}, {}, words, jurisdictions=PLACES, places_within=WITHIN)


def plan(*ingredients: str, tools: tuple[str, ...] = ()) -> Plan:
    return Plan(syringe=[Item(i, i) for i in ingredients], tools=list(tools))


def told(book: Rulebook, asked: Plan, *places: str) -> list[tuple[str, str, str]]:
    return [(s.subject, s.state, s.jurisdiction) for s in status.of(book, asked, places)]


@pytest.mark.parametrize(
    ("chosen", "counted"),
    [
        (["germany"], {"germany", "european-union"}),
        (["european-union"], {"european-union", "france", "germany"}),
        (["united-kingdom", "france"], {"united-kingdom", "scotland", "france", "european-union"}),
        (["atlantis"], {"atlantis"}),
        ([], set()),
    ],
)
def test_a_word_counts_for_a_place_for_what_it_lies_in_and_for_what_lies_in_it(
    chosen: list[str], counted: set[str]
) -> None:
    assert check().around(chosen) == counted


def test_without_a_place_all_regulators_are_heard_and_with_one_only_those_that_count() -> None:
    book = check(acid=[word(place=p) for p in ("france", "united-kingdom", "european-union")])
    assert {p for *_, p in told(book, plan("acid"))} == {"france", "united-kingdom", "european-union"}
    assert {p for *_, p in told(book, plan("acid"), "germany")} == {"european-union"}
    assert {p for *_, p in told(book, plan("acid"), "european-union")} == {"european-union", "france"}
    assert told(book, plan("other")) == []


def test_not_approved_is_said_of_the_routes_of_the_technique_and_a_withdrawal_always() -> None:
    for route, shown in (("intradermal", True), ("oral", False), ("any", True), ("not-stated", True)):
        book = check(acid=[word("unapproved", route=route)])
        assert bool(told(book, plan("acid", tools=("needle",)))) is shown, route
        assert told(book, plan("acid")), "without a technique every route is meant"
    for state in ("withdrawn", "prohibited"):
        assert told(check(acid=[word(state, route="oral")]), plan("acid", tools=("needle",)))


def test_the_gravest_word_stands_first_and_says_what_it_is_where_and_since_when() -> None:
    words = [word("unapproved", "france"), word("withdrawn", "european-union"), word("prohibited", "germany")]
    found = status.of(check(acid=words), plan("acid"), ())
    assert [s.message for s in found] == [
        "Acid: prohibited in Germany since 2012: all uses.",
        "Acid: authorisation withdrawn or suspended in the European Union since 2012: all uses.",
        "Acid: not approved in France as of 2012: all uses.",
    ]
    (inherited,) = status.of(check(acid=[word()]), plan("salt"), ())
    assert inherited.message == "Salt (as Acid): authorisation withdrawn or suspended in France since 2012: all uses."


def test_a_broader_word_is_left_out_only_where_the_own_record_says_it_on_the_same_papers() -> None:
    def said(own: dict[str, Any], broader: dict[str, Any]) -> list[str]:
        return [s.message.partition(":")[0] for s in status.of(check(salt=[own], acid=[broader]), plan("salt"), ())]

    own = word(use="own use")
    assert said(own, word()) == ["Salt"]
    assert said(own | {"references": ["adams2001", "brown2002"]}, word()) == ["Salt"]
    assert said(own | {"route": "not-stated"}, word(route="oral")) == ["Salt"], "a word on any route holds for each"
    both = ["Salt", "Salt (as Acid)"]
    for more in (
        {"state": "prohibited"}, {"jurisdiction": "germany"}, {"references": ["brown2002"]},
        {"references": ["adams2001", "brown2002"]},
    ):  # fmt: skip
        assert sorted(said(own, word() | more)) == both, more
    assert sorted(said(own | {"route": "oral"}, word(route="intradermal"))) == both
    assert sorted(said(own | {"route": "oral"}, word(route="any"))) == both, "one route does not speak for all"


def test_what_one_ingredient_says_of_itself_silences_nothing_of_another() -> None:
    book = check(other=[word()], acid=[word()])
    assert {s for s, *_ in told(book, plan("other", "salt"))} == {"other", "salt"}


def test_two_words_of_the_own_record_are_both_said() -> None:
    book = check(acid=[word(use="fat"), word(use="hair")])
    assert [s.use for s in status.of(book, plan("acid"), ())] == ["fat", "hair"]


def test_a_word_on_certain_ingredients_is_said_of_a_plan_that_holds_one_or_names_none() -> None:
    book = check(needle=[word(only_with=["acid"])])
    assert told(book, plan(tools=("needle",)))
    assert told(book, plan("other", "salt", tools=("needle",))), "a form of it is meant as well"
    assert told(book, plan("other", tools=("needle",))) == []
    assert told(check(needle=[word()]), plan("other", tools=("needle",)))


def elsewhere(book: Rulebook, asked: Plan, *places: str) -> list[str]:
    return [n.message for n in status.elsewhere(book, asked, places, status.of(book, asked, places))]


def test_a_choice_of_places_is_no_approval_and_names_what_it_leaves_out_once_each() -> None:
    book = check(acid=[word(place="france"), word(place="united-kingdom"), word(place="united-kingdom", use="hair")])
    assert elsewhere(book, plan("acid"), "germany") == [
        "No withdrawal, ban or refusal in Germany is recorded here for this plan; that is no approval. "
        "Recorded elsewhere: France and the United Kingdom."
    ]
    assert elsewhere(book, plan("acid"), "france") == [
        "Only what regulators say in France is shown. Left out: the United Kingdom."
    ]
    assert elsewhere(book, plan("acid"), "france", "scotland") == []
    assert elsewhere(book, plan("acid")) == []
    assert elsewhere(book, plan("other"), "germany") == []
