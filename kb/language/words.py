"""The words that may stand in a field that points to other records: slugs, reference keys, ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kb.bibliography import short, vancouver
from kb.formulary import VOCABULARIES
from kb.formulary.links import FOUND_FOR, OBJECTS, SEARCHED
from kb.formulary.places import FileKind
from kb.formulary.yamltext import Path_
from kb.knowledge import KnowledgeBase
from kb.language.outline import Outline
from kb.language.spots import Spot
from kb.model import Exposure, LeftOut, Subject
from kb.model.terms import Relation

FINDINGS, CLAIMS, REFERENCES, PAGES = "findings", "claims", "references", "pages"
EVERYTHING = ("ingredients", "techniques", *VOCABULARIES)

_SOURCES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Ingredient", "parents"): ("ingredients",),
    ("Technique", "parents"): ("techniques",),
    ("Term", "same_as"): ("conditions", "substances"),
    ("Finding", "technique"): ("techniques",),
    ("Finding", "with"): ("ingredients", "techniques", "substances"),
    ("Assessment", "object"): ("indications", "adverse-effects"),
    ("Assessment", "technique"): ("techniques",),
    ("Assessment", "findings"): (FINDINGS,),
    ("Caution", "trigger"): ("conditions", "substances"),
    ("Caution", "evidence_for"): (FINDINGS,),
    ("Caution", "evidence_against"): (FINDINGS,),
    ("Mixing", "other"): ("ingredients", "substances"),
    ("Regulation", "jurisdiction"): ("jurisdictions",),
    ("Protocol", "technique"): ("techniques",),
    ("Protocol", "ingredients"): ("ingredients",),
    ("Protocol", "indication"): ("indications", "topics"),
    ("Protocol", "findings"): (FINDINGS,),
    ("Protocol", "page"): (PAGES,),
    ("Advice", "subjects"): SEARCHED,
    ("Advice", "object"): ("adverse-effects",),
    ("Change", "subjects"): SEARCHED,
    ("Change", "objects"): FOUND_FOR,
    ("Change", "jurisdiction"): ("jurisdictions",),
    ("Search", "subjects"): SEARCHED,
    ("Search", "objects"): FOUND_FOR,
    ("Search", "included"): (REFERENCES,),
    ("ReviewCount", "review"): (REFERENCES,),
    ("CountedTrial", "held"): (REFERENCES,),
    ("Claim", "subject"): EVERYTHING,
    ("Claim", "object"): EVERYTHING,
    ("Claim", "findings"): (FINDINGS,),
    ("Claim", "contradicts"): (CLAIMS,),
}
"""Record type and field to where its words come from; the same lists as in `kb.formulary.links`."""


@dataclass(frozen=True)
class Word:
    """A word with what a reader needs to choose it: a name on the line, an explanation beside it."""

    text: str
    detail: str = ""
    explained: str = ""
    first: bool = False


class Words:
    """All words of one state of the base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    def at(self, kind: FileKind, place: Spot, path: Path_, text: Outline) -> list[Word]:
        """What may stand at a spot that points elsewhere; empty when it holds free text or figures."""
        if place.owner is None:
            return []
        owner, name = place.owner.__name__, place.name
        record = path[:-1] if path and isinstance(path[-1], str) else path[:-2]
        if name in ("reference", "references") and place.owner is not LeftOut:
            return self._many((REFERENCES,))
        if name == "id" and issubclass(place.owner, Subject):
            described = self._named(kind.stem) if place.owner is Exposure else None
            return [described or Word(kind.stem, "the file's name")]
        if (owner, name) == ("Finding", "object"):
            said = text.value((*record, "relation"))
            relations = [r for r in Relation if r.value == said] or list(Relation)
            return self._many(tuple(dict.fromkeys(v for r in relations for v in OBJECTS[r])))
        if (owner, name) == ("Term", "parents"):
            return self._many((kind.stem,))
        if (owner, name) in self._used:
            return [Word(word, "used already") for word in sorted(self._used[owner, name])]
        words = self._many(_SOURCES.get((owner, name), ()))
        if FINDINGS in _SOURCES.get((owner, name), ()):
            own = {x.value for x in text.lines if x.path[:1] == ("findings",) and x.path[2:] == ("id",)}
            words = [Word(w.text, w.detail, w.explained, w.text in own) for w in words]
            words += [Word(x, "in this file, not saved yet", "", True) for x in own - {w.text for w in words}]
        return words

    def _many(self, names: Iterable[str]) -> list[Word]:
        return list({word.text: word for name in names for word in self._lists[name].values()}.values())

    def _named(self, slug: str) -> Word | None:
        return next((self._lists[v][slug] for v in EVERYTHING if slug in self._lists[v]), None)

    @cached_property
    def _lists(self) -> Mapping[str, Mapping[str, Word]]:
        formulary = self.base.formulary
        lists: dict[str, dict[str, Word]] = {}
        for name, terms in formulary.vocabularies.items():
            lists[name] = {
                slug: Word(slug, t.name, _told(t.name, t.definition, [*t.synonyms, *t.lay_terms, *t.brands], name))
                for slug, t in terms.items()
            }
        for name, subjects in (("ingredients", formulary.ingredients), ("techniques", formulary.techniques)):
            lists[name] = {
                slug: Word(slug, s.name, _told(s.name, s.summary, s.synonyms, name)) for slug, s in subjects.items()
            }
        lists[REFERENCES] = {key: Word(key, short(r), vancouver(r)) for key, r in self.base.references.items()}
        lists[PAGES] = {page.id: Word(page.id, page.title) for page in formulary.pages.values()}
        lists[CLAIMS] = {c.id: Word(c.id, c.says, c.says) for c in formulary.claims}
        lists[FINDINGS] = {
            f.id: Word(f.id, f"{s.name}: {f.relation.value} {f.object}", f.summary)
            for s in formulary.subjects
            for f in s.findings
        }
        return lists

    @cached_property
    def _used(self) -> Mapping[tuple[str, str], set[str]]:
        """Slugs of no vocabulary: what other records say there."""
        formulary = self.base.formulary
        findings = [f for s in formulary.subjects for f in s.findings]
        terms = [t for v in formulary.vocabularies.values() for t in v.values()]
        return {
            ("Outcome", "concept"): {o.concept for f in findings for o in f.outcomes if o.concept},
            ("Term", "group"): {t.group for t in terms if t.group},
            ("Claim", "topic"): {c.topic for c in formulary.claims},
            ("Claim", "relation"): {c.relation for c in formulary.claims},
        }


def _told(name: str, definition: str | None, others: list[str], where: str) -> str:
    parts = [f"**{name}** ({where})", definition or "", f"Also: {', '.join(others)}" if others else ""]
    return "\n\n".join(part for part in parts if part)
