"""The whole page of one thing as plain values: what `kb show --json` prints, views draw and the snapshot keeps.

Ingredients, techniques and exposures bring their own findings; indications, adverse effects, conditions and substances
bring what others say about them. Keys are the same for all, so that one page can show any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kb.appraisal import certainty
from kb.bibliography import to_entry
from kb.bibliography.cite import vancouver
from kb.formulary.content import review_state
from kb.formulary.write import plain
from kb.model import (
    SCHEMES,
    Assessment,
    Caution,
    Claim,
    Finding,
    Ingredient,
    Protocol,
    Reference,
    Subject,
    Term,
)
from kb.model.lineage import inherited as nearest
from kb.model.lineage import lineage
from kb.model.terms import ACTORS, FrequencyBand, Relation
from kb.questions.important import matters
from kb.questions.rules import caution_references
from kb.questions.shapes import (
    AssessmentValue,
    CautionValue,
    ClaimValue,
    FindingValue,
    HarmGroup,
    HarmValue,
    IdentifierLink,
    Identity,
    Json,
    MixingValue,
    NothingFound,
    Page,
    ReferenceValue,
    RegulationValue,
)
from kb.records import Records

if TYPE_CHECKING:
    from kb.questions.pooling import Pooled

HARM_GROUPS = {
    "local": "Local",
    "systemic": "Systemic",
    "infection": "Infection",
    "hair": "Hair",
    "pigment": "Pigment",
    "rare-serious": "Rare but serious",
}
_GROUP_OF = {"infection": "infection", "hair": "hair", "pigment": "pigment"}
_LOCAL = {"local-reaction", "vascular", "granulomatous", "fat", "scar"}
_BAND_ORDER = [b.value for b in FrequencyBand]


def monograph(base: Records, slug: str, pooled: Iterable[Pooled] = ()) -> Page:
    """The page of one thing; `pooled`: the pooled effects it has a part in. Raises KeyError for an unknown id."""
    lookup = base.lookup
    all_kinds = lookup.kinds.get(slug)
    if all_kinds is None:
        raise KeyError(slug)
    subject = base.subjects.get(slug)
    actor = all_kinds[0] in ACTORS
    own = list(subject.findings) if subject else []
    family = [slug] if actor else lookup.narrower(base, slug)
    about = [f for term in family for f in lookup.about[term] if base.subject_of[f.id] != slug]
    findings = own if actor else [*own, *about]
    assessments = list(subject.assessments) if subject else []
    if not actor:
        assessments += [a for term in family for a in lookup.assessments[term] if a not in assessments]
    cautions = list(subject.cautions) if subject else []
    page: Page = {
        **_identity(base, slug, all_kinds, subject),
        "regulatory": _regulatory(base, subject),
        "assessments": [assessment_value(base, a) for a in assessments],
        "pooled": [{**p.as_dict(), "matters": matters(base, p.kind, p.unit, p.low, p.high)} for p in pooled],
        "findings": [finding_value(base, f) for f in findings],
        "harms": _harms(base, findings),
        "cautions": [caution_value(base, c) for c in cautions],
        "inherited_cautions": [caution_value(base, c) for c in inherited(base, slug)] if actor else [],
        "triggers": [caution_value(base, c) for c in lookup.triggered[slug]],
        "nothing_found": _nothing_found(base, slug),
        "mixing": _mixing(base, slug),
        "protocols": [protocol_value(base, p) for p in lookup.protocols[slug]],
        "claims": [claim_value(base, c) for c in lookup.claims[slug]],
        "also_in": [
            {"finding": f.id, "subject": base.subject_of[f.id], "subject_name": base.name(base.subject_of[f.id])}
            for f in lookup.part_of[slug]
        ],
        "compared_with": [finding_value(base, f) for f in about if f.relation is Relation.COMPARED_WITH]
        if actor
        else [],
        "references": [],
    }
    page["references"] = [reference_value(base.references[k]) for k in _keys(page) if k in base.references]
    return page


def inherited(base: Records, slug: str) -> list[Caution]:
    """Cautions of the broader ingredients or techniques, the nearest first, as the pre-procedure check reads them.

    One is left out when another, nearer and as grave, speaks of the same trigger.
    """
    line = lineage(slug, lambda s: [p for p in getattr(base.subjects[s], "parents", ()) if p in base.subjects])
    broader = [c for holder in line[1:] for c in base.subjects[holder].cautions]
    return nearest(base.subjects[slug].cautions, broader, lambda c: (c.trigger, c.severity))


def _nothing_found(base: Records, slug: str) -> list[NothingFound]:
    """Facts that were looked for and of which nothing is recorded: of this subject, or of the term with any subject."""
    subject, term = base.subjects.get(slug), base.terms.get(slug)
    found: list[NothingFound] = [
        {"fact": n.fact, "fact_name": base.name(n.fact), "why": n.why, "references": list(n.looked)}
        for n in (subject.nothing_found if subject else ())
    ]
    if term is not None and term.nothing_found:
        found.append({"fact": None, "fact_name": None, "why": term.nothing_found, "references": []})
    return found


def _identity(base: Records, slug: str, all_kinds: list[str], subject: Subject | None) -> Identity:
    term = base.terms.get(slug)
    record = subject or term
    assert record is not None
    codes = _codes(base, slug, subject)
    synonyms = [
        *(subject.synonyms if subject else []),
        *(term.synonyms if term else []),
        *(term.lay_terms if term else []),
    ]
    parents = [*getattr(subject, "parents", []), *(term.parents if term else [])]
    mechanism = getattr(subject, "mechanism", None)
    role = getattr(subject, "role", None)
    profile = getattr(subject, "profile", None)
    return {
        "id": slug,
        "kind": all_kinds[0],
        "kinds": all_kinds,
        "name": base.name(slug),
        "synonyms": list(dict.fromkeys(s for s in synonyms if s != base.name(slug))),
        "brands": list(dict.fromkeys([*getattr(subject, "brands", []), *(term.brands if term else [])])),
        "ingredient_kind": subject.kind.value if isinstance(subject, Ingredient) else None,
        "identifiers": {
            # ATC gives one substance a code per use, so its value is a list even when there is one.
            scheme: list(found) if len(found) > 1 or scheme == "atc" else next(iter(found))
            for scheme, found in codes.items()
        },
        "identifier_links": _identifier_links(codes),
        "role": plain(role) if role else None,
        "summary": (subject.summary if subject else None) or (term.definition if term else None),
        "mechanism": plain(mechanism) if mechanism else None,
        "evidence_note": getattr(subject, "evidence_note", None),
        "profile": plain(profile) if profile else None,
        "parents": [{"id": p, "name": base.name(p)} for p in dict.fromkeys(parents)],
        "children": [{"id": c, "name": base.name(c)} for c in base.lookup.children[slug]],
        "group": term.group if term else None,
        "review": _review(subject) if subject else None,
        "place": str(record.place) if record.place else None,
    }


def _review(subject: Subject) -> dict[str, str]:
    """`last`, `by` and `due`, whether `by` names a person, and whether the page still says what was read then."""
    review = subject.review
    return {
        "last": str(review.last),
        "by": review.by,
        "due": str(review.due),
        "reviewer": "a person by name" if review.names_a_person else "no person named",
        "content": review_state(subject),
    }


def _codes(base: Records, slug: str, subject: Subject | None) -> dict[str, dict[str, bool]]:
    """Scheme to its codes, each with whether it is only approximate, from every record the slug stands for.

    Tranexamic acid is an ingredient and a medicine taken, a scar an indication and a harm; either may have its own code.
    """
    terms = [v[slug] for v in base.formulary.vocabularies.values() if slug in v]
    records: list[Subject | Term] = [subject, *terms] if subject else [*terms]
    found: dict[str, dict[str, bool]] = {scheme: {} for scheme in SCHEMES}
    for record in records:
        loose = getattr(record, "approximate", [])
        for scheme, code in record.identifiers:
            found[scheme][code] = found[scheme].get(code, True) and scheme in loose
    return {scheme: codes for scheme, codes in found.items() if codes}


def _identifier_links(codes: dict[str, dict[str, bool]]) -> list[IdentifierLink]:
    return [
        {
            "scheme": scheme,
            "caption": SCHEMES[scheme].caption,
            "code": code,
            "url": SCHEMES[scheme].link(code),
            "approximate": approximate,
        }
        for scheme, found in codes.items()
        for code, approximate in found.items()
    ]


def finding_value(base: Records, finding: Finding) -> FindingValue:
    """One finding, with the names a reader needs beside the slugs, and the design of its reference."""
    subject = base.subject_of[finding.id]
    reference = base.references.get(finding.reference)
    value: FindingValue = {
        "id": finding.id,
        "subject": subject,
        "subject_name": base.name(subject),
        "relation": finding.relation.value,
        "object": finding.object,
        "object_name": base.name(finding.object),
        "route": finding.route.value,
        "technique": finding.technique,
        "direction": finding.direction.value,
        "design": reference.design.value if reference else None,
        "n": finding.n,
        "summary": finding.summary,
        "reference": finding.reference,
        "with": [{"id": w, "name": base.name(w)} for w in finding.co_ingredients],
        "dose": finding.dose,
        "trial": finding.trial,
        "population": finding.population,
        "arms": [plain(a) for a in finding.arms],
        "comparator": finding.comparator,
        "sessions": finding.sessions,
        "interval_weeks": finding.interval_weeks,
        "follow_up_weeks": finding.follow_up_weeks,
        "outcomes": [plain(o) for o in finding.outcomes],
        "frequency": None,
        "basis": finding.basis.value,
        "seen_at": finding.seen_at,
        "limitations": finding.limitations,
        "risk_of_bias": finding.risk_of_bias.value,
        "doubt": finding.doubt,
        "place": str(finding.place) if finding.place else None,
    }
    if finding.frequency:
        value["frequency"] = plain(finding.frequency) | {
            "band": finding.frequency.band.value,
            "proportion": finding.frequency.proportion,
        }
    return value


def assessment_value(base: Records, assessment: Assessment) -> AssessmentValue:
    subject = base.subject_of[assessment.id]
    findings = [base.findings[f] for f in assessment.findings if f in base.findings]
    return {
        "id": assessment.id,
        "subject": subject,
        "subject_name": base.name(subject),
        "object": assessment.object,
        "object_name": base.name(assessment.object),
        "route": assessment.route.value,
        "technique": assessment.technique,
        "certainty": certainty(assessment).value,
        "starts": assessment.starts.value,
        "down": [plain(d) for d in assessment.down],
        "up": [plain(u) for u in assessment.up],
        "direction": assessment.direction.value,
        "in_short": assessment.in_short,
        "bottom_line": assessment.bottom_line,
        "would_change": assessment.would_change,
        "publication_bias": assessment.publication_bias,
        "findings": list(assessment.findings),
        "references": list(dict.fromkeys(f.reference for f in findings)),
        "place": str(assessment.place) if assessment.place else None,
    }


def caution_value(base: Records, caution: Caution) -> CautionValue:
    subject = base.subject_of[caution.id]
    return {
        "id": caution.id,
        "subject": subject,
        "subject_name": base.name(subject),
        "trigger": caution.trigger,
        "trigger_name": base.name(caution.trigger),
        "severity": caution.severity.value,
        "routes": [r.value for r in caution.routes],
        "act": caution.act.value if caution.act else None,
        "action": caution.action,
        "continues": caution.continues,
        "why": caution.why,
        "window_days": {"before": caution.window.before_days, "after": caution.window.after_days}
        if caution.window
        else None,
        "evidence_for": list(caution.evidence_for),
        "evidence_against": list(caution.evidence_against),
        "basis": caution.basis.value if caution.basis else None,
        "sources_disagree": caution.sources_disagree,
        "strength": caution.strength,
        "references": caution_references(base, caution.id),
        "place": str(caution.place) if caution.place else None,
    }


def protocol_value(base: Records, protocol: Protocol) -> Json:
    value: Json = dict.fromkeys(Protocol.model_fields) | plain(protocol)
    value["indication_name"] = base.name(protocol.indication)
    value["technique_name"] = base.name(protocol.technique) if protocol.technique else None
    value["ingredients"] = [{"id": i, "name": base.name(i)} for i in protocol.ingredients]
    value["findings"] = list(protocol.findings)
    return value


def claim_value(base: Records, claim: Claim) -> ClaimValue:
    page = base.lookup.page_of[claim.id]
    return {
        "id": claim.id,
        "page": page.id,
        "page_title": page.title,
        "says": claim.says,
        "topic": claim.topic,
        "subject": claim.subject,
        "subject_name": base.name(claim.subject),
        "relation": claim.relation,
        "object": claim.object,
        "object_name": base.name(claim.object) if claim.object else None,
        "verdict": claim.verdict.value,
        "why": claim.why,
        "findings": list(claim.findings),
        "references": list(claim.references),
        "contradicts": list(claim.contradicts),
    }


def reference_value(reference: Reference) -> ReferenceValue:
    return {
        "key": reference.key,
        "type": reference.type,
        "title": reference.title,
        "authors": [str(a) for a in reference.authors] + (["et al."] if reference.authors_cut else []),
        "people": [", ".join(p for p in (a.family, a.given) if p) for a in reference.authors],
        "journal": reference.journal,
        "publisher": reference.publisher,
        "year": reference.year,
        "volume": reference.volume,
        "issue": reference.issue,
        "pages": reference.pages,
        "doi": reference.doi,
        "pmid": reference.pmid,
        "pmcid": reference.pmcid,
        "url": reference.url,
        "design": reference.design.value,
        "citation": vancouver(reference),
        "bibtex": to_entry(reference),
        "links": [{"label": k, "url": v} for k, v in reference.links.items()],
        "seen_at": list(reference.seen_at),
        "verified_on": reference.verified_on.isoformat() if reference.verified_on else None,
        "notice": plain(reference.notice) if reference.notice else None,
    }


def _regulatory(base: Records, subject: Subject | None) -> list[RegulationValue]:
    return [
        {
            "jurisdiction": r.jurisdiction,
            "jurisdiction_name": base.name(r.jurisdiction),
            "status": r.status.value,
            "route": r.route.value,
            "use": r.use,
            "as_of": r.as_of,
            "references": list(r.references),
            "note": r.note,
        }
        for r in (subject.regulatory if subject else [])
    ]


def _mixing(base: Records, slug: str) -> list[MixingValue]:
    """Pairs told from either side."""
    return [
        {
            "other": other,
            "other_name": base.name(other),
            "compatibility": pair.compatibility.value,
            "summary": pair.summary,
            "references": list(pair.references),
            "tests": [t.model_dump(mode="json") for t in pair.tests],
        }
        for other, pair in base.lookup.mixing[slug]
    ]


def _harms(base: Records, findings: Iterable[Finding]) -> list[HarmGroup]:
    """Harms by group, the most frequent first; a serious one stands under *rare but serious* whatever its organ."""
    groups: dict[str, list[HarmValue]] = {g: [] for g in HARM_GROUPS}
    for finding in findings:
        if finding.relation is not Relation.CAUSES:
            continue
        term = base.adverse_effects.get(finding.object)
        group = term.group if term else None
        place = (
            "rare-serious"
            if term and term.serious
            else _GROUP_OF.get(group or "", "local" if group in _LOCAL else "systemic")
        )
        frequency = finding.frequency
        groups[place].append(
            {
                "object": finding.object,
                "object_name": base.name(finding.object),
                "band": (frequency.band if frequency else FrequencyBand.UNKNOWN).value,
                "events": frequency.events if frequency else None,
                "n": frequency.n if frequency else None,
                "percent": frequency.percent if frequency else None,
                "arm": frequency.arm if frequency else None,
                "direction": finding.direction.value,
                "route": finding.route.value,
                "subject": base.subject_of[finding.id],
                "subject_name": base.name(base.subject_of[finding.id]),
                "finding": finding.id,
                "summary": finding.summary,
                "reference": finding.reference,
            }
        )
    for items in groups.values():
        items.sort(key=lambda h: (_BAND_ORDER.index(h["band"]), h["object_name"], h["finding"]))
    return [{"group": g, "title": HARM_GROUPS[g], "items": items} for g, items in groups.items() if items]


def _keys(page: Page) -> list[str]:
    """Every reference key the page cites, in the order of first use."""
    keys: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                keys.append(value["reference"])
            if isinstance(value.get("references"), list):
                keys.extend(k for k in value["references"] if isinstance(k, str))
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(page)
    return list(dict.fromkeys(keys))
