"""`KnowledgeBase`: the records, with the questions one can put to them hung on; `load` reads it from files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kb import bibliography, formulary
from kb.formulary import Formulary
from kb.migrate import directions
from kb.model import Finding, Reference, Subject
from kb.problems import BadData
from kb.records import Records

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from kb.questions.answer import Answer
    from kb.questions.pooling import Pooled
    from kb.questions.precheck import Precheck
    from kb.questions.search import Index
    from kb.questions.shapes import Connection, Page
    from kb.questions.ways import Network

S = TypeVar("S", bound=Subject)

# Questions are imported where they are asked: pandas, NetworkX and statsmodels take seconds nobody waits for to see a page.


class KnowledgeBase(Records):
    """Records of one checkout and what can be asked of them; each answer is worked out once, on first use."""

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        from kb.questions.graph import build

        return build(self)

    @cached_property
    def pooled(self) -> list[Pooled]:
        """Pooled effects of all comparable outcomes; see `kb.questions.pooling`."""
        from kb.questions.pooling import pool

        return pool(self)

    @cached_property
    def _pooled_of(self) -> dict[str, list[Pooled]]:
        """Subject or object to the pooled effects it has a part in."""
        found: dict[str, list[Pooled]] = {}
        for pooled in self.pooled:
            for slug in {pooled.subject, pooled.object}:
                found.setdefault(slug, []).append(pooled)
        return found

    @cached_property
    def _tables(self) -> Callable[[str], pd.DataFrame]:
        from kb.questions import tables

        return cache(partial(tables.build, self))

    def table(self, name: str) -> pd.DataFrame:
        """One table of the base, a row a record; `kb.questions.tables.NAMES` lists them. Raises KeyError for another name."""
        return self._tables(name)

    def monograph(self, slug: str) -> Page:
        """The whole page of one thing, as `kb show --json` prints it. Raises KeyError for an unknown id."""
        from kb.questions.page import monograph

        return monograph(self, slug, self._pooled_of.get(slug, ()))

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
        technique: str | Iterable[str] | None = None,
        conditions: Iterable[str] = (),
        substances: Iterable[str] = (),
        **more: Any,
    ) -> Answer:
        """The whole answer of the pre-procedure check (see `kb.questions.answer.Answer`); iterating gives its alerts, gravest first.

        Words may be ids, names, brands, lay words or phrases; those that are not understood stand in `unresolved` and were not checked.
        `more` is passed on to `kb.questions.precheck.Precheck.check`: allergic_to, done, coming, sites, years, kg, sex, amounts,
        jurisdictions.
        """
        return self._precheck.check(ingredients, technique, conditions, substances, **more)

    @cached_property
    def _precheck(self) -> Precheck:
        from kb.questions.precheck import Precheck

        return Precheck.of(self)

    def search(self, text: str, limit: int = 20) -> list[dict[str, Any]]:
        """Full-text and fuzzy search, best first: dictionaries with id, kind, name, score."""
        return [hit.as_dict() for hit in self._index.search(text, limit)]

    @cached_property
    def _index(self) -> Index:
        from kb.questions.search import Index

        return Index.of(self)

    def path(self, a: str, b: str) -> Connection:
        """Why two things are connected; see `kb.questions.ways.connect`. Raises KeyError for an unknown id."""
        from kb.questions.ways import GraphTeller, connect

        cautions = self._precheck.cautions
        return connect(self.network, GraphTeller(self.graph, cautions), a, b)

    @cached_property
    def network(self) -> Network:
        from kb.questions.ways import network

        kinds = {node: data["kind"] for node, data in self.graph.nodes(data=True)}
        return network(kinds, self.graph.edges(keys=True))


def load(root: str | Path = ".", *, strict: bool = True) -> KnowledgeBase:
    """Read the formulary and the bibliography under `root`.

    Raises BadData, with every problem at once, when anything is wrong; `strict=False` gives the base of what could be
    read, with `problems` filled, for authors at work on it.
    """
    root = Path(root)
    records, problems = formulary.read(root)
    references, more = bibliography.read(root / "references.bib", root)
    if records.mixed:
        directions.complete(records, references)
    keys = set(references) | (bibliography.keys_in(root / "references.bib") if more else set())
    problems = sorted([*problems, *more, *formulary.check(records, keys)])
    if strict and any(p.severity == "critical" for p in problems):
        raise BadData(problems)
    if problems:
        records = _cited(records, references)
    return KnowledgeBase(root, records, references, problems)


def _cited(records: Formulary, references: Mapping[str, Reference]) -> Formulary:
    """The records without findings whose reference is not there: they show nothing anyone could trust, and their problem has been told."""

    def kept(subjects: Mapping[str, S]) -> dict[str, S]:
        return {id_: _with(s, [f for f in s.findings if f.reference in references]) for id_, s in subjects.items()}

    ingredients, techniques, exposures = kept(records.ingredients), kept(records.techniques), kept(records.exposures)
    return dataclasses.replace(records, ingredients=ingredients, techniques=techniques, exposures=exposures)


def _with(subject: S, findings: list[Finding]) -> S:
    return subject if len(findings) == len(subject.findings) else subject.model_copy(update={"findings": findings})
