"""The base answers the questions in `questions.yaml`, one test each.

Kinds and their fields (a list stands for *any of these*, except `value`, of which every figure must be there):

- evidence: a finding of `subject` with this `object`, `relation`, `route`, `direction`, of the paper with this `doi`, `pmid` or
  (beginning of its) `title`, and with each `value` among its outcome figures or in its summary;
- certainty: an assessment of `subject` for `object` (and `route`) is rated as one of `in`;
- regulatory: an entry of `subject` in `jurisdiction` has a status of `in`;
- alert, quiet: the check of `ingredients`, `technique`, `conditions` and `substances` raises `trigger` with a severity of `in`,
  or does not raise it at all;
- find: `expect` is among the first `top` (5) hits for `text`;
- path: `a` and `b` are connected, by way of `via` where it is given;
- identifier: `subject` carries `value` in `scheme`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.search import fold
from tests import whole

HERE = Path(__file__).parent
Question = dict[str, Any]
QUESTIONS: list[Question] = whole.table(HERE / "questions.yaml")
TITLE_LETTERS = 60
"""How much of a title must agree: sources cut the rest, or add a subtitle."""


def any_of(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def agrees(question: Question, record: dict[str, Any], *fields: str) -> bool:
    """Whether each of the fields that the question gives is one of those it accepts; spelling of hyphens does not count."""
    return all(fold(str(record.get(f))) in [fold(str(w)) for w in any_of(question[f])] for f in fields if f in question)


def is_paper(question: Question, reference: dict[str, Any]) -> bool:
    asked = {f: [fold(str(w)) for w in any_of(question[f])] for f in ("doi", "pmid", "title") if f in question}
    title = fold(reference["title"])
    return (
        not asked
        or any(fold(str(reference[f])) in asked.get(f, []) for f in ("doi", "pmid") if reference[f])
        or any(t[:TITLE_LETTERS] in title for t in asked.get("title", []))
    )


def figures(finding: dict[str, Any]) -> set[float]:
    text = f"{json.dumps(finding['outcomes'])} {finding['summary']}".replace("\u2212", "-")
    return {float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)}


def evidence(shown: dict[str, Any], question: Question) -> bool:
    papers = {r["key"]: r for r in shown["references"]}
    values = {float(v) for v in any_of(question.get("value", []))}
    return any(
        agrees(question, f, "object", "relation", "route", "direction")
        and is_paper(question, papers[f["reference"]])
        and values <= figures(f)
        for f in shown["findings"]
    )


def certainty(shown: dict[str, Any], question: Question) -> bool:
    return any(
        agrees(question, a, "object", "route") and a["certainty"] in question["in"] for a in shown["assessments"]
    )


def regulatory(shown: dict[str, Any], question: Question) -> bool:
    return any(agrees(question, r, "jurisdiction") and r["status"] in question["in"] for r in shown["regulatory"])


def identifier(shown: dict[str, Any], question: Question) -> bool:
    return question["value"] in any_of(shown["identifiers"].get(question["scheme"]))


OF_A_PAGE: dict[str, Callable[[dict[str, Any], Question], bool]] = {
    "evidence": evidence,
    "certainty": certainty,
    "regulatory": regulatory,
    "identifier": identifier,
}


def raised(base: KnowledgeBase, question: Question) -> list[str]:
    """Severities with which the check raises the trigger of the question."""
    plan = [question.get(k, []) for k in ("ingredients", "technique", "conditions", "substances")]
    alerts = base.precheck(plan[0], plan[1] or None, plan[2], plan[3])
    return [a.severity for a in alerts if a.trigger in any_of(question["trigger"])]


def answered(base: KnowledgeBase, question: Question) -> bool:
    kind = question["kind"]
    if kind in OF_A_PAGE:
        return OF_A_PAGE[kind](base.monograph(question["subject"]), question)
    if kind == "alert":
        return bool(set(raised(base, question)) & set(question["in"]))
    if kind == "quiet":
        return not raised(base, question)
    if kind == "find":
        return question["expect"] in [h["id"] for h in base.search(question["text"], question.get("top", 5))]
    assert kind == "path", f"unknown kind {kind!r}"
    told = base.path(question["a"], question["b"])
    met = {node["id"] for way in told["paths"] for node in way["nodes"]}
    met |= {
        reference
        for way in told["paths"]
        for step in way["steps"]
        for reason in step["because"]
        for reference in reason["references"]
    }
    return told["connected"] and question.get("via", question["b"]) in met


@pytest.mark.parametrize("question", QUESTIONS, ids=[q["id"] for q in QUESTIONS])
def test_the_base_answers(base: KnowledgeBase, question: Question) -> None:
    assert answered(base, question), f"{question['question']} (rests on {question['because']})"


def test_every_question_rests_on_something_the_base_holds(base: KnowledgeBase) -> None:
    """A key in `because` is in references.bib; only codes and words may rest on the list they were read in."""
    unknown = {
        key: q["id"]
        for q in QUESTIONS
        if q["kind"] not in {"find", "identifier"}
        for key in q["because"].split(", ")
        if key not in base.references
    }
    assert not unknown


def test_every_question_is_asked_once() -> None:
    asked = [json.dumps({k: v for k, v in q.items() if k not in {"id", "persona", "because"}}) for q in QUESTIONS]
    assert len({q["id"] for q in QUESTIONS}) == len(set(asked)) == len(QUESTIONS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "evidence", "subject": "dutasteride", "doi": "10.1111/j.1468-3083.2012.04535.x", "value": 99.9},
        {
            "kind": "evidence",
            "subject": "dutasteride",
            "direction": "refutes",
            "title": "No such paper was ever written",
        },
        {"kind": "certainty", "subject": "biotin", "object": "hair-loss", "in": ["high"]},
        {"kind": "regulatory", "subject": "buflomedil", "jurisdiction": "european-union", "in": ["approved"]},
        {"kind": "identifier", "subject": "minoxidil", "scheme": "cas", "value": "50-00-0"},
        {
            "kind": "alert",
            "ingredients": ["biotin"],
            "conditions": ["pregnancy"],
            "trigger": "troponin",
            "in": ["caution"],
        },
        {"kind": "quiet", "ingredients": ["finasteride"], "conditions": ["pregnancy"], "trigger": "pregnancy"},
        {"kind": "find", "text": "minoxidil", "expect": "biotin", "top": 1},
        {"kind": "path", "a": "minoxidil", "b": "hypertrichosis", "via": "buflomedil"},
    ],
    ids=lambda q: q["kind"],
)
def test_a_wrong_answer_is_noticed(base: KnowledgeBase, wrong: Question) -> None:
    assert not answered(base, wrong)
