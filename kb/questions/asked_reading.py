"""What a search that is a question names and wants: things by their full names, wishes, routes and places.

Nothing is taken by likeness; a word that names nothing is kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kb.model.terms import Route
from kb.questions.plan import of_age
from kb.questions.precheck import Precheck
from kb.questions.resolve import Match
from kb.questions.search import fold
from kb.questions.shapes import Page

MOST_WORDS = 24
LONGEST_NAME = 8
"""Words of the longest name that is looked for as one."""

_WANTS = {
    "harms": (
        "side effects", "side effect", "adverse effects", "adverse effect", "adverse events", "harms", "harm", "risks", "risk",
        "complications", "complication", "safety", "safe", "dangers", "effets secondaires", "effets indesirables",
        "effetti collaterali", "efectos secundarios", "efeitos colaterais", "efeitos secundarios", "nebenwirkungen",
        "rischi", "riesgos", "riscos", "risiken", "risques",
    ),
    "dose": (
        "dose", "doses", "dosage", "dosing", "posology", "posologie", "dosis", "dosaggio", "dosierung", "how much", "how often",
        "how many sessions", "sessions", "session", "number of sessions", "interval", "frequency", "how frequently",
        "schedule", "regimen", "concentration", "maximum", "max", "how deep",
        "how many units", "units", "seances", "sedute", "sesiones", "sessoes", "sitzungen",
        "maximum dose", "max dose", "protocol", "protocols", "depth", "needle depth",
    ),
    "mix": ("mix", "mixed", "mixing", "same syringe", "in one syringe", "compatible", "compatibility", "together with"),
    "compare": (
        "vs", "v", "versus", "compared", "compared with", "compared to", "compare", "or", "better than", "against", "contra",
        "gegen",
    ),
    "care": (
        "aftercare", "after care", "afterwards", "what to do", "first aid", "emergency", "emergency treatment", "soins apres",
        "cuidados posteriores", "nachsorge", "erste hilfe",
    ),
    "contraindications": (
        "contraindications", "contraindication", "contraindicated", "cautions", "precautions", "who should not have", "when not to use",
        "contre indications", "contraindicaciones", "contraindicacoes", "controindicazioni", "kontraindikationen",
    ),
    "interactions": ("interactions", "interaction", "drug interactions", "drug interaction", "interacts with", "interact with"),
    "mechanism": ("mechanism", "mechanism of action", "mode of action", "how it works", "how does it work", "pharmacology"),
    "status": (
        "status", "regulatory status", "legal status", "approved", "approval", "legal", "banned", "withdrawn", "licence",
        "licensed", "allowed", "ban", "bans", "illegal", "prohibited", "forbidden",
    ),
}  # fmt: skip
"""What a question wants, by the words that say so, folded."""

_MEANING = frozenset(
    {"what is", "what are", "whats", "what's", "define", "definition", "definition of", "meaning", "meaning of"}
)
"""Words that ask what a thing is, where nothing else is asked."""

AFTER = "after"
"""Between a harm and what it came of."""

INJECTED = frozenset({Route.INTRADERMAL, Route.SUBCUTANEOUS, Route.INTRALESIONAL})
"""Routes that come first when none is asked for: this is a base on what is injected."""

_ROUTES: dict[frozenset[Route], tuple[str, ...]] = {
    INJECTED: (
        "inject",
        "injected",
        "injecting",
        "injection",
        "injections",
        "intradermal",
        "subcutaneous",
        "intralesional",
    ),
    frozenset({Route.ORAL}): (
        "oral",
        "orally",
        "by mouth",
        "tablet",
        "tablets",
        "pill",
        "pills",
        "capsule",
        "capsules",
    ),
    frozenset({Route.TOPICAL}): (
        "topical",
        "topically",
        "cream",
        "gel",
        "foam",
        "lotion",
        "serum",
        "shampoo",
        "on the skin",
    ),
    frozenset({Route.INTRAVENOUS}): ("intravenous", "intravenously", "iv", "drip", "infusion"),
    frozenset({Route.INTRAMUSCULAR}): ("intramuscular", "intramuscularly"),
}
"""Routes by the words that ask for them: what was studied by that route comes first."""

AGE = r"\b(\d{1,3})[\s-]*(?:(?:years?|yrs?)[\s-]*(?:olds?|of age)|y/?o)\b"
"""An age in a question, whatever the case of its letters: `16 years old`, `70-year-old`, `16yo`."""

AMOUNT = r"\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|µg|g|kg|ml)\b"
"""An amount in a question, whatever the case of its letters: the *mg* of `biotin 10 mg` is no myasthenia gravis."""

_SHORT_OF = ("acid", "toxin")
"""What is left out when a name is said short: tranexamic, botulinum."""

_SMALL = frozenset(
    {
        "a", "about", "after", "an", "and", "any", "are", "as", "at", "be", "been", "before", "best", "by", "can", "could", "de", "der",
        "die", "do", "does",
        "effective", "el", "evidence", "for", "from", "good", "has", "have", "help", "helps", "how", "i", "if", "in", "is", "it", "la",
        "le", "me", "my", "of", "on", "should", "tell", "that", "the", "there", "this", "to", "treat", "treatment", "und", "under", "use",
        "used", "using", "was", "we", "were", "what", "when", "which", "who", "will", "with", "work", "works", "would", "you", "your",
    }
)  # fmt: skip

_WANT = {phrase: want for want, phrases in _WANTS.items() for phrase in phrases}
_ROUTE = {phrase: routes for routes, phrases in _ROUTES.items() for phrase in phrases}
TARGETS = ("indication", "adverse-effect", "topic")
"""Kinds of terms that a finding is about; the others are what a patient brings along."""


@dataclass(frozen=True)
class Named:
    """A thing the question names, by the words it was named with."""

    id: str
    kind: str
    said: str


@dataclass(frozen=True)
class Reading:
    """What was understood of a question. `rest` are words that name nothing here."""

    subjects: list[Named] = field(default_factory=list)
    facts: list[Named] = field(default_factory=list)
    objects: list[Named] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    """Ids of products named by their trade name; what they hold stands among the subjects."""
    wants: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    meaning: list[str] = field(default_factory=list)
    """The words that asked what it is."""
    places: list[str] = field(default_factory=list)
    """Ids of jurisdictions."""
    rest: list[str] = field(default_factory=list)


class Pages(Protocol):
    """What answers are made from: a snapshot."""

    def monograph(self, slug: str) -> Page: ...
    def document(self, name: str) -> Any: ...
    @property
    def precheck(self) -> Precheck: ...
    @property
    def ids(self) -> frozenset[str]: ...


def grammar() -> dict[str, Any]:
    """The words that are read without any record, for a door that reads a question in another language of programs."""
    return {
        "wants": _WANT,
        "meaning": sorted(_MEANING),
        "routes": {phrase: sorted(routes) for phrase, routes in _ROUTE.items()},
        "injected": sorted(INJECTED),
        "short_of": list(_SHORT_OF),
        "small": sorted(_SMALL),
        "after": AFTER,
        "age": AGE,
        "amount": AMOUNT,
    }


def read(text: str, pages: Pages) -> Reading:
    """The names and wishes in a text, longest names first; a name counts only in full, so nothing is taken by likeness."""
    found, place = Reading(), 0
    words = _ages(text, found, pages).replace("?", " ").replace(",", " ").split()[:MOST_WORDS]
    while place < len(words):
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            said = " ".join(words[place : place + length])
            if _take(said, found, pages):
                place += length
                break
        else:
            if fold(words[place]) == AFTER:
                _harms_of(found)
            if fold(words[place]) not in _SMALL:
                found.rest.append(words[place])
            place += 1
    _of_its_own(found, pages)
    return found


def _of_its_own(found: Reading, pages: Pages) -> None:
    """A medicine that is an ingredient, too, is what the question is about where nothing else is: *Kenalog-40 dose*, *EpiPen*."""
    if found.subjects:
        return
    for named in found.facts:
        if named.kind == "substance" and pages.monograph(named.id)["kind"] == "ingredient":
            found.subjects.append(Named(named.id, "ingredient", named.said))
            found.facts.remove(named)
            return


def _ages(text: str, found: Reading, pages: Pages) -> str:
    """The text without the ages and amounts that stand in it; an age below or above the bounds that cautions name becomes a fact."""
    for age in re.finditer(AGE, text, re.IGNORECASE):
        term = of_age(int(age[1]), pages.precheck.known)
        if term in pages.ids:
            _add(Named(term, "condition", age[0]), found.facts)
    return re.sub(f"{AGE}|{AMOUNT}", " ", text, flags=re.IGNORECASE)


def _harms_of(found: Reading) -> None:
    """`infection after` is about a harm of what follows, and not about somebody who brings an infection along."""
    harms = {n.said for n in found.objects if n.kind == "adverse-effect"}
    if harms:
        found.facts[:] = [n for n in found.facts if n.said not in harms]
        found.wants.extend({"harms"} - set(found.wants))


def taken(name: str, pages: Pages) -> Reading:
    """What one name means."""
    found = Reading()
    _take(name, found, pages)
    return found


def _take(said: str, found: Reading, pages: Pages) -> bool:
    want = _WANT.get(fold(said))
    if want:
        if want not in found.wants:
            found.wants.append(want)
        return True
    if fold(said) in _MEANING:
        found.meaning.append(said)
        return True
    routes = _ROUTE.get(fold(said))
    if routes:
        found.routes.update(routes)
        return True
    bare = " ".join(w for w in said.split() if fold(w) not in _ROUTE)
    if bare != said and _only_substances(said, pages) and _is_ingredient(bare, pages):
        found.routes.update(*(_ROUTE.get(fold(w), ()) for w in said.split()))
        return _take(bare, found, pages)
    for role, into in (("ingredient", found.subjects), ("technique", found.subjects), ("condition", found.facts)):
        named = pages.precheck.resolver.find(said, role, slips=False)
        for product in (m for m in named if m.kind == "product"):
            if product.id not in found.products:
                found.products.append(product.id)
            for part in pages.precheck.products.get(product.id, {}).get("parts", ()):
                slug = part.get("id")
                if slug in pages.ids and part.get("role") != "excipient" and all(n.id != slug for n in found.subjects):
                    found.subjects.append(Named(slug, "ingredient", said))
            if any(n.said == said for n in found.subjects):
                return True
        matches = [m for m in named if m.id in pages.ids]
        if not matches:
            continue
        match = _with_page(matches, pages) if role == "ingredient" else matches[0]
        target = found.objects if match.kind in TARGETS else into
        if match.kind == "substance" and role == "ingredient":
            target = found.facts
        _add(Named(match.id, match.kind, said), target)
        if role == "condition":  # a word may be both what a patient brings along and what is treated or caused: keloid
            own = fold(said).replace(" ", "-")
            also = [m.id for m in pages.precheck.resolver.find(said, "target", slips=False)]
            for slug in (match.id, own, own.removesuffix("s"), *also):
                kinds = pages.monograph(slug)["kinds"] if slug in pages.ids else ()
                for kind in TARGETS:
                    if kind in kinds:
                        _add(Named(slug, kind, said), found.objects)
        return True
    places = pages.precheck.resolver.find(said, "jurisdiction", slips=False)
    found.places.extend(m.id for m in places if m.id not in found.places)
    if places or " " in said:
        return bool(places)
    return any(
        _is_ingredient(whole, pages) and _take(whole, found, pages) for whole in (f"{said} {w}" for w in _SHORT_OF)
    )


def _with_page(matches: Sequence[Match], pages: Pages) -> Match:
    """Of the medicines that one brand holds that which is an ingredient, too: dutasteride of *Jalyn*, lidocaine of *LMX*."""
    if any(m.kind != "substance" for m in matches):
        return matches[0]
    return next((m for m in matches if pages.monograph(m.id)["kind"] == "ingredient"), matches[0])


def _is_ingredient(said: str, pages: Pages) -> bool:
    return any(m.kind == "ingredient" for m in pages.precheck.resolver.find(said, "ingredient", slips=False))


def _only_substances(said: str, pages: Pages) -> bool:
    """Whether a name is that of a medicine a patient takes, and of nothing that is injected: topical minoxidil."""
    named = pages.precheck.resolver.find(said, "ingredient", slips=False)
    return bool(named) and all(m.kind == "substance" for m in named)


def kinds_of(slug: str, pages: Pages) -> Sequence[str]:
    kinds: Sequence[str] = pages.monograph(slug)["kinds"]
    return kinds


def _add(named: Named, into: list[Named]) -> None:
    if all(n.id != named.id for n in into):
        into.append(named)
