"""What stands beside the print in every export: values that the words of a record are read into.

A record's files hold none of this, so that a value can never disagree with its words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from kb.model import codes, printed
from kb.model.appraisal import DomainJudgement
from kb.model.codes import Code
from kb.model.evidence import Assessment, RatedDown
from kb.model.finding import Arm, Finding, Outcome
from kb.model.reference import Reference

Value = str | float | None


class Derived(NamedTuple):
    """A value of a record or part: its name, `text` or `number`, what it is, and how it is read."""

    name: str
    type: str
    description: str
    read: Callable[[Any], Value]


def _p(outcome: Outcome) -> printed.P | None:
    return printed.p_value(outcome.p) if outcome.p else None


def _time(outcome: Outcome) -> printed.Time | None:
    return printed.time(outcome.at) if outcome.at else None


def _unit(outcome: Outcome) -> printed.PrintedUnit | None:
    return printed.unit(outcome.unit) if outcome.unit else None


def _weeks(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _first(outcome: Outcome) -> str | None:
    return printed.arm_id(printed.sides(outcome.arm)[0]) or None if outcome.arm else None


def _second(outcome: Outcome) -> str | None:
    second = printed.sides(outcome.arm)[1] if outcome.arm else None
    return printed.arm_id(second) or None if second else None


def _code(code: Code | None) -> str | None:
    return code.code if code else None


_ROUTE = (
    Derived(
        "route_alone",
        "text",
        "`route` without its technique: what is needled or driven in is put on the skin",
        lambda r: r.route.alone.value,
    ),
    Derived(
        "delivery",
        "text",
        "the technique that carries it in: `technique`, or the one that `route` names",
        lambda r: r.technique or r.route.technique,
    ),
    Derived(
        "route_code",
        "text",
        "EDQM Standard Terms code of `route_alone`",
        lambda r: _code(codes.of_route(r.route)),
    ),
)
DERIVED: dict[type[BaseModel], tuple[Derived, ...]] = {
    Arm: (Derived("id", "text", "the arm's name as an id within its study", lambda a: printed.arm_id(a.name)),),
    Outcome: (
        Derived("arm_id", "text", "id of the arm; of a contrast, its first side", _first),
        Derived("against_id", "text", "id of the arm it is compared with, where the words name it", _second),
        Derived("p_sign", "text", "sign of `p`: <, ≤, =, ≥ or >", lambda o: p.sign if (p := _p(o)) else None),
        Derived("p_value", "number", "figure of `p`", lambda o: p.value if (p := _p(o)) else None),
        Derived(
            "weeks",
            "number",
            "`at` in weeks (the last of several; a month is 52/12)",
            lambda o: _weeks(t.weeks) if (t := _time(o)) else None,
        ),
        Derived(
            "weeks_from",
            "number",
            "the first of several times, in weeks",
            lambda o: _weeks(t.first_weeks) if (t := _time(o)) else None,
        ),
        Derived(
            "weeks_since",
            "text",
            "counted from: start, end (of treatment), event (named in `at`)",
            lambda o: t.since.value if (t := _time(o)) and t.points else None,
        ),
        Derived("ucum", "text", "UCUM code of `unit`", lambda o: u.ucum if (u := _unit(o)) else None),
        Derived(
            "unit_population",
            "text",
            "whom or what a percentage or a count is of",
            lambda o: u.population if (u := _unit(o)) else None,
        ),
        Derived("unit_scale", "text", "what `unit` says of its scale", lambda o: u.scale if (u := _unit(o)) else None),
    ),
    Finding: _ROUTE,
    Assessment: _ROUTE,
    RatedDown: (
        Derived(
            "reason_code", "text", "HL7 certainty-type code of `reason`", lambda r: _code(codes.REASONS.get(r.reason))
        ),
    ),
    DomainJudgement: (
        Derived("domain_code", "text", "SEVCO code of `domain`", lambda d: _code(codes.DOMAINS.get(d.domain))),
        Derived(
            "judgement_code", "text", "SEVCO code of `judgement`", lambda d: _code(codes.JUDGEMENTS.get(d.judgement))
        ),
    ),
    Reference: (
        Derived("design_code", "text", "SEVCO code of `design`", lambda r: _code(codes.DESIGNS.get(r.design))),
    ),
}
"""Record or part to the values read from its words, in the order of their columns."""


def parsed(record: BaseModel) -> dict[str, Value]:
    """Name to value of what is read from the words of a record or part, without what they do not tell."""
    found = {d.name: d.read(record) for d in DERIVED.get(type(record), ())}
    return {name: value for name, value in found.items() if value is not None}
