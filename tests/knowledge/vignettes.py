"""Vignettes: plans in a clinic's words with what the check must raise, kept as YAML beside the tests.

A case has an `id`, a `text`, the plan (`cocktail`, `technique`, `conditions`, `substances`) and what to `expect`: a pattern to `match` in
an alert and the severities any of which is right.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kb.knowledge import KnowledgeBase
from kb.questions.answer import Answer
from tests import whole

Case = dict[str, Any]


def read(*names: str) -> list[Case]:
    """The cases of these files."""
    folder = Path(__file__).parent
    return [case for name in names for case in whole.table(folder / name)]


def titles(cases: list[Case]) -> list[str]:
    """What the cases are called in a run."""
    return [f"{c['id']}-{c['text'][:40]}" for c in cases]


def put(base: KnowledgeBase, case: Case) -> Answer:
    return base.precheck(case["cocktail"], case["technique"], case["conditions"], case["substances"])


def meant(base: KnowledgeBase, said: str) -> set[str]:
    """The facts about a patient that words are read as."""
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [said])
    return {m.id for g in answer.given if g.role == "condition" for m in g.means}


def raised_or_told(base: KnowledgeBase, case: Case) -> None:
    """What was expected is raised, and of the words exactly those of `not_known` are told as not understood."""
    answer = put(base, case)
    assert [u.said for u in answer.unresolved] == case.get("not_known", [])
    answer.unresolved.clear()
    understood_and_raised(answer, case)


def understood_and_raised(answer: Answer, case: Case, told: bool = False) -> None:
    """Every word was understood and everything expected is raised; with `told`, status and notices count whatever the severity."""
    assert not answer.unresolved, f"not understood: {answer.unresolved}"
    said = [(a.severity, json.dumps(a.as_dict(), ensure_ascii=False)) for a in answer.alerts]
    noted = [json.dumps(vars(n), ensure_ascii=False) for n in (*answer.status, *answer.notices)] if told else []
    for want in case["expect"]:
        hits = {severity for severity, text in said if re.search(want["match"], text, re.IGNORECASE)}
        met = bool(hits & set(want["severity"])) or any(re.search(want["match"], n, re.IGNORECASE) for n in noted)
        assert met, f"{want['match']!r} wanted as {want['severity']}; raised: {sorted(hits) or 'nothing'}"
