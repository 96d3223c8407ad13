"""What the form of the check shows after an answer, sent again, asks the same: an allergy never comes back as a medicine that is taken."""

from __future__ import annotations

import pytest

from kb.snapshot import Snapshot
from kb.views import precheck_plan
from tests import whole

PLAN = {"ingredient": ["lidocaine"], "technique": ["mesotherapy"]}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


@pytest.mark.parametrize(
    "said",
    [
        "lidocaine-allergy",
        "allergic to lidocaine",
        "lidocaine allergy, asthma",
        "allergic to penicillin, lidocaine and latex",
        "warfarin",
    ],
)
def test_the_form_sent_again_asks_the_same(snapshot: Snapshot, said: str) -> None:
    def asked(params: dict[str, list[str]]) -> tuple[set[tuple[str, str]], dict[str, list[str]]]:
        plan = precheck_plan.read(params)
        answer = snapshot.precheck.check(**plan.asked)
        lists = precheck_plan.choosers(snapshot, plan, answer)
        again = {c["role"]: sorted(c["chosen"]) for c in lists} | {
            name: [text] for name, text in plan.texts.items() if text
        }
        return {(a.subject, a.severity) for a in answer.alerts}, again

    first, form = asked({**PLAN, "condition": [said]})
    assert first
    assert "lidocaine" not in form["substance"]
    again, settled = asked(form)
    assert again == first
    assert settled == form
