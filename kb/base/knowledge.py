"""`KnowledgeBase`: every record by id, and the questions one can put to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import bibliography, formulary
from kb.formulary import Formulary
from kb.model import (
    Assessment,
    Caution,
    Claim,
    Exposure,
    Finding,
    Ingredient,
    Maximum,
    Product,
    Protocol,
    Reference,
    Subject,
    Technique,
    Term,
)
from kb.problems import Problem

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from kb.appraisal.pooling import Pooled
    from kb.monograph import Lookup
    from kb.precheck import Alert, Precheck


class BadData(Exception):
    """The files hold errors that must be mended first; `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


@dataclass
class KnowledgeBase:
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
    def subject_of(self) -> Mapping[str, str]:
        """Id of a finding, an assessment or a caution to the id of the subject whose file it stands in."""
        owner: dict[str, str] = {}
        for subject in self.formulary.subjects:
            owner |= dict.fromkeys((f.id for f in subject.findings), subject.id)
            owner |= dict.fromkeys((a.id for a in subject.assessments), subject.id)
            owner |= dict.fromkeys((c.id for c in subject.cautions), subject.id)
        return owner

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        from kb.graph import build

        return build(self)

    @cached_property
    def lookup(self) -> Lookup:
        """Who speaks of what: see `kb.monograph.Lookup`."""
        from kb.monograph import Lookup

        return Lookup(self)

    @cached_property
    def pooled(self) -> list[Pooled]:
        """Pooled effects of all comparable outcomes; see `kb.appraisal.pooling`."""
        from kb.appraisal.pooling import pool

        return pool(self)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}

    def table(self, name: str) -> pd.DataFrame:
        """One table of the base, a row a record; `kb.base.tables.NAMES` lists them. Raises KeyError for another name."""
        from kb.base import tables

        if name not in self._tables:
            self._tables[name] = tables.build(self, name)
        return self._tables[name]

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

    def monograph(self, slug: str) -> dict[str, Any]:
        """The whole page of one thing, as `kb show --json` prints it. Raises KeyError for an unknown id."""
        from kb.monograph import monograph

        return monograph(self, slug)

    def evidence(
        self,
        subject: str | None = None,
        object: str | None = None,
        relation: str | None = None,
        route: str | None = None,
    ) -> pd.DataFrame:
        """Findings, one a row, that match everything given (columns as in the table `findings`)."""
        frame = self.table("findings")
        for column, wanted in (("subject", subject), ("object", object), ("relation", relation), ("route", route)):
            if wanted is not None:
                frame = frame[frame[column] == wanted]
        return frame.reset_index(drop=True)

    def precheck(
        self,
        ingredients: Iterable[str] = (),
        technique: str | None = None,
        conditions: Iterable[str] = (),
        substances: Iterable[str] = (),
    ) -> list[Alert]:
        """Alerts of the pre-procedure check, gravest first. Raises `kb.precheck.UnknownSlug` for words it does not know."""
        return self._precheck.check(ingredients, technique, conditions, substances).alerts

    @cached_property
    def _precheck(self) -> Precheck:
        from kb.precheck import Precheck

        return Precheck.of(self)

    def search(self, text: str, limit: int = 20) -> list[dict[str, Any]]:
        """Full-text and fuzzy search, best first: dictionaries with id, kind, name, score."""
        from kb.search import Index

        if "_index" not in self.__dict__:
            self.__dict__["_index"] = Index.of(self)
        return [hit.as_dict() for hit in self.__dict__["_index"].search(text, limit)]

    def path(self, a: str, b: str) -> dict[str, Any]:
        """How two things are connected, through findings to references; see `kb.paths.connect`."""
        from kb.paths import connect

        return connect(self.graph, a, b)


def load(root: str | Path = ".", *, strict: bool = True) -> KnowledgeBase:
    """Read the formulary and the bibliography under `root`.

    Raises BadData, with every problem at once, when anything is wrong; `strict=False` gives the base of what could be
    read, with `problems` filled, for authors at work on it.
    """
    root = Path(root)
    records, problems = formulary.read(root)
    references, more = bibliography.read(root / "references.bib", root)
    problems = sorted([*problems, *more, *formulary.check(records, references)])
    if strict and any(p.severity == "critical" for p in problems):
        raise BadData(problems)
    if problems:
        _drop_uncited(records, references)
    return KnowledgeBase(root, records, references, problems)


def _drop_uncited(records: Formulary, references: Mapping[str, Reference]) -> None:
    """A finding without its reference shows nothing anyone could trust; its problem has been told."""
    for subject in records.subjects:
        subject.findings = [f for f in subject.findings if f.reference in references]
