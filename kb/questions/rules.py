"""The records that the pre-procedure check reads, as plain values that a snapshot can hold (see `kb.questions.precheck.Precheck`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.model import Amount, Caution, Finding, Regulation
from kb.model.lineage import lineage
from kb.model.terms import Direction, RegulatoryState, Relation
from kb.questions.resolve import lexicon
from kb.records import Records

Value = dict[str, Any]

AGAINST = frozenset({Relation.CONTRAINDICATED_IN, Relation.PRECAUTION, Relation.INTERACTS_WITH})
_BARRED = frozenset({RegulatoryState.WITHDRAWN, RegulatoryState.PROHIBITED, RegulatoryState.UNAPPROVED})


def rules(base: Records) -> Value:
    """Everything the check knows, keyed by id: see the fields of `Precheck`."""
    return {
        "subjects": _subjects(base),
        "cautions": _cautions(base),
        "terms": _terms(base),
        "mixing": _mixing(base),
        "status": _status(base),
        "with_status": sorted(s.id for s in base.subjects.values() if s.regulatory),
        "noted": _noted(base),
        "exposures": _exposures(base),
        "contents": _contents(base),
        "looked_up": {
            s.id: {n.fact: {"why": n.why, "looked": list(n.looked)} for n in s.nothing_found}
            for s in base.subjects.values()
            if s.nothing_found
        },
        "products": _products(base),
        "maxima": [m.model_dump(mode="json") for m in base.formulary.maxima.values()],
        "studied": _studied(base),
        "known": {name: slug for name, slug in base.formulary.field.check.model_dump().items() if slug},
        "jurisdictions": {t.id: t.name for t in base.jurisdictions.values()},
        "places_within": {
            t.id: lineage(t.id, lambda place: base.jurisdictions[place].parents)[1:]
            for t in base.jurisdictions.values()
            if t.parents
        },
        "lexicon": lexicon(base),
    }


def _terms(base: Records) -> dict[str, Value]:
    """Conditions and substances: names, broader terms, and what means the same, both ways."""
    terms: dict[str, Value] = {}
    for kind, vocabulary in (("substance", base.substances), ("condition", base.conditions)):
        for t in vocabulary.values():
            held = terms.setdefault(t.id, {"name": t.name, "kinds": [], "parents": [], "same_as": [], "allergen": []})
            for key in ("left_by", "beside"):
                held[key] = [*held.get(key, ()), *getattr(t, key)]
            held["name"] = t.name
            held["kinds"].append(kind)
            for key in ("parents", "same_as", "allergen"):
                held[key] += [other for other in getattr(t, key) if other not in held[key]]
            held["group"] = t.group
            held["lasts"] = t.lasts.model_dump() if t.lasts else held.get("lasts")
            held["nothing_found"] = t.nothing_found or held.get("nothing_found")
    for slug in list(terms):
        for other in terms[slug]["same_as"]:
            if other in terms and slug not in terms[other]["same_as"]:
                terms[other]["same_as"].append(slug)
    return terms


def _subjects(base: Records) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for i in base.ingredients.values():
        found[i.id] = {"name": i.name, "kind": "ingredient", "parents": list(i.parents), "routes": []}
    for t in base.techniques.values():
        routes = [r.value for r in t.routes]
        found[t.id] = {"name": t.name, "kind": "technique", "parents": list(t.parents), "routes": routes}
    return found


def _cautions(base: Records) -> dict[str, list[Value]]:
    holders: list[tuple[str, list[Caution]]] = [(s.id, s.cautions) for s in base.subjects.values()]
    holders += [(p.id, p.cautions) for p in base.formulary.products.values()]
    return {holder: [_caution(base, c) for c in held] for holder, held in holders if held}


def _caution(base: Records, c: Caution) -> Value:
    return {
        "id": c.id,
        "trigger": c.trigger,
        "severity": c.severity.value,
        "act": c.act.value if c.act else None,
        "action": c.action,
        "continues": c.continues,
        "why": c.why,
        "basis": c.basis.value if c.basis else None,
        "sources_disagree": c.sources_disagree,
        "strength": c.strength,
        "routes": [r.value for r in c.routes],
        "sites": list(c.sites),
        "only_with": list(c.only_with),
        "products": list(c.products),
        "window_days": {"before": c.window.before_days, "after": c.window.after_days} if c.window else None,
        "evidence_for": list(c.evidence_for),
        "evidence_against": list(c.evidence_against),
        "references": references_of(base, c),
    }


def references_of(base: Records, caution: Caution) -> list[str]:
    """Keys a caution rests on: its own, then those of its findings for and against, each once."""
    findings = (
        base.findings[f].reference for f in (*caution.evidence_for, *caution.evidence_against) if f in base.findings
    )
    return list(dict.fromkeys([*caution.references, *findings]))


def _mixing(base: Records) -> dict[str, list[Value]]:
    return {
        i.id: [
            {
                "other": m.other,
                "compatibility": m.compatibility.value,
                "summary": m.summary,
                "references": list(m.references),
            }
            for m in i.mixing
        ]
        for i in base.ingredients.values()
        if i.mixing
    }


def _status(base: Records) -> dict[str, list[Value]]:
    """Withdrawn, prohibited and unapproved: holder to the regulators' words, gravest first."""
    held: list[tuple[str, Iterable[Regulation]]] = [(s.id, s.regulatory) for s in base.subjects.values()]
    held += [(p.id, p.regulatory) for p in base.formulary.products.values()]
    found: dict[str, list[Value]] = {}
    for holder, regulations in held:
        barred = [r for r in regulations if r.status in _BARRED]
        if barred:
            found[holder] = [
                {
                    "state": r.status.value,
                    "jurisdiction": r.jurisdiction,
                    "route": r.route.value,
                    "use": r.use,
                    "since": r.as_of,
                    "only_with": list(r.only_with),
                    "note": r.note,
                    "references": list(r.references),
                }
                for r in barred
            ]
    return found


