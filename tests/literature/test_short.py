"""A long value in a message is shortened, so that what is wrong with it can still be read."""

from __future__ import annotations

import pytest

from kb.literature.entry import _short


@pytest.mark.parametrize(
    ("length", "shown"), [(1, "x"), (60, "x" * 60), (61, "x" * 57 + "..."), (900, "x" * 57 + "...")]
)
def test_a_message_repeats_at_most_sixty_characters(length: int, shown: str) -> None:
    assert _short("x" * length) == repr(shown)
