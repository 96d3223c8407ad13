"""Templates for a study's question: which arms, outcomes and figures a record of that kind asks for. Nothing in them is a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.knowledge import KnowledgeBase
from kb.model.terms import ArmRole

TEMPLATES: dict[str, str] = {
    "": "an empty form",
    "events": "two arms, how many responded (events)",
    "means": "two arms, a score before and after (means)",
    "split": "two sides of one person (split face, split head)",
    "before-after": "one arm, before and after",
    "harm": "a harm: how often, in whom",
    "review": "a review with a pooled effect",
}


def template(name: str, subject: str, measure: str = "", against: str = "") -> dict[str, Any]:
    """First values of a finding by the kind of its study. Raises KeyError for a name there is not.

    `against` is the name of the other treatment where the study compares two. Where it is empty (or the same name), the second
    arm has none yet: what it was given is for the reader of the paper to say.
    """
    if name not in TEMPLATES:
        raise KeyError(name)
    other = "" if against == subject else against
    second = (other, ArmRole.ACTIVE.value if against else ArmRole.CONTROL.value)
    arms = [{"name": subject}, {"name": other} if other else {}]
    common = {"measure": measure} if measure else {}
    compared = {"comparator": against} if against else {}
    both = ((subject, ArmRole.INTERVENTION.value), second)
    if name == "events":
        return {"arms": arms, "outcomes": [_row(a, r, **common) for a, r in both]} | compared
    if name in ("means", "split"):
        rows = [_row(a, r, kind="change", **common) for a, r in both]
        return {"arms": arms, "outcomes": rows} | ({"within_person": True} if name == "split" else {}) | compared
    if name == "before-after":
        return {
            "arms": arms[:1],
            "direction": "insufficient",
            "outcomes": [_row(subject, "intervention", kind="change", **common)],
        }
    if name == "harm":
        return {"relation": "causes"}
    if name == "review":
        contrast = f"{subject} vs {other}" if other else ""
        return {"outcomes": [_row(contrast, "intervention", kind="mean-difference", against=second[1], **common)]}
    return {}


def _row(arm: str, role: str, **more: Any) -> dict[str, Any]:
    return {**({"arm": arm} if arm else {}), "role": role, **more}


def like(base: KnowledgeBase, finding: str) -> dict[str, Any]:
    """The shape of a recorded finding without its figures: arms, measures, units, time points. Raises KeyError."""
    from kb.formulary.write import plain

    values: Mapping[str, Any] = plain(base.findings[finding])
    keep = ("measure", "kind", "concept", "arm", "role", "against", "better", "unit", "at")
    made: dict[str, Any] = {
        k: values[k] for k in ("relation", "object", "route", "technique", "comparator") if k in values
    }
    made["arms"] = [{"name": arm["name"]} for arm in values.get("arms", [])]
    made["outcomes"] = [{k: o[k] for k in keep if k in o} for o in values.get("outcomes", [])]
    return {k: v for k, v in made.items() if v}
