"""One question, one answer, whichever door it is asked at: Python, snapshot, command line with `--json`, page.

Plans, pairs and things are drawn at random with a settled seed from the real base.
"""

from __future__ import annotations

import json
import random
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb import views
from kb.cli import main
from kb.knowledge import KnowledgeBase
from kb.model.terms import Severity
from kb.questions.printed import printed
from kb.snapshot import Snapshot
from tests import whole

ROOT = Path(__file__).parents[2]
SEED = 20261129


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return whole.snapshot()


def command(*words: str) -> Any:
    """What the command line prints with --json, read back."""
    done = CliRunner().invoke(main, ["--root", str(ROOT), *words, "--json"])
    assert done.exit_code in {0, 1}, done.output
    return json.loads(done.stdout)


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=list))


def plans(base: KnowledgeBase, number: int) -> list[dict[str, Any]]:
    """Cocktails of one to three ingredients, a technique or none, up to three facts."""
    draw = random.Random(SEED)
    facts = sorted({c.trigger for c in base.cautions.values()})
    conditions = [f for f in facts if f in base.conditions]
    substances = [f for f in facts if f in base.substances and f not in base.conditions]
    made = []
    for _ in range(number):
        syringe = draw.sample(sorted(base.ingredients), draw.randint(1, 3))
        warned = sorted({c.trigger for i in syringe for c in base.ingredients[i].cautions})
        made.append(
            {
                "ingredients": syringe,
                "technique": draw.choice([None, *sorted(base.techniques)]),
                "conditions": [c for c in draw.sample(warned, min(3, len(warned))) if c in conditions]
                or draw.sample(conditions, 1),
                "substances": draw.sample(substances, draw.randint(0, 2)),
            }
        )
    # The plan whose contraindication once stood on the page alone.
    none: list[str] = []
    made.append(
        {
            "ingredients": ["hyaluronic-acid-filler"],
            "technique": "jet-injection",
            "conditions": none,
            "substances": none,
        }
    )
    return made


def words_of(plan: dict[str, Any]) -> list[str]:
    options = {"ingredients": "--ingredient", "conditions": "--condition", "substances": "--substance"}
    words = [w for key, option in options.items() for slug in plan[key] for w in (option, slug)]
    return [*words, *(["--technique", plan["technique"]] if plan["technique"] else [])]


def test_a_plan_gets_the_same_alerts_at_every_door(base: KnowledgeBase, snapshot: Snapshot) -> None:
    raised = 0
    for plan in plans(base, 12):
        told = snapshot.precheck.check(**plan).as_dict()
        said = command("precheck", *words_of(plan))
        assert plain(told) == said, plan
        assert plain([a.as_dict() for a in base.precheck(**plan)]) == said["alerts"], plan
        raised += len(said["alerts"])
        params = {
            "ingredient": plan["ingredients"],
            "technique": [plan["technique"]] if plan["technique"] else [],
            "condition": plan["conditions"],
            "substance": plan["substances"],
        }
        page = unescape(views.render("precheck", params, snapshot).html)
        for alert in said["alerts"]:
            assert alert["action"] in page, (plan, alert["caution"])
            assert Severity(alert["severity"]).caption in page
    assert raised > 20, "the plans raise something to compare"


def test_hyaluronic_acid_by_pressure_device_is_forbidden_at_every_door(base: KnowledgeBase) -> None:
    plan = plans(base, 0)[-1]
    found = command("precheck", *words_of(plan))
    assert "contraindicated" in {a["severity"] for a in found["alerts"]} | {s["state"] for s in found.get("status", [])}


def test_two_things_are_connected_in_the_same_ways_at_every_door(base: KnowledgeBase, snapshot: Snapshot) -> None:
    draw = random.Random(SEED)
    things = sorted(s for s in snapshot.ids if s in base.subjects or s in base.indications)
    pairs = [("warfarin", "microneedling"), ("tranexamic-acid", "melasma"), ("biotin", "platelet-rich-plasma")]
    pairs += [tuple(draw.sample(things, 2)) for _ in range(12)]  # type: ignore[misc]
    for a, b in pairs:
        told = plain(snapshot.path(a, b))
        assert told == plain(base.path(a, b)), (a, b)
        assert told == command("path", a, b), (a, b)
        page = unescape(views.render("explore", {"a": [a], "b": [b]}, snapshot).html)
        for way in told["paths"]:
            for step in way["steps"]:
                findings = [r for r in step["because"] if r["kind"] == "finding"]
                others = [r for r in step["because"] if r["kind"] != "finding"]
                assert all(r["text"] in page for r in [*findings[:3], *others]), (a, b)


def test_a_page_is_the_same_from_records_and_from_the_snapshot(base: KnowledgeBase, snapshot: Snapshot) -> None:
    draw = random.Random(SEED)
    for slug in draw.sample(sorted(snapshot.ids), 25):
        page = plain(base.monograph(slug))
        assert page == snapshot.monograph(slug), slug
    slug = draw.choice(sorted(base.ingredients))
    assert command("show", slug) == printed(snapshot.monograph(slug))


def test_a_search_finds_the_same_in_records_and_in_the_snapshot(base: KnowledgeBase, snapshot: Snapshot) -> None:
    for text in ("minoxidil", "hair los", "vitamin b7", "PRP", "melasma tranexamic", "zzzz"):
        assert base.search(text, 8) == [hit.as_dict() for hit in snapshot.search(text, 8)], text


def test_inherited_cautions_are_those_the_check_raises(base: KnowledgeBase, snapshot: Snapshot) -> None:
    """What a page says is inherited, the check raises for it, unless something graver settles the same fact."""
    compared = 0
    for slug in sorted(base.ingredients):
        for caution in base.monograph(slug)["inherited_cautions"]:
            if caution["trigger"] not in {*base.conditions, *base.substances} or caution["trigger"] == slug:
                continue
            alerts = base.precheck([slug], None, [caution["trigger"]], [])
            grave = [a for a in alerts if Severity(a.severity).rank <= Severity(caution["severity"]).rank]
            if base.cautions[caution["id"]].sites or base.cautions[caution["id"]].only_with:
                continue
            assert grave, (slug, caution["id"])
            compared += 1
            break
    assert compared > 10


def test_what_a_page_cites_counts_as_cited_in_the_table_of_references(base: KnowledgeBase, snapshot: Snapshot) -> None:
    """The page collects keys from its values, the table from the types of the records: neither may forget a place."""
    table = base.table("references")
    cited = set(table["id"][table["cited"]])
    for id_ in [*base.subjects, *base.indications]:
        page = snapshot.monograph(id_)
        assert {r["key"] for r in page["references"]} <= cited, id_
