"""Columns worked out for checking: what a table row says of itself, so that an expectation can say it must hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from kb.validation.standard import unspoken

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_NOT_BY_FIGURE = {"mechanism", "regulatory-status", "protocol", "pharmacokinetics", "precaution", "contraindicated-in"}
_PERCENT = {"percent"}


def table(base: KnowledgeBase, name: str, today: pd.Timestamp) -> pd.DataFrame:
    """The table `name` with its checking columns; `True` means the row is in order."""
    frame = base.table(name).copy()
    derive = {
        "findings": _findings,
        "outcomes": _outcomes,
        "assessments": _assessments,
        "claims": _claims,
        "cautions": _cautions,
        "ingredients": _subjects,
        "techniques": _subjects,
        "references": _references,
    }.get(name)
    if derive:
        frame = derive(base, frame, today)
    return frame


def _findings(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    total = pd.to_numeric(frame["arms_n"])
    n = pd.to_numeric(frame["n"])
    # Split-face and crossover trials count people once in n and twice in the arms; more than n times the arms is a slip.
    frame["arms_add_up"] = (
        total.isna() | n.isna() | (total == n) | ((total == n * frame["arms"]) & (frame["arms"] > 1)) | (total < n)
    )
    frame["direction_agrees"] = [_direction_agrees(base.findings[f]) for f in frame["id"]]
    frame["harm_has_frequency"] = [_harm_counted(base.findings[f]) for f in frame["id"]]
    frame["assessed"] = _assessed(base, frame)
    frame["figures_in_summary"] = [_has_figures(base.findings[f]) for f in frame["id"]]
    frame["confirmed"] = frame["doubt"].isna()
    return frame


def _direction_agrees(finding: object) -> bool:
    """False when the printed interval or p value plainly contradicts the direction.

    A ratio whose 95 % interval excludes 1, or a difference whose interval excludes 0, cannot stand alone under
    *insufficient*; an only contrast that includes it cannot stand under *supports* for benefit without a note.
    """
    from kb.model import Finding

    assert isinstance(finding, Finding)
    if finding.relation.value in _NOT_BY_FIGURE or not finding.outcomes:
        return True
    contrasts = [
        o
        for o in finding.outcomes
        if o.interval and o.value is not None and ("ratio" in o.kind.value or "difference" in o.kind.value)
    ]
    if not contrasts:
        return True
    clear = []
    for o in contrasts:
        null = 1.0 if "ratio" in o.kind.value else 0.0
        assert o.interval is not None
        clear.append(not o.interval.low <= null <= o.interval.high)
    if finding.direction.value == "supports" and finding.relation.value in {"treats", "causes"}:
        return any(clear) or any(o.kind.value not in {"other"} and not o.interval for o in finding.outcomes)
    if finding.direction.value == "refutes":
        return not all(clear) or finding.relation.value == "compared-with" or _favours_control(finding)
    return True


def _favours_control(finding: object) -> bool:
    """A clear effect the wrong way round refutes as well as no effect does; people say so in the summary."""
    return bool(
        re.search(
            r"worse|lower|fewer|less|no more|not (?:better|differ|more)|against|reduc|protect",
            getattr(finding, "summary", ""),
        )
    )


def _harm_counted(finding: object) -> bool:
    """For a harm seen in a trial or a cohort: does it give a frequency?"""
    from kb.model import Finding

    assert isinstance(finding, Finding)
    if finding.relation.value != "causes" or finding.frequency is not None:
        return True
    return not any(
        o.kind.value == "percent" and (o.unit or "").startswith("percent of patients") for o in finding.outcomes
    )


def _assessed(base: KnowledgeBase, frame: pd.DataFrame) -> list[bool]:
    """Is every finding of benefit covered by an assessment of its subject, route and object?"""
    pairs = {(base.subject_of[a.id], a.route.value, a.object) for a in base.assessments.values()}
    named = {f for a in base.assessments.values() for f in a.findings}
    rows = zip(frame["id"], frame["subject"], frame["route"], frame["object"], frame["relation"], strict=True)
    return [
        relation != "treats" or id_ in named or (subject, route, object_) in pairs or subject in base.exposures
        for id_, subject, route, object_, relation in rows
    ]


def _has_figures(finding: object) -> bool:
    """Does every number among the outcomes have a unit or a kind that says what it is?"""
    outcomes = getattr(finding, "outcomes", [])
    return all(o.unit or o.kind.value != "other" or o.value is None for o in outcomes)


def _outcomes(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    value = pd.to_numeric(frame["value"])
    low, high = pd.to_numeric(frame["interval_low"]), pd.to_numeric(frame["interval_high"])
    frame["interval_holds_value"] = low.isna() | value.isna() | ((low <= value) & (value <= high))
    percent = frame["kind"].isin(_PERCENT)
    frame["percent_value"] = value.where(percent)
    ratio = frame["kind"].isin(["risk-ratio", "odds-ratio", "hazard-ratio"])
    frame["ratio_value"] = value.where(ratio)
    events, n = pd.to_numeric(frame["events"]), pd.to_numeric(frame["n"])
    share = 100 * events / n
    # Printed percents are rounded, some papers to whole numbers.
    frame["percent_agrees"] = events.isna() | n.isna() | ~percent | value.isna() | ((share - value).abs() <= 1.01)
    known = {f: {a.name for a in base.findings[f].arms} for f in frame["finding"].unique()}
    frame["arm_known"] = [
        not known[f] or arm is None or pd.isna(arm) or arm in known[f] or _contrast(str(arm), known[f])
        for f, arm in zip(frame["finding"], frame["arm"], strict=True)
    ]
    return frame


def _contrast(arm: str, names: set[str]) -> bool:
    """`A vs B`, `all`, `both groups` and the like are contrasts and sums, not arms."""
    return bool(
        re.search(r"\b(v|vs|versus|minus|over|against|compared|all|both|overall|total|each|any|pooled|case)\b", arm)
    )


def _assessments(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["certainty_agrees"] = frame["certainty"] == frame["computed"]
    frame["start_agrees"] = [_start_agrees(base, a) for a in frame["id"]]
    frame["direction_held"] = [_direction_held(base, a) for a in frame["id"]]
    frame["up_only_from_low"] = (frame["levels_up"] == 0) | (frame["starts"] == "low")
    return frame


def _start_agrees(base: KnowledgeBase, assessment_id: str) -> bool:
    """Does it start at a level its studies may start at?"""
    from kb.appraisal import starting_levels

    assessment = base.assessments[assessment_id]
    findings = [base.findings[f] for f in assessment.findings if f in base.findings]
    designs = [base.references[f.reference].design for f in findings if f.reference in base.references]
    return assessment.starts in starting_levels(designs)


def _direction_held(base: KnowledgeBase, assessment_id: str) -> bool:
    """An assessment may only say *supports* if a finding does, and *refutes* if a finding does or none supports."""
    assessment = base.assessments[assessment_id]
    directions = {base.findings[f].direction.value for f in assessment.findings if f in base.findings}
    if assessment.direction.value == "supports":
        return bool(directions & {"supports", "mixed"})
    if assessment.direction.value == "refutes":
        return bool(directions & {"refutes", "mixed"})
    return True


def _claims(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    needs = frame["verdict"].isin(["supported", "partly supported", "contradicted"])
    frame["verdict_rests"] = ~needs | (frame["findings"] + frame["references"] > 0)
    links = {c.id: set(c.contradicts) for c in base.claims.values()}
    frame["contradiction_mutual"] = [all(c in links.get(other, set()) for other in links[c]) for c in frame["id"]]
    return frame


def _cautions(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["rests_on_something"] = (frame["evidence_for"] + frame["evidence_against"] + frame["references"]) > 0
    return frame


def _subjects(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["review_current"] = frame["due"] >= today
    frame["review_ordered"] = frame["due"] > frame["reviewed"]
    frame["says_no_evidence"] = (frame["controlled"] > 0) | frame["evidence_note"].notna()
    # Grade words in curated prose must not stand where a reader looks for the reason.
    frame["has_summary"] = frame["summary"].notna()
    frame["standard_facts_missing"] = [", ".join(unspoken(base, slug)) for slug in frame["id"]]
    return frame


def _references(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["can_be_opened"] = frame[["doi", "pmid", "pmcid", "url"]].notna().any(axis=1) | (frame["seen_at"] > 0)
    year = frame["id"].str.extract(r"(\d{4})")[0]
    printed = pd.to_numeric(frame["year"])
    key_year = pd.to_numeric(year)
    # The key may keep the year of the online version; more than two years apart is a slip.
    frame["key_year_agrees"] = printed.isna() | key_year.isna() | ((printed - key_year).abs() <= 2)
    frame["in_force"] = frame["notice"].isna() | (frame["notice"] != "retraction")
    return frame
