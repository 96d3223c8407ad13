"""The same plan through Python, the snapshot, the command line and the page gives one answer."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from benchmarks.precheck_plans import plan
from kb.knowledge import KnowledgeBase
from kb.snapshot import Snapshot
from kb.views import render
from tests import whole

ROOT = Path(__file__).parents[2]
PLANS = 150


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def plans(snapshot: Snapshot) -> list[dict[str, Any]]:
    chance = random.Random(7)
    return [plan(snapshot.precheck, chance) for _ in range(PLANS)]


def test_python_and_the_snapshot_agree(base: KnowledgeBase, snapshot: Snapshot, plans: list[dict[str, Any]]) -> None:
    for asked in plans:
        assert base.precheck(**asked).as_dict() == snapshot.precheck.check(**asked).as_dict(), asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("topical minoxidil", "minoxidil"),
        ("minoxidil 5% foam", "minoxidil"),
        ("fluorouracil cream", "fluorouracil"),
        ("hydroquinone 4% cream", "hydroquinone"),
        ("aminophylline tablets", "aminophylline"),
        ("iron tablets", "iron"),
    ],
)
def test_a_preparation_in_the_plan_has_the_cautions_of_what_it_is_made_of(
    snapshot: Snapshot, said: str, meant: str
) -> None:
    asked = {"conditions": ["pregnancy", "breastfeeding", "child"], "substances": ["warfarin"]}
    found, plain = (snapshot.precheck.check([word], None, **asked) for word in (said, meant))
    assert [m.id for g in found.given if g.said == said for m in g.means] == [meant]
    every, some = (
        {(a.subject, a.trigger) for a in answer.alerts if wide or not a.routes}
        for answer, wide in ((found, True), (plain, False))
    )
    assert some <= every


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ({"conditions": ["trying to conceive"], "sex": "male"}, "partner-trying-to-conceive"),
        ({"conditions": ["trying to conceive (male)"]}, "partner-trying-to-conceive"),
        ({"conditions": ["man, 34, trying for a baby"]}, "partner-trying-to-conceive"),
        ({"conditions": ["trying for a baby", "male 34"]}, "partner-trying-to-conceive"),
        ({"conditions": ["trying to conceive"], "sex": "female"}, "trying-to-conceive"),
        ({"conditions": ["trying to conceive"]}, "trying-to-conceive"),
    ],
)
def test_a_man_who_tries_for_a_child_is_told_of_his_partner(
    snapshot: Snapshot, asked: dict[str, Any], meant: str
) -> None:
    answer = snapshot.precheck.check(["dutasteride"], None, **asked)
    assert [m.id for g in answer.given if g.role == "condition" for m in g.means] == [meant]
    raised = {a.trigger: a.severity for a in answer.alerts}
    assert raised[meant] == ("contraindicated" if meant == "trying-to-conceive" else "caution")
    assert len(raised) == 1
    assert answer.understood


def test_every_answer_keeps_to_its_schema(snapshot: Snapshot, plans: list[dict[str, Any]]) -> None:
    schema = json.loads((ROOT / "schema" / "precheck-answer.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for asked in plans:
        answer = json.loads(json.dumps(snapshot.precheck.check(**asked).as_dict()))
        assert not list(validator.iter_errors(answer)), asked


def test_the_command_line_agrees(snapshot: Snapshot, plans: list[dict[str, Any]]) -> None:
    for asked in plans[:3]:
        call = [sys.executable, "-m", "kb.cli", "precheck", "--json", "--technique", asked["technique"]]
        for option, words in (
            ("--ingredient", "ingredients"),
            ("--condition", "conditions"),
            ("--substance", "substances"),
        ):
            call += [part for word in asked[words] for part in (option, word)]
        done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
        answer = snapshot.precheck.check(**asked)
        assert done.returncode == (0 if answer.understood else 1), done.stderr
        assert json.loads(done.stdout) == json.loads(json.dumps(answer.as_dict()))


def test_the_page_shows_every_alert_every_status_and_everything_not_checked(
    snapshot: Snapshot, plans: list[dict[str, Any]]
) -> None:
    from markupsafe import escape

    for asked in plans[:20]:
        params = {
            "ingredient": asked["ingredients"],
            "technique": [asked["technique"]],
            "condition": asked["conditions"],
            "substance": asked["substances"],
        }
        html = render("precheck", params, snapshot).html
        answer = snapshot.precheck.check(**asked)
        for text in (
            *(a.action for a in answer.alerts),
            *(u.said for u in answer.unresolved),
            *(n.message for n in answer.notices),
        ):
            assert str(escape(text)) in html, (asked, text)
        assert html.count('data-status="') == len(answer.status), asked
