"""The answer of the pre-procedure check as plain text, for the patient's record."""

from __future__ import annotations

from kb.model.terms import GRAVE
from kb.questions.answer import Answer


def text(answer: Answer) -> str:
    """Lines of at most one statement each: the plan, what was not checked, status, alerts, doses, what is still to ask."""
    lines = ["PRE-PROCEDURE CHECK", ""]
    lines += _section("Plan", [f"{g.role}: {g.said}{_taken(g.said, [m.name for m in g.means])}" for g in answer.given])
    lines += _section(
        "Patient", [f"{k}: {v:g}" if isinstance(v, float) else f"{k}: {v}" for k, v in answer.patient.items()]
    )
    lines += _section("NOT CHECKED", [f"{u.said} ({u.role})" for u in answer.unresolved])
    lines += _section("Not counted", [f"{n.said}: {n.why}" for n in answer.not_counted])
    lines += _section("Regulatory status", [f"{s.message} [{', '.join(s.references)}]" for s in answer.status])
    lines += _section("Notes", [n.message for n in answer.notices])
    alerts = [f"{a.severity.upper()}: {a.message} Do: {a.action} [{', '.join(a.references)}]" for a in answer.alerts]
    lines += _section("Alerts", alerts or ["none recorded; that is no proof of safety"])
    lines += _section("Doses", [*(d.message for d in answer.doses if d.said), *(s.message for s in answer.maxima)])
    lines += _section("Raised nothing", [f"{s.said}: {s.why}" for s in answer.silent])
    grave = [q.name for q in answer.ask if q.gravest in GRAVE]
    lines += _section("Still to ask", grave)
    return "\n".join(lines).rstrip() + "\n"


def _taken(said: str, names: list[str]) -> str:
    others = [n for n in names if n.casefold() != said.casefold()]
    return f" ({', '.join(others)})" if others else ""


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"- {line}" for line in lines), ""] if lines else []
