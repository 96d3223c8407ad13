"""Do the records fit together? Ids that are unique, slugs that exist, references that are listed, trees without loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.formulary.read import Formulary
from kb.formulary.validate import nearest
from kb.model import Caution, Finding, Ingredient, Record, Regulation, Search, Subject, Technique, Term
from kb.model.terms import Relation
from kb.problems import Problem

OBJECTS: dict[Relation, tuple[str, ...]] = {
    Relation.TREATS: ("indications", "adverse-effects"),
    Relation.CAUSES: ("adverse-effects", "indications", "conditions"),
    Relation.COMPARED_WITH: ("ingredients", "techniques", "substances"),
    Relation.CONTRAINDICATED_IN: ("conditions", "adverse-effects", "techniques", "topics"),
    Relation.PRECAUTION: ("conditions", "adverse-effects", "substances", "techniques", "topics"),
    Relation.INTERACTS_WITH: ("substances", "ingredients", "topics"),
    Relation.INTERFERES_WITH_TEST: ("conditions",),
    Relation.MECHANISM: ("topics", "adverse-effects", "indications"),
    Relation.PHARMACOKINETICS: ("topics",),
    Relation.PROTOCOL: ("indications", "topics"),
    Relation.REGULATORY_STATUS: ("jurisdictions", "topics"),
}
"""Vocabularies from which the object of each relation comes."""

TRIGGERS = ("conditions", "substances", "ingredients", "techniques")
"""Where what raises a caution may stand: of the patient, of the syringe, or of how it is given."""

TAKEN = ("ingredients", "substances")
"""Where things that are given or taken stand."""

SEARCHED = ("ingredients", "techniques", "conditions", "substances")
"""What a search may be about; an exposure is named by its condition or substance."""

FOUND_FOR = ("indications", "adverse-effects", "conditions", "topics", "jurisdictions")
"""What a search may ask of it."""


def check(formulary: Formulary, references: Iterable[str]) -> list[Problem]:
    """Every broken link of the formulary, in file order; `references` are the keys of the bibliography."""
    return sorted(_Links(formulary, set(references)).problems())


class _Links:
    def __init__(self, formulary: Formulary, references: set[str]) -> None:
        self.formulary = formulary
        self.references = references
        self.slugs: dict[str, set[str]] = {name: set(terms) for name, terms in formulary.vocabularies.items()}
        self.slugs["ingredients"] = set(formulary.ingredients)
        self.slugs["techniques"] = set(formulary.techniques)
        self.everything = set().union(*self.slugs.values()) | set(formulary.exposures)
        self.claimed = tuple(self.slugs)
        self.slugs["products"] = set(formulary.products)
        self.known: dict[tuple[str, ...], set[str]] = {}
        self.findings: dict[str, Finding] = {}
        self.claims = {c.id for c in formulary.claims}
        self.held_back = set().union(*formulary.unread.values())
        """Ids in files of which something could not be read: that is the one thing to mend, and is told already."""

    def problems(self) -> Iterator[Problem]:
        yield from self.unique()
        yield from self.one_page_each()
        for subject in self.formulary.subjects:
            yield from self.subject(subject)
        for name in self.formulary.vocabularies:
            terms = self.formulary.vocabularies[name]
            for term in terms.values():
                yield from self.slugs_exist(term, "parents", term.parents, (name,))
                yield from self.slugs_exist(term, "same_as", term.same_as, ("conditions", "substances"))
                yield from self.slugs_exist(term, "allergen", term.allergen, TAKEN)
                yield from self.slugs_exist(term, "left_by", term.left_by, ("ingredients", "products", "techniques"))
                yield from self.slugs_exist(term, "beside", term.beside, ("conditions",))
            yield from _cycles(terms)
        yield from self.field()
        yield from self.products()
        yield from self.maxima()
        yield from _cycles(self.formulary.ingredients)
        yield from _cycles(self.formulary.techniques)
        for protocol in self.formulary.protocols.values():
            yield from self.slugs_exist(protocol, "technique", [protocol.technique], ("techniques",))
            yield from self.slugs_exist(protocol, "ingredients", protocol.ingredients, ("ingredients",))
            yield from self.slugs_exist(protocol, "indication", [protocol.indication], ("indications", "topics"))
            yield from self.cited(protocol, "reference", [protocol.reference])
            yield from self.findings_exist(protocol, "findings", protocol.findings)
            if protocol.page and protocol.page not in self.formulary.pages and protocol.page not in self.held_back:
                known = ", ".join(sorted(self.formulary.pages)) or "none yet"
                yield _problem(
                    protocol, "page", f"{protocol.page!r} is not a page of the claims ledger", f"pages are: {known}"
                )
        for claim in self.formulary.claims:
            yield from self.slugs_exist(claim, "subject", [claim.subject], self.claimed)
            yield from self.slugs_exist(claim, "object", [claim.object], self.claimed)
            yield from self.cited(claim, "references", claim.references)
            yield from self.findings_exist(claim, "findings", claim.findings)
            for other in claim.contradicts:
                if other not in self.claims and other not in self.held_back:
                    yield _problem(claim, "contradicts", f"no claim has the id {other!r}", _near(other, self.claims))
        for search in self.formulary.searches.values():
            yield from self.search(search)
        yield from self.aftercare()
        for correction in self.formulary.corrections.values():
            yield from self.cited(correction, "references", correction.references)

    def unique(self) -> Iterator[Problem]:
        """Ids of findings, assessments and cautions are unique in the whole base; so are claims."""
        for kind, records in (
            ("finding", [f for s in self.formulary.subjects for f in s.findings]),
            ("assessment", [a for s in self.formulary.subjects for a in s.assessments]),
            ("caution", [c for s in self.formulary.subjects for c in s.cautions] + self.formulary.product_cautions),
            ("claim", list(self.formulary.claims)),
        ):
            seen: dict[str, Record] = {}
            for record in records:
                record_id: str = getattr(record, "id")  # noqa: B009 - records in these lists all have one
                if record_id in seen:
                    cure = f"the {kind} at {seen[record_id].place} has it already; add a suffix such as -2"
                    yield _problem(record, "id", f"{record_id!r} stands twice", cure)
                seen[record_id] = record
                if isinstance(record, Finding):
                    self.findings.setdefault(record_id, record)

    def one_page_each(self) -> Iterator[Problem]:
        """What is a synonym or brand of one subject is no name of another, unless one is a kind of the other: else what is known
        of a substance, its cautions included, would be split over two pages.
        """
        called: dict[str, list[Subject]] = {}
        for subject in self.formulary.subjects:
            for name in (*subject.synonyms, *getattr(subject, "brands", [])):
                called.setdefault(name.strip().casefold(), []).append(subject)
        for subject in self.formulary.subjects:
            for other in called.get(subject.name.strip().casefold(), []):
                kin = (*getattr(subject, "parents", []), *getattr(other, "parents", []))
                if other.id != subject.id and subject.id not in kin and other.id not in kin:
                    cure = f"record it in {other.id} alone, or name {other.id} among its parents"
                    yield _problem(
                        subject, "name", f"{subject.name!r} is already a synonym or brand of {other.id}", cure
                    )

    def subject(self, subject: Subject) -> Iterator[Problem]:
        if isinstance(subject, Ingredient | Technique):
            kind = "ingredients" if isinstance(subject, Ingredient) else "techniques"
            yield from self.slugs_exist(subject, "parents", subject.parents, (kind,))
        if isinstance(subject, Ingredient) and subject.mechanism:
            yield from self.cited(subject, "mechanism.references", subject.mechanism.references)
        if subject.id in self.formulary.exposures:
            yield from self.slugs_exist(subject, "id", [subject.id], tuple(self.formulary.vocabularies))
        for finding in subject.findings:
            yield from self.cited(finding, "reference", [finding.reference])
            yield from self.slugs_exist(finding, "object", [finding.object], OBJECTS[finding.relation])
            yield from self.slugs_exist(finding, "technique", [finding.technique], ("techniques",))
            yield from self.slugs_exist(
                finding, "with", finding.co_ingredients, ("ingredients", "techniques", "substances")
            )
        own = {f.id for f in subject.findings}
        for assessment in subject.assessments:
            yield from self.slugs_exist(assessment, "object", [assessment.object], ("indications", "adverse-effects"))
            yield from self.slugs_exist(assessment, "technique", [assessment.technique], ("techniques",))
            yield from self.findings_exist(assessment, "findings", assessment.findings)
            if not (own | self.held_back) & set(assessment.findings):
                cure = "list at least one finding of this file"
                yield _problem(assessment, "findings", "rests on no finding of its own subject", cure)
        for caution in subject.cautions:
            yield from self.caution(caution)
            yield from self.findings_exist(caution, "evidence_for", caution.evidence_for)
            yield from self.findings_exist(caution, "evidence_against", caution.evidence_against)
            yield from self.cited(caution, "references", caution.references)
        for nothing in subject.nothing_found:
            yield from self.slugs_exist(subject, "nothing_found", [nothing.fact], ("conditions", "substances"))
        yield from self.regulatory(subject.regulatory)
        for content in getattr(subject, "contents", []):
            where = f"contents ({content.what})"
            yield from self.slugs_exist(subject, where, [content.what], TAKEN)
            yield from self.cited(subject, where, content.references)
        for pair in getattr(subject, "mixing", []):
            yield from self.slugs_exist(pair, "other", [pair.other], ("ingredients", "substances"))
            yield from self.cited(pair, "references", pair.references)
        profile = getattr(subject, "profile", None)
        for name in type(profile).model_fields if profile else ():
            trait = getattr(profile, name)
            if trait:
                yield from self.cited(subject, f"profile.{name}", trait.references)

    def caution(self, caution: Caution) -> Iterator[Problem]:
        """The words of a caution: what raises it, the sites and the ingredients it is about."""
        yield from self.slugs_exist(caution, "trigger", [caution.trigger], TRIGGERS)
        yield from self.slugs_exist(caution, "only_with", caution.only_with, TAKEN)
        yield from self.slugs_exist(caution, "products", caution.products, ("products",))
        yield from self.sites(caution, caution.sites)

    def sites(self, record: Record, sites: Iterable[str]) -> Iterator[Problem]:
        yield from self.slugs_exist(record, "sites", sites, ("conditions",))
        for site in sites:
            term = self.formulary.vocabularies["conditions"].get(site)
            if term is not None and term.group != "site":
                cure = "use a term of the group `site`, such as site-scalp"
                yield _problem(record, "sites", f"{site!r} is not a site", cure)

    def regulatory(self, rules: Iterable[Regulation]) -> Iterator[Problem]:
        for rule in rules:
            yield from self.slugs_exist(rule, "jurisdiction", [rule.jurisdiction], ("jurisdictions",))
            yield from self.slugs_exist(rule, "only_with", rule.only_with, TAKEN)
            yield from self.cited(rule, "references", rule.references)

    def known_to_the_check(self) -> Iterator[Problem]:
        """A term that a rule of the check needs, and that vanished, would silence the rule."""
        field, facts = self.formulary.field, ("conditions", "substances")
        for name, slug in field.check.model_dump().items():
            known = {"adrenaline": (*facts, "ingredients"), "by_needle": ("techniques",)}.get(name, facts)
            yield from self.slugs_exist(field, f"check.{name}", [slug], known)

    def practice(self) -> Iterator[Problem]:
        """What questions for learners name."""
        field = self.formulary.field
        facts = ("conditions", "substances")
        for name, known in (
            ("harms_of_the_needle", ("adverse-effects",)),
            ("vague_harms", ("adverse-effects",)),
            ("harms_of_one_substance", ("adverse-effects",)),
            ("women", facts),
            ("men", facts),
            ("no_note", facts),
            ("never_harmless", facts),
        ):
            yield from self.slugs_exist(field, f"practice.{name}", getattr(field.practice, name), known)
        for pair in field.practice.not_with:
            yield from self.slugs_exist(field, "practice.not_with", [pair.fact], facts)
            yield from self.slugs_exist(field, "practice.not_with", pair.subjects, ("ingredients", "techniques"))

    def field(self) -> Iterator[Problem]:
        """What the pages offer to begin with, and what is asked of every subject, must be there."""
        field, anything, facts = self.formulary.field, tuple(self.slugs), ("conditions", "substances")
        yield from self.slugs_exist(field, "usual_technique", [field.usual_technique], ("techniques",))
        for shelf in field.shelves:
            yield from self.slugs_exist(field, f"shelves ({shelf.id})", shelf.indications, ("indications",))
        for comparison in field.comparisons:
            where = f"comparisons ({comparison.title})"
            yield from self.slugs_exist(field, where, comparison.items, ("ingredients", "techniques"))
        yield from self.slugs_exist(field, "starts", field.starts, anything)
        for question in field.questions:
            yield from self.slugs_exist(field, "questions", [question.a, question.b], anything)
        for important in field.important_differences:
            yield from self.cited(field, f"important_differences ({important.name})", important.references)
        yield from self.known_to_the_check()
        yield from self.practice()
        asked = field.asked
        yield from self.slugs_exist(field, "asked", [*asked.techniques, *asked.drugs, *asked.studied], facts)
        for group in asked.classes:
            yield from self.slugs_exist(field, "asked.classes", [group.technique], ("techniques",))
            yield from self.slugs_exist(field, "asked.classes", group.facts, facts)

    def products(self) -> Iterator[Problem]:
        for product in self.formulary.products.values():
            parts = [c.ingredient for c in product.composition]
            yield from self.slugs_exist(product, "composition", parts, TAKEN)
            yield from self.slugs_exist(product, "technique", [product.technique], ("techniques",))
            yield from self.slugs_exist(product, "whole", [product.whole], ("ingredients",))
            yield from self.cited(product, "references", product.references)
            yield from self.regulatory(product.regulatory)
            for legal in product.legal:
                yield from self.slugs_exist(product, "legal", [legal.jurisdiction], ("jurisdictions",))
                yield from self.cited(product, "legal", legal.references)
            for caution in product.cautions:
                yield from self.caution(caution)
                yield from self.cited(caution, "references", caution.references)
            if product.id in self.everything:
                cure = "give the product an id of its own, e.g. with its maker"
                yield _problem(product, "id", f"{product.id!r} is the id of something else, too", cure)

    def maxima(self) -> Iterator[Problem]:
        for maximum in self.formulary.maxima.values():
            yield from self.slugs_exist(maximum, "of", [maximum.of], TAKEN)
            yield from self.slugs_exist(maximum, "counts_with", maximum.counts_with, TAKEN)
            yield from self.slugs_exist(maximum, "jurisdiction", [maximum.jurisdiction], ("jurisdictions",))
            yield from self.sites(maximum, maximum.sites)
            yield from self.cited(maximum, "references", maximum.references)
            if maximum.product is not None and maximum.product not in {*self.formulary.products, *self.held_back}:
                near = _near(maximum.product, set(self.formulary.products)) or "add it to formulary/products/"
                yield _problem(maximum, "product", f"no product has the id {maximum.product!r}", near)

    def search(self, search: Search) -> Iterator[Problem]:
        yield from self.slugs_exist(search, "subjects", search.subjects, SEARCHED)
        yield from self.slugs_exist(search, "objects", search.objects, FOUND_FOR)
        yield from self.cited(search, "included", search.included)
        for count in search.reviews_count:
            yield from self.cited(search, "reviews_count.review", [count.review])
            yield from self.cited(search, "reviews_count.trials.held", [t.held for t in count.trials])

    def aftercare(self) -> Iterator[Problem]:
        """Aftercare, emergencies and what changed in the world."""
        for advice in self.formulary.aftercare.values():
            yield from self.slugs_exist(advice, "subjects", advice.subjects, SEARCHED)
            yield from self.slugs_exist(advice, "object", [advice.object], ("adverse-effects",))
            for line in advice.lines:
                yield from self.cited(advice, "lines.references", line.references)
        for change in self.formulary.changes.values():
            yield from self.slugs_exist(change, "subjects", change.subjects, SEARCHED)
            yield from self.slugs_exist(change, "objects", change.objects, FOUND_FOR)
            yield from self.slugs_exist(change, "jurisdiction", [change.jurisdiction], ("jurisdictions",))
            yield from self.cited(change, "references", change.references)

    def slugs_exist(
        self, record: Record, field: str, slugs: Iterable[str | None], vocabularies: tuple[str, ...]
    ) -> Iterator[Problem]:
        known = self.known.get(vocabularies)
        if known is None:
            known = self.known[vocabularies] = set().union(*(self.slugs[v] for v in vocabularies))
        for slug in slugs:
            if slug is None or slug in known or slug in self.held_back:
                continue
            where = " or ".join(vocabularies) if len(vocabularies) < 5 else "any vocabulary"
            if slug in self.everything:
                holders = ", ".join(sorted(v for v, s in self.slugs.items() if slug in s)) or "exposures"
                yield _problem(
                    record,
                    field,
                    f"{slug!r} stands in {holders}, not in {where}",
                    f"add it to {where}, or use another word",
                )
            else:
                yield _problem(record, field, f"unknown slug {slug!r}", _near(slug, known) or f"add it to {where}")

    def cited(self, record: Record, field: str, keys: Iterable[str | None]) -> Iterator[Problem]:
        for key in keys:
            if key is not None and key not in self.references:
                cure = _near(key, self.references) or "add it with `kb cite add`"
                yield _problem(record, field, f"reference {key!r} is not in references.bib", cure)

    def findings_exist(self, record: Record, field: str, ids: Iterable[str]) -> Iterator[Problem]:
        for finding in ids:
            if finding not in self.findings and finding not in self.held_back:
                cure = _near(finding, set(self.findings)) or "remove it"
                yield _problem(record, field, f"no finding has the id {finding!r}", cure)


def _cycles(records: Mapping[str, Term] | Mapping[str, Subject]) -> Iterator[Problem]:
    """Broader-narrower trees that loop back on themselves, each loop told once."""
    parents = {slug: [p for p in getattr(record, "parents", []) if p in records] for slug, record in records.items()}
    sound: set[str] = set()
    for start in records:
        trail = [start]
        ways = [iter(parents[start])] if start not in sound else []
        while ways:
            slug = next(ways[-1], None)
            if slug is None:
                ways.pop()
                sound.add(trail.pop())
            elif slug in trail:
                loop = " -> ".join([*trail[trail.index(slug) :], slug])
                message = f"goes round in a circle: {loop}"
                yield _problem(records[slug], "parents", message, "remove one of these parents")
                sound.update(trail)
                break
            elif slug not in sound:
                trail.append(slug)
                ways.append(iter(parents[slug]))


def _near(word: str, known: set[str]) -> str:
    near = nearest(word, known)
    return f"did you mean {' or '.join(near)}?" if near else ""


def _problem(record: Record, field: str, message: str, cure: str) -> Problem:
    place = record.place
    record_id = getattr(record, "id", "")
    return Problem(
        place.file if place else "", place.line if place else 0, field, message, cure or "mend it", record_id
    )
