"""The Model Context Protocol server, on the protocol's own SDK: stdio, or HTTP on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kb.api.answers import Answers, NotHere, Value
from kb.mcp import short

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTRUCTIONS = (
    "Evidence and formulary of {subject}: ingredients, techniques, indications, harms, cautions, mixing, doses that were "
    "studied, regulatory status, each with references. Use these tools for every statement, quote the certainty, cite the "
    "references and the release, and say `not in this base` when a tool says so. It is a reference for professionals, not "
    "medical advice; a check without alerts does not prove that a plan is safe."
)


def make(answers: Callable[[], Answers]) -> MCPServer:
    """The server with its tools; `answers` gives those of the release that is live."""
    from mcp.server import MCPServer

    data = answers().data
    server = MCPServer(
        name=data.base, instructions=INSTRUCTIONS.format(subject=data.field["subject"]), version=data.release or "0"
    )

    @server.tool()
    def search(text: str, kinds: list[str] | None = None) -> dict[str, Any]:
        """Find ingredients, techniques, indications, harms, conditions, medicines, papers by any name, brand or lay word."""
        return short.search(answers(), text, kinds or [])

    @server.tool()
    def monograph(name: str) -> dict[str, Any]:
        """What is known of one ingredient, technique, indication, harm, condition or medicine, with certainty and papers."""
        return _told(lambda: short.monograph(answers(), name), answers())

    @server.tool()
    def evidence(
        subject: str | None = None, object: str | None = None, route: str | None = None, start: int = 0
    ) -> dict[str, Any]:
        """Graded assessments and single findings on a question, e.g. subject=minoxidil, object=androgenetic alopecia.

        Ten findings at a time; `next_start`, where it is given, asks for the next ones.
        """
        return _told(lambda: short.evidence(answers(), subject, object, route, start), answers())

    @server.tool()
    def compare(items: list[str]) -> dict[str, Any]:
        """Two or more things side by side: trials that compared them directly, then each one's bottom lines."""
        return _told(lambda: short.compare(answers(), items), answers())

    @server.tool()
    def connection(a: str, b: str) -> dict[str, Any]:
        """Why two things are connected: through findings, cautions and classes, to papers."""
        return _told(lambda: short.path(answers(), a, b), answers())

    @server.tool()
    def pre_procedure_check(
        ingredients: list[str],
        techniques: list[str] | None = None,
        conditions: list[str] | None = None,
        substances: list[str] | None = None,
        allergic_to: list[str] | None = None,
        years: float | None = None,
        kg: float | None = None,
    ) -> dict[str, Any]:
        """What speaks against a plan: what is in the syringe, how it is given, what the patient has, takes and is allergic to.

        Words may be brands, lay words or phrases. `not_checked` lists words that were not understood: say so to the person.
        """
        names = ("ingredients", "techniques", "conditions", "substances", "allergic_to")
        lists = (ingredients, techniques, conditions, substances, allergic_to)
        plan: dict[str, Any] = {name: words or [] for name, words in zip(names, lists, strict=True)}
        return short.check(answers(), {**plan, "years": years, "kg": kg})

    return server


def _told(answer: Callable[[], Value], answers: Answers) -> Value:
    """The answer, or in plain words that there is none, with the release all the same."""
    try:
        return answer()
    except NotHere as error:
        about = answers.release
        source = f"{about['title']}, release {about['release']}, {about['date']} ({about['licence']})"
        return {
            "source": source,
            "answer": f"not in this base: {error.wanted}",
            "near_names": error.near,
            "how_to_use": short.RULE,
        }
