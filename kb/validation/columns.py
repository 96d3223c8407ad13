"""Columns worked out for checking: what a table row says of itself, so that an expectation can say it must hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from kb.appraisal import rules
from kb.model import Assessment, Finding, Subject, printed
from kb.model.terms import Measure, Relation, Verdict
from kb.validation.depth import comparisons, has_effect, imprecision_named
from kb.validation.standard import unspoken
from kb.validation.wording import alike, denies_trials, direction_tested

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_PERCENT = {"percent"}
_NOTHING_SHOWN = {Verdict.UNSUPPORTED, Verdict.NOT_ASSESSABLE}
_EFFECTS = {
    Relation.TREATS,
    Relation.CAUSES,
    Relation.COMPARED_WITH,
    Relation.CONTRAINDICATED_IN,
    Relation.INTERACTS_WITH,
}
"""Relations whose object is one question; protocols and mechanisms gather many under one topic."""


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
    frame["arms_add_up"] = [rules.arms_add_up(base.findings[f]) is None for f in frame["id"]]
    found = [base.findings[f] for f in frame["id"]]
    frame["direction_agrees"] = [rules.direction(f, base.design_of(f)) is None for f in found]
    frame["harm_has_frequency"] = [_harm_counted(base.findings[f]) for f in frame["id"]]
    frame["assessed"] = _assessed(base, frame)
    frame["trial_weighed"] = _trial_weighed(base, found)
    frame["figures_have_units"] = [_has_units(base.findings[f]) for f in frame["id"]]
    frame["confirmed"] = frame["doubt"].isna()
    frame["times_agree"] = [rules.times_agree(base.findings[f]) is None for f in frame["id"]]
    bare = {f.id for f in comparisons(base) if f.effect_missing is None and not has_effect(f)}
    frame["effect_told"] = [f not in bare for f in frame["id"]]
    frame["roles_told"] = [rules.roles_told(f) is None for f in found]
    frame["direction_tested"] = [direction_tested(f, base.design_of(f)) for f in found]
    frame["not_called_alike"] = [alike(f.summary) is None for f in found]
    return frame


def _harm_counted(finding: Finding) -> bool:
    """For a harm seen in a trial or a cohort: does it give a frequency?"""
    if finding.relation.value != "causes" or finding.frequency is not None:
        return True
    return not any(
        o.kind is Measure.PERCENT and o.unit and (printed.unit(o.unit).population or "").startswith("patients")
        for o in finding.outcomes
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


def _trial_weighed(base: KnowledgeBase, found: list[Finding]) -> list[bool]:
    """Is a trial of benefit named by an assessment, wherever its subject, route and object have one?

    An assessment counts its trials in words (`in the one trial`), so a trial entered later must bring a person back to it.
    """
    pairs = {(base.subject_of[a.id], a.route, a.object) for a in base.assessments.values()}
    named = {f for a in base.assessments.values() for f in a.findings}
    return [
        f.relation is not Relation.TREATS
        or (design := base.design_of(f)) is None
        or not design.trial
        or f.id in named
        or (base.subject_of[f.id], f.route, f.object) not in pairs
        for f in found
    ]


def _has_units(finding: Finding) -> bool:
    """Does every number among the outcomes have a unit or a kind that says what it is?"""
    return all(o.unit or o.kind is not Measure.OTHER or o.value is None for o in finding.outcomes)


def _outcomes(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    value = pd.to_numeric(frame["value"])
    rows = list(zip(frame["finding"], frame["number"], strict=True))
    frame["interval_holds_value"] = [rules.value_in_interval(base.findings[f].outcomes[i]) is None for f, i in rows]
    percent = frame["kind"].isin(_PERCENT)
    frame["percent_value"] = value.where(percent)
    ratio = frame["kind"].isin(["risk-ratio", "odds-ratio", "hazard-ratio"])
    frame["ratio_value"] = value.where(ratio)
    frame["percent_agrees"] = [rules.percent_agrees(base.findings[f].outcomes[i]) is None for f, i in rows]
    frame["arm_known"] = [rules.arm_known(base.findings[f], base.findings[f].outcomes[i]) is None for f, i in rows]
    frame["arm_has_role"] = frame["arm"].isna() | frame["role"].notna()
    outcomes = [base.findings[f].outcomes[i] for f, i in rows]
    frame["side_told"] = [o.concept is None or o.better is not None for o in outcomes]
    return frame


def _assessments(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    found = [base.assessments[a] for a in frame["id"]]
    frame["certainty_agrees"] = [rules.certainty_follows(a) is None for a in found]
    frame["start_agrees"] = [rules.starts(a, base.designs(a)) is None for a in found]
    directions = [[base.findings[f].direction for f in a.findings if f in base.findings] for a in found]
    frame["direction_held"] = [rules.direction_held(a, d) is None for a, d in zip(found, directions, strict=True)]
    frame["big_enough"] = [rules.big_enough(a, _trials(base, a)) is None for a in found]
    frame["up_only_from_low"] = [rules.up_only_from_low(a) is None for a in found]
    frame["not_called_alike"] = [alike(a.bottom_line) is None and alike(a.in_short or "") is None for a in found]
    frame["imprecision_named"] = [imprecision_named(base, a) for a in found]
    return frame


def _trials(base: KnowledgeBase, assessment: Assessment) -> list[Finding]:
    """The findings of benefit from trials and reviews among those the assessment rests on."""
    controlled = {f.id for f in comparisons(base)}
    return [base.findings[f] for f in assessment.findings if f in controlled]


def _claims(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    needs = frame["verdict"].map(lambda v: Verdict(v).rests)
    frame["verdict_rests"] = ~needs | (frame["findings"] + frame["references"] > 0)
    links = {c.id: set(c.contradicts) for c in base.claims.values()}
    frame["recorded_named"] = _recorded_named(base, frame)
    frame["contradiction_mutual"] = [all(c in links.get(other, set()) for other in links[c]) for c in frame["id"]]
    return frame


def _recorded_named(base: KnowledgeBase, frame: pd.DataFrame) -> list[bool]:
    """Does a claim said to be unsupported or not assessable name a finding on its very question, where one is recorded?

    On its question: of the same relation and object, and of its subject or given by it (for mesotherapy: what was
    injected by mesotherapy).
    """
    recorded: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for f in base.findings.values():
        for who in (base.subject_of[f.id], f.technique):
            if who and f.relation in _EFFECTS:
                recorded[who, f.relation.value, f.object].add(f.id)
    claims = [base.claims[c] for c in frame["id"]]
    return [
        c.verdict not in _NOTHING_SHOWN
        or not (on_it := recorded.get((c.subject, c.relation, c.object or "")))
        or not on_it.isdisjoint(c.findings)
        for c in claims
    ]


def _cautions(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["rests_on_something"] = (frame["evidence_for"] + frame["evidence_against"] + frame["references"]) > 0
    frame["code_agrees"] = [rules.act_fits(base.cautions[c]) is None for c in frame["id"]]
    return frame


def _subjects(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["review_current"] = frame["due"] >= today
    frame["review_ordered"] = frame["due"] > frame["reviewed"]
    frame["says_no_evidence"] = (frame["controlled"] > 0) | frame["evidence_note"].notna()
    frame["trials_denied"] = [
        denies_trials(note, [(f, base.references[f.reference].design) for f in base.subjects[slug].findings])
        for slug, note in zip(frame["id"], frame["evidence_note"].fillna(""), strict=True)
    ]
    frame["has_summary"] = frame["summary"].notna()
    frame["standard_facts_missing"] = [", ".join(unspoken(base, slug)) for slug in frame["id"]]
    frame["found_after_all"] = [", ".join(_found_after_all(base.subjects[slug])) for slug in frame["id"]]
    return frame


def _found_after_all(subject: Subject) -> list[str]:
    """Facts of which the subject says that nothing was found although it has a caution about them."""
    return sorted({n.fact for n in subject.nothing_found} & {c.trigger for c in subject.cautions})


def _references(base: KnowledgeBase, frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    frame["can_be_opened"] = [base.references[key].can_be_opened for key in frame["id"]]
    year = frame["id"].str.extract(r"(\d{4})")[0]
    printed = pd.to_numeric(frame["year"])
    key_year = pd.to_numeric(year)
    # The key may keep the year of the online version; more than two years apart is a slip.
    frame["key_year_agrees"] = printed.isna() | key_year.isna() | ((printed - key_year).abs() <= 2)
    retracted = frame["notice"] == "retraction"
    # A retracted paper stays listed with its notice, so that nobody brings it in again; it carries nothing.
    frame["in_force"] = ~(retracted & frame["cited"])
    frame["cited"] = frame["cited"] | retracted
    return frame
