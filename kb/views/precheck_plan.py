"""The plan a clinician puts together (cocktail, technique, patient), and the lists it is chosen from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.questions import phrases
from kb.questions.phrases import Phrase
from kb.views import choices, words

if TYPE_CHECKING:
    from kb.questions.answer import Answer
    from kb.snapshot import Snapshot

Value = dict[str, Any]

ROLES = {
    "ingredient": "Ingredients of the cocktail",
    "technique": "Technique",
    "condition": "Patient: conditions and states",
    "substance": "Patient: medicines and supplements",
}
"""Parameter to its label; the hint in the empty box is the field's own (`formulary/field.yaml`)."""

OWN_WORDS = {
    "also": "Patient, in your own words",
    "done": "Done lately, and when",
    "coming": "What is coming",
    "site": "Site",
    "amounts": "Amounts",
    "place": "Regulatory status for",
}
"""Boxes of free text, each a list separated by semicolons or lines; hints as above."""

SEXES = ("female", "male")
_LONGEST_WORD = 200


@dataclass
class Plan:
    """What was asked, as arguments of the check, and what was understood of it."""

    asked: Value = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Field of free text to what stands in it."""
    picked: frozenset[str] = frozenset()
    """Words from the lists, as against those typed into a field of free text."""
    lists: dict[str, list[str]] = field(default_factory=dict)
    """The same, by the list that they came from."""
    years: str = ""
    kg: str = ""
    sex: str = ""

    @property
    def ingredients(self) -> list[str]:
        return list(self.asked.get("ingredients", ()))

    @property
    def subjects(self) -> list[str]:
        return [*self.ingredients, *self.asked.get("technique", ())]

    @property
    def facts(self) -> list[str]:
        """Everything said of the patient, as it was said."""
        said = [w for key in ("conditions", "substances", "done", "coming") for w in self.asked.get(key, ())]
        return [*dict.fromkeys(said), *(x for x in (self.years and f"{self.years} years", self.sex) if x)]

    @property
    def empty(self) -> bool:
        return not (self.subjects or self.facts)


def read(params: Mapping[str, list[str]]) -> Plan:
    """The plan in `params`: words as they were chosen or typed. What they mean is for the check to say."""
    texts = {name: "; ".join(params.get(name, ())).strip()[:2000] for name in OWN_WORDS}
    lists = {name: _words(params.get(name, ())) for name in ROLES}
    typed = {name: [w for w in re.split(r"[;\n]+", text) if w.strip()] for name, text in texts.items()}
    amounts = dict(_amount(a) for a in typed["amounts"])
    picked = frozenset(w for found in lists.values() for w in found)
    plan = Plan(
        picked=picked, lists=lists, texts=texts, years=_number(params, "years", 130), kg=_number(params, "kg", 500)
    )
    plan.sex = next((s for s in params.get("sex", ()) if s in SEXES), "")
    plan.asked = {
        "ingredients": lists["ingredient"],
        "technique": lists["technique"],
        "conditions": [*lists["condition"], *_words(typed["also"])],
        "substances": lists["substance"],
        "done": _words(typed["done"]),
        "coming": _words(typed["coming"]),
        "sites": _words(typed["site"]),
        "jurisdictions": _words(typed["place"]),
        "amounts": {name.strip(): text.strip() for name, text in amounts.items()},
        "years": float(plan.years) if plan.years else None,
        "kg": float(plan.kg) if plan.kg else None,
        "sex": plan.sex or None,
    }
    return plan


def _amount(text: str) -> tuple[str, str]:
    """`lidocaine: 5 mL of 2 %`, or the same without the colon. What has no figure is handed on, so that the check can say so."""
    name, colon, given = text.partition(":")
    if not colon and (found := re.search(r"\s\d", text)):
        return text[: found.start()], text[found.start() :]
    return name, given


def _words(given: list[str] | tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(words.cut(w.strip(), _LONGEST_WORD) for w in given if w.strip()))


def _number(params: Mapping[str, list[str]], name: str, most: float) -> str:
    """A number as it was typed, empty when it is none or out of range."""
    text = next(iter(params.get(name, ())), "").strip().replace(",", ".")
    return text if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text) and 0 < float(text) <= most else ""


def choosers(snapshot: Snapshot, plan: Plan, answer: Answer) -> list[Value]:
    """One chooser per role: groups of options by kind, those that the answer understood marked."""
    held, hints = choices.options(snapshot), snapshot.field["hints"]
    chosen: dict[str, list[str]] = {role: [] for role in ROLES}
    allergic = _allergens(answer, snapshot)
    _keep_in_own_words(plan, allergic, _of_conditions(answer, snapshot))
    listed: dict[str, set[str]] = {r: {o["value"] for g in groups for o in g["options"]} for r, groups in held.items()}
    written = {role: _as_written(plan, answer, role, listed, allergic) for role in ROLES}
    kept = {said for found in written.values() for said in found}
    for given in answer.given:
        if given.role in chosen and given.said in plan.picked - kept:
            chosen[given.role] += [m.id for m in given.means if (given.said, m.id) not in allergic]
    # A medicine given as a condition (or the other way round) is known to the check; it is shown where it is listed.
    for a, b in (("condition", "substance"), ("substance", "condition")):
        strays = [s for s in chosen[a] if s not in listed[a]]
        chosen[a] = [s for s in chosen[a] if s in listed[a]]
        chosen[b] += strays
    return [
        {
            "role": role,
            "label": label,
            "hint": hints[role],
            "groups": [*_group(written[role], answer), *held[role]],
            "chosen": [*written[role], *dict.fromkeys(chosen[role])],
        }
        for role, label in ROLES.items()
    ]


def _group(written: list[str], answer: Answer) -> list[Value]:
    """The words as they were written, by their name where they came as an id."""
    names = {g.said: g.means[0].name for g in answer.given if g.how == "id" and g.means}
    options = [{"value": said, "name": names.get(said, said), "words": ""} for said in written]
    return [{"title": "As written", "options": options}] if options else []


def _as_written(
    plan: Plan, answer: Answer, role: str, listed: Mapping[str, set[str]], allergic: set[tuple[str, str]]
) -> list[str]:
    """The words of a list that no choice in it stands for whole: a product, a place beside a filler, a time, what was not understood.

    They stay in the form as they came, so that the next check asks the same and nothing is lost on the way.
    """
    beside = {"condition": "substance", "substance": "condition"}
    known = listed[role] | listed.get(beside.get(role, ""), set())
    kept = []
    for said in plan.lists[role]:
        told = [g for g in answer.given if g.said == said]
        meant = [m.id for g in told for m in g.means]
        if any((said, id_) in allergic for id_ in meant):
            continue  # it stays in the box for the clinician's own words
        timed = any(g.days_ago is not None or g.days_ahead is not None for g in told)
        if timed or not meant or not known.issuperset(meant):
            kept.append(said)
    return kept


def _allergens(answer: Answer, snapshot: Snapshot) -> set[tuple[str, str]]:
    """Words with what they say somebody is allergic to: that is not taken, so it is no choice among the medicines."""
    found = _of_conditions(answer, snapshot)
    for given in answer.given:
        if phrases.allergy(Phrase(given.said, given.said)) is not None:
            found |= {(given.said, m.id) for m in given.means if m.kind != "condition"}
    return found


def _of_conditions(answer: Answer, snapshot: Snapshot) -> set[tuple[str, str]]:
    """Words with the allergens of the conditions they were taken for: a penicillin allergy is one to penicillins."""
    terms = snapshot.precheck.terms
    return {(g.said, id_) for g in answer.given for m in g.means for id_ in terms.get(m.id, {}).get("allergen", ())}


def _keep_in_own_words(plan: Plan, allergic: set[tuple[str, str]], chosen: set[tuple[str, str]]) -> None:
    """An allergy that no choice in the lists stands for (`allergic to lidocaine`) stays in the box for the clinician's own words."""
    for said in sorted({said for said, _ in allergic - chosen if said in plan.picked}):
        plan.texts["also"] = "; ".join(filter(None, (plan.texts["also"], said)))
