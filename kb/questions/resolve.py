"""From a word to what it means: one table of names for every door of the pre-procedure check.

A word is looked up as an id, a name, a synonym, a brand or a lay word; then without its spelling habits; then with the slips of the
keyboard that `kb.questions.words.slip` allows. A word with two meanings gives both. Nothing is guessed beyond that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kb.questions.words import folded, key, skeleton, slip

if TYPE_CHECKING:
    from kb.records import Records


class Name(NamedTuple):
    """One name of one thing. `how` says what kind of name it is."""

    text: str
    id: str
    kind: str
    how: str


MEDICINES = frozenset({"ingredient", "substance", "product"})
MAKER = "maker"
"""Kind of a row that names who makes a product. A maker is never taken for one of its products."""
MOST_OF_A_MAKER = 6
HOWS = ("id", "name", "synonym", "brand", "lay word", "spelling", "typing error", "part of the name")

_GROUPS: dict[str, tuple[frozenset[str], ...]] = {
    "ingredient": (frozenset({"product", "ingredient"}), frozenset({"substance"})),
    "technique": (frozenset({"technique"}), frozenset({"product"}), frozenset({"ingredient"})),
    "condition": (
        frozenset({"condition", "substance"}),
        frozenset({"ingredient", "product"}),
        frozenset({"exposure"}),
        frozenset({"indication", "adverse-effect", "topic", "technique"}),
    ),
    "target": (frozenset({"indication", "adverse-effect", "topic"}),),
    "site": (frozenset({"site"}),),
    "jurisdiction": (frozenset({"jurisdiction"}),),
}
"""Role to the kinds a word may be of. The groups are looked through in order; the first that knows the word gives its meaning."""
_GROUPS["substance"] = _GROUPS["condition"]
_GROUPS["allergen"] = (frozenset({"substance", "ingredient"}), frozenset({"product"}), frozenset({"condition"}))
_GROUPS["allergy"] = (*_GROUPS["allergen"], *_GROUPS["condition"])  # what was said is no allergy after all

COMPLAINTS = frozenset({"indication", "adverse-effect", "topic", "technique"})
"""What a patient complains of, or was done to. Nothing but a caution on the disorder behind it is of use."""
_SHORTEST_SLIP = {"product": 8} | dict.fromkeys(COMPLAINTS, 7)
"""Letters before a word that differs counts: complaints are everyday words of six languages (veneer, ventre), and a short product's
name is a letter away from a medicine's (Ellansé, Elvanse)."""
_SHORTEST_PART = 6
_MOST_BY_PART = 3
_DISORDERS = (
    "itis", "osis", "emia", "ithmia", "ism", "pathi", "penia", "oma", "iasis", "filia", "plegia", "eczema", "keloid", "rosacea",
    "ectasia", "pnea", "uria", "algia", "derma", "gravis", "fibrilation", "tension", "pregnanci", "breastfeeding", "stroke", "ulcer",
    "cancer", "aneurism", "tumor", "infection", "hernia", "epilepsi", "seizure", "porfiria", "asthma",
)  # fmt: skip
"""How the names of disorders end, without spelling habits. Any other word of a name (`inflamed`, `control`) stands for no disorder."""


@dataclass(frozen=True)
class Match:
    """What a word was taken for."""

    id: str
    kind: str
    how: str
    name: str
    """The name it was found by, as it is written in the record."""


