"""*Spot the contraindication*: a patient with four notes, one of which speaks against what is planned.

Made from cautions that contraindicate or advise against. A wrong note is one that raises cautions elsewhere, yet none
here: the pre-procedure check finds nothing for the plan and its family, no page of the family mentions it, and it is not
one of the states that speak against almost any elective treatment (few subjects raise it, and no technique does).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import Option, Point, Question, by_chance, shuffled
from kb.learning.wording import disputed, listed, route, sentence, strength, window

Value = Mapping[str, Any]

GRAVE = ("contraindicated", "avoid")
WRONG = 3
MOST_HOLDERS = 4
"""A state that more subjects than this warn of is too general to be called harmless for another."""
_WOMEN = frozenset({
    "pregnancy", "breastfeeding", "child-bearing-potential", "combined-hormonal-contraceptive", "ethinylestradiol",
    "hormonal-contraceptive", "breast-cancer", "estrogen",
})  # fmt: skip
_MEN = frozenset(
    {"impaired-spermatogenesis", "prostate-cancer", "prostate-specific-antigen", "tamsulosin", "doxazosin"}
)
NO_NOTE = frozenset({
    "child", "older-adult", "hypersensitivity-to-ingredient", "immunoassay", "dietary-supplement", "smoking", "alcohol",
    "suxamethonium", "alpha-agonist", "epinephrine", "dopamine", "local-anesthetic", "enzyme", "hormone", "lipolytic-agent",
    "blood-donation", "muscle-relaxant", "xanthine",
})  # fmt: skip
"""Not to be told in one note, or so wide that they mean nothing without more."""
NEVER_HARMLESS = frozenset({
    "severe-allergy-history", "recent-filler", "previous-surgery-at-site", "skin-lesion", "scalp-inflammation", "eczema",
    "body-dysmorphic-disorder", "acute-thrombosis",
    "subarachnoid-haemorrhage", "recent-sun-exposure", "recent-chemical-peel", "photosensitivity", "porphyria",
    "pheochromocytoma", "mechanical-ileus", "methemoglobinemia-history", "peptic-ulcer", "hyperkalemia",
    "hyperthyroidism", "thrombophilia", "hypervitaminosis-a", "sulfonamide", "volume-depletion", "major-surgery",
    "consumption-coagulopathy", "malignant-hypertension", "pulmonary-hypertension", "neuromuscular-disease",
    # Treatments that tell of a grave illness: haemophilia B, leukaemia, a serious infection, a clot.
    "factor-ix-concentrate", "oral-tretinoin", "aminoglycoside", "spectinomycin", "thrombolytic",
})  # fmt: skip
"""States to think of before any needle, peel or numbing: right answers where a caution says so, wrong answers nowhere."""

NOT_WITH: Mapping[str, frozenset[str]] = {
    fact: frozenset(subjects.split())
    for fact, subjects in {
        "addison-disease": "fluocinolone-acetonide",
        "bovine-collagen-allergy": "hyaluronidase mesoglycan platelet-rich-plasma",
        "combined-hormonal-contraceptive": "5-aminolevulinic-acid hydroquinone tretinoin injectable-skin-lightening-product",
        "hormonal-contraceptive": "5-aminolevulinic-acid hydroquinone tretinoin injectable-skin-lightening-product",
        "ester-anesthetic-allergy": "mesotherapy microneedling radiofrequency-microneedling nanofractional-radiofrequency",
        "hypercalcemia": "calcium-hydroxylapatite",
        "hypersensitivity-to-hyaluronidase": "hyaluronic-acid hyaluronic-acid-filler dermal-filler",
        "impaired-spermatogenesis": "spironolactone",
        "myasthenia-gravis": "mesotherapy",
        "obesity": "carboxytherapy collagenase igf-1",
        "sulfite-sensitivity": "glutathione injectable-skin-lightening-product",
    }.items()
}
"""Notes that a careful colleague would ask about with these, though the base has no caution on them yet."""


def plan_of(facts: Facts, subject: str, routes: list[str]) -> str:
    """What is planned, in words: `Minoxidil, oral`, `Microneedling`."""
    name = facts.name(subject)
    return f"{name}, {listed([route(r) for r in routes], 'or')}" if routes else name


def silent(facts: Facts, subject: str, fact: str) -> bool:
    """True when the base has nothing to say against this fact in this plan or in anything related to it."""
    from kb.questions.precheck import Alert

    family = facts.family(subject) | {subject}
    related = facts.related(fact)
    if any(family & NOT_WITH.get(r, frozenset()) for r in related):
        return False
    for relative in family:
        kind = facts.rows[relative]["kind"]
        answer: list[Alert] = facts.precheck.check(
            [relative] if kind == "ingredient" else [], relative if kind == "technique" else None, [fact]
        ).alerts
        triggers = {c["trigger"] for c in facts.precheck.cautions.get(relative, ())}
        if answer or triggers & related or facts.mentions(relative, fact):
            return False
    return True


def notes(facts: Facts) -> list[str]:
    """Facts that can stand as wrong notes: triggers of grave cautions that few subjects and no technique raise."""
    holders: dict[str, set[str]] = defaultdict(set)
    grave: set[str] = set()
    for subject, cautions in facts.precheck.cautions.items():
        for c in cautions:
            for fact in facts.related(c["trigger"]):
                holders[fact].add(subject)
            if c["severity"] in GRAVE and subject in facts.pages:
                grave.add(c["trigger"])
    techniques = {s for s, row in facts.rows.items() if row["kind"] == "technique"}
    return sorted(
        fact
        for fact in grave - NO_NOTE - NEVER_HARMLESS
        if fact in facts.precheck.terms and len(holders[fact]) <= MOST_HOLDERS and not holders[fact] & techniques
    )


def generate(facts: Facts) -> Iterator[Question]:
    pool = [fact for fact in notes(facts) if not _is_site(facts, fact)]

    quiet = cache(partial(silent, facts))  # several cautions of one subject ask for the same notes

    for subject, cautions in sorted(facts.precheck.cautions.items()):
        if subject not in facts.pages:
            continue
        for caution in cautions:
            if caution["severity"] not in GRAVE or caution["trigger"] in NO_NOTE or _is_site(facts, caution["trigger"]):
                continue
            offered = (fact for fact in by_chance(pool, f"patient {caution['id']}") if quiet(subject, fact))
            question = _question(facts, subject, caution, offered)
            if question is not None and question.references:
                yield question


def _is_site(facts: Facts, fact: str) -> bool:
    """Where to inject is a choice of the plan and nothing that a patient brings along."""
    return bool(facts.precheck.terms.get(fact, {}).get("group") == "site")


def _fact(facts: Facts, trigger: str, seed: str) -> str:
    """What the patient has: the trigger itself, or now and then a narrower thing that sets it off."""
    narrower = [
        t
        for t in facts.narrower(trigger)
        if t in facts.precheck.terms and trigger in _up(facts, t) and t not in NO_NOTE
    ]
    return shuffled(sorted({*narrower, trigger}), seed)[0]


def _up(facts: Facts, fact: str) -> set[str]:
    """Every trigger a fact sets off, as the pre-procedure check goes."""
    found, queue = {fact}, [fact]
    while queue:
        term = facts.precheck.terms.get(queue.pop(), {})
        for other in (*term.get("parents", ()), *term.get("same_as", ())):
            if other not in found:
                found.add(other)
                queue.append(other)
    return found


def _question(facts: Facts, subject: str, caution: Value, offered: Iterator[str]) -> Question | None:
    seed = f"patient {caution['id']}"
    fact = _fact(facts, caution["trigger"], seed)
    women, men = fact in _WOMEN, fact in _MEN
    wrong: list[str] = []
    for other in offered:
        if other in facts.related(fact) or any(other in facts.related(w) for w in wrong):
            continue
        if (other in _MEN and (women or _WOMEN & set(wrong))) or (other in _WOMEN and (men or _MEN & set(wrong))):
            continue
        wrong.append(other)
        if len(wrong) == WRONG:
            break
    if len(wrong) < WRONG:
        return None
    woman = women or bool(_WOMEN & set(wrong)) or (not (men or _MEN & set(wrong)) and shuffled("wm", seed)[0] == "w")
    ages = range(24, 43) if _WOMEN & {fact, *wrong} else range(28, 66)
    age = shuffled(ages, seed)[0]
    routes = list(_routes(facts, subject, caution["id"]))
    plan = plan_of(facts, subject, routes)
    keys = facts.cite(caution["references"])
    rule, name = facts.name(caution["trigger"]), facts.name(fact)
    why = caution["why"] if fact == caution["trigger"] else f"It falls under: {rule}. {caution['why']}"
    options = [Option(fact, name, True, sentence(caution["action"]), keys, fact)]
    options += [
        Option(other, facts.name(other), False, "The base holds no caution about it for this plan.", (), other)
        for other in wrong
    ]
    points = [Point(sentence(why), keys), Point(strength(caution))]
    if caution["window_days"]:
        points.append(Point(f"Keep clear {window(caution['window_days'])}.", keys))
    points.append(
        Point(
            "No caution in the base is not the same as safe; the pre-procedure check shows what is known of the others."
        )
    )
    return Question(
        id=f"patient-{caution['id']}",
        kind="patient",
        field=facts.field(subject),
        lead=f"A {'woman' if woman else 'man'} of {age}. Planned: {plan}. {'Her' if woman else 'His'} notes list four things.",
        stem="Which of them speaks against the plan?",
        options=tuple(shuffled(options, f"{seed} options", lambda o: o.id)),
        explained=tuple(points),
        about=(subject, caution["trigger"]),
        disputed=disputed(caution),
        data={"caution": caution["id"], "severity": caution["severity"], "subject": subject, "fact": fact},
    )


def _routes(facts: Facts, subject: str, caution: str) -> list[str]:
    """Routes the caution is limited to; none when it holds whatever the route."""
    return next((c["routes"] for c in facts.pages[subject]["cautions"] if c["id"] == caution), [])
