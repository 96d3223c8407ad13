"""The assistants' server, asked by the protocol's own client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from kb.api.answers import Answers
from kb.mcp import short
from kb.mcp.server import make
from tests import whole
from tests.serve.running import free_port

ROOT = Path(__file__).parents[2]
SEVERITIES = ("contraindicated", "avoid", "caution", "inform")
GRAVE = SEVERITIES[:2]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(whole.snapshot())


def ask(server: Any, calls: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What each call says, read from the text alone, as an assistant reads it."""

    async def session() -> list[dict[str, Any]]:
        async with Client(server) as client:
            return [json.loads((await client.call_tool(name, given)).content[0].text) for name, given in calls]

    return asyncio.run(session())


def test_every_answer_names_release_certainty_and_papers(answers: Answers) -> None:
    (told,) = ask(make(lambda: answers), [("monograph", {"name": "dutasteride"})])
    assert answers.data.release in told["source"] and "CC-BY-4.0" in told["source"]
    cited = {r["key"] for r in told["references"]}
    assert told["bottom_lines"]
    for line in told["bottom_lines"]:
        assert line["certainty"] in ("high", "moderate", "low", "very low")
        assert set(line["references"]) <= cited


def test_what_is_not_here_is_said_and_never_filled_in(answers: Answers) -> None:
    words = ["zzyzx", "Boeing 747", "tensorflow", "the moon landing", "carbonara"]
    for told in ask(make(lambda: answers), [("monograph", {"name": w}) for w in words]):
        assert told["answer"].startswith("not in this base")
    (none,) = ask(make(lambda: answers), [("evidence", {"subject": "biotin", "object": "wrinkle"})])
    assert none["answer"] == "no data found"


def test_two_things_are_compared_by_the_trials_that_did(answers: Answers) -> None:
    (told,) = ask(make(lambda: answers), [("compare", {"items": ["tranexamic acid", "hydroquinone"]})])
    assert isinstance(told["compared_directly"], list)


def test_answers_are_short_enough_to_read(answers: Answers) -> None:
    names = list(answers.data.records["ingredients"])
    for name, told in zip(names, ask(make(lambda: answers), [("monograph", {"name": n}) for n in names]), strict=True):
        assert len(json.dumps(told)) < 70_000, name


def test_nothing_grave_is_left_out_of_a_monograph(answers: Answers) -> None:
    """However many cautions a thing has: its own, those of its kind and those of others about it."""
    names = ["microneedling", "dermarolling", "ketorolac", "tranexamic-acid", "yohimbine", "pregnancy", "finasteride"]
    for name, told in zip(names, ask(make(lambda: answers), [("monograph", {"name": n}) for n in names]), strict=True):
        page = answers.page(name)["page"]
        for part, where in (
            ("cautions", "cautions"),
            ("inherited_cautions", "grave_cautions_of_its_kind"),
            ("triggers", "cautions_of_others_about_it"),
        ):
            grave = {(c["subject_name"], c["trigger_name"], c["action"]) for c in page[part] if c["severity"] in GRAVE}
            shown = {(c["subject_name"], c["trigger_name"], c["action"]) for c in told[where]}
            assert grave <= shown, (name, part)
            ranks = [SEVERITIES.index(c["severity"]) for c in told[where]]
            assert ranks == sorted(ranks), "gravest first"
        assert told["cautions_in_all"] == len(page["cautions"])


def test_a_real_process_answers_over_standard_input_and_output(answers: Answers) -> None:
    command = StdioServerParameters(command=sys.executable, args=["-m", "kb.cli", "--root", str(ROOT), "mcp"])
    (told,) = ask(command, [("search", {"text": "Rogaine"})])
    assert told["hits"][0]["id"] == "minoxidil"


def test_a_check_names_what_was_not_understood_and_what_to_ask(answers: Answers) -> None:
    plan = {"ingredients": ["Propecia"], "techniques": ["mesotherapy"], "conditions": ["pregnant", "zzyzx"]}
    (told,) = ask(make(lambda: answers), [("pre_procedure_check", plan)])
    assert told["not_checked"] == ["zzyzx"]
    assert any(a["severity"] == "contraindicated" for a in told["alerts"])
    assert told["references"]


def test_the_same_tools_answer_over_http(answers: Answers) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kb.cli", "--root", str(ROOT), "mcp", "--http", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert f"http://127.0.0.1:{port}/mcp" in process.stderr.readline()
            wait_until_open(port)
            (told,) = ask(f"http://127.0.0.1:{port}/mcp", [("monograph", {"name": "Rogaine"})])
        finally:
            process.terminate()
    assert told["id"] == "minoxidil" and answers.data.release in told["source"]


def wait_until_open(port: int) -> None:
    """Return once something listens; the test's own time limit ends the waiting."""
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return


def test_an_address_that_a_citation_prints_is_not_said_again(answers: Answers) -> None:
    (told,) = ask(make(lambda: answers), [("monograph", {"name": "platelet-rich-plasma"})])
    printed = [r for r in told["references"] if "Available from: " in r["citation"]]
    assert printed
    assert not [r for r in printed if r.get("address", "-") in r["citation"] and "address" in r]
    by_doi = next(r for r in told["references"] if "doi: " in r["citation"])
    assert by_doi["address"].startswith("https://doi.org/")


def test_a_word_that_an_answer_leaves_aside_is_told_to_assistants_and_programs(answers: Answers) -> None:
    for told in (
        answers.search("platelet rich fibrin under eye"),
        short.search(answers, "platelet rich fibrin under eye"),
    ):
        assert told["left_aside"] == ["eye"]
    assert "left_aside" not in short.search(answers, "minoxidil pregnancy")
