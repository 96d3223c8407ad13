"""Case vignettes that unfold: history, what comes out when asked, the plan, a decision, then what the pre-procedure check says.

The check is asked when the page is drawn; the right decision follows from its gravest alert. Every step opens without script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kb.views import reading, sections, words
from kb.views.links import has_server, href
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.answer import Answer
    from kb.questions.shapes import AssessmentValue
    from kb.snapshot import Snapshot

Value = dict[str, Any]

LEVELS = {1: "First steps", 2: "Two things compete", 3: "Several at once"}
DECISIONS = (
    ("treat", "Treat today, as planned", frozenset({"", "inform"})),
    ("adapt", "Treat, with something changed or measured first", frozenset({"caution"})),
    ("not", "Do not treat like this", frozenset({"avoid", "contraindicated"})),
)
"""Id, words, and the gravest severities of the check for which it is right."""
MOST_ASKED = 6
MOST_CARDS = 6
MOST_LINES = 2


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameter: case, the id of one; none lists them by level."""
    held: dict[str, Value] = {c["id"]: c for c in cases(snapshot)}
    asked = reading.first(params, "case")
    if not asked:
        levels = [(LEVELS[n], [c for c in held.values() if c["level"] == n]) for n in LEVELS]
        return Fragment("Cases", draw("cases", levels=levels, total=len(held)))
    if asked not in held:
        return reading.not_found(asked, (), snapshot)
    case = held[asked]
    order = list(held)
    after = order[order.index(asked) + 1 :]
    return Fragment(case["title"], draw("case", **parts(case, snapshot), following=held[after[0]] if after else None))


def cases(snapshot: Snapshot) -> list[Value]:
    """The cases whose plan this snapshot knows every part of."""
    try:
        held = snapshot.document("cases")
    except KeyError:
        return []
    return [c for c in held if _known(c, snapshot)]


def _known(case: Mapping[str, Any], snapshot: Snapshot) -> bool:
    given = case["given"]
    ids = [*given["ingredients"], *given["conditions"], *given["substances"], case["indication"]]
    return all(i in snapshot.ids for i in [*ids, *([given["technique"]] if given["technique"] else [])])


def checked(case: Mapping[str, Any], snapshot: Snapshot) -> Answer:
    given = case["given"]
    return snapshot.precheck.check(given["ingredients"], given["technique"], given["conditions"], given["substances"])


def gravest(answer: Answer) -> str:
    return answer.alerts[0].severity if answer.alerts else ""


def parts(case: Mapping[str, Any], snapshot: Snapshot) -> Value:
    answer = checked(case, snapshot)
    worst = gravest(answer)
    given = case["given"]
    texts = {a.caution: a for a in reversed(answer.alerts)}
    return {
        "case": case,
        "level": LEVELS[case["level"]],
        "plan": [
            _named(i, snapshot) for i in [*given["ingredients"], *([given["technique"]] if given["technique"] else [])]
        ],
        "facts": [_named(i, snapshot) for i in [*given["conditions"], *given["substances"]]],
        "decisions": [
            {"id": id_, "words": text, "right": worst in severities, "why": _why(id_, worst)}
            for id_, text, severities in DECISIONS
        ],
        "cards": [
            {"card": c, "alert": texts[c.cautions[0]]} for c in answer.cards[:MOST_CARDS] if c.cautions[0] in texts
        ],
        "ask": [q for q in answer.ask if q.gravest][:MOST_ASKED],
        "mixing": answer.mixing,
        "status": answer.status[:3],
        "timeline": answer.timeline,
        "evidence": evidence(case, snapshot),
        "check": _address(case) if has_server() else "",
        "citer": reading.citer(snapshot),
    }


def _why(decision: str, worst: str) -> str:
    """What is said to who chose it."""
    said = words.title_of(words.SEVERITIES, worst).lower() if worst else ""
    if decision == "treat":
        return (
            "The records raise nothing that speaks against it; what is still to ask, you ask."
            if worst in {"", "inform"}
            else f"The check raises an alert: {said}. Open it below."
        )
    if decision == "adapt":
        if worst == "caution":
            return "The gravest alert asks for care, not for a refusal: something to measure, change or explain first."
        return (
            "The alert is graver than that."
            if worst
            else "Nothing on record asks for a change. Over-caution has a price, too."
        )
    if worst in {"avoid", "contraindicated"}:
        return f"The gravest alert says so: {said}."
    return "Nothing on record is as grave as that; a refusal would withhold a treatment, or stop a medicine, without a reason."


def _named(slug: str, snapshot: Snapshot) -> tuple[str, str]:
    return reading.name_of(snapshot, slug), reading.link_of(snapshot, slug)


def _address(case: Mapping[str, Any]) -> str:
    """The plan in the pre-procedure check; behind #, as everything that concerns a patient."""
    given = case["given"]
    asked = [("ingredient", i) for i in given["ingredients"]]
    asked += [("technique", given["technique"])] if given["technique"] else []
    asked += [("condition", c) for c in given["conditions"]] + [("substance", s) for s in given["substances"]]
    return f"{href('precheck')}#{urlencode(asked)}"


def evidence(case: Mapping[str, Any], snapshot: Snapshot) -> Sequence[AssessmentValue]:
    """What is known of the benefit of the plan for this problem: bottom lines of its parts, the surest first."""
    given = case["given"]
    subjects = {*given["ingredients"], given["technique"]}
    page = snapshot.monograph(case["indication"])
    return [a for a in sorted(page["assessments"], key=sections.rank) if a["subject"] in subjects][:MOST_LINES]
