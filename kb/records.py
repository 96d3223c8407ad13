"""`Records`: every record of one checkout by id, and which records are about what. No questions are answered here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kb.formulary import Formulary
from kb.model import (
    Advice,
    Assessment,
    Caution,
    Change,
    Claim,
    ClaimPage,
    Exposure,
    Finding,
    Ingredient,
    Maximum,
    Mixing,
    Product,
    Protocol,
    Reference,
    Search,
    Subject,
    Technique,
    Term,
)
from kb.model.record import Part, cited_in
from kb.model.terms import Design, Kind
from kb.problems import Problem


@dataclass
class Records:
    """Records of one checkout. Mappings are keyed by id (references by BibTeX key) and keep the order of the files."""

    root: Path
    formulary: Formulary
    references: Mapping[str, Reference]
    problems: list[Problem]

    @property
    def ingredients(self) -> Mapping[str, Ingredient]:
        return self.formulary.ingredients

    @property
    def techniques(self) -> Mapping[str, Technique]:
        return self.formulary.techniques

    @property
    def exposures(self) -> Mapping[str, Exposure]:
        return self.formulary.exposures

    @property
    def indications(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["indications"]

    @property
    def adverse_effects(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["adverse-effects"]

    @property
    def conditions(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["conditions"]

    @property
    def substances(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["substances"]

    @property
    def topics(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["topics"]

    @property
    def jurisdictions(self) -> Mapping[str, Term]:
        return self.formulary.vocabularies["jurisdictions"]

    @property
    def protocols(self) -> Mapping[str, Protocol]:
        return self.formulary.protocols

    @property
    def products(self) -> Mapping[str, Product]:
        return self.formulary.products

    @property
    def maxima(self) -> Mapping[str, Maximum]:
        return self.formulary.maxima

    @property
    def searches(self) -> Mapping[str, Search]:
        """Systematic searches on record."""
        return self.formulary.searches

    @property
    def aftercare(self) -> Mapping[str, Advice]:
        """What to do after a session and in an emergency, with who says so."""
        return self.formulary.aftercare

    @property
    def changes(self) -> Mapping[str, Change]:
        """What changed in the world: warnings, bans, laws, approvals."""
        return self.formulary.changes

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        """Ingredients, techniques and exposures: everything findings hang on."""
        return {s.id: s for s in self.formulary.subjects}

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        return {f.id: f for s in self.formulary.subjects for f in s.findings}

    @cached_property
    def assessments(self) -> Mapping[str, Assessment]:
        return {a.id: a for s in self.formulary.subjects for a in s.assessments}

    @cached_property
    def cautions(self) -> Mapping[str, Caution]:
        return {c.id: c for s in self.formulary.subjects for c in s.cautions}

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        return {c.id: c for c in self.formulary.claims}

    @cached_property
    def cited(self) -> frozenset[str]:
        """Keys of the references that anything in the formulary cites; what was left out cites nothing."""
        f = self.formulary
        held: list[Iterable[Part]] = [[f.field], f.subjects, f.products.values(), f.maxima.values(), f.pages.values()]
        held += [f.protocols.values(), f.corrections.values(), f.searches.values(), f.aftercare.values()]
        held += [f.changes.values(), *(terms.values() for terms in f.vocabularies.values())]
        looked = (place for s in f.subjects for n in s.nothing_found for place in n.looked)
        # where was looked is told in keys, or in words
        return frozenset(k for records in held for record in records for k in cited_in(record)) | {
            k for k in looked if k in self.references
        }

    @cached_property
    def subject_of(self) -> Mapping[str, str]:
        """Id of a finding, an assessment or a caution to the id of the subject whose file it stands in."""
        owner: dict[str, str] = {}
        for subject in self.formulary.subjects:
            owner |= dict.fromkeys((f.id for f in subject.findings), subject.id)
            owner |= dict.fromkeys((a.id for a in subject.assessments), subject.id)
            owner |= dict.fromkeys((c.id for c in subject.cautions), subject.id)
        return owner

    @cached_property
    def lookup(self) -> Lookup:
        """Which records are about what."""
        return Lookup(self)

    def design_of(self, finding: Finding) -> Design | None:
        """The design of the paper of a finding; None when the paper is not known."""
        reference = self.references.get(finding.reference)
        return reference.design if reference else None

    def designs(self, assessment: Assessment) -> list[Design]:
        """The designs of the studies an assessment rests on; what cannot be found is left out."""
        found = [self.findings[f] for f in assessment.findings if f in self.findings]
        return [self.references[f.reference].design for f in found if f.reference in self.references]

    def name(self, slug: str) -> str:
        """What people call the thing; the slug itself when the base does not know it."""
        named = self.subjects.get(slug) or self._terms.get(slug)
        return named.name if named else slug

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {t.id: t for terms in reversed(self.formulary.vocabularies.values()) for t in terms.values()}

    @property
    def terms(self) -> Mapping[str, Term]:
        """Every vocabulary term; a slug in several vocabularies stands for its first."""
        return self._terms


_VOCABULARY_KINDS = {
    "indications": Kind.INDICATION,
    "adverse-effects": Kind.ADVERSE_EFFECT,
    "conditions": Kind.CONDITION,
    "substances": Kind.SUBSTANCE,
    "topics": Kind.TOPIC,
    "jurisdictions": Kind.JURISDICTION,
}


def kinds(base: Records) -> dict[str, list[str]]:
    """Slug to every kind it stands for, the leading one first (tranexamic acid is an ingredient and a medicine taken)."""
    found: dict[str, list[str]] = {}
    for slug in base.ingredients:
        found.setdefault(slug, []).append(Kind.INGREDIENT.value)
    for slug in base.techniques:
        found.setdefault(slug, []).append(Kind.TECHNIQUE.value)
    for vocabulary, kind in _VOCABULARY_KINDS.items():
        for slug in base.formulary.vocabularies[vocabulary]:
            found.setdefault(slug, []).append(kind.value)
    return found


class Lookup:
    """Who speaks of what, worked out once, so that the cost of all pages grows with the base and not with its square."""

    def __init__(self, base: Records) -> None:
        self.kinds = kinds(base)
        self.about: dict[str, list[Finding]] = defaultdict(list)
        self.part_of: dict[str, list[Finding]] = defaultdict(list)
        for finding in base.findings.values():
            self.about[finding.object].append(finding)
            for slug in {*finding.co_ingredients, finding.technique} - {None, base.subject_of[finding.id]}:
                self.part_of[str(slug)].append(finding)
        self.assessments: dict[str, list[Assessment]] = defaultdict(list)
        for assessment in base.assessments.values():
            self.assessments[assessment.object].append(assessment)
        self.triggered: dict[str, list[Caution]] = defaultdict(list)
        for caution in base.cautions.values():
            self.triggered[caution.trigger].append(caution)
        self.protocols: dict[str, list[Protocol]] = defaultdict(list)
        for protocol in base.protocols.values():
            for slug in {protocol.technique, protocol.indication, *protocol.ingredients} - {None}:
                self.protocols[str(slug)].append(protocol)
        self.claims: dict[str, list[Claim]] = defaultdict(list)
        self.page_of: dict[str, ClaimPage] = {}
        for page in base.formulary.pages.values():
            for claim in page.claims:
                self.page_of[claim.id] = page
                for slug in {claim.subject, claim.object} - {None}:
                    self.claims[str(slug)].append(claim)
        self.children: dict[str, list[str]] = defaultdict(list)
        records: list[Any] = [*base.ingredients.values(), *base.techniques.values(), *base.terms.values()]
        for record in records:
            for parent in record.parents:
                if record.id not in self.children[parent] and record.id != parent:
                    self.children[parent].append(record.id)
        self.mixing: dict[str, list[tuple[str, Mixing]]] = defaultdict(list)
        for ingredient in base.ingredients.values():
            for pair in ingredient.mixing:
                self.mixing[ingredient.id].append((pair.other, pair))
                self.mixing[pair.other].append((ingredient.id, pair))

    def narrower(self, base: Records, slug: str) -> list[str]:
        """The term and every narrower one: evidence on female pattern hair loss is evidence on hair loss."""
        found = [slug]
        for term in found:
            found += [c for c in self.children[term] if c in base.terms and c not in found]
        return found
