"""Revision on the static site (JavaScript) schedules a card as the Python scheduler does."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.learning import cards
from tests.programs import needs

SCRIPT = Path(__file__).parents[2] / "kb" / "exports" / "assets" / "cards.js"
HISTORIES, LENGTH = 150, 14
START = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
RUN = """
require(process.argv[1]);
const { model, histories } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const cards = new globalThis.kbCards(model);
console.log(JSON.stringify(histories.map((history) => {
  let card = null;
  return history.map(([rating, at]) => (card = cards.review(card, rating, at)));
})));
"""


def histories() -> list[list[tuple[str, int]]]:
    """Ratings with their moments: within minutes, hours, days and years of one another."""
    chance = random.Random(20261130)
    made = []
    for _ in range(HISTORIES):
        at, history = START, []
        for _ in range(LENGTH):
            history.append((chance.choice(list(cards.RATINGS)), round(at.timestamp() * 1000)))
            at += timedelta(minutes=chance.choice((1, 7, 11, 200, 1500, 5000, 30_000, 200_000, 900_000)))
        made.append(history)
    return made


@needs("node", "nodejs")
def test_a_card_comes_back_when_the_server_would_bring_it_back() -> None:
    asked = histories()
    value = json.dumps({"model": cards.model(), "histories": asked})
    done = subprocess.run(["node", "-e", RUN, str(SCRIPT)], input=value, capture_output=True, text=True, check=True)
    for history, told in zip(asked, json.loads(done.stdout), strict=True):
        card: dict[str, Any] | None = None
        for (rating, at), theirs in zip(history, told, strict=True):
            card = cards.review(card, rating, datetime.fromtimestamp(at / 1000, UTC))
            assert (theirs["state"], theirs["step"]) == (card["state"], card["step"])
            assert theirs["stability"] == pytest.approx(card["stability"], rel=1e-9)
            assert theirs["difficulty"] == pytest.approx(card["difficulty"], rel=1e-9)
            due = datetime.fromisoformat(theirs["due"]) - datetime.fromisoformat(str(card["due"]))
            assert abs(due) < timedelta(seconds=1)
            cards.review(theirs, "good", datetime.fromtimestamp(at / 1000, UTC))  # the server takes it over
