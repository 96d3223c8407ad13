"""When to call, on a hand-out: the signs that aftercare records name for what is given."""

from __future__ import annotations

import pytest

from kb.snapshot import Snapshot
from kb.views import handout
from kb.views.shapes import ArmFigure


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


def test_people_are_counted_of_a_hundred_with_the_control_last() -> None:
    def arm(name: str, figure: str, control: str = "", contrast: bool = False) -> ArmFigure:
        return {"arm": name, "figure": figure, "control": control, "contrast": contrast}

    drug, placebo = arm("drug", "68.5 per 100"), arm("placebo", "38 per 100", "control")
    told = handout.counted(
        {"what": "regrowth", "arms": [drug, placebo, arm("", "30 per 100", "", True)], "reference": "x"}
    )
    assert told is not None
    assert [(a["of"], a["icons"], a["control"]) for a in told["arms"]] == [("68.5", 68, ""), ("38", 38, "control")]
    for arms in ([drug], [drug, arm("other", "40 per 100")], [drug, arm("placebo", "3.1 points", "control")]):
        assert handout.counted({"what": "regrowth", "arms": arms, "reference": "x"}) is None
    assert handout.counted(None) is None
