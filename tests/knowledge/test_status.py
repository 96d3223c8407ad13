"""Regulatory status in the check: each fact once."""

from __future__ import annotations

from itertools import combinations

from kb.knowledge import KnowledgeBase


def test_no_status_of_a_thing_is_said_twice_on_the_same_papers_and_all_its_own_is_said(base: KnowledgeBase) -> None:
    for thing in base.ingredients:
        told = base.precheck([thing]).status
        for one, other in combinations(told, 2):
            if (one.state, one.jurisdiction) == (other.state, other.jurisdiction) and one.route == other.route:
                assert set(one.references) - set(other.references) or one.use != other.use, (thing, one.use)
        own = {
            (r.jurisdiction, r.use)
            for r in base.ingredients[thing].regulatory
            if r.status in ("prohibited", "withdrawn", "unapproved")
        }
        assert own <= {(s.jurisdiction, s.use) for s in told}, thing


def test_a_filler_warns_once_of_needle_free_devices(base: KnowledgeBase) -> None:
    told = [s for s in base.precheck(["hyaluronic-acid-filler"]).status if "needle-free" in s.use]
    assert len(told) == 1
    assert told[0].jurisdiction == "united-states"


def test_a_mixture_says_what_its_own_record_says_and_not_again_what_its_parts_say_on_the_same_papers(
    base: KnowledgeBase,
) -> None:
    told = [s.use for s in base.precheck(["phosphatidylcholine-deoxycholate"]).status if s.jurisdiction == "france"]
    assert told == ["aesthetic fat-cell lysis by injection"]


def test_a_word_of_the_union_counts_in_each_of_its_states_and_theirs_are_shown_with_it(base: KnowledgeBase) -> None:
    def shown(place: str) -> set[str]:
        return {s.jurisdiction for s in base.precheck(["buflomedil"], jurisdictions=[place]).status}

    assert shown("Germany") == {"european-union"}
    assert shown("EU") == {"european-union", "france"}
    assert shown("Scotland") == shown("UK")


def test_who_chooses_a_place_is_told_what_others_say(base: KnowledgeBase) -> None:
    def told(place: str) -> list[str]:
        return [
            n.message for n in base.precheck(["buflomedil"], jurisdictions=[place]).notices if n.kind == "elsewhere"
        ]

    (nothing,) = told("UK")
    assert "that is no approval" in nothing and "the European Union" in nothing
    (some,) = told("Germany")
    assert some == "Only what regulators say in Germany is shown. Left out: France."
    assert not [n for n in base.precheck(["buflomedil"]).notices if n.kind == "elsewhere"]
