"""The plan as it was typed, read word by word: the syringe, the technique, the patient, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kb.model.terms import ACTORS
from kb.questions import phrases
from kb.questions.answer import Given, Meaning, NotCounted, Unresolved
from kb.questions.phrases import Phrase
from kb.questions.resolve import COMPLAINTS, MEDICINES, Match, Resolver

if TYPE_CHECKING:
    from kb.questions.rulebook import Rulebook

CHILD_BELOW, OLDER_FROM, VERY_OLD_FROM = 18, 65, 75
"""Years. Labels set the age of a child between 12 and 18; the cautions name theirs."""


def of_age(years: float, known: Mapping[str, str]) -> str | None:
    """The term for somebody of this age, where cautions name one; `known`: terms by what they are (`Rulebook.known`)."""
    if years < CHILD_BELOW:
        return known.get("child")
    if years >= VERY_OLD_FROM and "very_old_adult" in known:
        return known["very_old_adult"]
    return known.get("older_adult") if years >= OLDER_FROM else None


INR_PUT_OFF = 3.0
"""Above it the cautions on vitamin K antagonists have the session put off."""

MEDICINE_GONE = 365
"""Days after which a medicine that was stopped is past, where its term does not say otherwise."""

_IN_A_MAN = (("trying_to_conceive", "partner_trying_to_conceive"), ("breast_cancer", "breast_cancer_of_a_man"))
_LONGEST_SPAN = 5
_HOW = ACTORS
"""Lines in which a part of the body says where the session is."""
_SHORTEST_SLIP_WITHIN = 6
"""Letters of a word within a phrase before a slip of the keyboard is looked for in it."""
NEGATIONS = frozenset(
    {
        "no", "not", "never", "without", "denies", "denied", "family", "mother", "father", "sister", "brother", "non", "husband",
        "wife", "daughter", "son", "boyfriend", "girlfriend", "aunt", "uncle", "cousin", "friend", "grandmother", "grandfather",
    }
)  # fmt: skip


def way_in(words: Sequence[str], resolver: Resolver) -> list[Match]:
    """The technique that words name, all of them or the last ones: `TCA peel`, `vampire facial`."""
    for start in range(len(words)):
        found = resolver.find(" ".join(words[start:]), "technique", slips=False)
        if ways := [m for m in found if m.kind == "technique"]:
            return ways
    return []


@dataclass(frozen=True)
class Item:
    """One thing in the syringe: an ingredient, or a medicine that has no monograph."""

    id: str
    said: str
    product: str | None = None
    role: str = "active"
    strength: Mapping[str, Any] | None = None
    """As the product's composition declares it: {value, unit, per}."""
    amounts: tuple[str, ...] = ()
    """What was typed with it: `2 %`, `5 mL`."""
    brand: str | None = None
    """The brand it was named by, when that brand has no record as a product."""
    routes: tuple[str, ...] = ()
    """Where its form goes: topical for a cream, oral for a tablet; empty: wherever the technique puts it."""


@dataclass(frozen=True)
class Fact:
    """One thing the patient has, takes, did or will do."""

    id: str
    said: str
    days_ago: float | None = None
    days_ahead: float | None = None


@dataclass
class Plan:
    """What was understood and what was not."""

    syringe: list[Item] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    allergies: dict[str, str] = field(default_factory=dict)
    """What the patient is allergic to, to what was typed."""
    left: set[str] = field(default_factory=set)
    """What was typed of treatments that left a condition behind."""
    sites: list[str] = field(default_factory=list)
    exposures: list[str] = field(default_factory=list)
    years: float | None = None
    kg: float | None = None
    sex: str | None = None
    given: list[Given] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    not_counted: list[NotCounted] = field(default_factory=list)

    @property
    def ingredients(self) -> list[str]:
        return list(dict.fromkeys(item.id for item in self.syringe))

    def meet(self, a: str, b: str) -> bool:
        """Whether two ingredients come together in this plan: not when the maker put both into one product."""
        return any(
            x.product is None or x.product != y.product
            for x in self.syringe
            if x.id == a
            for y in self.syringe
            if y.id == b
        )

    @property
    def subjects(self) -> list[str]:
        return [*self.ingredients, *self.tools, *self.products]


@dataclass(frozen=True)
class _Reading:
    phrase: Phrase
    matches: list[Match]
    left: tuple[str, ...] = ()
    """Words of the phrase that were not understood."""
    places: tuple[str, ...] = ()
    """Words that say where on the body it is."""


