"""Cases unfold: nothing of the answer shows before it is opened, and the answer is that of the pre-procedure check."""

import re
from pathlib import Path

from kb.learning.read import read
from kb.snapshot import Snapshot
from kb.views import cases, render
from tests.views.markup import Markup

PROJECT = Path(__file__).resolve().parents[2]


def test_every_case_is_known_to_the_base_and_understood_by_the_check(base: Snapshot) -> None:
    learning, problems = read(PROJECT)
    assert problems == []
    assert [c["id"] for c in cases.cases(base)] == list(learning.cases)
    for case in cases.cases(base):
        answer = cases.checked(case, base)
        assert answer.understood, case["id"]
        assert answer.ask, case["id"]


def test_exactly_one_decision_is_right_and_it_follows_the_gravest_alert(base: Snapshot) -> None:
    right = {}
    for case in cases.cases(base):
        told = cases.parts(case, base)
        found = [d["id"] for d in told["decisions"] if d["right"]]
        assert len(found) == 1
        worst = cases.gravest(cases.checked(case, base))
        assert found[0] == {"": "treat", "inform": "treat", "caution": "adapt"}.get(worst, "not")
        right[case["id"]] = found[0]
    assert set(right.values()) == {"treat", "adapt", "not"}, "all cases end alike"
    assert right["warfarin-and-needles"] == "adapt"


def test_the_answer_is_folded_until_it_is_opened(base: Snapshot) -> None:
    page = render("cases", {"case": ["injections-on-the-pill"]}, base)
    markup = Markup(page.html)
    assert markup.faults == []
    assert not re.search(r"<details[^>]* open", page.html)
    before = page.html.partition('id="ask-h"')[0]
    assert "Contraindicated" not in before
    assert "Do not combine" in markup.text
    assert 'class="cite"' in page.html
    assert any(link.startswith("precheck#ingredient=tranexamic-acid") for link in markup.links())


def test_no_alert_is_told_as_a_silence_of_the_records(base: Snapshot) -> None:
    case = {"id": "x", "title": "x", "level": 1, "history": "x", "asked": "x", "wish": "x", "learn": "x",
            "indication": "melasma", "given": {"ingredients": [], "technique": None, "conditions": [], "substances": []}}  # fmt: skip
    told = cases.parts(case, base)
    assert [d["id"] for d in told["decisions"] if d["right"]] == ["treat"]
    assert told["cards"] == []
    assert "not that it is safe" in render("cases", {"case": ["a-plain-plan"]}, base).html


def test_the_list_is_by_level(base: Snapshot) -> None:
    page = Markup(render("cases", {}, base).html)
    assert page.faults == []
    assert [level for level in cases.LEVELS.values() if level in page.text] == list(cases.LEVELS.values())
    assert render("cases", {"case": ["nonesuch"]}, base).status == 404
