"""The plan a clinician puts together (cocktail, technique, patient), and the lists it is chosen from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapidfuzz import process

from kb.views import choices, reading, words

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

ROLES = {
    "ingredient": ("Ingredients of the cocktail", "Minoxidil, biotin, PRP…"),
    "technique": ("Technique", "Microneedling, mesogun…"),
    "condition": ("Patient: conditions and states", "Pregnancy, diabetes, keloids…"),
    "substance": ("Patient: medicines and supplements", "Warfarin, isotretinoin, ginkgo…"),
}
"""Parameter to its label and the hint in the empty field."""


@dataclass
class Plan:
    """What was chosen, every slug known to the check; `unknown` holds the words it does not know."""

    ingredients: list[str] = field(default_factory=list)
    technique: str | None = None
    conditions: list[str] = field(default_factory=list)
    substances: list[str] = field(default_factory=list)
    unknown: list[Value] = field(default_factory=list)

    @property
    def facts(self) -> list[str]:
        return list(dict.fromkeys((*self.conditions, *self.substances)))

    @property
    def subjects(self) -> list[str]:
        return [*self.ingredients, *([self.technique] if self.technique else [])]

    @property
    def empty(self) -> bool:
        return not (self.subjects or self.facts or self.unknown)


def read(params: Mapping[str, list[str]], snapshot: Snapshot) -> Plan:
    """The plan in `params`. A word the check does not know is kept apart with the nearest ones, never guessed at."""
    rules = snapshot.precheck
    plan = Plan()
    known: dict[str, set[str]] = {
        "ingredient": {s for s, v in rules.subjects.items() if v["kind"] == "ingredient"},
        "technique": {s for s, v in rules.subjects.items() if v["kind"] == "technique"},
        "condition": set(rules.terms),
        "substance": set(rules.terms),
    }
    found: dict[str, list[str]] = {}
    for role, slugs in known.items():
        found[role] = []
        for raw in params.get(role, ()):
            slug = raw.strip()
            if slug in slugs:
                found[role].append(slug)
            elif slug:
                plan.unknown.append({"said": words.cut(slug, 60), "role": role, "near": _near(slug, slugs, snapshot)})
        found[role] = list(dict.fromkeys(found[role]))
    plan.ingredients, plan.conditions, plan.substances = found["ingredient"], found["condition"], found["substance"]
    plan.technique = found["technique"][0] if found["technique"] else None
    for extra in found["technique"][1:]:
        plan.unknown.append({"said": reading.name_of(snapshot, extra), "role": "second technique", "near": []})
    return plan


def _near(slug: str, known: Iterable[str], snapshot: Snapshot) -> list[str]:
    close = process.extract(slug[:80], sorted(known), limit=3, score_cutoff=75)
    return [reading.name_of(snapshot, match) for match, _, _ in close]


def choosers(snapshot: Snapshot, plan: Plan) -> list[Value]:
    """One chooser per role: groups of options by kind, the chosen ones marked."""
    held = choices.options(snapshot)
    chosen: dict[str, set[str]] = {
        "ingredient": set(plan.ingredients),
        "technique": {plan.technique} if plan.technique else set(),
        "condition": set(plan.conditions),
        "substance": set(plan.substances),
    }
    listed: dict[str, set[str]] = {r: {o["value"] for g in groups for o in g["options"]} for r, groups in held.items()}
    # A medicine given as a condition (or the other way round) is known to the check; it is shown where it is listed.
    for a, b in (("condition", "substance"), ("substance", "condition")):
        strays = {s for s in chosen[a] if s not in listed[a]}
        chosen[a] -= strays
        chosen[b] |= strays
    return [
        {"role": role, "label": label, "hint": hint, "groups": held[role], "chosen": chosen[role]}
        for role, (label, hint) in ROLES.items()
    ]
