"""Three-way merges: nothing of either side is lost without being shown."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.author.merge import three_way
from kb.diff.fields import ABSENT, changes, put, same

SCALARS = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b", "c"]), st.booleans())
PARTS = st.dictionaries(st.sampled_from(["value", "unit", "n"]), SCALARS, max_size=3)
WITH_ID = st.builds(lambda i, p: {"id": i, **p}, st.sampled_from("xyz"), PARTS)
VALUES = st.one_of(
    SCALARS,
    PARTS,
    st.lists(st.sampled_from("pqrs"), max_size=3, unique=True),
    st.lists(PARTS, max_size=2),
    st.lists(WITH_ID, max_size=3, unique_by=lambda e: e["id"]),
)
RECORDS = st.dictionaries(st.sampled_from(["dose", "outcomes", "cautions", "synonyms", "window"]), VALUES, max_size=5)


@given(RECORDS, RECORDS)
def test_one_side_alone_always_wins_without_a_question(base: dict[str, Any], changed: dict[str, Any]) -> None:
    assert same(three_way(base, changed, base).value, changed)
    merge = three_way(base, base, changed)
    assert same(merge.value, changed)
    assert not merge.conflicts


@given(RECORDS, RECORDS, RECORDS)
def test_the_inputs_are_not_touched(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    before = deepcopy((base, mine, theirs))
    merge = three_way(base, mine, theirs)
    merge.resolved({c.path: "theirs" for c in merge.conflicts})
    assert (base, mine, theirs) == before


@given(RECORDS, RECORDS, RECORDS)
def test_choosing_one_side_everywhere_keeps_all_that_side_did(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    """Whatever mine changed stands in the result when mine is chosen, but for words of a list, where both hold."""
    merge = three_way(base, mine, theirs)
    result = merge.resolved({c.path: "mine" for c in merge.conflicts})
    told = {c.path[:1] for c in merge.taken}
    for name in {*base, *mine}:
        if not same(base.get(name, ABSENT), mine.get(name, ABSENT)) and (name,) not in told:
            assert same(result.get(name, ABSENT), mine.get(name, ABSENT)), name


@given(RECORDS, RECORDS, RECORDS)
def test_every_change_of_theirs_is_taken_told_or_asked(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merge = three_way(base, mine, theirs)
    spoken = {c.path[:1] for c in merge.taken} | {c.path[:1] for c in merge.conflicts}
    for name in {*base, *theirs}:
        was, now, own = (side.get(name, ABSENT) for side in (base, theirs, mine))
        says_nothing = now in ({}, []) and was is ABSENT  # an empty part beside a filled one takes nothing from anybody
        if not same(was, now) and not same(now, own) and not says_nothing:
            assert (name,) in spoken or () in spoken, name


@given(RECORDS, RECORDS)
def test_changes_lead_from_the_old_record_to_the_new(old: dict[str, Any], new: dict[str, Any]) -> None:
    result = deepcopy(old)
    for change in sorted(changes(old, new), key=lambda c: c.new is ABSENT):
        put(result, change.path, deepcopy(change.new))
    for name in {*old, *new}:
        was, now = result.get(name, ABSENT), new.get(name, ABSENT)
        if (
            isinstance(was, list)
            and isinstance(now, list)
            and all(isinstance(x, dict) and "id" in x for x in [*was, *now])
        ):
            assert {e["id"]: e for e in was} == {e["id"]: e for e in now}
        else:
            assert same(was, now), name


def test_additions_and_removals_of_words_by_both_hold() -> None:
    merge = three_way({"s": ["a", "b", "c"]}, {"s": ["a", "c", "mine"]}, {"s": ["b", "c", "theirs"]})
    assert merge.value == {"s": ["c", "mine", "theirs"]}
    assert not merge.conflicts


def test_entries_with_ids_are_merged_one_by_one() -> None:
    base = {"cautions": [{"id": "x", "why": "1"}, {"id": "y", "why": "1"}]}
    mine = {"cautions": [{"id": "x", "why": "2"}, {"id": "y", "why": "1"}, {"id": "m", "why": "1"}]}
    theirs = {"cautions": [{"id": "x", "why": "1"}, {"id": "t", "why": "1"}]}
    merge = three_way(base, mine, theirs)
    assert merge.value == {"cautions": [{"id": "x", "why": "2"}, {"id": "m", "why": "1"}, {"id": "t", "why": "1"}]}
    assert not merge.conflicts


def test_removed_by_them_and_changed_by_me_is_asked() -> None:
    base = {"cautions": [{"id": "x", "why": "1"}]}
    merge = three_way(base, {"cautions": [{"id": "x", "why": "2"}]}, {"cautions": []})
    assert [(c.path, c.theirs) for c in merge.conflicts] == [(("cautions", "x"), ABSENT)]
    assert merge.resolved({("cautions", "x"): "theirs"}) == {"cautions": []}
    assert merge.resolved({("cautions", "x"): "mine"}) == {"cautions": [{"id": "x", "why": "2"}]}


def test_an_undecided_conflict_cannot_be_resolved() -> None:
    merge = three_way({"n": 1}, {"n": 2}, {"n": 3})
    with pytest.raises(KeyError):
        merge.resolved({})
    with pytest.raises(ValueError, match="is not a choice"):
        merge.resolved({("n",): "both"})


def test_true_is_not_one() -> None:
    assert [c.path for c in changes({"serious": True}, {"serious": 1})] == [("serious",)]
    assert changes({"n": 40}, {"n": 40.0}) == []
