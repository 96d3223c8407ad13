"""The words by which the base's own things are found in a title or an abstract.

Names, synonyms, brands and lay terms of ingredients, techniques, indications, adverse effects, conditions and
substances. Which words count, and when, is decided here once:

- *plain* words count wherever they stand;
- *abbreviations* (PRP, TXA, HA) are compared with their capitals; up to three letters they need company in the
  record (see `mentions`);
- *ordinary* words that papers use for something else (papule, filler) need another name of the same thing beside them;
- *common* words that alone mean nothing (peptide, collagen, mineral) need a way into the skin or an indication of skin or
  hair beside them;
- the *field's own name* (mesotherapy, in any language) is enough by itself;
- one-word lay terms (pain, spots, cream) and words of three letters are left out: a paper says the term as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.model.product import ComponentRole
from kb.model.terms import CocktailRole, IngredientKind, Kind
from kb.records import kinds

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

SUBJECT_KINDS = (Kind.INGREDIENT.value, Kind.TECHNIQUE.value)
OBJECT_KINDS = (Kind.INDICATION.value, Kind.ADVERSE_EFFECT.value, Kind.CONDITION.value, Kind.SUBSTANCE.value)

ORDINARY = frozenset(
    {
        "age", "aged", "alcohol", "burning", "complication", "death", "egg", "exercise", "filler", "fish", "hypersensitivity",
        "intolerance", "irritation", "migration", "minor", "nursing", "papule", "period", "periods", "point by point", "shedding",
        "sport", "stress", "travel", "tumour",
    }
)  # fmt: skip
"""Words of the base (lower case) that papers of other fields use for other things."""

COMMON = frozenset(
    {
        "amino acid", "calcium", "carnitine", "cell", "coenzyme", "collagen", "copper", "cytokine", "dna",
        "elastin", "enzyme", "exosome", "extracellular vesicle", "gelatin", "glucose", "glutathione", "growth factor",
        "hormone", "insulin", "iron", "keratin", "laser", "lipid", "magnesium", "mineral", "nucleic acid", "nutrient",
        "oxygen", "ozone", "peptide", "plant extract", "potassium", "probiotic", "protein", "rna", "saline", "selenium",
        "silicon", "silicone", "sodium chloride", "stem cell", "trace element", "ultrasound", "vitamin", "vitamin a",
        "vitamin c", "vitamin d", "vitamin e", "water", "zinc", "caffeine", "iodine", "chromium", "manganese",
    }
)  # fmt: skip
"""Words of the base (as they are compared: lower case, singular) that stand in the papers of every field."""

OWN_NAMES = (
    "mesotherapy", "mesotherapies", "mesotherapeutic", "mésothérapie", "mesotherapie", "mesoterapia", "mesoterapi",
    "mezoterapia", "mezoterapi", "mezoterapija", "мезотерапия", "мезотерапии", "intradermotherapy", "intradermoterapia",
    "intradermoterapi", "microinfusão de medicamentos", "local intradermal therapy", "mesodermotherapy", "mesobotox",
    "mesolift", "mesoneedling", "biorevitalization", "biorevitalisation", "skin booster",
)  # fmt: skip
"""What the field calls itself; the same in the languages in which it publishes."""

OWN = "mesotherapy"
"""The technique that these names stand for."""

_SITE = "site-"
"""Beginning of the ids of places of the body, which are no matter of a study by themselves."""

_BROAD = re.compile(r"\((?:class|any|not specified|form not stated)\)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_PARTS = re.compile(r"[^\W_]+")


class Sure(StrEnum):
    """How much a word says on its own."""

    PLAIN = "plain"
    ABBREVIATION = "abbreviation"
    ORDINARY = "ordinary"
    COMMON = "common"
    OWN = "own"


@dataclass(frozen=True)
class Thing:
    """Something of the base that a paper may speak of.

    `broad` marks classes, vehicles and "any": they count in a title alone. `leading` marks principal ingredients and
    techniques, which the base is about; the rest accompanies them.
    """

    id: str
    kind: str
    name: str
    broad: bool = False
    leading: bool = False

    @property
    def is_subject(self) -> bool:
        return self.kind in SUBJECT_KINDS


@dataclass(frozen=True)
class Word:
    """A word or phrase and the ids of the things it stands for."""

    text: str
    things: tuple[str, ...]
    sure: Sure = Sure.PLAIN


def things(base: KnowledgeBase) -> dict[str, Thing]:
    """Id to thing, for everything that screening looks for; a slug of several kinds stands for its leading one."""
    found = {}
    for slug, all_kinds in kinds(base).items():
        if all_kinds[0] not in (*SUBJECT_KINDS, *OBJECT_KINDS) or slug.startswith(_SITE):
            continue
        ingredient = base.ingredients.get(slug)
        name = base.name(slug)
        found[slug] = Thing(
            slug,
            all_kinds[0],
            _BRACKETS.sub("", name),
            broad=bool(_BROAD.search(name)) or bool(ingredient and ingredient.kind is IngredientKind.VEHICLE),
            leading=slug in base.techniques or bool(ingredient and ingredient.role.value is CocktailRole.PRINCIPAL),
        )
    return found


def words(base: KnowledgeBase, known: Mapping[str, Thing]) -> list[Word]:
    """Every word that counts. One that names things of several kinds stands for those of the first kind alone.

    Kinds go before one another as ingredient, technique, indication, adverse effect, condition, substance: hair loss
    is what is treated before it is a harm.
    """
    order = {kind: place for place, kind in enumerate((*SUBJECT_KINDS, *OBJECT_KINDS))}
    meant: dict[tuple[str, Sure], list[str]] = {}
    for slug, thing in known.items():
        for text, lay in _names(base, slug):
            sure = _sure(text, lay)
            if sure is not None:
                meant.setdefault((text if sure is Sure.ABBREVIATION else text.lower(), sure), []).append(thing.id)
    for text, slugs in _products(base, known):
        if (sure := _sure(text, False)) is not None:
            meant.setdefault((text if sure is Sure.ABBREVIATION else text.lower(), sure), []).extend(slugs)
    found = []
    if OWN in known:
        meant = {pair: slugs for pair, slugs in meant.items() if pair[0] not in OWN_NAMES}
        meant.update({(name, Sure.OWN): [OWN] for name in OWN_NAMES})
    inside = _Inside({text: slugs for (text, sure), slugs in meant.items() if sure is Sure.PLAIN}, known)
    for (text, sure), slugs in meant.items():
        first = min(order[known[slug].kind] for slug in slugs)
        kept = {slug for slug in slugs if order[known[slug].kind] == first}
        if sure is Sure.PLAIN:
            kept |= inside.of(text, {known[slug] for slug in kept})
        found.append(Word(text, tuple(sorted(kept)), sure))
    return sorted(found, key=lambda word: (word.text, word.sure))


def _products(base: KnowledgeBase, known: Mapping[str, Thing]) -> Iterator[tuple[str, list[str]]]:
    """Names of each product, with its active ingredients: the principal ones, where it has any."""
    for product in base.products.values():
        held = [one.ingredient for one in product.composition if one.role is ComponentRole.ACTIVE]
        slugs = [slug for slug in held if slug is not None and slug in known and known[slug].is_subject]
        if chosen := [slug for slug in slugs if known[slug].leading] or slugs:
            yield from ((text, chosen) for text in (product.name, *product.synonyms))


class _Inside:
    """Names that stand within longer ones and are meant, too: topical minoxidil is a medicine taken, and minoxidil.

    So are principal subjects within the name of a substance, and indications within that of a class (cellulite treatments).
    """

    def __init__(self, meant: Mapping[str, list[str]], known: Mapping[str, Thing]) -> None:
        self._known = known
        self._meant = {tuple(_PARTS.findall(text)): slugs for text, slugs in meant.items()}

    def of(self, text: str, things: Collection[Thing]) -> set[str]:
        """Ids of what else is meant by a name of some things."""
        substance = all(thing.kind == Kind.SUBSTANCE.value for thing in things)
        if not substance and not all(thing.is_subject and thing.broad for thing in things):
            return set()
        parts = _PARTS.findall(text)
        pieces = [tuple(parts[begin:end]) for begin in range(len(parts)) for end in range(begin + 1, len(parts) + 1)]
        within = (self._known[slug] for piece in pieces for slug in self._meant.get(piece, ()))
        return {thing.id for thing in within if (_principal if substance else _indication)(thing)}


def _principal(thing: Thing) -> bool:
    return thing.is_subject and thing.leading and not thing.broad


def _indication(thing: Thing) -> bool:
    return thing.kind == Kind.INDICATION.value


def _names(base: KnowledgeBase, slug: str) -> list[tuple[str, bool]]:
    """Names of a thing, each with whether it is a lay term."""
    found = [(_BRACKETS.sub("", base.name(slug)), False)]
    subject = base.subjects.get(slug)
    if subject is not None:
        found += [(text, False) for text in (*subject.synonyms, *getattr(subject, "brands", ()))]
    for terms in base.formulary.vocabularies.values():
        if term := terms.get(slug):
            found += [(text, False) for text in (_BRACKETS.sub("", term.name), *term.synonyms, *term.brands)]
            found += [(text, True) for text in term.lay_terms]
    return found


def _sure(text: str, lay: bool) -> Sure | None:
    """How much a word says; None when it is left out."""
    parts = _PARTS.findall(text)
    if not parts:
        return None
    if len(parts) == 1:
        capitals = sum(letter.isupper() or letter.isdigit() for letter in text)
        if len(parts[0]) <= 5 and capitals >= 2 and any(letter.isupper() for letter in text):
            return Sure.ABBREVIATION
        if len(parts[0]) <= 3 or (lay and text[:1].islower()):
            return None
    joined = " ".join(parts).lower()
    if joined in ORDINARY:
        return Sure.ORDINARY
    return Sure.COMMON if joined in COMMON or joined.removesuffix("s") in COMMON else Sure.PLAIN
