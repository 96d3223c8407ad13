"""Questions of clinicians, authors and trainees put to the tools by a script that knows nothing but what they print.

The questions are those of `tests/knowledge`, which say what an answer must hold; what is out of scope stands beside this file.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from kb.api.answers import Answers
from kb.mcp.server import make
from kb.questions.search import fold
from tests import whole
from tests.knowledge.test_questions import QUESTIONS, TITLE_LETTERS, any_of

ROOT = Path(__file__).parents[2]
OUTSIDE: list[dict[str, str]] = whole.table(Path(__file__).parent / "out_of_scope.yaml")
Told = dict[str, Any]
MOST_CHARACTERS = 80_000


class Script:
    """Calls tools and reads their text; `read` counts every answer's length."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sizes: list[int] = []

    async def ask(self, tool: str, **given: Any) -> Told:
        text = (await self.client.call_tool(tool, given)).content[0].text
        self.sizes.append(len(text))
        return json.loads(text)  # type: ignore[no-any-return]

    async def answers(self, question: dict[str, Any]) -> bool:
        return await getattr(self, question["kind"])(question)  # type: ignore[no-any-return]

    async def evidence(self, q: dict[str, Any]) -> bool:
        start: int | None = 0
        while start is not None:
            told = await self.ask("evidence", subject=q["subject"], start=start)
            papers = {r["key"]: r["citation"] for r in told.get("references", [])}
            if any(_holds(q, f, papers) for f in told.get("findings", [])):
                return True
            start = told.get("next_start")
        page = await self.ask("monograph", name=q["subject"])
        papers = {r["key"]: r["citation"] for r in page.get("references", [])}
        return any(_holds(q, f, papers) for f in page.get("harms", []))

    async def certainty(self, q: dict[str, Any]) -> bool:
        told = await self.ask("evidence", subject=q["subject"])
        return any(
            line["id"] in any_of(q["object"])
            and line["route"] in any_of(q.get("route", line["route"]))
            and line["certainty"] in q["in"]
            for line in told["bottom_lines"]
        )

    async def regulatory(self, q: dict[str, Any]) -> bool:
        told = await self.ask("monograph", name=q["subject"])
        return any(
            r["jurisdiction"] in any_of(q["jurisdiction"]) and r["status"] in q["in"] for r in told["regulatory"]
        )

    async def identifier(self, q: dict[str, Any]) -> bool:
        told = await self.ask("monograph", name=q["subject"])
        return q["value"] in any_of(told["identifiers"].get(q["scheme"]))

    async def find(self, q: dict[str, Any]) -> bool:
        told = await self.ask("search", text=q["text"])
        return isinstance(told["hits"], list) and q["expect"] in [h["id"] for h in told["hits"]][: q.get("top", 5)]

    async def path(self, q: dict[str, Any]) -> bool:
        told = await self.ask("connection", a=q["a"], b=q["b"])
        met = {i for way in told.get("ways", []) for i in way["ids"]} | {r["key"] for r in told.get("references", [])}
        return told.get("connected", False) and q.get("via", q["b"]) in met

    async def alert(self, q: dict[str, Any]) -> bool:
        return bool(set(await self._raised(q)) & set(q["in"]))

    async def quiet(self, q: dict[str, Any]) -> bool:
        return not await self._raised(q)

    async def _raised(self, q: dict[str, Any]) -> list[str]:
        told = await self.ask(
            "pre_procedure_check",
            ingredients=q.get("ingredients", []), techniques=any_of(q["technique"]) if q.get("technique") else [],
            conditions=q.get("conditions", []), substances=q.get("substances", []),
        )  # fmt: skip
        alerts = told["alerts"] if isinstance(told["alerts"], list) else []
        return [a["severity"] for a in alerts if set(a["ids"]) & set(any_of(q["trigger"]))]


def _holds(q: dict[str, Any], finding: Told, papers: dict[str, str]) -> bool:
    finding = {**finding, "direction": finding.get("direction_detail", finding.get("direction"))}
    for field in ("object", "relation", "route", "direction"):
        if field in q and fold(str(finding.get(field))) not in [fold(str(w)) for w in any_of(q[field])]:
            return False
    citation = fold(papers[finding["reference"]])
    marks = [fold(str(m)) for f in ("doi", "pmid") for m in any_of(q.get(f, []))]
    marks += [fold(str(t))[:TITLE_LETTERS] for t in any_of(q.get("title", []))]
    if marks and not any(m in citation for m in marks):
        return False
    text = f"{finding.get('figures', '')} {finding['summary']}".replace("\u2212", "-")
    return {float(v) for v in any_of(q.get("value", []))} <= {float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)}


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(whole.snapshot())


def test_nineteen_of_twenty_questions_are_answered_from_what_the_tools_print(answers: Answers) -> None:
    async def session() -> tuple[list[str], list[int]]:
        async with Client(make(lambda: answers)) as client:
            script = Script(client)
            return [q["id"] for q in QUESTIONS if not await script.answers(q)], script.sizes

    missed, sizes = asyncio.run(session())
    assert len(missed) <= 0.05 * len(QUESTIONS), missed
    assert max(sizes) < MOST_CHARACTERS


def test_questions_out_of_scope_are_told_as_not_in_this_base(answers: Answers) -> None:
    async def session() -> list[tuple[str, Told]]:
        async with Client(make(lambda: answers)) as client:
            script, told = Script(client), []
            for asked in OUTSIDE:
                thing = asked["thing"]
                told.append((thing, await script.ask("monograph", name=thing)))
                told.append((thing, await script.ask("evidence", subject=thing)))
                told.append((thing, await script.ask("connection", a=thing, b="minoxidil")))
                told.append((thing, await script.ask("compare", items=[thing, "minoxidil"])))
            return told

    assert len(OUTSIDE) == len({o["question"] for o in OUTSIDE}) == 30
    for thing, told in asyncio.run(session()):
        assert str(told.get("answer", "")).startswith("not in this base"), (thing, str(told)[:300])
        assert "references" not in told and "findings" not in told
