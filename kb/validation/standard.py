"""The standard facts: what must be known, or said not to be known, of every technique and every drug.

A fact is *spoken of* when a caution of the subject, or of a broader one, has it as trigger, or a broader or narrower term
of it, or when `nothing_found` says why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kb.model.terms import IngredientKind

if TYPE_CHECKING:
    from kb.model import Subject, Term
    from kb.records import Records


def unspoken(base: Records, slug: str) -> list[str]:
    """Standard facts that neither a caution nor a written reason speaks of; empty when the subject is in order."""
    lineage = list(_lineage(base, slug))
    terms: dict[str, Term] = {**base.substances, **base.conditions}
    spoken = {c.trigger for s in lineage for c in s.cautions} | {n.fact for s in lineage for n in s.nothing_found}
    reached = spoken.union(*(_broader(terms, fact) for fact in spoken))
    return [f for f in _asked(base, slug, lineage) if f not in reached and not spoken & _broader(terms, f)]


def _asked(base: Records, slug: str, lineage: list[Subject]) -> list[str]:
    """The facts that `formulary/field.yaml` asks of the subject."""
    asked = base.formulary.field.asked
    if slug in base.techniques:
        further = {group.technique: group.facts for group in asked.classes}
        return [*asked.techniques, *(f for s in lineage for f in further.get(s.id, ()))]
    ingredient = base.ingredients.get(slug)
    return asked.drugs if ingredient is not None and ingredient.kind is IngredientKind.DRUG else []


def _lineage(base: Records, slug: str) -> Iterator[Subject]:
    """The subject and its broader ones, each once."""
    line = [slug]
    for one in line:
        subject = base.subjects[one]
        yield subject
        line += [p for p in getattr(subject, "parents", ()) if p in base.subjects and p not in line]


def _broader(terms: Mapping[str, Term], slug: str) -> set[str]:
    """Every broader term of a term, and those said to be the same."""
    line = [slug]
    for one in line:
        term = terms.get(one)
        if term is not None:
            line += [o for o in (*term.parents, *term.same_as) if o not in line]
    return set(line)
