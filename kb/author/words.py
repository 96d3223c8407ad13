"""The words a field may hold: search by name, synonym, lay term or slug, with the nearest when a word is misspelt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from kb.bibliography.cite import short
from kb.formulary import VOCABULARIES
from kb.formulary.links import OBJECTS
from kb.knowledge import KnowledgeBase
from kb.model.terms import Relation
from kb.questions.search import fold

BETWEEN = " — "
"""Between the name and the slug of a suggestion."""


@dataclass(frozen=True)
class Word:
    """A word of a vocabulary: its slug, its name, and other names it is found by."""

    slug: str
    name: str
    also: tuple[str, ...] = ()

    def label(self, matched: str = "") -> str:
        """`Androgenetic alopecia (pattern hair loss) — androgenetic-alopecia`"""
        if self.name == self.slug:
            return self.slug
        aka = f" ({matched})" if matched and matched not in (self.name, self.slug) else ""
        return f"{self.name}{aka}{BETWEEN}{self.slug}"


class Words:
    """The words of one base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self._made: dict[str, dict[str, Word]] = {}

    def vocabulary(self, name: str) -> dict[str, Word]:
        """Slug to word. Raises KeyError for a vocabulary there is not."""
        if name not in self._made:
            self._made[name] = {w.slug: w for w in self._vocabulary(name)}
        return self._made[name]

    def _vocabulary(self, name: str) -> Iterator[Word]:
        base = self.base
        if name in VOCABULARIES:
            for term in base.formulary.vocabularies[name].values():
                yield Word(term.id, term.name, (*term.synonyms, *term.lay_terms, *term.brands))
        elif name in {"ingredients", "techniques", "exposures"}:
            for subject in getattr(base.formulary, name).values():
                yield Word(subject.id, subject.name, (*subject.synonyms, *getattr(subject, "brands", ())))
        elif name == "references":
            for key, reference in base.references.items():
                author = f"{short(reference)}: " if short(reference) != key else ""
                yield Word(
                    key,
                    f"{author}{reference.title}"[:110],
                    tuple(filter(None, (reference.doi, reference.pmid))),
                )
        elif name == "findings":
            for finding in base.findings.values():
                about = f"{base.name(base.subject_of[finding.id])} {finding.relation.value} {base.name(finding.object)}"
                yield Word(finding.id, f"{about}, {finding.route.value}: {finding.direction.value}")
        elif name == "claims":
            for claim in base.claims.values():
                yield Word(claim.id, claim.says[:110])
        elif name == "everything":
            for part in ("ingredients", "techniques", *VOCABULARIES):
                yield from self.vocabulary(part).values()
        elif name == "concepts":
            concepts = {o.concept for f in base.findings.values() for o in f.outcomes if o.concept}
            yield from (Word(c, c) for c in sorted(concepts))
        elif name == "units":
            counted = Counter(o.unit for f in base.findings.values() for o in f.outcomes if o.unit)
            yield from (Word(unit, unit) for unit, _ in counted.most_common())
        elif name in {"claim-relations", "claim-topics"}:
            field = name.removeprefix("claim-").removesuffix("s")
            yield from (Word(w, w) for w in sorted({str(getattr(c, field)) for c in base.claims.values()}))
        else:
            raise KeyError(name)

    def all(self, names: Iterable[str], relation: str = "") -> dict[str, Word]:
        """The words of several vocabularies; `relation` stands for those its objects come from."""
        found: dict[str, Word] = {}
        for name in names:
            if name == "relation":
                known = relation in {r.value for r in Relation}
                places = OBJECTS[Relation(relation)] if known else ("indications", "adverse-effects")
                found |= self.all(places)
            else:
                found |= self.vocabulary(name)
        return found

    def exact(self, names: tuple[str, ...], text: str, relation: str = "") -> str:
        """The slug of the one word that bears this name, synonym, lay term or brand; empty when none or several do."""
        query = fold(text.replace("-", " "))
        found = {
            w.slug
            for w in self.all(names, relation).values()
            if w.name != w.slug and query in {fold(n.replace("-", " ")) for n in (w.name, *w.also)}
        }
        return found.pop() if query and len(found) == 1 else ""

    @cached_property
    def _folded(self) -> dict[tuple[str, ...], tuple[list[str], list[tuple[Word, str]]]]:
        return {}

    def search(self, names: tuple[str, ...], text: str, relation: str = "", limit: int = 12) -> list[tuple[Word, str]]:
        """The best words for what was typed, each with the name it was found by; all of them for nothing typed."""
        key = (*names, relation)
        if key not in self._folded:
            rows = [(w, n) for w in self.all(names, relation).values() for n in (w.name, w.slug, *w.also)]
            self._folded[key] = [fold(n.replace("-", " ")) for _, n in rows], rows
        folded, rows = self._folded[key]
        query = fold(slug_of(text).replace("-", " "))
        if not query:
            return [(w, w.name) for w in list(dict.fromkeys(w for w, _ in rows))[:limit]]
        scored: dict[str, tuple[float, Word, str]] = {}

        def offer(place: int, score: float) -> None:
            word, name = rows[place]
            if word.slug not in scored or scored[word.slug][0] < score:
                scored[word.slug] = (score, word, name)

        for place, name in enumerate(folded):
            if query == name:
                offer(place, 200)
            elif name.startswith(query):
                offer(place, 150 + len(query) / len(name))
            elif query in name:
                offer(place, 120 + len(query) / len(name))
            elif " " in query and all(part in name for part in query.split()):
                offer(place, 110)
        if len(query) >= 3:
            for _, score, place in process.extract(query, folded, scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=72):
                offer(place, score)
        best = sorted(scored.values(), key=lambda item: (-item[0], item[1].name))[:limit]
        return [(word, name) for _, word, name in best]


class NoWords(Words):
    """What stands in until the files are read: nothing is suggested, and what is typed stays as it is."""

    def __init__(self) -> None:
        self._made = {}

    def vocabulary(self, name: str) -> dict[str, Word]:
        """No words."""
        return {}


def slug_of(typed: str) -> str:
    """The slug behind a chosen suggestion, or what was typed."""
    return typed.rpartition(BETWEEN)[2].strip() if BETWEEN in typed else typed.strip()