@dataclass
class Resolver:
    """The table of names, indexed for exact, habit-free and slip-tolerant look-up."""

    names: Sequence[Name]
    _exact: dict[str, list[Name]] = field(default_factory=dict, repr=False)
    _keyed: dict[str, list[Name]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in self.names:
            self._exact.setdefault(folded(name.text), []).append(name)
            plain = key(name.text)
            for form in _forms(plain):
                self._keyed.setdefault(form, []).append(name)

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> Resolver:
        return cls([Name(*row) for row in rows])

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {n.id: n.text for n in self.names if n.how == "name"}

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """First letter to the keys that begin with it: a typing error leaves the first letter."""
        found: dict[str, list[str]] = {}
        for form in self._keyed:
            if form:
                found.setdefault(form[0], []).append(form)
        return found

    @staticmethod
    def key(text: str) -> str:
        """What words are compared by when spelling habits are taken away."""
        return key(text)

    def title(self, id_: str) -> str:
        return self._titles.get(id_, id_)

    def find(self, text: str, role: str, slips: bool = True) -> list[Match]:
        """Everything `text` may mean in this role, by the most literal reading that finds anything; empty when it is unknown."""
        for look in (self._by_text, self._by_key, *([self._by_slip, self._by_part] if slips else [])):
            for group in _GROUPS[role]:
                found = look(text, group)
                if role == "ingredient" and look == self._by_slip:
                    found = [m for m in found if not self._medicine_alone(m)]
                if found:
                    return _once(found)
        return []

    def _medicine_alone(self, match: Match) -> bool:
        """Whether a slip led to the brand of a medicine that nobody puts into a syringe: a filler is called Olidia, glipizide Ozidia."""
        return match.kind == "substance" and (match.id, match.name) not in self._proper

    def _by_text(self, text: str, kinds: frozenset[str]) -> list[Match]:
        """An id means itself alone; any other name may belong to several."""
        slug = text.strip().casefold().replace(" ", "-")
        found = [n for n in self._exact.get(folded(text), ()) if n.kind in kinds]
        own = [n for n in found if n.id == slug]
        return [Match(n.id, n.kind, n.how if n.how != "id" else "id", n.text) for n in own or found]

    def _by_key(self, text: str, kinds: frozenset[str]) -> list[Match]:
        plain = key(text)
        for form in _forms(plain):
            found = [n for n in self._keyed.get(form, ()) if n.kind in kinds]
            if found:
                return [
                    Match(n.id, n.kind, n.how if n.how in ("brand", "lay word") else "spelling", n.text) for n in found
                ]
        return []

    def _by_slip(self, text: str, kinds: frozenset[str]) -> list[Match]:
        plain = key(text)
        near: dict[int, list[Name]] = {}
        if len(plain) >= 5:
            candidates = self._by_letter.get(plain[0], ())
            for form, _, _ in process.extract(plain, candidates, scorer=OSA.distance, score_cutoff=2, limit=None):
                for name in self._keyed[form]:
                    if name.kind in kinds:
                        slips = slip(plain, form, name.kind in MEDICINES)
                        coined = name.how == "brand" or name.kind == "product"
                        if len(plain) < _SHORTEST_SLIP.get(name.kind, 0):
                            continue
                        if slips is not None and not (coined and _another_brand(plain, form, slips)):
                            near.setdefault(slips, []).append(name)
        if not near:
            return []
        best = near[min(near)]
        if (
            len({n.id for n in best}) > 1
            and {n.kind for n in best} <= MEDICINES
            and len({key(n.text) for n in best}) > 1
        ):
            return []  # between two medicines nobody guesses
        return [Match(n.id, n.kind, "typing error", n.text) for n in best]

    def slipped(self, text: str, role: str) -> list[Match]:
        """What a word within a phrase is a slip for: the name of a medicine or a disorder, with a vowel or a doubled letter wrong.

        An ordinary word is too often a letter away from a brand or a lay word (letter, Leber), and a consonant from a disorder
        (injection, infection).
        """
        found = self._by_slip(text, _GROUPS[role][0])
        return _once(
            m for m in found if (m.id, m.name) in self._proper and skeleton(key(text)) == skeleton(key(m.name))
        )

    @cached_property
    def _proper(self) -> set[tuple[str, str]]:
        return {(n.id, n.text) for n in self.names if n.how in ("id", "name", "synonym")}

    @cached_property
    def _by_word(self) -> dict[str, list[Name]]:
        """A word of a condition's name to the conditions whose names hold it."""
        found: dict[str, list[Name]] = {}
        for name in self.names:
            if name.kind == "condition" and name.how == "name":
                for word in key(name.text).split():
                    if len(word) >= _SHORTEST_PART and word.endswith(_DISORDERS):
                        found.setdefault(word, []).append(name)
        return found

    def _by_part(self, text: str, kinds: frozenset[str]) -> list[Match]:
        """Conditions with this word in their names, when they are few: `arrhythmia` is a cardiac arrhythmia."""
        found = [n for n in self._by_word.get(key(text), ()) if n.kind in kinds]
        if len({n.id for n in found}) > _MOST_BY_PART:
            return []
        return [Match(n.id, n.kind, "part of the name", n.text) for n in found]

    def near(self, text: str, role: str, most: int = 3) -> list[str]:
        """Names to offer for an unknown word. Medicines are offered for a slip of the keyboard alone, never for looking alike.

        A maker is no product, and leads to those it makes.
        """
        if made := [self.title(n.id) for n in self._exact.get(folded(text), ()) if n.kind == MAKER]:
            return list(dict.fromkeys(made))[:MOST_OF_A_MAKER]
        plain = key(text)
        if len(plain) < 4:
            return []
        kinds = frozenset().union(*_GROUPS[role][:2])
        offered: dict[str, None] = {}
        for form, _, _ in process.extract(
            plain, self._by_letter.get(plain[0], ()), scorer=fuzz.ratio, score_cutoff=72, limit=12
        ):
            for name in self._keyed[form]:
                if name.kind not in kinds or (name.kind in MEDICINES and slip(plain, form, True) is None):
                    continue
                offered.setdefault(self.title(name.id))
        return list(offered)[:most]


def _another_brand(typed: str, known: str, slips: int) -> bool:
    """Whether two brands may be two: they are coined to differ by little (Kenzem, Kenzen), mostly at the end."""
    return slips > 1 or (len(typed) == len(known) and typed[-1] != known[-1])


def _forms(plain: str) -> list[str]:
    """A key, the key without spaces, and in any order of its words; not where one is a letter: a child is no cirrhosis of Child A."""
    words = plain.split()
    anyhow = [" ".join(sorted(words))] if all(len(w) > 1 for w in words) else []
    return list(dict.fromkeys([plain, plain.replace(" ", ""), *anyhow]))


def _once(matches: Iterable[Match]) -> list[Match]:
    """Each thing once, by its most literal name; a thing that is an ingredient and a medicine is one thing."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda m: HOWS.index(m.how)):
        best.setdefault(match.id, match)
    return list(best.values())


def grammar() -> dict[str, Any]:
    """The roles of words as values, for the same look-up in another language."""
    return {
        "groups": {role: [sorted(kinds) for kinds in groups] for role, groups in _GROUPS.items()},
        "hows": list(HOWS),
        "disorders": list(_DISORDERS),
        "most_of_a_maker": MOST_OF_A_MAKER,
    }


def lexicon(base: Records) -> list[list[str]]:
    """Rows of [text, id, kind, how] for everything that can be named, in a settled order."""
    rows: dict[tuple[str, str, str, str], None] = {}

    def add(record: Any, kind: str) -> None:
        rows.setdefault((record.id.replace("-", " "), record.id, kind, "id"))
        rows.setdefault((record.name, record.id, kind, "name"))
        for attribute, how in (("synonyms", "synonym"), ("brands", "brand"), ("lay_terms", "lay word")):
            for text in getattr(record, attribute, ()):
                rows.setdefault((text, record.id, kind, how))
        for _, text in lay.pairs() if (lay := getattr(record, "lay", None)) else ():
            rows.setdefault((text, record.id, kind, "lay word"))
        for shorter in _without_brackets(record.name):
            rows.setdefault((shorter, record.id, kind, "synonym"))

    formulary = base.formulary
    for product in formulary.products.values():
        add(product, "product")
        for maker in makers(product.maker or ""):
            rows.setdefault((maker, product.id, MAKER, MAKER))
    for ingredient in base.ingredients.values():
        add(ingredient, "ingredient")
    for technique in base.techniques.values():
        add(technique, "technique")
    for vocabulary, kind in _VOCABULARIES.items():
        for term in formulary.vocabularies[vocabulary].values():
            add(term, "site" if term.group == "site" else kind)
    for exposure in base.exposures.values():
        if exposure.id not in base.conditions and exposure.id not in base.substances:
            add(exposure, "exposure")
    return [list(row) for row in rows]


_VOCABULARIES = {
    "substances": "substance",
    "conditions": "condition",
    "indications": "indication",
    "adverse-effects": "adverse-effect",
    "topics": "topic",
    "jurisdictions": "jurisdiction",
}


def makers(name: str) -> list[str]:
    """`Teofarma (formerly Roche)` is found as Teofarma and as Roche, `IBSA Farmaceutici Italia` as IBSA."""
    head, _, inner = name.removesuffix(")").partition(" (")
    found = [head, inner.removeprefix("formerly ")]
    found += [first for first, *rest in (f.split() for f in found if f) if rest and first.isupper()]
    return [maker for maker in dict.fromkeys(found) if maker]


def _without_brackets(name: str) -> list[str]:
    """`Haemophilia (bleeding)` is also called `Haemophilia`, and `PRP` is what `Platelet-rich plasma (PRP)` is short for."""
    head, bracket, rest = name.partition(" (")
    if not bracket or not rest.endswith(")"):
        return []
    inner = rest.removesuffix(")")
    short = inner.replace("-", "").isalnum() and sum(c.isupper() or c.isdigit() for c in inner) * 2 >= len(inner)
    return [head, inner] if short else [head]
