"""What questions are made from: the plain values of a snapshot, and who is related to whom.

A wrong answer must not be true as well. So this module also says what counts as related: a term's broader and narrower
terms and those said to mean the same; a subject's broader, narrower and sibling subjects; and whether the page of a
subject mentions a term at all, whatever it says about it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from kb.learning.mentions import Mentions
from kb.model.field import Practice
from kb.model.terms import ACTORS, conflicting
from kb.questions.search import fold

if TYPE_CHECKING:
    from kb.questions.precheck import Alert, Precheck
    from kb.questions.shapes import AssessmentValue, CatalogueRow, ClaimValue, FindingValue, Page, ReferenceValue
    from kb.snapshot import Snapshot

Value = Mapping[str, Any]

_SHORTEST_NAME = 4
_CLASS = " (class)"


class Facts:
    """The base as question makers see it. Reads every page of an ingredient or a technique once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.rows: dict[str, CatalogueRow] = {row["id"]: row for row in snapshot.document("catalogue")}
        self.groups = frozenset(shelf.get("group") or shelf["id"] for shelf in snapshot.field["shelves"])
        """Groups of indications; what belongs to none of them is *general*."""
        self.practice = Practice.model_validate(snapshot.field.get("practice", {}))
        self.not_with = {pair.fact: frozenset(pair.subjects) for pair in self.practice.not_with}
        self.claims: list[ClaimValue] = snapshot.document("claims")
        self.claim = {claim["id"]: claim for claim in self.claims}
        self.references: dict[str, ReferenceValue] = snapshot.document("references")
        # Asked for again and again, for every option of every question.
        self.related = cache(self._related)
        self.family = cache(self._family)
        self._mentioning = cache(self._pages_with)
        self.alerts = cache(self._alerts)
        self.pages: dict[str, Page] = {
            slug: snapshot.monograph(slug) for slug, row in self.rows.items() if row["kind"] in ACTORS
        }

    @property
    def precheck(self) -> Precheck:
        return self.snapshot.precheck

    def _alerts(self, subject: str, fact: str) -> list[Alert]:
        """What the pre-procedure check raises for one ingredient or technique in a patient with one fact."""
        if self.rows[subject]["kind"] == "ingredient":
            return self.precheck.alerts([subject], conditions=[fact])
        return self.precheck.alerts(technique=subject, conditions=[fact])

    @cached_property
    def findings(self) -> dict[str, FindingValue]:
        """Every finding by id: those of pages, and those of exposures, which stand on the pages of what they are about."""
        found: dict[str, FindingValue] = {f["id"]: f for page in self.pages.values() for f in page["findings"]}
        for slug, row in self.rows.items():
            if row["kind"] not in ACTORS and row["findings"]:
                found |= {f["id"]: f for f in self.snapshot.monograph(slug)["findings"] if f["id"] not in found}
        return found

    @cached_property
    def assessments(self) -> dict[str, AssessmentValue]:
        return {a["id"]: a for page in self.pages.values() for a in page["assessments"]}

    @cached_property
    def _about(self) -> dict[tuple[str, str], list[FindingValue]]:
        found: dict[tuple[str, str], list[FindingValue]] = defaultdict(list)
        for f in self.findings.values():
            found[f["subject"], f["object"]].append(f)
        return found

    def about(self, subject: str, object_: str) -> list[FindingValue]:
        """Every finding of a subject on one thing."""
        return self._about[subject, object_]

    @cached_property
    def verdicts(self) -> dict[str, set[str]]:
        """The words of a claim, folded, to every verdict a claim in these words has."""
        found: dict[str, set[str]] = defaultdict(set)
        for claim in self.claims:
            found[fold(claim["says"])].add(claim["verdict"])
        return found

    @cached_property
    def harms(self) -> dict[str, list[Value]]:
        """Subject to every finding of harm on it, also as one active of a mixture."""
        found: dict[str, list[Value]] = defaultdict(list)
        for f in self.findings.values():
            if f["relation"] == "causes":
                for slug in dict.fromkeys([f["subject"], *(w["id"] for w in f["with"])]):
                    found[slug].append(f)
        return found

    def name(self, slug: str) -> str:
        """What a thing is called in a sentence: that it is a class, a list has to say and a sentence need not."""
        row = self.rows.get(slug)
        return str(row["name"]).removesuffix(_CLASS) if row else slug.replace("-", " ")

    def is_class(self, slug: str) -> bool:
        return slug in self.rows and str(self.rows[slug]["name"]).endswith(_CLASS)

    # --- who is related to whom -------------------------------------------------------------------------------------

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = defaultdict(list)
        for slug, row in self.rows.items():
            for parent in row["parents"]:
                children[parent].append(slug)
        return children

    @cached_property
    def _same(self) -> dict[str, set[str]]:
        same: dict[str, set[str]] = defaultdict(set)
        for slug, term in self.precheck.terms.items():
            for other in term["same_as"]:
                same[slug].add(other)
                same[other].add(slug)
        return same

    def broader(self, slug: str) -> set[str]:
        """The thing, everything broader, and what means the same as any of them."""
        return self._reach(slug, lambda s: self.rows[s]["parents"] if s in self.rows else ())

    def narrower(self, slug: str) -> set[str]:
        """The thing, everything narrower, and what means the same as any of them."""
        return self._reach(slug, lambda s: self._children.get(s, ()))

    def _reach(self, slug: str, step: Any) -> set[str]:
        found, queue = {slug}, [slug]
        while queue:
            at = queue.pop()
            for other in (*step(at), *self._same.get(at, ())):
                if other not in found:
                    found.add(other)
                    queue.append(other)
        return found

    def _related(self, slug: str) -> frozenset[str]:
        """The thing with all that is broader, narrower or the same."""
        return frozenset(self.broader(slug) | self.narrower(slug))

    def _family(self, subject: str) -> frozenset[str]:
        """Subjects of which what is true of this one may be true: broader, narrower, and siblings under one parent."""
        line = self.broader(subject)
        siblings = {child for parent in line - {subject} for child in self._children.get(parent, ())}
        return frozenset((self.related(subject) | siblings) & self.pages.keys())

    # --- what a page speaks of --------------------------------------------------------------------------------------

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions({slug: fold(json.dumps(page, ensure_ascii=False)) for slug, page in self.pages.items()})

    def mentions(self, subject: str, term: str) -> bool:
        """Does the page of the subject speak of the term, by its id, its name or one of its other names?"""
        return subject in self._mentioning(term)

    def _pages_with(self, term: str) -> frozenset[str]:
        return frozenset[str]().union(*(self._mentions.of(name) for name in self._names_of(term)))

    def _names_of(self, term: str) -> list[str]:
        try:
            page = self.snapshot.monograph(term)
        except KeyError:
            return []
        names = [page["name"], page["name"].split(" (")[0], term.replace("-", " "), *page["synonyms"]]
        return list(dict.fromkeys(f for n in names if len(f := fold(n)) >= _SHORTEST_NAME))

    # --- fields, disputes, citations --------------------------------------------------------------------------------

    def field(self, *slugs: str | None) -> str:
        """The group of indications these things belong to: their own, or the one most findings of a subject are on."""
        for slug in slugs:
            row = self.rows.get(slug or "")
            if row and "indication" in row["kinds"] and row["group"] in self.groups:
                return str(row["group"])
        for slug in slugs:
            page = self.pages.get(slug or "")
            treated = [f["object"] for f in page["findings"] if f["relation"] == "treats"] if page else []
            groups = Counter(
                self.rows[o]["group"] for o in treated if o in self.rows and self.rows[o]["group"] in self.groups
            )
            if groups and (len(groups) == 1 or groups.most_common(1)[0][1] > sum(groups.values()) / 2):
                return str(groups.most_common(1)[0][0])
        return "general"

    @staticmethod
    def disputed(findings: Iterable[Mapping[str, Any]]) -> bool:
        """Do these findings point in different directions, or does one of them point neither way?"""
        return conflicting(f["direction"] for f in findings)

    def cite(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The keys that are in the bibliography, each once."""
        return tuple(k for k in dict.fromkeys(keys) if k in self.references)
