"""The rules of the pre-procedure check as plain values, and the walks over them that every part of the check needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from kb.model.lineage import lineage
from kb.questions.resolve import Resolver
from kb.questions.rules import rules
from kb.records import Records

Reached = dict[str, list[str]]
"""Trigger to the facts behind it; a fact named itself stands before a broader reading."""


_OPEN: Mapping[str, Any] = {"days": None, "ends": False, "always": False}


@dataclass(eq=False)
class Rulebook:
    """The rules in plain values, so that a snapshot can hold them: `kb.questions.rules` says where they come from.

    subjects: slug -> {name, kind, parents, routes}; cautions: holder -> list of caution values; terms: slug -> {name, kinds, parents,
    same_as, allergen, ...} of conditions and substances; mixing: subject -> list of pair values; status: holder -> regulators' words;
    noted: subject -> findings against another part of a plan; exposures: id -> findings; contents: ingredient -> what it holds;
    looked_up: subject -> fact -> what was looked for; places_within: jurisdiction -> those it lies in; products, maxima, studied: see
    docs/precheck.md; known: what a rule calls a term -> the term (`check` in `formulary/field.yaml`); lexicon: rows of names.
    """

    subjects: Mapping[str, Mapping[str, Any]]
    cautions: Mapping[str, list[Mapping[str, Any]]]
    terms: Mapping[str, Mapping[str, Any]]
    mixing: Mapping[str, list[Mapping[str, Any]]]
    status: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    with_status: Sequence[str] = ()
    noted: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    exposures: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    contents: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    looked_up: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    products: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    maxima: Sequence[Mapping[str, Any]] = ()
    studied: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    jurisdictions: Mapping[str, str] = field(default_factory=dict)
    places_within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    lexicon: Sequence[Sequence[str]] = ()

    @classmethod
    def of(cls, base: Records) -> Self:
        return cls(**rules(base))

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver.of(self.lexicon)

    def name(self, slug: str) -> str:
        for table in (self.subjects, self.terms, self.products):
            if slug in table:
                return str(table[slug]["name"])
        return self.resolver.title(slug)

    def lasts(self, fact: str) -> Mapping[str, Any]:
        """How long a fact holds: `days`, whether it `ends`, and whether it is there `always`; all open where no term says it."""
        return self.terms.get(fact, {}).get("lasts") or _OPEN

    def around(self, places: Collection[str]) -> set[str]:
        """The jurisdictions whose word counts for these: they, what they lie in, and what lies in them."""
        reach = {*places, *(broader for p in places for broader in self.places_within.get(p, ()))}
        return reach | {p for p, broader in self.places_within.items() if {*broader} & {*places}}

    def lineage(self, subject: str) -> list[str]:
        """The subject and everything broader, nearest first."""
        if subject not in self._lineages:
            self._lineages[subject] = lineage(
                subject, lambda s: [p for p in self.subjects.get(s, {}).get("parents", ()) if p in self.subjects]
            )
        return self._lineages[subject]

    @cached_property
    def _lineages(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _climbs(self) -> dict[str, list[str]]:
        return {}

    def climb(self, fact: str) -> list[str]:
        """The fact and everything it is a kind of or the same as, nearest first: terms and ingredients alike."""
        if fact not in self._climbs:
            self._climbs[fact] = lineage(fact, self._above)
        return self._climbs[fact]

    def _above(self, slug: str) -> list[str]:
        term, subject = self.terms.get(slug, {}), self.subjects.get(slug, {})
        return [*term.get("same_as", ()), *term.get("parents", ()), *subject.get("parents", ())]

    def reach(self, facts: Iterable[str]) -> Reached:
        """Every trigger the facts set off, with the facts behind it."""
        facts = list(facts)
        reached: Reached = {fact: [fact] for fact in facts}
        for fact in facts:
            for other in self.climb(fact)[1:]:
                if fact not in reached.setdefault(other, []):
                    reached[other].append(fact)
        return reached

    @cached_property
    def allergies_to(self) -> dict[str, list[str]]:
        """Allergen to the conditions that are an allergy to it."""
        found: dict[str, list[str]] = {}
        for term, held in self.terms.items():
            for allergen in held.get("allergen", ()):
                found.setdefault(allergen, []).append(term)
        return found

    @cached_property
    def leaves(self) -> dict[str, list[str]]:
        """Ingredient, product or technique to the conditions that it leaves in whoever was treated with it."""
        found: dict[str, list[str]] = {}
        for term, held in self.terms.items():
            for treatment in held.get("left_by", ()):
                found.setdefault(treatment, []).append(term)
        return found

    @cached_property
    def triggers(self) -> frozenset[str]:
        return frozenset(c["trigger"] for held in self.cautions.values() for c in held)
