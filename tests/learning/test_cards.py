"""Cards come back strictly as they went out, and their next state depends on nothing but card, rating and time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.learning.cards import RATINGS, BadCard, preview, review
from kb.views.page import answer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=8),
    max_leaves=20,
)


def due(card: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(card["due"])


@given(st.lists(st.tuples(st.sampled_from(sorted(RATINGS)), st.integers(0, 90 * 24)), min_size=1, max_size=12))
def test_any_history_of_reviews_gives_a_card_that_is_taken_back(history: list[tuple[str, int]]) -> None:
    card, now = None, NOW
    for rating, hours in history:
        before, card = card, review(card, rating, now)
        assert due(card) > now
        assert card == review(before, rating, now)
        now += timedelta(hours=hours)
    assert set(preview(card, now)) == set(RATINGS)


def test_better_ratings_come_back_later() -> None:
    card = review(review(None, "good", NOW), "good", NOW + timedelta(minutes=10))
    later = NOW + timedelta(days=3)
    times = [due(review(card, rating, later)) for rating in ("again", "hard", "good", "easy")]
    assert times == sorted(times)
    assert times[0] - later < timedelta(hours=1)
    assert times[2] - later > timedelta(days=2)


def test_nothing_is_left_to_chance() -> None:
    assert review(None, "good", NOW) == review(None, "good", NOW)


GOOD = review(None, "good", NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"state": 4},
        {"state": "1"},
        {"state": True},
        {"state": 2},
        {"step": None},
        {"step": 7},
        {"stability": -1.0},
        {"stability": None},
        {"stability": "1"},
        {"difficulty": 11},
        {"difficulty": float("nan")},
        {"due": "tomorrow"},
        {"due": "2026-03-01T12:00:00"},
        {"due": "2020-01-01T00:00:00+00:00"},
        {"due": "2926-01-01T00:00:00+00:00"},
        {"last_review": None},
        {"last_review": "2027-01-01T00:00:00+00:00", "due": "2027-01-02T00:00:00+00:00"},
        {"card_id": -1},
        {"card_id": 1.5},
        {"note": "x"},
        {"note": "x" * 5000},
    ],
    ids=str,
)
def test_a_card_that_was_tampered_with_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadCard):
        review(GOOD | change, "good", NOW + timedelta(days=1))


@pytest.mark.parametrize("field", sorted(GOOD))
def test_a_card_with_a_field_missing_is_refused(field: str) -> None:
    with pytest.raises(BadCard):
        review({k: v for k, v in GOOD.items() if k != field}, "good", NOW)


@pytest.mark.parametrize("rating", ["Good", "", 3, None, [], {}])
def test_a_rating_nobody_offers_is_refused(rating: object) -> None:
    with pytest.raises(BadCard):
        review(None, rating, NOW)


@given(ANY_JSON.filter(lambda value: value is not None))
def test_anything_else_is_refused_and_nothing_breaks(raw: object) -> None:
    with pytest.raises(BadCard):
        review(raw, "good", NOW)


def test_the_clock_of_the_browser_may_run_a_little_ahead() -> None:
    card = review(GOOD, "good", NOW - timedelta(minutes=2))
    assert due(card) > NOW - timedelta(minutes=2)


def test_the_page_asks_by_its_line_and_gets_a_card_or_a_refusal() -> None:
    assert set(answer({"id": 1, "op": "review", "card": None, "rating": None})["due"]) == set(RATINGS)
    reply = answer({"id": 2, "op": "review", "card": None, "rating": "good"})
    assert reply["card"]["state"] == 1
    assert answer({"id": 3, "op": "review", "card": reply["card"], "rating": "easy"})["card"]["state"] == 2
    refused = answer({"id": 4, "op": "review", "card": {"card_id": 0}, "rating": "good"})
    assert refused == {"id": 4, "error": "the request could not be answered"}
