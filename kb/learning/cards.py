"""Spaced repetition: the next state of a card after a rating, by FSRS (the `fsrs` library).

The learner keeps the cards, this module keeps nothing: a card comes in, its next state goes out. What comes in is held
against a strict form first, since it was last in the hands of a browser or a file.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from fsrs import Card, Rating, Scheduler, State
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
MOST_BYTES = 2_000
FURTHEST = timedelta(days=36_600)
"""The library's longest interval, and a little more."""
_LEARNING, _REVIEW, _RELEARNING = 1, 2, 3

# Without chance the same card, rating and time always give the same next state, in every session.
_SCHEDULER = Scheduler(enable_fuzzing=False)


class BadCard(ValueError):
    """What came in is no card this program made."""


class _CardState(BaseModel):
    """A card as `fsrs.Card.to_dict` writes it, nothing more and nothing less."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    card_id: Annotated[int, Field(ge=0, le=2**53)]
    state: Annotated[int, Field(ge=_LEARNING, le=_RELEARNING)]
    step: Annotated[int, Field(ge=0, le=1)] | None
    stability: Annotated[float, Field(gt=0, le=100_000)] | None
    difficulty: Annotated[float, Field(ge=1, le=10)] | None
    due: AwareDatetime
    last_review: AwareDatetime | None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.step is None) != (self.state == _REVIEW):
            raise ValueError("a card under review has no step, every other card has one")
        if len({x is None for x in (self.stability, self.difficulty, self.last_review)}) > 1:
            raise ValueError("stability, difficulty and last_review come together")
        if self.stability is None and self.state != _LEARNING:
            raise ValueError("a card that was never reviewed is still being learnt")
        if self.last_review is not None and not timedelta(0) <= self.due - self.last_review <= FURTHEST:
            raise ValueError("due does not follow last_review")
        return self


def model() -> dict[str, Any]:
    """The numbers of the scheduler, for a program that schedules without this one: steps in minutes, `most` in days."""
    return {
        "parameters": list(_SCHEDULER.parameters),
        "retention": _SCHEDULER.desired_retention,
        "learning": [step / timedelta(minutes=1) for step in _SCHEDULER.learning_steps],
        "relearning": [step / timedelta(minutes=1) for step in _SCHEDULER.relearning_steps],
        "most": _SCHEDULER.maximum_interval,
    }


def review(card: Any, rating: Any, now: datetime | None = None) -> dict[str, Any]:
    """The next state of a card (None for one never seen) rated `again`, `hard`, `good` or `easy`, as plain values.

    Raises BadCard for anything else, and for a card reviewed after `now`.
    """
    if not isinstance(rating, str) or rating not in RATINGS:
        raise BadCard("rating")
    now = (now or datetime.now(UTC)).astimezone(UTC)
    held = _card(card, now)
    reviewed, _ = _SCHEDULER.review_card(held, RATINGS[rating], now)
    return dict(reviewed.to_dict())


def preview(card: Any, now: datetime | None = None) -> dict[str, str]:
    """Rating to the time at which the card would be due again, in ISO 8601."""
    now = (now or datetime.now(UTC)).astimezone(UTC)
    return {rating: str(review(card, rating, now)["due"]) for rating in RATINGS}


def _card(raw: Any, now: datetime) -> Card:
    if raw is None:
        return Card(card_id=0, due=now)
    try:
        text = json.dumps(raw, allow_nan=False)
        if len(text) > MOST_BYTES:
            raise BadCard("card")
        state = _CardState.model_validate_json(text)
        if state.last_review is not None and state.last_review > now + timedelta(minutes=5):  # clocks differ a little
            raise BadCard("card")
    except (TypeError, ValueError, OverflowError, RecursionError, ValidationError) as error:
        raise BadCard("card") from error
    card = Card(
        card_id=state.card_id,
        state=State(state.state),
        step=state.step,
        stability=state.stability,
        difficulty=state.difficulty,
        due=state.due.astimezone(UTC),
        last_review=state.last_review and state.last_review.astimezone(UTC),
    )
    # The moment of the review never lies before the last one, whatever the two clocks say.
    if card.last_review is not None and card.last_review > now:
        card.last_review = now
    return card
