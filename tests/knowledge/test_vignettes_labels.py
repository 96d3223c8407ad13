"""The pre-procedure check raises what labels, guidelines and device manuals say, for patients described in a clinician's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.knowledge import KnowledgeBase, load
from kb.questions.answer import Answer

HERE = Path(__file__).parent
VIGNETTES: list[dict[str, Any]] = [
    case
    for name in ("vignettes_labels.yaml", "vignettes_formulary.yaml")
    for case in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return load(HERE.parents[1])


def put(base: KnowledgeBase, case: dict[str, Any]) -> Answer:
    return base.precheck(case["cocktail"], case["technique"], case["conditions"], case["substances"])


@pytest.mark.parametrize("case", VIGNETTES, ids=[f"{c['id']}-{c['text'][:40]}" for c in VIGNETTES])
def test_what_the_text_says_is_raised(base: KnowledgeBase, case: dict[str, Any]) -> None:
    answer = put(base, case)
    assert not answer.unresolved, f"not understood: {answer.unresolved}"
    alerts = [(a.severity, json.dumps(a.as_dict(), ensure_ascii=False)) for a in answer.alerts]
    for want in case["expect"]:
        hits = {severity for severity, text in alerts if re.search(want["match"], text, re.IGNORECASE)}
        assert hits & set(want["severity"]), (
            f"{want['match']!r} ({want['source']}) wanted as {want['severity']}; raised: {sorted(hits) or 'nothing'}"
        )


def test_every_vignette_names_its_text_and_a_severity() -> None:
    known = {"contraindicated", "avoid", "caution", "inform"}
    assert len(VIGNETTES) >= 500
    assert len({c["id"] for c in VIGNETTES}) == len(VIGNETTES)
    for case in VIGNETTES:
        for want in case["expect"]:
            assert want["source"] and set(want["severity"]) <= known and re.compile(want["match"]), case["id"]
