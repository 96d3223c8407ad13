"""*Judge a popular claim*: what a popular page says, and which verdict the evidence gives it."""

from __future__ import annotations

from collections.abc import Iterator

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question
from kb.model.terms import Verdict
from kb.questions.search import fold

MEANINGS = {
    Verdict.SUPPORTED: "The evidence recorded here agrees with it.",
    Verdict.PARTLY_SUPPORTED: "Part of it, or a weaker form of it, has evidence.",
    Verdict.UNSUPPORTED: "Nothing recorded here shows it.",
    Verdict.CONTRADICTED: "The evidence recorded here says otherwise.",
    Verdict.NOT_ASSESSABLE: "Nothing that was found could decide it.",
}

NOT_ASKED = frozenset({
    "background", "cites", "contains", "defined-as", "delivered-by", "delivers-to", "history", "popularity", "session-length",
    "synonym", "technique-step",
})  # fmt: skip
"""Relations by which a page says what something is or how it is done; nothing at the bedside hangs on whether it is right."""


def generate(facts: Facts) -> Iterator[Question]:
    """One question for every claim whose verdict can be cited and that a decision may hang on.

    A claim that two pages make in the same words with different verdicts is left out: out of context nobody can tell.
    """
    for claim in facts.claims:
        found = [facts.findings[f] for f in claim["findings"] if f in facts.findings]
        keys = facts.cite([*claim["references"], *(f["reference"] for f in found)])
        if not keys or claim["relation"] in NOT_ASKED or len(facts.verdicts[fold(claim["says"])]) > 1:
            continue
        explained = [Point(claim["why"], keys)]
        if claim["contradicts"]:
            n = len(claim["contradicts"])
            said = "Another claim of a popular page says" if n == 1 else f"{n} other claims of popular pages say"
            explained.append(Point(f"{said} otherwise."))
        yield Question(
            id=f"claim-{claim['id']}",
            kind="claim",
            field=facts.field(claim["object"], claim["subject"]),
            lead=claim["says"],
            stem=f"A popular page says this about {facts.name(claim['subject'])}. What does the evidence say?",
            options=tuple(
                Option(
                    id=verdict.replace(" ", "-"),
                    text=verdict.caption,
                    right=verdict == claim["verdict"],
                    why=meaning,
                )
                for verdict, meaning in MEANINGS.items()
            ),
            explained=tuple(explained),
            about=tuple(x for x in (claim["subject"], claim["object"]) if x in facts.rows),
            disputed="The findings behind this do not agree." if facts.disputed(found) else "",
            data={"claim": claim["id"]},
        )
