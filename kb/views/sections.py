"""The parts that monographs and indications share, worked out from the plain values of a page (`kb.monograph`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.views import links, reading, words

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST_OUTCOMES = 7
"""GRADE advises at most seven outcomes in a summary-of-findings table (Guyatt et al., J Clin Epidemiol 2011;64:383-394)."""

_CERTAINTY = {level: place for place, level in enumerate(words.CERTAINTY_ORDER)}
_DIRECTION = {direction: place for place, direction in enumerate(words.DIRECTION_ORDER)}
_CLINICAL = {"treats", "compared-with", "pharmacokinetics"}


def rank(assessment: Mapping[str, Any]) -> tuple[int, int]:
    """The most certain first; within a certainty what helps before what does not."""
    return _CERTAINTY.get(assessment["certainty"], 9), _DIRECTION.get(assessment["direction"], 9)


def by_id(page: Mapping[str, Any]) -> dict[str, Value]:
    """Every finding of a page by its id."""
    return {f["id"]: f for f in (*page["compared_with"], *page["findings"])}


def bottom_lines(page: Mapping[str, Any], findings: Mapping[str, Value], snapshot: Snapshot) -> list[Value]:
    """Assessments ranked, each with the designs it rests on and the words of its route and technique."""
    lines = []
    for a in sorted(page["assessments"], key=rank):
        rests_on = [findings[f] for f in a["findings"] if f in findings]
        designs = {f["reference"]: f["design"] for f in rests_on}
        lines.append(
            a
            | {
                "how": how_given(a, snapshot),
                "studies": words.designs_text(designs.values()),
                "rests_on": rests_on,
            }
        )
    return lines


def how_given(record: Mapping[str, Any], snapshot: Snapshot) -> str:
    """`intradermal, mesotherapy`: the route and the technique, when there is one besides."""
    route = words.ROUTES.get(record["route"], str(record["route"]))
    technique = record.get("technique")
    if not technique or technique in {record.get("subject"), record["route"]}:
        return route
    return f"{route}, {reading.name_of(snapshot, technique).lower()}"


def outcome_groups(finding: Mapping[str, Any]) -> list[Value]:
    """Figures of one finding, arms of the same measure and time together; effects (contrasts) apart from arms."""
    groups: dict[tuple[str, str], Value] = {}
    for o in finding["outcomes"]:
        group = groups.setdefault(
            (o["measure"], o.get("at") or ""),
            {
                "measure": o["measure"],
                "at": o.get("at"),
                "arms": [],
                "effects": [],
                "weight": 9,
                "n": finding["n"],
                "finding": finding,
            },
        )
        text = words.outcome_text(o)
        contrast = o.get("kind") in words.EFFECT_KINDS or " vs " in (o.get("arm") or "")
        group["effects" if contrast else "arms"].append(
            {"arm": o.get("arm"), "text": text, "hundred": words.per_hundred(o)}
        )
        group["weight"] = min(group["weight"], _weight(o))
    return list(groups.values())


def _weight(outcome: Mapping[str, Any]) -> int:
    """What a reader of a summary wants first: effects with an interval, people counted, other figures; words last."""
    if outcome.get("kind") in words.EFFECT_KINDS and outcome.get("interval"):
        return 0
    if words.per_hundred(outcome) is not None:
        return 1
    return 2 if outcome.get("value") is not None or outcome.get("events") is not None else 8


def summary_of_findings(lines: Iterable[Value]) -> list[Value]:
    """The GRADE table: for each assessment at most seven outcomes with a figure, the strongest designs first."""
    tables = []
    for line in lines:
        groups = [g for f in line["rests_on"] for g in outcome_groups(f) if g["weight"] < 8]
        groups.sort(key=lambda g: (words.DESIGN_ORDER.get(g["finding"]["design"] or "", 99), g["weight"]))
        if groups:
            tables.append(
                {"line": line, "rows": groups[:MOST_OUTCOMES], "more": len(groups) - len(groups[:MOST_OUTCOMES])}
            )
    return tables


def absolute(line: Mapping[str, Any]) -> Value | None:
    """The first outcome of an assessment that counts people in two or more arms: measure, time and people per 100 in each."""
    best: Value | None = None
    for f in line["rests_on"]:
        for g in outcome_groups(f):
            counted = [a for a in g["arms"] if a["hundred"] is not None and a["arm"]]
            if len(counted) >= 2 and (best is None or len(counted) < len(best["arms"])):
                best = {"measure": g["measure"], "at": g["at"], "arms": counted[:4], "reference": f["reference"]}
        if best:
            return best
    return None


def studied(page: Mapping[str, Any], snapshot: Snapshot) -> tuple[list[Value], int]:
    """What was given, for findings that state a dose or a schedule, and how many clinical findings state neither."""
    clinical = [f for f in page["findings"] if f["relation"] in _CLINICAL]
    stated = [f for f in clinical if f["dose"] or f["sessions"] or f["interval_weeks"]]
    rows = [
        {
            "finding": f,
            "how": how_given(f, snapshot),
            "schedule": words.schedule_text(f),
            "followed": words.weeks(f["follow_up_weeks"]),
        }
        for f in sorted(stated, key=lambda f: (f["object_name"], f["route"]))
    ]
    return rows, len(clinical) - len(stated)


def cautions(records: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Cautions by severity, the gravest first."""
    groups: dict[str, list[Mapping[str, Any]]] = {severity: [] for severity in words.SEVERITIES}
    for c in records:
        groups.setdefault(c["severity"], []).append(c)
    return [(severity, found) for severity, found in groups.items() if found]


def cited_findings(
    records: Iterable[Mapping[str, Any]], held: Mapping[str, Value], snapshot: Snapshot
) -> dict[str, Value]:
    """Finding id to summary and reference for all evidence that cautions name.

    A finding of another page is told by its subject and what it is about.
    """
    found: dict[str, Value] = {}
    for c in records:
        for id_ in (*c["evidence_for"], *c["evidence_against"]):
            if id_ in found:
                continue
            if id_ in held:
                found[id_] = held[id_]
                continue
            told: dict[str, Value] = {e["relation"]: e for e in snapshot.neighbours(id_)}
            if "has_finding" in told and "cites" in told:
                about = told["about"]["name"] if "about" in told else ""
                found[id_] = {
                    "summary": f"{told['has_finding']['name']}, {about}".rstrip(", ") + ".",
                    "reference": told["cites"]["target"],
                }
    return found


def claims(records: Iterable[Mapping[str, Any]], most: int) -> Value:
    """Verdict counts and the first `most` claims, those that the evidence contradicts first."""
    order = ["contradicted", "unsupported", "partly supported", "supported", "not assessable"]
    ranked = sorted(records, key=lambda c: order.index(c["verdict"]) if c["verdict"] in order else 9)
    counts = {v: n for v in words.VERDICTS if (n := sum(c["verdict"] == v for c in ranked))}
    return {"counts": counts, "shown": ranked[:most], "all": len(ranked)}


def short_names(snapshot: Snapshot, keys: Iterable[str]) -> dict[str, str]:
    """Reference key to `Olsen 2002`."""
    references = snapshot.document("references")
    return {key: words.short_citation(references.get(key), key) for key in keys}


def finding_words(finding: Mapping[str, Any]) -> str:
    """The words by which the findings table is filtered."""
    return f"{finding['relation']} {finding['direction']} {finding['route']} {finding['design'] or ''}"


def subject_address(finding: Mapping[str, Any]) -> str:
    return links.href_of(finding["subject"])