class Reader:
    """Fills a plan from words."""

    def __init__(self, check: Rulebook) -> None:
        self.check = check
        self.resolver = check.resolver
        self.plan = Plan()
        self._prepared_as: list[str] = []
        """Names of what is in the syringe, as they were typed; an id says nothing of how it is given."""
        self._ways: list[tuple[str, Match]] = []
        """Techniques that stood beside an ingredient in its line: `PRP microneedling`."""

    def ingredients(self, words: Iterable[str]) -> None:
        """What is in the syringe; a technique that was written there (`microneedling`, `plasma pen`) is how it is given."""
        named = list(words)
        ways = [word for word in named if self._only_a_way(word.strip())]
        self.techniques(ways)
        lines = [w for w in named if w not in ways]
        for said, reading in self._read(lines, "ingredient"):
            if not reading.phrase.counted:
                self.plan.not_counted.append(NotCounted(said, "ingredient", reading.phrase.why_not))
                continue
            self._told(said, "ingredient", reading)
            for match in reading.matches:
                if match.kind != "site":
                    self._into_syringe(match, said, reading.phrase.strengths)
                elif match.id not in self.plan.sites:  # `Radiesse in the lips`
                    self.plan.sites.append(match.id)
            if any(m.how != "id" and m.kind != "site" for m in reading.matches) and said not in self._prepared_as:
                self._prepared_as.append(said)
        for said in lines:
            self._somewhere(said.strip(), "ingredient")

    def _only_a_way(self, said: str) -> bool:
        found = self.resolver.find(said, "technique", slips=False) if said else []
        return any(m.kind == "technique" for m in found) and not self.resolver.find(said, "ingredient", slips=False)

    def _into_syringe(self, match: Match, said: str, amounts: tuple[str, ...]) -> None:
        if match.kind != "product":
            brand = match.name if match.how == "brand" else None
            routes = phrases.routes(said)
            self.plan.syringe.append(Item(match.id, said, amounts=amounts, brand=brand, routes=routes))
            return
        product = self.check.products[match.id]
        self.plan.products.append(match.id)
        routes = tuple(product["routes"])
        whole = product["whole"]
        if whole:
            self.plan.syringe.append(Item(whole, said, match.id, amounts=amounts, routes=routes))
        for part in product["parts"]:
            # An excipient that is a medicine elsewhere (albumin, lactose) counts for allergies only, which read the parts.
            counted = part["role"] == "active" and not whole
            if part["id"] and (counted or (part["role"] == "excipient" and part["id"] in self.check.subjects)):
                item = Item(part["id"], said, match.id, part["role"], part["strength"], amounts, routes=routes)
                self.plan.syringe.append(item)
        if product["technique"] and product["technique"] not in self.plan.tools:
            self.plan.tools.append(product["technique"])

    def techniques(self, words: Iterable[str]) -> None:
        lines = [w for w in words if not self._only_a_route(w.strip())]
        for said, reading in self._read(lines, "technique"):
            self._told(said, "technique", reading)
            for match in reading.matches:
                if match.kind in MEDICINES:  # `Lemon Bottle`, `ozone therapy`: what is given says how
                    self._into_syringe(match, said, ())
                elif match.kind == "site":
                    self.plan.sites += [match.id] if match.id not in self.plan.sites else []
                elif match.id not in self.plan.tools:
                    self.plan.tools.append(match.id)
        for said in lines:
            self._somewhere(said.strip(), "technique")

    def _only_a_route(self, said: str) -> bool:
        """Whether a line says nothing but how all that is given goes in (`oral`, `IV drip`); it is taken note of then."""
        routes = phrases.way(said)
        needle = self.check.known.get("by_needle") if phrases.needled(said) else None
        if not (routes or needle) or self.resolver.find(said, "technique", slips=False):
            return False
        means, note = [], f"Taken as how it is given: {' or '.join(routes)}."
        if needle:
            self.plan.tools += [needle] if needle not in self.plan.tools else []
            means, note = (
                [Meaning(needle, self.check.name(needle), "technique")],
                "Counted as a procedure with a needle.",
            )
        self.plan.syringe = [replace(item, routes=item.routes or routes) for item in self.plan.syringe]
        self.plan.given.append(Given(said, "technique", means, "phrase", [note]))
        return True

    def _somewhere(self, said: str, role: str) -> None:
        """The places of the body that a line names, whatever else it says: `cosmetic injection into the lips`."""
        words = [w for w in (w.strip(".,;:()") for w in said.split()) if w]
        for reading in self._cover(words, Phrase(said, said), "site", role, slips=False)[0]:
            if new := [m for m in reading.matches if m.id not in self.plan.sites]:
                self.plan.sites += [m.id for m in new]
                self._told(said, role, replace(reading, matches=new))

    def sites(self, words: Iterable[str]) -> None:
        for said, reading in self._read(words, "site"):
            self._told(said, "site", reading)
            self.plan.sites += [m.id for m in reading.matches if m.id not in self.plan.sites]

    def facts(self, words: Iterable[str], role: str) -> None:
        """Conditions, medicines, what was done lately (`done`) and what is coming (`coming`)."""
        looked = "condition" if role in ("done", "coming") else role
        for said, reading in self._read(words, looked, role):
            if not reading.phrase.counted:
                if not self._inherited(said, role, reading):
                    self.plan.not_counted.append(NotCounted(said, role, reading.phrase.why_not))
                continue
            if self._over(reading):
                self.plan.not_counted.append(NotCounted(said, role, "over or long past"))
                continue
            self._told(said, role, reading)
            for match in reading.matches:
                if reading.phrase.allergy and match.kind != "condition":
                    self._allergic(match, said)
                else:
                    self._has(match, said, reading.phrase)
                    self._left(match, said, role, reading.phrase)

    def _left(self, match: Match, said: str, role: str, phrase: Phrase) -> None:
        """What a treatment leaves behind: `Juvederm last week` is a recent filler. Not what is planned, swallowed or rubbed on."""
        taken = role == "substance" and phrase.days_ago is None and match.kind != "product" and match.how != "brand"
        if phrase.days_ahead is not None or role == "coming" or taken or phrases.routes(said):
            return
        product = self.check.products.get(match.id, {}) if match.kind == "product" else {}
        parts = [p["id"] for p in product.get("parts", ()) if p["id"] and p["role"] == "active"]
        given = [match.id, *parts, *(i for i in (product.get("whole"), product.get("technique")) if i)]
        for term in dict.fromkeys(
            t for g in given for up in self.check.climb(g) for t in self.check.leaves.get(up, ())
        ):
            if not self._long_ago(Match(term, "condition", match.how, ""), phrase):
                self.plan.facts.setdefault(term, Fact(term, said, phrase.days_ago))
                self.plan.left.add(said)

    def _inherited(self, said: str, role: str, reading: _Reading) -> bool:
        """A clot, or a tendency to clots, in a blood relative is a fact about the patient: labels ask for it."""
        known = self.check.known
        family = known.get("clots_in_family", "")
        of = {known.get("clots", ""), known.get("clotting_tendency", "")} - {""}
        if not family or not phrases.kin(said) or not any(of & set(self.check.climb(m.id)) for m in reading.matches):
            return False
        found = Match(family, "condition", "name", self.check.name(family))
        reading = _Reading(replace(reading.phrase, counted=True), [found], reading.left, reading.places)
        self._told(said, role, reading)
        self._has(found, said, reading.phrase)
        return True

    def _over(self, reading: _Reading) -> bool:
        """Whether all of it is a state that has ended, or recent things that are not: `stopped breastfeeding 3 months ago`."""
        phrase, lasts = reading.phrase, [self.check.lasts(m.id) for m in reading.matches]
        if all(self._long_ago(m, phrase) for m in reading.matches):
            return True
        return all(
            held["ends"] and (phrase.ended or (held["days"] and (phrase.days_ago or 0) > held["days"]))
            for held in lasts
        )

    def _long_ago(self, match: Match, phrase: Phrase) -> bool:
        """Whether what was recent no longer holds: a heart attack ten years ago is a past one, a medicine stopped years ago is not taken.

        A medicine that stays in the body says so itself (`lasts` of its term).
        """
        held, ago = self.check.lasts(match.id), phrase.days_ago or 0
        if phrase.ended and match.kind in MEDICINES and not held["always"]:
            return ago > max(held["days"] or 0, MEDICINE_GONE)
        return bool(held["days"] and not held["ends"] and ago > held["days"])

    def allergies(self, words: Iterable[str]) -> None:
        for word in words:
            said = word.strip()
            if said and not phrases.nothing(said):
                whole = said if phrases.allergy(Phrase(said, said)) else f"allergic to {said}"
                before = len(self.plan.unresolved)
                self.facts([whole], "allergy")
                self.plan.unresolved[before:] = [replace(u, said=said) for u in self.plan.unresolved[before:]]

    def settle(self) -> None:
        """What only the whole plan can tell: how it is given, whose wish for a child it is, and what explains a clotting value."""
        self._settle_way()
        self._settle_wish()
        self._settle_ratio()

    def _settle_way(self) -> None:
        """A technique that stands beside an ingredient counts; where none is named at all, that in the name of what is given:
        `glycolic peel`, `TCA peel`, `vampire facial`."""
        ways = list(self._ways)
        if not self.plan.tools and not ways:
            ways = [(said, way) for said in self._prepared_as for way in way_in(said.split(), self.resolver)]
        for said, way in ways:
            if way.id not in self.plan.tools:
                self.plan.tools.append(way.id)
                means = [Meaning(way.id, self.check.name(way.id), way.kind)]
                notes = ["Taken from the name of what is given: check that this is how."]
                self.plan.given.append(Given(said, "technique", means, way.how, notes))

    def _settle_wish(self) -> None:
        """A man who tries for a child is somebody whose partner may become pregnant; breast cancer in a man has a term of its own."""
        for own, of_a_man in _IN_A_MAN:
            self._in_a_man(self.check.known.get(own, ""), self.check.known.get(of_a_man, ""))

    def _in_a_man(self, own: str, other: str) -> None:
        fact = self.plan.facts.get(own)
        if self.plan.sex != "male" or fact is None or not other:
            return
        del self.plan.facts[own]
        self.plan.facts.setdefault(other, replace(fact, id=other))
        for place, given in enumerate(self.plan.given):
            means = [replace(m, id=other, name=self.check.name(other)) if m.id == own else m for m in given.means]
            self.plan.given[place] = replace(given, means=means)

    def _settle_ratio(self) -> None:
        """An INR that the anticoagulant explains, within the range that cautions leave alone, is no disorder of coagulation."""
        disorder, explains = (self.check.known.get(name, "") for name in ("coagulation_disorder", "anticoagulant"))
        fact = self.plan.facts.get(disorder)
        inr = phrases.inr(fact.said) if fact else None
        takes = next((f for f in self.plan.facts if explains in self.check.climb(f)), None)
        if fact is None or takes is None or inr is None or inr > INR_PUT_OFF:
            return
        del self.plan.facts[disorder]
        given = self.plan.given
        own = [g for g in given if g.said == fact.said and [m.id for m in g.means] == [disorder]]
        given[:] = [g for g in given if g not in own]
        why = f"an INR that {self.check.name(takes)} explains"
        self.plan.not_counted.append(NotCounted(fact.said, own[0].role if own else "condition", why))

    def person(self, years: float | None, kg: float | None, sex: str | None) -> None:
        """Age in years, body weight in kg, sex; an age becomes a fact where cautions name one."""
        self.plan.years = years if years is not None else self.plan.years
        self.plan.kg = kg if kg is not None else self.plan.kg
        self.plan.sex = sex or self.plan.sex
        if self.plan.years is not None:
            term = of_age(self.plan.years, self.check.known)
            if term is not None:
                self.plan.facts.setdefault(term, Fact(term, f"{self.plan.years:g} years"))

    def _has(self, match: Match, said: str, phrase: Phrase) -> None:
        if match.kind == "exposure" or match.id in self.check.exposures:
            self.plan.exposures.append(match.id)
        if match.kind == "site":
            self.plan.sites += [match.id] if match.id not in self.plan.sites else []
            return
        ids = [match.id]
        if match.kind == "product":
            ids = [p["id"] for p in self.check.products[match.id]["parts"] if p["id"] and p["role"] == "active"]
        for id_ in ids:
            self.plan.facts.setdefault(id_, Fact(id_, said, phrase.days_ago, phrase.days_ahead))

    def _allergic(self, match: Match, said: str) -> None:
        ids = [match.id]
        if match.kind == "product":
            ids = [p["id"] for p in self.check.products[match.id]["parts"] if p["id"]]
        for id_ in ids:
            self.plan.allergies.setdefault(id_, said)
            for fact in self._class_allergy(id_):
                self.plan.facts.setdefault(fact, Fact(fact, said))

    def _class_allergy(self, id_: str) -> list[str]:
        """Allergies of their own name that an allergy to a thing counts as: `allergic to ibuprofen` is so of all NSAIDs.

        Its own, or that of the nearest class with an allergy of its own, so that an amide anaesthetic says nothing of the esters.
        """
        for class_ in self.check.climb(id_):
            if class_ in self.check.subjects:
                continue
            if found := self.check.allergies_to.get(class_):
                return found
        return []

    def _read(self, words: Iterable[str], role: str, as_role: str = "") -> Iterator[tuple[str, _Reading]]:
        """Each word with its reading; what is no word for the table (an age, `none`) and what is unknown is dealt with here."""
        for word in words:
            said = word.strip()
            asked = self._asked(said, role, as_role)
            if not asked:
                continue
            before = len(self.plan.unresolved)
            readings = self._meaning(asked, role, as_role)
            for reading in readings:
                yield said, reading
            if not readings and len(self.plan.unresolved) == before:
                self._unknown(said if role == "ingredient" else asked, role, as_role)

    def _asked(self, said: str, role: str, as_role: str) -> str:
        """What of a line is looked up: a patient's without its asides, a preparation's without how it is given (`B12 shot`)."""
        if role in ("condition", "substance"):
            return self._asides(said, as_role or role)
        return phrases.given(said) if role == "ingredient" and not self.resolver.find(said, role, slips=False) else said

    def _unknown(self, said: str, role: str, as_role: str) -> None:
        self.plan.unresolved.append(Unresolved(said, as_role or role, self.resolver.near(said, role)))

    def _asides(self, said: str, role: str) -> str:
        """What is left of a line to look up once the person, measured values and words for nothing have been dealt with."""
        if not said or self._aside(said, role):
            return ""
        opened = phrases.opening(said)
        if opened and not self.resolver.find(said, "condition", slips=False):  # `breast cancer (male)` is a name
            self._aside(opened[0], role)
            return self._asides(opened[1], role)
        pieces, kept = phrases.pieces(said), []
        while pieces:
            two = ", ".join(pieces[:2])
            if len(pieces) > 1 and phrases.person(two):  # `male, 33`
                self._aside(two, role)
                pieces = pieces[2:]
                continue
            if not self._aside(pieces[0], role):
                kept.append(pieces[0])
            pieces = pieces[1:]
        return said if len(kept) == len(phrases.pieces(said)) else ", ".join(kept)

    def _aside(self, said: str, role: str) -> bool:
        """Whether a piece is no word for the table; it is taken note of then."""
        why = "nothing to count" if phrases.nothing(said) else phrases.value(said)
        if why:
            self.plan.not_counted.append(NotCounted(said, role, why))
            return True
        if found := phrases.person(said):
            self.person(found.years, found.kg, found.sex)
            self.plan.given.append(Given(said, role, [], "phrase"))
        return bool(found)

    def _meaning(self, said: str, role: str, as_role: str) -> list[_Reading]:
        """The most literal reading of a phrase; several when it is a list; none when nothing of it is known."""
        start = Phrase(said, said)
        variants = self._variants(start)
        if role in ("condition", "substance") and phrases.enumerated(said):
            # Of a list neither an allergy nor a denial nor a history is about the whole of it.
            variants = [v for v in variants if v.counted and not v.allergy and not v.history]
        elif role in ("condition", "substance") and phrases.joined(said):
            variants = [v for v in variants if v.counted]
        for slips in (False, True):
            for phrase in variants:
                matches = self._find(phrase, role, as_role, slips)
                if matches:
                    where = self._where_too(phrase, matches, role, as_role)
                    return [self._with_allergen(_Reading(phrase, matches)), *where]
            if found := self._glossed(said, role, as_role, slips):
                return found
            pieces = phrases.parts(said) if role != "technique" or slips else []
            if pieces and (found := self._all(pieces, role, as_role, slips, phrases.closed(said))):
                return found
        if placed := self._place(start, role, as_role):
            return placed
        whole = not phrases.enumerated(said) and not phrases.parts(said)
        if role != "technique" and whole and (found := self._halves(start, role, as_role, partly=True)):
            return found
        # Not every piece is known. Each is read by itself, so that a `never` or somebody's mother in one takes nothing from the others.
        denied = any(not v.counted for v in self._variants(start))
        several = phrases.joined(said) and denied
        pieces = phrases.parts(said) if several else phrases.pieces(said) if phrases.enumerated(said) else []
        if role in ("condition", "substance") and len(pieces) > 1:
            return self._all(pieces, role, as_role, True, phrases.closed(said), partly=True)
        return self._spans(start, role, as_role)

    def _halves(self, start: Phrase, role: str, as_role: str, partly: bool) -> list[_Reading]:
        """`darunavir/cobicistat`: each side by itself. A denial or an allergy before them is about both: `no asthma/eczema`."""
        if not phrases.halves(start.word):
            return []
        about = next((v for v in self._variants(start) if not v.counted or v.allergy), start)
        found: list[_Reading] = []
        for half in phrases.halves(about.word):
            phrase = replace(about, word=half)
            variants = self._variants(phrase)
            known = next(
                ([self._with_allergen(_Reading(v, m))] for v in variants if (m := self._find(v, role, as_role, True))),
                next((r for v in variants if (r := self._whole(v, role, as_role))), self._place(phrase, role, as_role)),
            )
            if not known and not partly:
                return []
            if not known and about.counted:
                self._unknown(half, role, as_role)
            found += known
        return found if about.counted else found[:1]

    def _place(self, start: Phrase, role: str, as_role: str) -> list[_Reading]:
        """A part of the body alone in the line of the patient, the technique or the syringe says where: `site: glabella`."""
        if role not in ("condition", "technique", "ingredient") or as_role not in ("", role):
            return []
        matches = self.resolver.find(phrases.site(start.word), "site", slips=False)
        return [_Reading(start, matches)] if matches else []

    def _where_too(self, phrase: Phrase, matches: list[Match], role: str, as_role: str) -> list[_Reading]:
        """The place that a complaint names, too: `jowls` is what somebody wants treated, and where."""
        return self._place(phrase, role, as_role) if all(m.kind in COMPLAINTS for m in matches) else []

    def _glossed(self, said: str, role: str, as_role: str, slips: bool) -> list[_Reading]:
        """`anaphylaxis to chlorhexidine (Hibiscrub)`: what stands in brackets is of the same kind as what stands before them."""
        glossed = phrases.gloss(said)
        if not glossed or role == "technique":
            return []
        head, inner = glossed
        first = self._all([head], role, as_role, slips)
        allergy = bool(first) and first[0].phrase.allergy
        rest = self._all([f"allergic to {inner}" if allergy else inner], role, as_role, slips) if first else []
        known = {m.id for r in first for m in r.matches}
        return [*first, *(r for r in rest if not {m.id for m in r.matches} <= known)] if rest else []

    def _with_allergen(self, reading: _Reading) -> _Reading:
        """`allergic to lidocaine` is a condition of that name, and lidocaine itself as what must not be given."""
        phrase = None if reading.phrase.allergy else phrases.allergy(reading.phrase)
        if phrase is None or not all(m.kind == "condition" for m in reading.matches):
            return reading
        known = {m.id for m in reading.matches}
        more = [m for m in self.resolver.find(phrase.word, "allergen", slips=False) if m.id not in known]
        return replace(reading, phrase=replace(reading.phrase, allergy=True), matches=[*reading.matches, *more])

    def _all(
        self, pieces: list[str], role: str, as_role: str, slips: bool, closed: bool = False, partly: bool = False
    ) -> list[_Reading]:
        found = []
        allergies = phrases.allergy_list(pieces[0])
        for n, piece in enumerate(pieces):
            variants = self._variants(Phrase(piece, piece))
            readings = next(
                ([self._with_allergen(_Reading(v, m))] for v in variants if (m := self._find(v, role, as_role, slips))),
                None,
            )
            # `severe asthma and anaphylaxis to aspirin`: a piece may carry words that only qualify it
            readings = readings or next((r for v in variants if (r := self._whole(v, role, as_role))), None)
            if readings is None and phrases.halves(piece):
                readings = self._halves(Phrase(piece, piece), role, as_role, partly) or None
                if readings is None and partly:
                    continue
            readings = readings or self._place(Phrase(piece, piece), role, as_role) or None
            if readings is None and not partly:
                return []
            if readings is None and not (readings := self._spans(Phrase(piece, piece), role, as_role)):
                if not all(phrases.loose(w) or phrases.place(w) for w in piece.split()):
                    self._unknown(piece, role, as_role)
                continue
            found += readings
            found += [w for r in readings for w in self._where_too(r.phrase, r.matches, role, as_role)]
            allergies = allergies and (n == 0 or all(r.phrase.word == piece and not r.phrase.allergy for r in readings))
            if allergies and n:
                # What follows a comma may be one more allergy, or taken: it counts as both. A list closed by `and` is one of allergies,
                # and so is whatever stands in the field for allergies.
                allergic = Phrase(piece, piece, allergy=True)
                matches = [m for m in self._find(allergic, role, as_role, slips) if m.kind in MEDICINES]
                if matches and (closed or "allergy" in (role, as_role)):
                    del found[-len(readings) :]
                found += [_Reading(allergic, matches)] if matches else []
        return found

    def _whole(self, phrase: Phrase, role: str, as_role: str) -> list[_Reading]:
        """The known names a phrase is made of, when all that is left of it only qualifies them."""
        words = [w for w in (w.strip(".,;:()") for w in phrase.word.split()) if w]
        if any(w.casefold() in NEGATIONS for w in words):
            return []
        found, free = self._cover(words, phrase, role, as_role)
        return found if all(phrases.loose(w) for w in free) else []

    def _variants(self, start: Phrase) -> list[Phrase]:
        """The phrase, then with its trappings taken off one after the other, fewest first."""
        found, waiting = [start], [start]
        while waiting and len(found) < 40:
            phrase = waiting.pop(0)
            timed = phrases.timed(phrase)
            ended = phrases.ended(phrase)
            for other in (
                timed if timed != phrase else None,
                ended if ended != phrase else None,
                phrases.wish(phrase),
                phrases.figure(phrase),
                phrases.denied(phrase),
                phrases.allergy(phrase),
                phrases.history(phrase),
                phrases.maybe(phrase),
                phrases.taken(phrase),
                phrases.bare(phrase),
            ):
                if other is not None and all(other != f for f in found):
                    found.append(other)
                    waiting.append(other)
        return found

    def _find(self, phrase: Phrase, role: str, as_role: str, slips: bool) -> list[Match]:
        word = phrase.word
        if phrase.allergy:
            named = self.resolver.find(f"{word} allergy", "condition", slips=False)
            given = [m for m in self.resolver.find(word, "allergen", slips) if m.id not in {n.id for n in named}]
            if phrase.reaction and not named and all(m.kind == "condition" for m in given):
                return []  # `hives with asthma` are two conditions
            return [*named, *given, *self._severe(phrase, [*named, *given])]
        found: list[Match] = []
        if role in ("condition", "substance"):
            found = self._when(phrase, as_role)
            when = "planned" if phrase.days_ahead is not None or as_role == "coming" else "recent"
            # what an operation leaves behind, and an operation all the same; one that is planned has left nothing yet
            state = when == "planned" or word.casefold().endswith("ectomy")
            if not found and self._operation(word) and (state or not self.resolver.find(word, role, slips)):
                past = phrase.days_ago is not None or as_role == "done"
                found = self._first(f"{when} operation") if when == "planned" or past else []
        known = {m.id for m in found}
        if phrase.history and found:
            return found
        found += [m for m in self.resolver.find(word, role, slips) if m.id not in known]
        if phrase.days_ahead is not None or as_role == "coming":
            # `planned hysterectomy`: until then a pregnancy is possible
            found = [m for m in found if m.id != self.check.known.get("cannot_conceive")]
        recent = [m for m in found if not self._long_ago(m, phrase)]
        found = recent or found
        if role == "ingredient" and any(m.kind == "product" for m in found):
            found = [m for m in found if m.kind == "product"]
        if role == "ingredient" and found and all(m.kind == "substance" for m in found):
            found = self._prepared(phrase) or found
        return found

    def _severe(self, phrase: Phrase, found: list[Match]) -> list[Match]:
        """An anaphylaxis to whatever it was is one: fillers are not for people who had it to peanuts, either."""
        id_ = self.check.known.get("severe_allergy")
        if not phrase.severe or not found or not id_ or any(m.id == id_ for m in found):
            return []
        return [Match(id_, "condition", "synonym", self.check.name(id_))]

    def _prepared(self, phrase: Phrase) -> list[Match]:
        """The ingredient that a preparation is made of: `topical minoxidil` is a medicine's name, too, but minoxidil has the cautions."""
        plain = phrases.bare(phrase)
        named = self.resolver.find(plain.word, "ingredient", slips=False) if plain else []
        return [m for m in named if m.kind != "substance"]

    def _operation(self, word: str) -> bool:
        """Whether a word is an operation; a list that ends in one is not (`cold urticaria, hernia repair`)."""
        return phrases.operation(word) and not phrases.parts(word)

    def _when(self, phrase: Phrase, as_role: str) -> list[Match]:
        """The condition that says when it was or will be: a history, something recent, something planned."""
        word = phrase.word
        if phrase.history:
            return self._first(f"history of {word}", f"{word} history", f"previous {word}")
        if phrase.now:
            return self._first(f"active {word}")
        if phrase.days_ago is not None or phrase.ended or as_role == "done":
            found = self._first(f"recent {word}")
            past = [m for m in found if not self._long_ago(m, phrase)]
            return past or (self._first(f"history of {word}", f"{word} history", f"previous {word}") if found else [])
        if phrase.days_ahead is not None or as_role == "coming":
            return self._first(f"planned {word}", f"{word} planned", f"upcoming {word}")
        return []

    def _first(self, *texts: str) -> list[Match]:
        return next((m for t in texts if (m := self.resolver.find(t, "condition", slips=False))), [])

    def _spans(self, start: Phrase, role: str, as_role: str) -> list[_Reading]:
        """Known names inside a longer phrase: the longest first; what only qualifies them is dropped, the rest is told.

        `B12 deficiency` is no B12 that is taken: what is short of something is not understood when no term says it.
        """
        best: tuple[list[_Reading], tuple[str, ...]] | None = None
        beside: list[_Reading] = []
        fewest = (True, 0)
        for phrase in self._variants(start):
            words = [w.strip(".,;:()") for w in phrase.word.split()]
            words = [w for w in words if w]
            if any(w.casefold() in NEGATIONS for w in words) or phrases.childhood(phrase.word):
                continue
            found, free = self._cover(words, phrase, role, as_role)
            left = tuple(w for w in free if not phrases.loose(w) and not phrases.place(w))
            # An allergy is never read as something that the patient takes, even where that would leave fewer words over.
            rank = (not phrase.allergy, len(left))
            if found and (best is None or rank < fewest):
                fewest = rank
                placed = tuple(w for w in free if phrases.place(w))
                best = [replace(found[0], places=placed), *found[1:]], left
                named = " ".join(w for w in free if not phrases.loose(w))
                beside = self._place(replace(phrase, word=named), role, as_role) if role in _HOW else []
        if best is None:
            return []
        readings, left = best
        if beside:  # `microneedling glabella`
            return [replace(readings[0], places=()), *readings[1:], *beside]
        if left and role == "ingredient" and (ways := way_in(left, self.resolver)):
            self._ways += [(start.said, way) for way in ways]
            left = ()
        if left:
            near = self.resolver.near(" ".join(left), role)
            self.plan.unresolved.append(Unresolved(" ".join(left), as_role or role, near))
        return [replace(readings[0], left=left), *readings[1:]]

    def _cover(
        self, words: list[str], phrase: Phrase, role: str, as_role: str, slips: bool = True
    ) -> tuple[list[_Reading], list[str]]:
        """The known names in a row of words, the longest first, and the words left over; `slips`: a slip of the keyboard, too."""
        found: list[_Reading] = []
        free: list[str | None] = list(words)
        for size in range(min(_LONGEST_SPAN, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                span = free[at : at + size]
                if None in span or all(phrases.loose(str(w)) for w in span):
                    continue
                if size == 1 and at and phrases.unit(words[at], words[at - 1]):
                    continue
                part = replace(phrase, word=" ".join(str(w) for w in span))
                # An allergy to something unknown is no allergy to everything.
                matches = self._find(part, role, as_role, slips=False)
                # Neither is a word of the field (a topic) anything that the patient has.
                matches = [m for m in matches if m.id != self.check.known.get("any_ingredient") and m.kind != "topic"]
                after = next(iter(free[at + size : at + size + 1]), None)
                if after and phrases.lack(after):
                    matches = [m for m in matches if m.kind not in MEDICINES]
                if matches:
                    found.append(_Reading(part, matches))
                    free[at : at + size] = [None] * size
        for at, left in enumerate(free):
            if left is None or len(left) < _SHORTEST_SLIP_WITHIN or phrases.loose(left) or phrases.place(left):
                continue
            if slips and (matches := self.resolver.slipped(left, "allergen" if phrase.allergy else role)):
                found.append(_Reading(replace(phrase, word=left), matches))
                free[at] = None
        return found, [w for w in free if w is not None]

    def _told(self, said: str, role: str, reading: _Reading) -> None:
        phrase, matches = reading.phrase, reading.matches
        if role in _HOW and all(m.kind == "site" for m in matches):
            role = "site"  # a place is told as one, whichever line it came in
        notes = []
        names = [self.check.name(m.id) for m in matches]
        if len(matches) > 1 and not phrase.allergy:
            notes.append(f"Can mean {' or '.join(dict.fromkeys(names))}: all of them were counted.")
        if matches[0].how == "typing error":
            notes.append(f"Taken for {matches[0].name}: check the spelling.")
        if reading.places:
            notes.append(f"Where it is (“{' '.join(reading.places)}”) was not compared with the site of the session.")
        if reading.left:
            notes.append(f"“{' '.join(reading.left)}” was not understood.")
        if phrase.suspected or "?" in (said[:1], said[-1:]):
            notes.append("Suspected: counted as if it were certain.")
        if phrase.history and not any(m.id.endswith("history") or "history" in m.name.casefold() for m in matches):
            notes.append("In the past: counted as if it were present.")
        if phrase.ended and phrase.days_ago is None:
            notes.append("Ended, and nobody said when: counted as if it went on.")
        if phrase.ended and phrase.days_ago is not None and matches[0].kind in MEDICINES:
            notes.append("Ended: what names no days to keep clear is raised all the same.")
        means = [Meaning(m.id, n, m.kind) for m, n in zip(matches, names, strict=True)]
        self.plan.given.append(Given(said, role, means, matches[0].how, notes, phrase.days_ago, phrase.days_ahead))
