"""When to call, on a hand-out: the signs that aftercare records name for what is given."""

from __future__ import annotations

import pytest

from kb.snapshot import Snapshot
from kb.views import handout


def test_the_signs_to_call_for_are_those_of_aftercare_for_what_is_given(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def card(slug: str, kind: str, subjects: list[str], *stages: str) -> tuple[str, dict[str, object]]:
        lines = [{"stage": stage, "text": f"{slug} {stage}"} for stage in stages]
        return slug, {"id": slug, "kind": kind, "subjects": subjects, "lines": lines}

    held = dict(
        (
            card("own", "aftercare", ["minoxidil"], "warning-signs", "first-day"),
            card("any", "aftercare", [], "warning-signs"),
            card("else", "aftercare", ["biotin"], "warning-signs"),
            card("emergency", "emergency", ["minoxidil"], "warning-signs"),
        )
    )
    monkeypatch.setattr(handout, "cards", lambda _: held)
    line: dict[str, object] = {"subject": "minoxidil", "technique": None, "route": "intradermal"}

    def told(**more: object) -> list[object]:
        return [s["text"] for s in handout.signs({**line, **more}, snapshot)]  # type: ignore[typeddict-item]

    assert told() == ["own warning-signs", "any warning-signs"]
    assert told(route="oral") == ["own warning-signs"], "what holds for any injection is not said of a tablet"
    assert told(subject="water", technique="minoxidil") == ["own warning-signs", "any warning-signs"]
