"""A page as programs get it (`kb show --json`, `GET /api/v1/pages`), where the words of a stable key keep their meaning.

`direction` has been one of supports, mixed, refutes and insufficient since the first release, and programs ask for these words. The
records now say what is mixed: outcomes differ, studies disagree, neither shown better. That finer word stands beside it as
`direction_detail`; other directions have none.
"""

from __future__ import annotations

from typing import Any

from kb.model.terms import Direction

MIXED = "mixed"
_DIVIDED = frozenset(d.value for d in Direction if d.divided)


def printed(value: Any) -> Any:
    """The same value with every finer direction under `direction_detail` and *mixed* under `direction`; nothing else is changed."""
    if isinstance(value, list):
        return [printed(one) for one in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, one in value.items():
        if key == "direction" and one in _DIVIDED:
            made |= {key: MIXED, "direction_detail": one}
        else:
            made[key] = printed(one)
    return made