def _noted(base: Records) -> dict[str, list[Value]]:
    """Findings against an object that is itself an ingredient or a technique: two parts of one plan."""
    found: dict[str, list[Value]] = {}
    for s in (*base.ingredients.values(), *base.techniques.values()):
        against = [
            f
            for f in s.findings
            if f.relation in AGAINST
            and f.direction is not Direction.REFUTES
            and (f.object in base.ingredients or f.object in base.techniques)
        ]
        if against:
            found[s.id] = [_finding(base, f) for f in against]
    return found


def _finding(base: Records, f: Finding) -> Value:
    return {
        "id": f.id,
        "object": f.object,
        "object_name": base.name(f.object),
        "reference": f.reference,
        "summary": f.summary,
    }


_OF_EXPOSURE = frozenset({Relation.CAUSES, *AGAINST})


def _exposures(base: Records) -> dict[str, list[Value]]:
    """What findings say against an exposure (tap water, an unapproved vial) that is neither a medicine nor a condition."""
    return {
        e.id: [
            _finding(base, f)
            for f in e.findings
            if f.relation in _OF_EXPOSURE and (f.direction is Direction.SUPPORTS or f.direction.divided)
        ]
        for e in base.exposures.values()
        if e.id not in base.conditions and e.id not in base.substances
    }


def _contents(base: Records) -> dict[str, list[Value]]:
    return {
        i.id: [
            {
                "what": c.what,
                "name": base.name(c.what),
                "presentation": c.presentation,
                "note": c.note,
                "references": list(c.references),
            }
            for c in i.contents
        ]
        for i in base.ingredients.values()
        if i.contents
    }


def _products(base: Records) -> dict[str, Value]:
    return {
        p.id: {
            "name": p.name,
            "maker": p.maker,
            "presentation": p.presentation,
            "published": p.composition_published,
            "technique": p.technique,
            "whole": p.whole,
            "routes": [r.value for r in p.routes],
            "synonyms": list(p.synonyms),
            "summary": p.summary,
            "legal": [legal.model_dump(mode="json", by_alias=True) for legal in p.legal],
            "regulatory": [
                {
                    "state": r.status.value,
                    "jurisdiction": r.jurisdiction,
                    "use": r.use,
                    "since": r.as_of,
                    "note": r.note,
                    "references": list(r.references),
                }
                for r in p.regulatory
            ],
            "parts": [
                {
                    "id": c.ingredient,
                    "name": base.name(c.ingredient) if c.ingredient else c.name,
                    "role": c.role.value,
                    "note": c.note,
                    "strength": c.strength.model_dump(mode="json", exclude_none=True) if c.strength else None,
                }
                for c in p.composition
            ],
            "references": list(p.references),
        }
        for p in base.formulary.products.values()
    }


def _studied(base: Records) -> dict[str, list[Value]]:
    """Ingredient to the amounts printed in its findings and protocols."""
    found: dict[str, list[Value]] = {}

    def add(ingredient: str, a: Amount, record: str, reference: str | None, route: str) -> None:
        if ingredient in base.ingredients:
            amount = {"value": a.value, "high": a.high, "unit": a.unit, "per": a.per.value if a.per else None}
            found.setdefault(ingredient, []).append(amount | {"record": record, "reference": reference, "route": route})

    for f in base.findings.values():
        for a in f.amounts:
            add(a.of or base.subject_of[f.id], a, f.id, f.reference, f.route.value)
    for p in base.protocols.values():
        for a in p.amounts:
            for ingredient in [a.of] if a.of else p.ingredients[:1]:
                add(ingredient, a, p.id, p.reference, p.route.value)
    return found


def caution_references(base: Records, caution_id: str) -> list[str]:
    """Keys the caution with this id rests on; see `references_of`."""
    return references_of(base, base.cautions[caution_id])
