"""Answers that can be worked out before anybody asks, for a door without a program of its own behind it (the static site).

Which of them answer a question, and in which order, is settled where it is read (`exports/assets/answer.js`) as `asked` does it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.model.terms import ACTORS
from kb.questions import asked, care
from kb.questions.asked import Answered
from kb.questions.asked_reading import LONGEST_NAME, TARGETS, Named, Pages, Reading, kinds_of, taken
from kb.questions.search import fold

STANDING = ("", "harms", "contraindications", "interactions", "mechanism", "dose", "status")
"""What may be asked of one ingredient or technique alone: nothing in particular, or one of these wishes."""
FOR, DOSES_FOR = "for ", "doses for "
"""Before ids of harms, indications or topics, joined by `+`: what is said of an ingredient or technique and them, and its doses."""
BY = "by "
"""Before the id of a technique: what is said of something that went in by it."""
NOTHING, MEANING, TRIED, TRIED_DOSE, BROUGHT = "nothing", "meaning", "tried", "tried dose", "brought"
"""That nothing is recorded; what a thing is; of an indication what was tried, and its doses; of a fact about a patient all that it
speaks against."""
SUBJECTS = frozenset(ACTORS)


@dataclass(frozen=True)
class Target:
    """What one name may mean among harms, indications and topics, and all that is within it."""

    objects: list[Named]
    within: frozenset[str]

    @property
    def key(self) -> str:
        return "+".join(n.id for n in self.objects)


def targets(pages: Pages) -> list[Target]:
    """What any one name may mean among harms, indications and topics."""
    found: dict[tuple[str, ...], list[Named]] = {}
    for name in dict.fromkeys(n.text for n in pages.precheck.resolver.names):
        said = name.replace("?", " ").replace(",", " ").split()
        if 0 < len(said) <= LONGEST_NAME and (objects := taken(" ".join(said), pages).objects):
            found.setdefault(tuple(n.id for n in objects), objects)
    return [
        Target(objects, frozenset(slug for id_ in ids for slug in asked.with_narrower(id_, pages)))
        for ids, objects in found.items()
    ]


def standing(slug: str, pages: Pages, named: Sequence[Target]) -> Iterator[tuple[str, Answered]]:
    """Key and answer of everything that is said of one thing; `named` as `targets` gives it. What has no record is left out."""
    kinds = set(kinds_of(slug, pages))
    own = [Named(slug, pages.monograph(slug)["kind"], slug)]
    parts = [(key, a) for key, found in _of_target(own, kinds, pages) for a in found]
    if SUBJECTS & kinds:
        parts += [(key, a) for key, found in _of_subject(own, pages, named) for a in found]
    yield from ((key, a) for key, a in parts if a.records)


def _of_subject(own: list[Named], pages: Pages, named: Sequence[Target]) -> Iterator[tuple[str, list[Answered]]]:
    slug = own[0].id
    page = pages.monograph(slug)
    for wish in STANDING:
        reading = Reading(subjects=own, wants=[wish] if wish else [])
        found = [a for a in asked.of_reading(reading, pages) if a.records]
        yield wish, found
        if not (wish or found):
            yield NOTHING, list(asked.without(reading, pages))
    about = {a["object"] for a in page["assessments"]} | {f["object"] for f in page["findings"]}
    about |= {item["object"] for group in page["harms"] for item in group["items"]}
    dosed = {p["indication"] for p in asked.doses_known(page)}
    for target in named:
        if about & target.within:
            yield FOR + target.key, list(asked.of_subject(slug, Reading(subjects=own, objects=target.objects), pages))
        if dosed & target.within:
            reading = Reading(subjects=own, objects=target.objects, wants=["dose"])
            yield DOSES_FOR + target.key, [a for a in asked.of_subject(slug, reading, pages) if a.kind == "doses"]
    for technique in sorted({r["technique"] for r in (*page["assessments"], *page["findings"]) if r["technique"]}):
        yield BY + technique, [asked.carried(slug, technique, pages)]


def _of_target(own: list[Named], kinds: Collection[str], pages: Pages) -> Iterator[tuple[str, list[Answered]]]:
    if set(TARGETS) & set(kinds):
        page = pages.monograph(own[0].id)
        yield TRIED, list(asked.treated(own[0], page, Reading(objects=own), pages))
        yield TRIED_DOSE, list(asked.of_reading(Reading(objects=own, wants=["dose"]), pages))
    yield MEANING, [asked.meaning(Reading(subjects=own), pages)]
    yield BROUGHT, [a for a in asked.of_reading(Reading(facts=own), pages) if a.kind == "caution"]


def named_in(pages: Pages, slugs: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """For each of these things the ids of all others that a finding on its page may name, by any name they have."""
    called: dict[str, set[str]] = {}
    for row in pages.precheck.resolver.names:
        called.setdefault(fold(row.text), set()).add(row.id)
    for slug in pages.ids:
        for name in asked.names_of(slug, pages):
            called.setdefault(fold(name), set()).add(slug)
    longest = max(len(name.split()) for name in called)
    for slug in slugs:
        found: set[str] = set()
        for text in asked.texts_of(pages.monograph(slug)):
            words = text.split()
            for length in range(1, longest + 1):
                for at in range(len(words) - length + 1):
                    found |= called.get(" ".join(words[at : at + length]), set())
        yield slug, sorted((found & pages.ids) - {slug})


def first_aid(pages: Pages) -> dict[str, object]:
    """Which cards of `care` a question asks for, as values: `general` aftercare, and by id of a thing those that come when it is
    named (`named`) and when its aftercare is asked for (`wished`); `signs` as ids of subjects and of harms, by card."""
    wish = Reading(wants=["care"])
    general = [c["id"] for c in care.asked_for("", wish, pages, most=None)]
    named: dict[str, list[str]] = {}
    wished: dict[str, list[str]] = {}
    for slug in sorted(pages.ids):
        own = [Named(slug, "", "")]
        named[slug] = [c["id"] for c in care.asked_for("", Reading(facts=own), pages, most=None)]
        both = care.asked_for("", Reading(facts=own, wants=["care"]), pages, most=None)
        wished[slug] = [c["id"] for c in both if c["id"] not in {*named[slug], *general}]
    cards: Mapping[str, care.Value] = care.cards(pages)
    return {
        "order": list(cards),
        "names": care.called(pages),
        "general": general,
        "named": {slug: ids for slug, ids in named.items() if ids},
        "wished": {slug: ids for slug, ids in wished.items() if ids},
        "signs": {
            id_: [care.of_any(cards[id_]["subjects"], pages), care.of_any(signs, pages)]
            for id_, signs in care.SIGNS.items()
            if id_ in cards
        },
        "aftercare": [id_ for id_, card in cards.items() if card["kind"] == "aftercare"],
        "harms": care.HARMS_FIRST,
        "most": care.MOST,
    }
