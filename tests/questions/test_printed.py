"""What programs are given keeps the words they know."""

from __future__ import annotations

from typing import Any

import pytest

from kb.model.terms import Direction
from kb.questions.printed import printed


@pytest.mark.parametrize("direction", list(Direction))
def test_a_divided_direction_is_mixed_and_says_which(direction: Direction) -> None:
    page: dict[str, Any] = {"findings": [{"id": "a", "direction": direction.value}], "name": "direction"}
    made = printed(page)["findings"][0]
    if direction.divided:
        assert made == {"id": "a", "direction": "mixed", "direction_detail": direction.value}
    else:
        assert made == page["findings"][0]
    assert page["findings"][0] == {"id": "a", "direction": direction.value}
